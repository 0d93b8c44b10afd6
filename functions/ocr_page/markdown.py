"""A page's blocks as Markdown. Text stays text: nothing that stands on a page is taken for markup or HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrchat.blocks import Block

_ANYWHERE = re.compile(r"[\\`*_\[<|~]|&(?=#?\w+;)")
_AT_THE_START = re.compile(r"[#>]|[+-](?=\s|$)|(?:-+|=+)(?=\s*$)")  # heading, quotation, list, underline or rule
_NUMBER_AT_THE_START = re.compile(r"(\d{1,9})([.)])(?=\s|$)")  # numbered list


def of_blocks(blocks: Sequence[Block]) -> str:
    """Blocks divided by a blank line; a heading becomes one line of the second level."""
    return "\n\n".join(_block(block) for block in blocks)


def escape(line: str) -> str:
    """One line of text such that a Markdown reader shows just that; white space around it, which could make it a block
    of code, is left out."""
    line = _ANYWHERE.sub(r"\\\g<0>", line.strip())
    if _AT_THE_START.match(line):
        return "\\" + line
    if number := _NUMBER_AT_THE_START.match(line):
        return f"{number[1]}\\{line[number.end(1) :]}"
    return line


def _block(block: Block) -> str:
    lines = [line for line in block.text.split("\n") if line.strip()]
    if block.type == "heading":
        return "## " + escape(" ".join(lines))
    return "\n".join(escape(line) for line in lines)

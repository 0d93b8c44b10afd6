"""A page's blocks as Markdown. Text stays text: nothing that stands on a page is taken for markup or HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrchat import markers
from ocrchat.blocks import Block

HEADING_LEVEL = 2  # of a heading whose level is not known
LEFT_OUT = ("header", "footer")

_ANYWHERE = re.compile(
    r"[\\`|~]"
    r"|\*(?!(?<=\s\*)\s)"  # not where it stands alone, as in 2 * 3
    r"|_(?!(?<=[^\W_]_)[^\W_])"  # not within a word
    r"|<(?=[A-Za-z/!?])"  # HTML, or an address
    r"|&(?=#?\w+;)"
)
_BRACKET = re.compile(r"\[")
_LINK = re.compile(r"\][(:\[]|\[\^|\[[ xX]\]")  # link, its definition, footnote, box to tick
_AT_THE_START = re.compile(r"[#>]|[*+-](?=\s|$)|(?:-+|=+|:-+:?)(?=\s*$)")  # heading, quotation, list, underline or rule
_NUMBER_AT_THE_START = re.compile(r"(\d{1,9})([.)])(?=\s|$)")  # numbered list
_CLOSING = re.compile(r"(?<=\s)#+$")  # of a heading


def of_blocks(blocks: Sequence[Block]) -> str:
    """Blocks divided by a blank line, without running headers and footers, which would stand in the midst of the text
    where pages are put together."""
    return "\n\n".join(_block(block) for block in blocks if block.type not in LEFT_OUT and block.text.strip())


def escape(line: str) -> str:
    """One line of text such that a Markdown reader shows just that; white space around it, which could make it a block
    of code, is left out."""
    line = _ANYWHERE.sub(r"\\\g<0>", line.strip())
    if _LINK.search(line) or not _is_balanced(line):
        line = _BRACKET.sub(r"\\[", line)
    if _AT_THE_START.match(line):
        return "\\" + line
    if number := _NUMBER_AT_THE_START.match(line):
        return f"{number[1]}\\{line[number.end(1) :]}"
    return line


def _is_balanced(line: str) -> bool:
    """Whether the line closes the brackets that it opens, and no other: then no link can reach over its end."""
    if "[" not in line and "]" not in line:
        return True
    depth = 0
    for character in line:
        depth += (character == "[") - (character == "]")
        if depth < 0:
            return False
    return depth == 0


def _block(block: Block) -> str:
    if block.type == "table" and block.table is not None:
        from ocrchat import table_markdown

        return table_markdown.of_table(block.table)
    lines = [line for line in block.text.splitlines() if line.strip()]
    if block.type == "heading":
        return "#" * (block.level or HEADING_LEVEL) + " " + _CLOSING.sub(r"\\\g<0>", escape(" ".join(lines)))
    if block.type == "list":
        return "\n".join(_item(line) for line in lines)
    return "\n".join(escape(line) for line in lines)


def _item(line: str) -> str:
    """An item of a list: all bullets become dashes, numbers stay; what is counted otherwise keeps its sign."""
    found = markers.markers_of(line)
    if not found:
        return "- " + escape(line)
    marker = found[0]
    if marker.kind == "bullet":
        return "- " + escape(line[marker.length :])
    if marker.kind == "number" and marker.sign == ".":
        return f"{marker.value}. " + escape(line[marker.length :])
    return "- " + escape(line)

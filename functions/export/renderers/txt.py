"""Plain text, UTF-8: blocks in reading order, running heads and feet among them, with a blank line between two."""

from __future__ import annotations

from typing import IO

from export.source import Source
from ocrchat.blocks import Block
from ocrchat.script import legible
from ocrchat.table_rows import rows_of

from .aligned import aligned


def render(source: Source, out: IO[bytes]) -> None:
    """A form feed stands between two pages, and nowhere else."""
    for number, page in enumerate(source.pages):
        text = "\n\n".join(filter(None, map(_text, page.blocks)))
        out.write((b"\f" if number else b"") + text.encode() + b"\n")


def _text(block: Block) -> str:
    if block.type == "table":
        return "\n".join(aligned(rows_of(block)))
    return legible(block.text).strip("\n")

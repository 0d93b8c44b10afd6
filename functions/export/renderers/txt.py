"""Plain text, UTF-8: blocks in reading order, running heads and feet among them, with a blank line between two. A
translation follows its block, quoted as in Markdown; named fields come first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from export.source import Source
from ocrchat.blocks import Block
from ocrchat.markdown import quoted
from ocrchat.pages import PageResult
from ocrchat.script import legible
from ocrchat.table_rows import one_line, rows_of

from .aligned import aligned


def render(source: Source, out: IO[bytes]) -> None:
    """A form feed stands between two pages, and nowhere else."""
    for number, page in enumerate(source.pages):
        text = "\n\n".join(filter(None, _parts(page)))
        out.write((b"\f" if number else b"") + text.encode() + b"\n")


def _parts(page: PageResult) -> Iterator[str]:
    yield "\n".join(f"{one_line(field.name)}: {one_line(field.value)}" for field in page.fields)
    for block in page.blocks:
        translated = block.translated
        translation = _text(translated) if translated else ""
        yield "\n".join(filter(None, [_text(block), quoted(translation) if translation else ""]))


def _text(block: Block) -> str:
    if block.type == "table":
        return "\n".join(aligned(rows_of(block)))
    return legible(block.text).strip("\n")

"""GitHub's Markdown, UTF-8, made of the blocks by the same hand as `markdown` of the API."""

from __future__ import annotations

from typing import IO

from export.source import Source
from ocrchat import markdown
from ocrchat.pages import PageResult
from ocrchat.script import legible


def render(source: Source, out: IO[bytes]) -> None:
    """Each page begins with a comment that numbers it, if there are several or it has a running head or foot: those
    stand in the comment, and not in the midst of the text."""
    several = source.job.page_count > 1
    for number, page in enumerate(source.pages):
        parts = _comments(page, several=several)
        if text := markdown.of_blocks(page.blocks, page.fields):
            parts.append(text)
        out.write(("\n" * bool(number) + "\n\n".join(parts) + "\n").encode())


def _comments(page: PageResult, *, several: bool) -> list[str]:
    notes = [f"page {page.index + 1}"]
    if page.error is not None:
        notes.append(f"not read: {page.error.message}")
    for block in page.blocks:
        if block.type in markdown.LEFT_OUT:
            notes.append(f"{block.type}: {legible(block.text)}")
            if block.translation:
                notes.append(f"translation: {legible(block.translation)}")
    return [markdown.comment(" · ".join(notes))] if several or len(notes) > 1 else []

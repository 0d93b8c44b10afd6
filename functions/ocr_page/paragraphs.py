"""From the paragraphs of a text layer to blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.blocks import Block, Line

from . import order

HEADING_SIZE = 1.15  # times the size of the page's body text, at least
HEADING_CHARACTERS = 200  # at most: longer ones are text that is set large


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that are drawn together. `size` is that of their font in pt; `level` says that all of them run from
    left to right on the upright page."""

    lines: tuple[Line, ...]
    size: float
    level: bool

    @property
    def characters(self) -> int:
        return sum(len(line.text) for line in self.lines)


def blocks_of(paragraphs: Sequence[Paragraph]) -> list[Block]:
    """One block a paragraph, in the order given. What is set larger than the body text, and is short, is a heading."""
    body = body_size(paragraphs)
    blocks = []
    for paragraph in paragraphs:
        lines = order.joined_neighbours(paragraph.lines) if paragraph.level else paragraph.lines
        heads = paragraph.size >= HEADING_SIZE * body and paragraph.characters <= HEADING_CHARACTERS
        blocks.append(Block.of_lines(lines, "heading" if heads else "text"))
    return blocks


def body_size(paragraphs: Sequence[Paragraph]) -> float:
    """The font size in pt that the page's middle character is set in; 0 for no paragraph."""
    seen = 0
    half = sum(paragraph.characters for paragraph in paragraphs) / 2
    for paragraph in sorted(paragraphs, key=lambda paragraph: paragraph.size):
        seen += paragraph.characters
        if seen >= half:
            return paragraph.size
    return 0.0

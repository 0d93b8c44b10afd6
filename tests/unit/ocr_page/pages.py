"""Pages made of boxes, as a recogniser or a text layer gives them; units are those of a page of 600 x 800."""

from __future__ import annotations

from collections.abc import Sequence

from ocr_page import layout
from ocrchat.blocks import Block, Line

WIDTH, HEIGHT = 600.0, 800.0
LETTER = 5.0  # the width of a letter
HIGH = 12.0  # the height of a box
PITCH = 13.0
WORDS = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore"


def line(text: str, x: float, y: float, *, width: float | None = None, height: float = HIGH) -> Line:
    """A recognised line whose letters are LETTER wide, unless `width` says something else."""
    return Line(text, (x, y, x + (LETTER * len(text) if width is None else width), y + height), 0.9)


def piece(text: str, x: float, y: float, *, size: float = 10, bold: bool = False, group: int = 0) -> layout.Piece:
    """A line of a text layer whose letters are half as wide as high."""
    bbox = (x, y, x + size / 2 * len(text), y + 1.2 * size)
    return layout.Piece(Line(text, bbox, 1.0), size, bold, group=group)


def prose(rows: int, characters: int, *, start: int = 0) -> list[str]:
    """Lines of running text, each as full as whole words allow; the last one is short and ends its sentence."""
    words = (WORDS + " ").split() * (2 + rows * characters // len(WORDS))
    words = words[start % 17 :]
    lines: list[str] = []
    for _ in range(rows):
        row = words.pop(0)
        while len(row) + 1 + len(words[0]) <= characters:
            row += " " + words.pop(0)
        lines.append(row)
    return [*lines[:-1], lines[-1][: characters // 2].rstrip() + "."]


def column(texts: Sequence[str], x: float, y: float, *, pitch: float = PITCH) -> list[Line]:
    """Lines below each other."""
    return [line(text, x, y + pitch * row) for row, text in enumerate(texts)]


def read(lines: Sequence[Line], placed: Sequence[Block] = (), *, width: float = WIDTH) -> list[Block]:
    return layout.blocks_of(layout.recognised(lines), width, HEIGHT, placed)


def texts(blocks: Sequence[Block]) -> list[str]:
    return [block.text for block in blocks]


def types(blocks: Sequence[Block]) -> list[str]:
    return [block.type for block in blocks]

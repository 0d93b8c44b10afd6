"""What a model wrote about a page, before any of it is believed: typed blocks, each with the numbers of the lines that
it says it read. Numbers count the lines of the cpu tier's reading from 1, in reading order, over all blocks."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.blocks import BBox, BlockType, Line
from ocrchat.pages import PageResult


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """`is_header`: it heads its column. Places follow from the order of cells and their spans, as in HTML."""

    text: str
    row_span: int = 1
    column_span: int = 1
    is_header: bool = False
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenBlock:
    """`lines` may name lines that there are not, or that say something else; `text` of a list has a line an item;
    `rows` are a table's, whose `text` is empty. `box` is where the model says that a block stands which stands on no
    line, in the page's unit."""

    type: BlockType
    text: str
    lines: tuple[int, ...] = ()
    level: int | None = None
    rows: tuple[tuple[WrittenCell, ...], ...] | None = None
    translation: str | None = None
    box: BBox | None = None


@dataclass(frozen=True, slots=True)
class WrittenField:
    name: str
    value: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """`language` is the code of the language that most of the page is in, as the model says; None if it does not."""

    blocks: tuple[WrittenBlock, ...]
    fields: tuple[WrittenField, ...] = ()
    language: str | None = None


def numbered(reading: PageResult) -> list[Line]:
    """The lines of a page; number n is at index n - 1."""
    return [line for block in reading.blocks for line in block.lines]

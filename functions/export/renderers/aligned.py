"""A table as lines of plain text, its columns below each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate

from ocrchat.table_rows import Entry

GAP = 2  # blanks, at least, between two columns
WIDEST = 60  # terminal cells that a column takes: longer text pushes on what follows it in its own row

LEFT_TO_RIGHT = "\u200e"
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What sets the direction of all that follows on the line, the columns to come as well."""


def aligned(rows: Sequence[Sequence[Entry]]) -> Iterator[str]:
    """A line a row. Columns stand as on the page, the first one on the left, also where text runs from the right: marks
    without width keep one that shows such text from turning the row around."""
    rows = [[Entry(one.column, _DIRECTIONS.sub("", one.text), one.span) for one in row] for row in rows]
    starts = list(accumulate((width + GAP for width in _widths(rows)), initial=0))
    mark = LEFT_TO_RIGHT if any(_runs_from_the_right(one.text) for row in rows for one in row) else ""
    for row in rows:
        line, end = mark, 0
        for one in row:
            if not one.text:
                continue
            blanks = max(starts[one.column] - end, GAP if end else 0)
            line += " " * blanks + (mark if blanks else "") + one.text
            end += blanks + width_of(one.text)
        yield line if end else ""


def width_of(text: str) -> int:
    """In cells of a terminal: two for a character that East Asian fonts draw in a square, none for one that is drawn on
    the character before it."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _widths(rows: Sequence[Sequence[Entry]]) -> list[int]:
    """Of the columns, by the cells that keep to one of them."""
    widths = [0] * (1 + max((one.column for row in rows for one in row), default=0))
    for row in rows:
        for one in row:
            if one.span == 1:
                widths[one.column] = max(widths[one.column], min(width_of(one.text), WIDEST))
    return widths


def _runs_from_the_right(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(one) in ("R", "AL", "AN") for one in text)

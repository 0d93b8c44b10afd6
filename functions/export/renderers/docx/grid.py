"""The places of a table: which cell covers each, and how wide the columns are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ocrchat.blocks import Cell, Table

from .xml import TWIPS

CHARACTER = 0.62  # of the font's size: the width of one in bold, on average
PADDING = 216  # twips: both sides of a cell
LEAST_WIDTH = 300  # twips, of a column
LONGEST_WORD = 20  # characters that a column is made wider for; a longer word is broken


@dataclass(frozen=True, slots=True)
class Room:
    """What a table is set in: twips across, those of one unit of the page, and the text's size in points."""

    width: int
    twips_per_unit: float
    size: float


def covered(table: Table) -> list[list[Cell]]:
    """By row and column, the cell that covers the place. Where cells claim the same place, a later one is made smaller,
    or its text joins the one that is there; a place without any gets an empty cell."""
    places: list[list[Cell | None]] = [[None] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        row, column = min(max(cell.row, 0), table.rows - 1), min(max(cell.column, 0), table.columns - 1)
        there = places[row][column]
        if there is not None:
            _fill(places, replace(there, text=f"{there.text}\n{cell.text}"))
        else:
            _fill(places, _fitting(replace(cell, row=row, column=column), places))
    return [
        [cell or Cell(row, column, "", (0, 0, 0, 0), 0.0) for column, cell in enumerate(line)]
        for row, line in enumerate(places)
    ]


def _fitting(cell: Cell, places: list[list[Cell | None]]) -> Cell:
    """With spans that reach over free places only."""
    across, down = 1, 1
    row = places[cell.row]
    while across < cell.column_span and cell.column + across < len(row) and row[cell.column + across] is None:
        across += 1
    under = slice(cell.column, cell.column + across)
    while down < cell.row_span and cell.row + down < len(places) and not any(places[cell.row + down][under]):
        down += 1
    return replace(cell, row_span=down, column_span=across)


def _fill(places: list[list[Cell | None]], cell: Cell) -> None:
    for row in range(cell.row, cell.row + cell.row_span):
        for column in range(cell.column, cell.column + cell.column_span):
            places[row][column] = cell


def widths(table: Table, room: Room) -> list[int]:
    """Twips of each column: as on the page, no narrower than its words, all together no wider than the room."""
    needed = [LEAST_WIDTH] * table.columns
    for cell in _single(table):
        longest = min(max(map(len, cell.text.split()), default=0), LONGEST_WORD)
        needed[cell.column] = max(needed[cell.column], round(longest * CHARACTER * room.size * TWIPS) + PADDING)
    found = [max(round(width), need) for width, need in zip(_drawn(table, room), needed, strict=True)]
    excess = sum(found) - room.width
    if excess <= 0:
        return found
    spare = sum(found) - sum(needed)
    if spare > excess:  # only what is wider than its words gives way
        return [round(width - excess / spare * (width - need)) for width, need in zip(found, needed, strict=True)]
    return [max(1, round(width * room.width / sum(found))) for width in found]


def _single(table: Table) -> Iterable[Cell]:
    """The cells that are one column wide."""
    return (cell for cell in table.cells if cell.column_span == 1 and 0 <= cell.column < table.columns)


def _drawn(table: Table, room: Room) -> list[float]:
    """Twips of each column as the boxes of its cells say; equal ones where these say nothing."""
    lefts: list[list[float]] = [[] for _ in range(table.columns)]
    for cell in _single(table):
        lefts[cell.column].append(cell.bbox[0])
    if all(lefts):
        edges = [*map(median, lefts), max(cell.bbox[2] for cell in table.cells)]
        found = [(right - left) * room.twips_per_unit for left, right in pairwise(edges)]
        if min(found) > 0:
            return found
    return [room.width / table.columns] * table.columns

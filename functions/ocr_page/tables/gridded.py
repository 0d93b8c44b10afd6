"""Tables of ruled grids: which words stand in which cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.blocks import BBox

from . import accept, cells, headers
from .cells import Filled
from .grid import Grid, place_of, trimmed
from .model import Found
from .pieces import Piece, divided
from .refine import with_columns, with_places, with_rows

MOST_CUTS = 3  # times that each column of a grid may be divided in two
INSIDE = 0.5  # of a line's width, at least, stands in the grid that takes it


def table_of(grid: Grid, pieces: Sequence[Piece], em: float) -> Found | None:
    """The table that `pieces`, whole lines, make in `grid`, or in a part of it; None where that is none."""
    filling = _Filling.of(grid, pieces)
    filling = filling.refined(with_places(grid, filling.cells, em))
    part = trimmed(filling.grid, {cell.span for cell in filling.cells if cell.pieces})
    if part is None:
        return None
    filling = filling.refined(part)
    for _ in range(MOST_CUTS):
        before = filling
        filling = before.refined(with_columns(before.grid, before.cells, em))
        if filling is before:
            break
    filling = filling.refined(with_rows(filling.grid, filling.cells, em))
    grid, filled = filling.grid, filling.cells
    if not accept.is_grid_table(grid.rows, grid.columns, filled):
        return None
    heads = headers.header_rows(grid.rows, grid.columns, filled)
    table = cells.table_of(grid.rows, grid.columns, filled, heads)
    return Found(table, grid.bbox, frozenset(piece.line for piece in filling.pieces))


@dataclass(frozen=True, slots=True)
class _Filling:
    """The cells of a grid with what stands in them, which are parts of `pieces`."""

    grid: Grid
    cells: list[Filled]
    pieces: list[Piece]

    @classmethod
    def of(cls, grid: Grid, pieces: Sequence[Piece]) -> _Filling:
        homes = {
            (row, column): number
            for number, span in enumerate(grid.spans)
            for row in range(span.row, span.row + span.rows)
            for column in range(span.column, span.column + span.columns)
        }
        held: list[list[Piece]] = [[] for _ in grid.spans]
        bbox = grid.bbox
        inside = [piece for piece in pieces if _is_in(bbox, piece)]
        for piece in inside:
            for home, part in _divided(grid, homes, piece):
                held[home].append(part)
        filled = [Filled(span, grid.box(span), tuple(parts)) for span, parts in zip(grid.spans, held, strict=True)]
        return cls(grid, filled, inside)

    def refined(self, grid: Grid) -> _Filling:
        """That of a grid which lies in this one; itself where that is the same."""
        return self if grid == self.grid else _Filling.of(grid, self.pieces)


def _is_in(bbox: BBox, piece: Piece) -> bool:
    x0, y0, x1, y1 = piece.bbox
    left, top, right, bottom = bbox
    return top <= (y0 + y1) / 2 <= bottom and min(right, x1) - max(left, x0) >= INSIDE * (x1 - x0)


def _divided(grid: Grid, homes: dict[tuple[int, int], int], piece: Piece) -> list[tuple[int, Piece]]:
    """`piece`, in parts if it stands in several cells, with the number of the cell of each."""
    row = place_of(grid.ys, piece.middle)
    if row is None:
        return []
    cuts = [
        grid.xs[column]
        for column in range(1, grid.columns)
        if homes[row, column - 1] != homes[row, column] and piece.bbox[0] < grid.xs[column] < piece.bbox[2]
    ]
    parts = []
    for part in divided(piece, cuts):
        centre = min(max(part.centre, grid.xs[0]), grid.xs[-1])
        column = place_of(grid.xs, centre)
        parts.append((homes[row, column if column is not None else 0], part))
    return parts

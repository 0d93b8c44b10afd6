"""Tables of ruled grids: which words stand in which cell."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.blocks import Line

from . import accept, cells, headers
from .cells import Filled
from .grid import Grid, place_of, trimmed
from .model import Found
from .pieces import Piece, divided, whole
from .refine import with_columns, with_places, with_rows

MOST_CUTS = 3  # times that each column of a grid may be divided in two
INSIDE = 0.5  # of a line's words, at least, stand in the grid that takes it


def table_of(grid: Grid, lines: Sequence[tuple[int, Line]], em: float) -> Found | None:
    """The table that the numbered `lines` make in `grid`, or in a part of it; None where that is none."""
    grid = with_places(grid, _filled(grid, lines)[0], em)
    filled, _ = _filled(grid, lines)
    part = trimmed(grid, {cell.span for cell in filled if cell.pieces})
    if part is None:
        return None
    for refine in (*[with_columns] * MOST_CUTS, with_rows):
        part = refine(part, _filled(part, lines)[0], em)
    filled, taken = _filled(part, lines)
    if not accept.is_grid_table(part.rows, part.columns, filled):
        return None
    heads = headers.header_rows(part.rows, part.columns, filled)
    return Found(cells.table_of(part.rows, part.columns, filled, heads), part.bbox, taken)


def _filled(grid: Grid, lines: Sequence[tuple[int, Line]]) -> tuple[list[Filled], frozenset[int]]:
    """The cells of the grid with what stands in them, and the numbers of the lines that were used."""
    homes = {
        (row, column): number
        for number, span in enumerate(grid.spans)
        for row in range(span.row, span.row + span.rows)
        for column in range(span.column, span.column + span.columns)
    }
    held: list[list[Piece]] = [[] for _ in grid.spans]
    inside = [(number, line) for number, line in lines if _is_in(grid, line)]
    for number, line in inside:
        for home, piece in _divided(grid, homes, whole(number, line)):
            held[home].append(piece)
    filled = [Filled(span, grid.box(span), tuple(pieces)) for span, pieces in zip(grid.spans, held, strict=True)]
    return filled, frozenset(number for number, _ in inside)


def _is_in(grid: Grid, line: Line) -> bool:
    x0, y0, x1, y1 = line.bbox
    left, top, right, bottom = grid.bbox
    inside = min(right, x1) - max(left, x0)
    return bool(line.text.strip()) and top <= (y0 + y1) / 2 <= bottom and inside >= INSIDE * (x1 - x0)


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

"""Rows and columns of a ruled grid that no rule divides: where only some rules are drawn, the text tells the rest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .cells import Filled, lines_of
from .columns import is_sign, strips
from .grid import Grid, Span
from .pieces import Piece, is_value, length, taken_apart

EDGE = 0.3  # em that text may reach over an edge
WHITE = 0.8  # em, at least, that the white between two columns is wide
BOTH_SIDES = 0.6  # of the cells of a column, at least, have text on both sides of it
NUMBERS = 2  # columns, at least, in which each line of a row is a number of its own; or more with as many lines
LEVEL = 0.4  # em, at most, between the middles of what stands in one row
SHORT = 8  # characters, at most, of entries that are like numbers
TALL = 4  # rows in one, at least: then a single line does not belong to all of them


def with_columns(grid: Grid, filled: Sequence[Filled], em: float) -> Grid:
    """`grid` with a column in two where white runs down through its cells."""
    cuts = [_cut([cell for cell in filled if _is_alone(cell, column)], em) for column in range(grid.columns)]
    if all(cut is None for cut in cuts):
        return grid
    places = [0]
    for cut in cuts:
        places.append(places[-1] + (1 if cut is None else 2))
    spans: list[Span] = []
    for cell in filled:
        span = cell.span
        left, right = places[span.column], places[span.column + span.columns]
        cut = cuts[span.column] if span.columns == 1 else None
        if cut is None or any(piece.bbox[0] < cut < piece.bbox[2] for piece in _loose(cell)):
            spans.append(Span(span.row, left, span.rows, right - left))
        else:
            spans += [Span(span.row, left, span.rows), Span(span.row, left + 1, span.rows)]
    xs = sorted([*grid.xs, *(cut for cut in cuts if cut is not None)])
    return Grid(tuple(xs), grid.ys, tuple(spans))


def with_places(grid: Grid, filled: Sequence[Filled], em: float) -> Grid:
    """`grid` with a cell over several columns divided where text stands on both sides of an edge and none across: the
    rule was too faint, or drawn for the other rows only."""
    spans: list[Span] = []
    for cell in filled:
        span = cell.span
        pieces = _loose(cell)
        first = span.column
        for column in range(span.column + 1, span.column + span.columns):
            edge = grid.xs[column]
            left = [piece for piece in pieces if piece.bbox[2] <= edge + EDGE * em and piece.centre > grid.xs[first]]
            right = [piece for piece in pieces if piece.bbox[0] >= edge - EDGE * em]
            if (
                left
                and right
                and len([piece for piece in pieces if piece.centre > grid.xs[first]]) == len(left + right)
            ):
                spans.append(Span(span.row, first, span.rows, column - first))
                first = column
        spans.append(Span(span.row, first, span.rows, span.column + span.columns - first))
    return Grid(grid.xs, grid.ys, tuple(spans))


def with_rows(grid: Grid, filled: Sequence[Filled], em: float) -> Grid:
    """`grid` with a row in several where its cells are lists of numbers; a cell of one line goes on beside them."""
    parts = [_parts([cell for cell in filled if cell.span.row == row], em) for row in range(grid.rows)]
    if all(len(part) < 2 for part in parts):
        return grid
    places = [0]
    for part in parts:
        places.append(places[-1] + max(1, len(part)))
    spans: list[Span] = []
    for cell in filled:
        span, part = cell.span, parts[cell.span.row]
        top, bottom = places[span.row], places[span.row + span.rows]
        if span.rows == 1 and len(part) > 1 and (len(lines_of(cell.pieces)) != 1 or len(part) >= TALL):
            spans += [Span(top + number, span.column, 1, span.columns) for number in range(len(part))]
        else:
            spans.append(Span(top, span.column, bottom - top, span.columns))
    between = [max((upper + lower) / 2, lower - em / 2) for part in parts for upper, lower in pairwise(part)]
    ys = sorted([*grid.ys, *between])
    return Grid(grid.xs, tuple(ys), tuple(sorted(spans, key=lambda span: (span.row, span.column))))


def _is_alone(cell: Filled, column: int) -> bool:
    return cell.span.column == column and cell.span.columns == 1 and bool(cell.pieces)


def _loose(cell: Filled) -> list[Piece]:
    return [part for piece in cell.pieces for part in taken_apart(piece)]


def _cut(cells: Sequence[Filled], em: float) -> float | None:
    """x of the middle of the widest white between two columns of text in `cells`, which stand below each other."""
    if len(cells) < 2:
        return None
    pieces = [_loose(cell) for cell in cells]
    allowed = 1 if len(cells) >= TALL else 0  # the heading of both
    for low, high in sorted(
        strips([p for cell in pieces for p in cell], allowed, WHITE * em), key=lambda s: s[0] - s[1]
    ):
        left = [[piece for piece in cell if piece.bbox[2] <= low] for cell in pieces]
        right = [[piece for piece in cell if piece.bbox[0] >= high] for cell in pieces]
        both = sum(bool(one) and bool(other) for one, other in zip(left, right, strict=True))
        if both >= BOTH_SIDES * len(cells) and not any(
            all(is_sign(piece.text) for cell in side for piece in cell) for side in (left, right)
        ):
            return (low + high) / 2
    return None


def _parts(cells: Sequence[Filled], em: float) -> list[float]:
    """y of the middles of the rows that the cells of one row really are; fewer than two where they are one."""
    stacks = [lines_of(cell.pieces) for cell in cells if cell.span.rows == 1 and cell.pieces]
    numbers = [stack for stack in stacks if _is_list(stack)]
    levels = [_level(line) for line in max(numbers, key=len, default=[])]
    alike = sum(len(stack) == len(levels) for stack in stacks)
    if len(numbers) < NUMBERS and not (len(levels) >= TALL and alike > NUMBERS):
        return []
    return levels if all(_keeps(stack, levels, em) for stack in stacks) else []


def _keeps(stack: Sequence[Sequence[Piece]], levels: Sequence[float], em: float) -> bool:
    """Whether the lines of a cell stand on `levels`; some may go on below one if a line stands on each."""
    on = {number for line in stack for number, level in enumerate(levels) if abs(level - _level(line)) <= LEVEL * em}
    return len(stack) < 2 or len(on) == min(len(stack), len(levels))


def _is_list(stack: Sequence[Sequence[Piece]]) -> bool:
    """Whether each line is an entry of its own: a number, or as short as one where there are many."""
    texts = [" ".join(piece.text for piece in line) for line in stack]
    return len(texts) > 1 and (all(map(is_value, texts)) or (len(texts) >= TALL and max(map(length, texts)) <= SHORT))


def _level(line: Sequence[Piece]) -> float:
    return sum(piece.middle for piece in line) / len(line)

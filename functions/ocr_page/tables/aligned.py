"""Tables without vertical rules: entries that stand below each other in columns, with or without rules between rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ocrchat.blocks import union

from . import accept, cells, headers, regions
from .cells import Filled
from .columns import columns_of, fitted
from .grid import Span
from .model import Found, Rule
from .pieces import Piece
from .prose import prose_of
from .rows import Columns, Row, has_values, heading_rows, joined, rows_of_band, rows_of_lines, ruled_one_by_one

MAX_PIECES = 3_000  # a page with more is too dense to be searched for tables without rules


def find(pieces: Sequence[Piece], rules: Sequence[Rule], em: float) -> list[Found]:
    """Tables among `pieces`, none of which stands in a ruled grid; `rules` are the horizontal ones outside of grids."""
    if len(pieces) > MAX_PIECES:
        return []
    prose = prose_of(pieces, em)
    found: list[Found] = []
    free = list(pieces)
    for region in regions.framed(pieces, prose, rules, em):
        left = set(free)
        if all(piece in left for piece in region.pieces):
            free = _found(found, region, free, prose, em)
    for region in regions.loose([piece for piece in free if piece not in prose], rules, em):
        free = _found(found, region, free, prose, em)
    return found


def _found(
    found: list[Found], region: regions.Region, free: list[Piece], prose: frozenset[Piece], em: float
) -> list[Piece]:
    """Adds the table of the region to `found`, if it holds one; the pieces that are still free."""
    inside = set(region.pieces)
    around = [piece for piece in free if piece not in prose and piece not in inside]
    if region.rules:
        region = replace(region, pieces=region.pieces + tuple(regions.labels(region, around, em)))
    spread = columns_of(region.pieces, em)
    if len(spread) < 2:
        return free
    more = regions.more_rows(region, around, spread, em) if region.rules else []
    taken = [*region.pieces, *more]
    table = _table(taken, region, Columns(tuple(spread), region.parts, em))
    if table is None:
        return free
    found.append(table)
    gone = set(taken)
    return [piece for piece in free if piece not in gone]


def _table(taken: Sequence[Piece], region: regions.Region, columns: Columns) -> Found | None:
    pieces = fitted(taken, columns.edges)
    rows, ruled_off = _rows(pieces, region.rules, columns)
    if len(rows) < 2:
        return None
    filled = _cells(rows, columns)
    count = len(columns.edges)
    if not accept.is_aligned_table(len(rows), count, filled, len(region.rules)):
        return None
    heads = headers.header_rows(len(rows), count, filled, ruled_off)
    filled = headers.stretched(filled, heads)
    table = cells.table_of(len(rows), count, filled, heads)
    return Found(table, union(piece.bbox for piece in taken), frozenset(piece.line for piece in taken))


def _rows(pieces: Sequence[Piece], rules: Sequence[Rule], columns: Columns) -> tuple[list[Row], int | None]:
    """Rows from top to bottom; and how many of them stand above the first rule that has rows on both sides."""
    edges = [float("-inf"), *(rule.at for rule in rules), float("inf")]
    bands = [[piece for piece in pieces if low <= piece.middle < high] for low, high in pairwise(edges)]
    bands = [band for band in bands if band]
    lines = [rows_of_lines(band, columns) for band in bands]
    one_by_one = ruled_one_by_one(lines[1:])
    made = [[joined(band)] for band in lines] if one_by_one else [rows_of_band(band, columns) for band in bands]
    if 1 < len(lines[0]) <= headers.MAX_HEADER_ROWS and len(bands) > 1 and not any(map(has_values, lines[0])):
        made[0] = heading_rows(bands[0], columns)
    return [row for band in made for row in band], len(made[0]) if len(made) > 1 else None


def _cells(rows: Sequence[Row], columns: Columns) -> list[Filled]:
    filled: list[Filled] = []
    for number, row in enumerate(rows):
        top, bottom = row.top, row.bottom
        for (first, last), pieces in _disjoint(row):
            box = union(piece.bbox for piece in pieces)
            filled.append(Filled(Span(number, first, 1, last - first + 1), box, tuple(pieces)))
        for column in set(range(len(columns.edges))) - row.filled:
            left, right = columns.edges[column]
            filled.append(Filled(Span(number, column), (left, top, right, bottom), ()))
    return filled


def _disjoint(row: Row) -> list[tuple[tuple[int, int], list[Piece]]]:
    """The entries of a row, those that stand over the same column in one."""
    entries: list[tuple[tuple[int, int], list[Piece]]] = []
    for place in sorted(row.entries):
        if entries and place[0] <= entries[-1][0][1]:
            before, pieces = entries[-1]
            entries[-1] = ((before[0], max(before[1], place[1])), pieces + row.entries[place])
        else:
            entries.append((place, list(row.entries[place])))
    return entries

"""What is a table: decisions on grids and on aligned text, all for precision before recall."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from statistics import median

from .cells import Filled, text_of
from .headers import VALUES
from .pieces import is_value, length

FILLED = 0.35  # of the places of a ruled grid, at least, hold text; else its headings must
HEADED = 0.7  # of the first row and of the first column hold text, in a form that is still to be filled in
LAYOUT_CHARACTERS = 450  # in a cell, or so many
LAYOUT_LINES = 9  # at least: rules that divide a page and not a table
ALIGNED_FILLED = 0.5  # of the places of a table without vertical rules, at least, hold text
LOOSE_FILLED = 0.75  # the same without rules
PAIRS_FILLED = 0.85  # the same in two columns
FORM = 0.2  # of the entries, at most, end in a colon or have one inside
MIXED = 0.2  # of the entries of a column, at most, hold two values
SPARSE = 0.35  # of the rows, at most, have one entry only: headings between rows
SHORT = 40  # characters, at most, of the usual entry in all columns but one
WORDY = 25  # characters, at most, of the usual entry of a table without any rule
_NAMES = re.compile(r"\D\s?[:\uff1a](?!\d)")
LEADERS = ("...", "…", ". . .", "····")


def is_grid_table(rows: int, columns: int, cells: Sequence[Filled]) -> bool:
    """Whether a ruled grid is a table, and neither a frame, nor boxes around text, nor the grid of a chart."""
    if rows < 2 or columns < 2:
        return False
    full = [cell for cell in cells if cell.pieces]
    if len({cell.span.row for cell in full}) < 2 or len({cell.span.column for cell in full}) < 2:
        return False
    if _is_layout([text_of(cell.pieces) for cell in full]):
        return False
    places = sum(cell.span.rows * cell.span.columns for cell in full)
    return places >= FILLED * rows * columns or _is_form(rows, columns, full)


def _is_layout(texts: Sequence[str]) -> bool:
    """Whether the character in the middle of all text stands in a cell that is a column of text."""
    by_length = sorted(texts, key=length)
    reached = list(accumulate(map(length, by_length)))
    middle = by_length[bisect_left(reached, reached[-1] / 2)]
    return length(middle) >= LAYOUT_CHARACTERS or middle.count("\n") + 1 >= LAYOUT_LINES


def _is_form(rows: int, columns: int, full: Sequence[Filled]) -> bool:
    first_row = sum(cell.span.columns for cell in full if cell.span.row == 0)
    first_column = sum(cell.span.rows for cell in full if cell.span.column == 0)
    return first_row >= HEADED * columns and first_column >= HEADED * rows


def is_aligned_table(rows: int, columns: int, cells: Sequence[Filled], rules: int) -> bool:
    """Whether text in columns is a table, given how many horizontal rules run along it."""
    if columns < 2 or rows < 2 or (columns == 2 and rows < 4 - (rules >= 2)):
        return False
    entries = _by_column(columns, cells)
    if _is_form_or_contents([text for column in entries for text in column]) or _is_sparse(rows, cells):
        return False
    share = sum(map(len, entries)) / (rows * columns)
    usual = [median(map(length, column)) if column else 0 for column in entries]
    values = [_holds_values(column) for column in entries]
    if share < ALIGNED_FILLED or sum(one > SHORT for one in usual) > 1:
        return False
    if columns == 2:
        is_list = values[1] and not values[0] and usual[0] <= SHORT and not _holds_columns(entries[0])
        return rules >= 2 and share >= PAIRS_FILLED and is_list
    if rules >= 2:
        return True
    return rows >= 4 - rules and share >= LOOSE_FILLED and max(usual) <= 2 * WORDY and sum(values) >= 2 - rules


def _is_form_or_contents(texts: Sequence[str]) -> bool:
    """Whether many of the entries name what follows them, or dots lead from entry to entry."""
    named = sum(bool(_NAMES.search(text)) for text in texts)
    return named > FORM * len(texts) or any(leader in text for text in texts for leader in LEADERS)


def _is_sparse(rows: int, cells: Sequence[Filled]) -> bool:
    """Whether many rows have one entry only."""
    entries = Counter(cell.span.row for cell in cells if cell.pieces)
    return sum(entries[row] < 2 for row in range(rows)) > SPARSE * rows


def _holds_columns(column: Sequence[str]) -> bool:
    """Whether what counts as one column has the values of several in it, as the items of a receipt do."""
    several = sum(sum(map(is_value, text.split())) >= 2 for text in column)
    return several > MIXED * len(column)


def _by_column(columns: int, cells: Sequence[Filled]) -> list[list[str]]:
    entries: list[list[str]] = [[] for _ in range(columns)]
    for cell in cells:
        if cell.pieces:
            for column in range(cell.span.column, cell.span.column + cell.span.columns):
                entries[column].append(text_of(cell.pieces))
    return entries


def _holds_values(column: Sequence[str]) -> bool:
    values = sum(map(is_value, column))
    return values >= 2 and values >= VALUES * (len(column) - 1)

"""Which rows of a table are headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrchat.blocks import union

from .cells import Filled, text_of
from .grid import Span
from .pieces import is_value

MAX_HEADER_ROWS = 4
VALUES = 0.6  # of a column's entries, at least, are values in a column of values
NAMED = 0.5  # of the columns, at least, have a name in a row of headings
MOST_NAMED = 0.7  # the same where nothing else tells it from the rows below
HEADING_LENGTH = 60  # characters, at most, in a heading

_PERIOD = re.compile(
    r"(fy|[qhs][1-4])?\W?(19|20)\d\d\s?[a-f]?\W{0,2}(\d\d)?|[qh][1-4]\W?\d{0,4}|\d\d?/\d\d?/\d{2,4}"
    r"|(\d\d?\.?\s)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\W{0,2}(\d\d?)?\W{0,2}((19|20)?\d\d)?",
    re.IGNORECASE,
)


def header_rows(rows: int, columns: int, cells: Sequence[Filled], ruled_off: int | None = None) -> int:
    """How many rows at the top are headings. `ruled_off` is the number of rows above the first rule inside the table,
    where it has only few rules: they are believed unless they look like the rest."""
    if rows < 2:
        return 0
    matrix = _matrix(rows, columns, cells)
    if (
        ruled_off
        and ruled_off <= min(MAX_HEADER_ROWS, rows - 1)
        and not any(_is_data(matrix[row]) for row in range(ruled_off))
    ):
        return ruled_off
    first = 0
    while first < min(MAX_HEADER_ROWS, rows - 1) and _is_title(cells, first, columns):
        first += 1
    reach = max((cell.span.row + cell.span.rows for cell in cells if cell.span.row == first), default=first + 1)
    grouped = max(reach, first + 2) if _has_grouped(cells, first) else reach
    return next((last for last in (grouped, reach) if _are_headings(matrix, first, last)), 0)


def _are_headings(matrix: Sequence[Sequence[str]], first: int, last: int) -> bool:
    """Whether the rows from `first` to before `last` name the columns."""
    if last > MAX_HEADER_ROWS or last >= len(matrix) or any(_is_data(row) for row in matrix[first:last]):
        return False
    return _names_columns(matrix[last - 1]) and _differs(matrix, last)


def _matrix(rows: int, columns: int, cells: Sequence[Filled]) -> list[list[str]]:
    """The text at each place; that of a cell which spans several stands at all of them."""
    matrix = [[""] * columns for _ in range(rows)]
    for cell in cells:
        text = text_of(cell.pieces)
        for row in range(cell.span.row, cell.span.row + cell.span.rows):
            for column in range(cell.span.column, cell.span.column + cell.span.columns):
                matrix[row][column] = text
    return matrix


def is_period(text: str) -> bool:
    """A year, a quarter, a date: a number that is as likely to be a heading as a value."""
    return bool(_PERIOD.fullmatch(" ".join(text.split())))


def _is_data(row: Sequence[str]) -> bool:
    """Whether the row has values right of its first column."""
    entries = [text for text in row[1:] if text]
    values = [text for text in entries if is_value(text) and not is_period(text)]
    return bool(values) and 2 * len(values) >= len(entries)


def _names_columns(row: Sequence[str]) -> bool:
    entries = [text for text in row if text]
    if any(len(text) > HEADING_LENGTH for text in entries):
        return False
    return len([text for text in row[1:] if text]) >= NAMED * (len(row) - 1)


def _is_title(cells: Sequence[Filled], row: int, columns: int) -> bool:
    """One cell from side to side."""
    return any(cell.span.row == row and cell.span.columns == columns and cell.pieces for cell in cells)


def _has_grouped(cells: Sequence[Filled], row: int) -> bool:
    """Whether a cell of the row stands over several columns."""
    return any(cell.span.row == row and cell.span.columns > 1 and cell.pieces for cell in cells)


def _differs(matrix: Sequence[Sequence[str]], first: int) -> bool:
    """Whether the rows from `first` on are of another kind than the headings: some column has values, or each
    heading is a name that no entry below repeats, over rows of which the first column is filled."""
    heads = matrix[first - 1]
    for column in range(len(heads)):
        entries = [row[column] for row in matrix[first:] if row[column]]
        if (
            entries
            and sum(map(is_value, entries)) >= VALUES * len(entries)
            and not (is_value(heads[column]) and not is_period(heads[column]))
        ):
            return True
    return sum(bool(text) for text in heads[1:]) >= MOST_NAMED * (len(heads) - 1) and len(matrix) - first >= 2


def stretched(cells: Sequence[Filled], rows: int) -> list[Filled]:
    """Headings in `rows` rows: where there is nothing above or below a column's name, it takes all of that."""
    heads = [cell for cell in cells if cell.span.row < rows]
    result = [cell for cell in cells if cell.span.row >= rows]
    for column in sorted({cell.span.column for cell in heads}):
        stack = sorted((cell for cell in heads if cell.span.column == column), key=lambda cell: cell.span.row)
        named = [cell for cell in stack if cell.pieces]
        if len(stack) == rows and len(named) == 1 and all(cell.span.columns == 1 for cell in stack):
            box = union(cell.bbox for cell in stack)
            result.append(Filled(Span(0, column, rows, 1), box, named[0].pieces))
        else:
            result += stack
    return result

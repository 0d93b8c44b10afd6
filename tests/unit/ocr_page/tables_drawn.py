"""Lines and rules of pages that hold tables, as a recogniser or a text layer would give them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ocr_page.tables import Found, Rule, Rules
from ocrchat.blocks import Line, Table, Word, union

EM = 10.0  # the height of a line
CHARACTER = 5.0  # the width of a character, and of a space
ROW = 14.0  # from line to line


def line(text: str, x: float, y: float, *, height: float = EM) -> Line:
    """`text` at x, with the top at y, its words a space apart."""
    words = []
    at = x
    for word in text.split():
        end = at + CHARACTER * len(word)
        words.append(Word(word, (at, y, end, y + height), 0.9))
        at = end + CHARACTER
    return Line(text, union(word.bbox for word in words), 0.9, tuple(words))


def right(text: str, x: float, y: float) -> Line:
    """`text` that ends at x."""
    return line(text, x - CHARACTER * len(text), y)


def rows_at(xs: Sequence[float], rows: Iterable[Sequence[str]], *, top: float = 100, step: float = ROW) -> list[Line]:
    """Entries that begin at `xs`, a line a row; none for an empty text."""
    return [
        line(text, x, top + number * step)
        for number, row in enumerate(rows)
        for x, text in zip(xs, row, strict=True)
        if text
    ]


def paragraph(x: float, y: float, lines: int, *, characters: int = 60, seed: int = 0) -> list[Line]:
    """Running text with words of changing length, its lines about as wide as each other."""
    found = []
    for number in range(lines):
        text, word = "", seed + 3 * number
        while len(text) < characters - 6:
            word += 1
            text += "abcdefghi"[: 2 + (word * word + seed) % 7] + " "
        found.append(line(text.strip(), x, y + number * ROW))
    return found


def grid(xs: Sequence[float], ys: Sequence[float]) -> Rules:
    """Rules along all of xs and ys."""
    return Rules(tuple(Rule(y, xs[0], xs[-1]) for y in ys), tuple(Rule(x, ys[0], ys[-1]) for x in xs))


def levels(ys: Iterable[float], x0: float, x1: float) -> Rules:
    return Rules(tuple(Rule(y, x0, x1) for y in ys))


def texts(table: Table) -> list[list[str]]:
    """What stands at each place; a cell's text at its first one."""
    rows = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def only(found: Sequence[Found]) -> Table:
    assert len(found) == 1
    return found[0].table


def covers_each_place_once(table: Table) -> bool:
    places = [
        (cell.row + row, cell.column + column)
        for cell in table.cells
        for row in range(cell.row_span)
        for column in range(cell.column_span)
    ]
    return sorted(places) == [(row, column) for row in range(table.rows) for column in range(table.columns)]

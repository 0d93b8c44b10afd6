"""The tables of a Markdown text, both those of pipes and those of HTML, as places that cells cover."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

MOST_SPAN = 200
"""Rows or columns that a cell may cover: what HTML would allow more is an engine gone wrong."""

_RULE = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")  # the line below the heads of a table of pipes
_PIPE = re.compile(r"(?<!\\)\|")

Place = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """`heading`: it stands in a head row of pipes, in a `thead`, or is a `th`."""

    text: str
    heading: bool
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class Grid:
    """The cells of a table by every place that each covers."""

    places: dict[Place, TableCell] = field(default_factory=dict)

    @property
    def cells(self) -> list[TableCell]:
        """Each cell once, in reading order."""
        return list(dict.fromkeys(self.places.values()))

    def neighbours(self, cell: TableCell, rows: int, columns: int) -> list[TableCell]:
        """The cells that touch `cell` on one side: (-1, 0) is above, (0, 1) is right of it."""
        if rows:
            row = cell.row - 1 if rows < 0 else cell.row + cell.row_span
            places = [(row, column) for column in _columns(cell)]
        else:
            column = cell.column - 1 if columns < 0 else cell.column + cell.column_span
            places = [(row, column) for row in _rows(cell)]
        return self._at(places)

    def top_headings(self, cell: TableCell) -> list[TableCell]:
        """The heads above `cell`, and what stands uppermost in each of its columns."""
        above = [[(row, column) for row in range(cell.row)] for column in _columns(cell)]
        return self._heads(above)

    def left_headings(self, cell: TableCell) -> list[TableCell]:
        """The heads left of `cell`, and what stands leftmost in each of its rows."""
        left = [[(row, column) for column in range(cell.column)] for row in _rows(cell)]
        return self._heads(left)

    def _heads(self, ways: Iterable[list[Place]]) -> list[TableCell]:
        found: list[TableCell] = []
        for way in ways:
            written = [cell for cell in self._at(way) if cell.text]
            found += [cell for number, cell in enumerate(written) if number == 0 or cell.heading]
        return list(dict.fromkeys(found))

    def _at(self, places: Iterable[Place]) -> list[TableCell]:
        return list(dict.fromkeys(self.places[place] for place in places if place in self.places))

    def add(self, row: int, text: str, *, heading: bool, row_span: int = 1, column_span: int = 1) -> None:
        """A cell at the first place of the row that no cell covers."""
        column = 0
        while (row, column) in self.places:
            column += 1
        cell = TableCell(text, heading, row, column, row_span, column_span)
        for place in ((covered, there) for covered in _rows(cell) for there in _columns(cell)):
            self.places.setdefault(place, cell)


def _rows(cell: TableCell) -> range:
    return range(cell.row, cell.row + cell.row_span)


def _columns(cell: TableCell) -> range:
    return range(cell.column, cell.column + cell.column_span)


def tables_of(markdown: str) -> list[Grid]:
    return [*_pipe_tables(markdown.splitlines()), *_html_tables(markdown)]


def _pipe_tables(lines: list[str]) -> Iterator[Grid]:
    """A table is a line with pipes, a rule, and the lines with pipes that follow."""
    index = 0
    while index + 1 < len(lines):
        head, rule = lines[index], lines[index + 1].strip()
        if "|" not in head or "|" not in rule or not _RULE.fullmatch(rule):
            index += 1
            continue
        grid = Grid()
        for text in _split(head):
            grid.add(0, text, heading=True)
        index += 2
        row = 1
        while index < len(lines) and "|" in lines[index]:
            for text in _split(lines[index]):
                grid.add(row, text, heading=False)
            index += 1
            row += 1
        yield grid


def _split(line: str) -> list[str]:
    parts = _PIPE.split(line.strip())
    if parts[0] == "":
        parts = parts[1:]
    if parts and parts[-1].strip() == "":
        parts = parts[:-1]
    return [part.strip() for part in parts]


def _html_tables(markdown: str) -> list[Grid]:
    parser = _Tables()
    parser.feed(markdown)
    parser.close()
    return parser.finished


class _Tables(HTMLParser):
    """Collects the tables of HTML between other text. A table within a cell is one of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.finished: list[Grid] = []
        self._open: list[_OpenTable] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append(_OpenTable())
        elif self._open:
            self._open[-1].start(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            return
        self._open[-1].end(tag)
        if tag == "table":
            self.finished.append(self._open.pop().grid)

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].write(data)


class _OpenTable:
    def __init__(self) -> None:
        self.grid = Grid()
        self._row = -1
        self._in_head = False
        self._cell: list[str] | None = None
        self._spans = (1, 1)
        self._is_heading = False

    def start(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self._finish_cell()
            self._row += 1
        elif tag in ("td", "th"):
            self._finish_cell()
            self._row = max(self._row, 0)
            self._cell = []
            self._spans = (_span(attributes.get("rowspan")), _span(attributes.get("colspan")))
            self._is_heading = tag == "th" or self._in_head
        elif tag == "br":
            self.write(" ")

    def end(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "thead", "tbody", "table"):
            self._finish_cell()
        if tag == "thead":
            self._in_head = False

    def write(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _finish_cell(self) -> None:
        if self._cell is None:
            return
        text = " ".join("".join(self._cell).split())
        rows, columns = self._spans
        self.grid.add(self._row, text, heading=self._is_heading, row_span=rows, column_span=columns)
        self._cell = None


def _span(value: str | None) -> int:
    return min(max(int(value), 1), MOST_SPAN) if value is not None and value.strip().isdecimal() else 1

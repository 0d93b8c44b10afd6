"""A table as Markdown: with pipes, or as HTML where cells span. Text stays text: no cell can end its cell, or add
markup to the page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ocrchat.blocks import Cell, Table

_MARKUP = re.compile(r"[\\`*_\[<|~]|&(?=#?\w+;)")
"""What a Markdown reader takes for markup inside a line. A cell is never the beginning of one."""


def of_table(table: Table) -> str:
    """`table` with its headings. A table of pipes has exactly one row of headings: it is empty where the table has
    none; a table that has several rows of them is HTML, as one with spans is."""
    if table.has_spans or table.header_rows > 1:
        return "\n".join(_html(table))
    rows = [[_MARKUP.sub(r"\\\g<0>", _one_line(cell)) for cell in row] for row in _rows(table)]
    if table.header_rows == 0:
        rows.insert(0, [""] * table.columns)
    rows.insert(1, ["---"] * table.columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _rows(table: Table) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(cell)
    return rows


def _one_line(cell: Cell) -> str:
    return " ".join(cell.text.split())


def _html(table: Table) -> Iterator[str]:
    """A line a row. No line is empty, since that would end the block of HTML, in which nothing else is markup."""
    yield "<table>"
    for number, row in enumerate(_rows(table)):
        name = "th" if number < table.header_rows else "td"
        yield "<tr>" + "".join(_html_cell(name, cell) for cell in row) + "</tr>"
    yield "</table>"


def _html_cell(name: str, cell: Cell) -> str:
    spans = "".join(
        f' {side}span="{count}"' for side, count in (("row", cell.row_span), ("col", cell.column_span)) if count > 1
    )
    return f"<{name}{spans}>{html.escape(_one_line(cell))}</{name}>"

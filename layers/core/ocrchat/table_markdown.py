"""A table as Markdown: with pipes, or as HTML where cells span. Text stays text: no cell can end its cell, or add
markup to the page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ocrchat.blocks import Block, Cell, Table
from ocrchat.markdown import may_be_mathematics
from ocrchat.table_rows import one_line, rows_of, rows_of_table

_MARKUP = re.compile(r"[\\`*_\[<|~]|&(?=#?\w+;)")
"""What a Markdown reader takes for markup inside a line. A cell is never the beginning of one."""


def of_block(block: Block) -> str:
    """A table block; one without cells by the tabs in its text. Empty where no cell says anything."""
    if not (block.table or block).text.strip():
        return ""
    if block.table is not None:
        return of_table(block.table)
    rows = [[_escaped(one.text) for one in row] for row in rows_of(block)]
    return _with_pipes(rows, max(map(len, rows), default=0), header_rows=0)


def of_table(table: Table) -> str:
    """`table` with its headings. A table of pipes has exactly one row of headings: it is empty where the table has
    none; a table that has several rows of them is HTML, as one with spans is."""
    if table.has_spans or table.header_rows > 1:
        return "\n".join(_html(table))
    rows = [[_escaped(one.text) for one in row] for row in rows_of_table(table)]
    return _with_pipes(rows, table.columns, table.header_rows)


def _with_pipes(rows: list[list[str]], columns: int, header_rows: int) -> str:
    if header_rows == 0:
        rows.insert(0, [""] * columns)
    rows.insert(1, ["---"] * columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _escaped(text: str) -> str:
    escaped = _MARKUP.sub(r"\\\g<0>", text)
    return escaped.replace("$", "\\$") if may_be_mathematics(text) else escaped


def _html(table: Table) -> Iterator[str]:
    """A line a row. No line is empty, since that would end the block of HTML, in which nothing else is markup."""
    rows: list[list[Cell]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(cell)
    yield "<table>"
    for number, row in enumerate(rows):
        name = "th" if number < table.header_rows else "td"
        yield "<tr>" + "".join(_html_cell(name, cell) for cell in row) + "</tr>"
    yield "</table>"


def _html_cell(name: str, cell: Cell) -> str:
    spans = "".join(
        f' {side}span="{count}"' for side, count in (("row", cell.row_span), ("col", cell.column_span)) if count > 1
    )
    text = html.escape(one_line(cell.text))
    if may_be_mathematics(text):
        text = text.replace("$", "&#36;")
    return f"<{name}{spans}>{text}</{name}>"

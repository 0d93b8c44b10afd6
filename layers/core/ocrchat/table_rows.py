"""The rows of a table block, whether its cells are known or only its text, and the table that named fields make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.blocks import Block, Cell, Field, Table
from ocrchat.script import legible

FIELD_HEADINGS = ("Field", "Value")


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in one cell, on one line; it begins in `column` (0-based) and reaches over `span` columns."""

    column: int
    text: str
    span: int = 1


def rows_of(block: Block) -> list[list[Entry]]:
    """Row by row, from left to right; a cell that spans rows is in its first one. Without cells, the text has a line a
    row, columns divided by tabs, and rows may differ in length."""
    if block.table is not None:
        return rows_of_table(block.table)
    lines = [line for line in legible(block.text).split("\n") if line.strip()]
    return [[Entry(column, one_line(part)) for column, part in enumerate(line.split("\t"))] for line in lines]


def rows_of_table(table: Table) -> list[list[Entry]]:
    rows: list[list[Entry]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(Entry(cell.column, one_line(cell.text), cell.column_span))
    return rows


def table_of_fields(fields: Sequence[Field]) -> Table:
    """Names and values, a row a field below one of headings; the box of both cells is the field's."""
    rows = [(FIELD_HEADINGS, (0.0, 0.0, 0.0, 0.0), 1.0)]
    rows += [((field.name, field.value), field.bbox, field.confidence) for field in fields]
    cells = (
        Cell(number, column, text, bbox, confidence)
        for number, (texts, bbox, confidence) in enumerate(rows)
        for column, text in enumerate(texts)
    )
    return Table(len(rows), 2, tuple(cells), 1)


def one_line(text: str) -> str:
    return " ".join(legible(text).split())

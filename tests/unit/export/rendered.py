"""What a renderer writes of some pages."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from export.formats import FORMATS
from export.source import Source
from ocrchat.blocks import BBox, Block, Cell, Field, Table
from ocrchat.jobs import Job
from ocrchat.pages import PageResult
from tests.unit.export.documents import of_pages

BOX: BBox = (10.0, 20.0, 110.0, 40.0)


def rendered(name: str, job: Job, pages: list[PageResult]) -> bytes:
    """The file of a format that needs no original. Pages come one after the other, once."""
    out = BytesIO()
    FORMATS[name].renderer()(Source(job, iter(pages)), out)
    return out.getvalue()


def file_of(name: str, *pages: list[Block], fields: Sequence[Field] = (), language: str | None = None) -> str:
    """The file of a text format, each page made of blocks, and all of the same fields; `language` is that of
    translations."""
    found = [
        PageResult(index, 595, 842, "pt", "cpu", tuple(blocks), fields=tuple(fields))
        for index, blocks in enumerate(pages)
    ]
    return rendered(name, of_pages(found, language=language), found).decode()


def table_block(rows: list[list[str]], header_rows: int = 0) -> Block:
    cells = tuple(Cell(i, j, text, BOX, 1.0) for i, row in enumerate(rows) for j, text in enumerate(row))
    return of_table(Table(len(rows), len(rows[0]), cells, header_rows))


def field(name: str, value: str) -> Field:
    return Field(name, value, BOX, 0.98765, "lines")


def of_table(table: Table) -> Block:
    return Block("table", table.text, BOX, 1.0, table=table)

"""A table with its spans and header rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ocrchat.blocks import Block, Cell, Table

from .grid import Room, covered, widths
from .paragraphs import Paragraph, Placing
from .runs import Setting
from .xml import clean

MOST_COLUMNS = 63  # Word opens no file with a table of more
WHOLE = 1000  # characters, of a cell: rows with more may break over pages, and no head that has more is repeated
NUMERIC_SHARE = 0.6  # of a column's cells that are not empty: set to the right, as numbers are

_NUMERIC = re.compile(r"\W*\d[\d\W]*(?:[A-Z]{3})?")
_CENTRED = '<w:jc w:val="center"/>'


def table_of(block: Block) -> Table | None:
    """The block's table, or the one that the lines and tabs of its text make; None where Word could not hold it."""
    table = block.table or _of_text(block)
    return table if table is not None and table.rows > 0 and 0 < table.columns <= MOST_COLUMNS else None


def _of_text(block: Block) -> Table | None:
    rows = [line.split("\t") for line in clean(block.text).split("\n") if line.strip()]
    columns = max(map(len, rows), default=0)
    if columns < 2:
        return None
    cells = (
        Cell(number, column, text, block.bbox, block.confidence)
        for number, row in enumerate(rows)
        for column, text in enumerate(row)
    )
    return Table(len(rows), columns, tuple(cells))


def xml(table: Table, setting: Setting, room: Room, placing: Placing = "start", *, from_the_right: bool = False) -> str:
    """`w:tbl`. `from_the_right`: it is read so, and begins with the column that is the last one of `table`."""
    if from_the_right:
        table = replace(table, cells=tuple(_mirrored(cell, table.columns) for cell in table.cells))
    columns = widths(table, room)
    heads = min(table.header_rows, table.rows)
    rows = covered(table)
    to_the_right = {
        number for number in range(table.columns) if not from_the_right and _is_numeric(rows[heads:], number)
    }
    repeated = heads if sum(map(_longest, rows[:heads])) <= WHOLE else 0
    content = []
    for number, row in enumerate(rows):
        style = "TableHeading" if number < heads else "TableText"
        cells = (
            _cell(cell, number, sum(columns[column:after]), style, setting, _placing(cell, style, to_the_right))
            for column, after, cell in _across(row)
        )
        kept = "<w:cantSplit/>" if _longest(row) <= WHOLE else ""
        kept += "<w:tblHeader/>" if number < repeated else ""
        content.append(f"<w:tr>{f'<w:trPr>{kept}</w:trPr>' if kept else ''}{''.join(cells)}</w:tr>")
    properties = (
        f'<w:tblStyle w:val="TableGrid"/>{"<w:bidiVisual/>" if from_the_right else ""}'
        f'<w:tblW w:w="{sum(columns)}" w:type="dxa"/>{_CENTRED if placing == "center" else ""}'
        f'<w:tblLook w:val="{"0020" if heads else "0000"}" w:firstRow="{int(heads > 0)}" '
        'w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="0"/>'
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(content)}</w:tbl>"


def _longest(row: list[Cell]) -> int:
    """Characters of the longest cell of a row."""
    return max(len(cell.text) for cell in row)


def _mirrored(cell: Cell, columns: int) -> Cell:
    return replace(cell, column=columns - cell.column - cell.column_span)


def _across(row: list[Cell]) -> Iterator[tuple[int, int, Cell]]:
    """(its column, the one after it, the cell) of each cell of a row."""
    column = 0
    while column < len(row):
        after = column + row[column].column_span
        yield column, after, row[column]
        column = after


def _cell(cell: Cell, row: int, width: int, style: str, setting: Setting, placing: Placing) -> str:
    span = f'<w:gridSpan w:val="{cell.column_span}"/>' if cell.column_span > 1 else ""
    merge = ""
    if cell.row_span > 1:
        merge = '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
    content = ""
    for line in _lines(cell.text) if row == cell.row else [""]:
        right = setting.from_the_right or setting.runs_from_the_right(line)
        runs = setting.runs(line, from_the_right=right)
        content += Paragraph(runs, style, from_the_right=right, placing=placing).xml()
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}</w:tcPr>{content}</w:tc>'


def _lines(text: str) -> list[str]:
    """The paragraphs of a cell, at least one: a line that begins with a small letter goes on with the one before it,
    unless that ends with a hyphen, which may belong to the word."""
    lines: list[str] = []
    for line in clean(text).strip().split("\n"):
        if lines and line[:1].islower() and not lines[-1].endswith(("-", "\u2010", "\u00ad")):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return lines


def _placing(cell: Cell, style: str, to_the_right: set[int]) -> Placing:
    if cell.column_span > 1:
        return "center" if style == "TableHeading" else "start"
    return "end" if cell.column in to_the_right else "start"


def _is_numeric(rows: list[list[Cell]], column: int) -> bool:
    cells = (row[column] for row in rows)
    texts = [text for cell in cells if cell.column_span == 1 and (text := cell.text.strip())]
    return bool(texts) and sum(_NUMERIC.fullmatch(text) is not None for text in texts) >= NUMERIC_SHARE * len(texts)

"""Comma-separated values (RFC 4180), UTF-8 with a byte order mark, by which Excel knows it: the document's tables, each
followed by its translation, what pages have of named fields, and a row for each block outside the tables."""

from __future__ import annotations

import codecs
import csv
import re
import shutil
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from export.source import Source
from ocrchat.blocks import BBox, Block
from ocrchat.pages import PageResult
from ocrchat.script import legible
from ocrchat.table_rows import one_line, rows_of

PLACE = ("x0", "y0", "x1", "y1", "unit", "confidence")
COLUMNS = ("page", "type", "text", *PLACE)
TRANSLATED_COLUMNS = ("page", "type", "text", "translation", *PLACE)
FIELD_COLUMNS = ("name", "value", *PLACE)
OUTSIDE = "Text outside the tables"

_UNSEEN = r"\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_SIGN = r"[=+\-@＝＋－＠]"  # noqa: RUF001 - as they are

_FORMULA = re.compile(rf"\t|[{_UNSEEN}]*{_SIGN}")
"""What a spreadsheet may run (OWASP, CSV Injection): also behind white space, and behind what is not seen."""

_PART = re.compile(rf'([;\t\n][{_UNSEEN};"]*)({_SIGN}[^;\t\n]*)?')
"""Where a spreadsheet whose separator is a semicolon or a tab begins another cell, and what it may run there. To such a
one a quotation mark within what it takes for a cell means nothing, so a line ends there, too."""

_CALLS = re.compile(r"[(|!\[（｜！［]")  # noqa: RUF001 - as they are
"""Without one of these a formula calls no function, no program and no other file: it is arithmetic."""

_ITEM = re.compile(r"[+-] [^\W\d_]")

_NUMBER = re.compile(
    r"[+-]?[€$£¥]?[ \u00a0]?(\d+|\d{1,3}([.,'’ \u00a0\u202f]\d{3})+)?([.,]\d+)?([eE][+-]?\d+)?[ \u00a0]?[%‰€$£¥]?",  # noqa: RUF001
    re.ASCII,
)
"""A number in any of the ways that it is printed, or its sign alone."""

Row = Sequence[str | float]


def render(source: Source, out: IO[bytes]) -> None:
    """The tables as pages come; what stands outside them waits in a file until they are through."""
    language = source.job.translate_to
    columns = TRANSLATED_COLUMNS if language else COLUMNS
    with TemporaryFile() as outside:
        rows, tables = _writer(outside), _writer(out)
        out.write(codecs.BOM_UTF8)
        has_table = False
        for page in source.pages:
            for title, table in _tables(page, language):
                if has_table:
                    tables.writerow([])
                tables.writerow([f"Page {page.index + 1}, {title}"])
                tables.writerows(table)
                has_table = True
            rows.writerows(_row(page, block, language) for block in page.blocks if block.type != "table")
        if not has_table:
            tables.writerow(columns)
        elif outside.tell():
            tables.writerows([[], [OUTSIDE], columns])
        outside.seek(0)
        shutil.copyfileobj(outside, out, 1 << 20)


def _writer(file: IO[bytes]) -> Any:
    return csv.writer(codecs.getwriter("utf-8")(file), lineterminator="\r\n")


def defused(row: Sequence[str]) -> list[str]:
    """The texts of a row, each behind an apostrophe where a spreadsheet could take it, or what follows a separator in
    it, for a formula; numbers stay. To one whose separator is a semicolon, the row is a single cell: `-5,5+f(x)` begins
    with a number and is none."""
    calls = any(map(_CALLS.search, row))
    return [_defused(text, may_go_on=calls and not column, calls=calls) for column, text in enumerate(row)]


def _defused(text: str, *, may_go_on: bool, calls: bool) -> str:
    if _FORMULA.match(text) and (may_go_on or not _NUMBER.fullmatch(text)):
        text = "'" + text

    def part(found: re.Match[str]) -> str:
        before, formula = found.groups()
        if formula is None or (not calls and _is_harmless(before, formula)):
            return found[0]
        return f"{before}'{formula}"

    return _PART.sub(part, text)


def _is_harmless(before: str, formula: str) -> bool:
    """A number, or an item of a list, which begins its line."""
    return bool(_NUMBER.fullmatch(formula.rstrip()) or (before.endswith("\n") and _ITEM.match(formula)))


def _tables(page: PageResult, language: str | None) -> Iterator[tuple[str, Iterator[Row]]]:
    """(title, rows) of each of a page: that of its fields, then those that stand on it."""
    if page.fields:
        yield "fields", _fields(page)
    for number, block in enumerate((block for block in page.blocks if block.type == "table"), 1):
        yield f"table {number}", _rows(block)
        if language and (translated := block.translated):
            yield f"table {number}, translation ({language})", _rows(translated)


def _fields(page: PageResult) -> Iterator[Row]:
    yield FIELD_COLUMNS
    for field in page.fields:
        texts = defused([one_line(field.name), one_line(field.value)])
        yield [*texts, *_place(page, field.bbox, field.confidence)]


def _rows(table: Block) -> Iterator[Row]:
    """What spans stands in its first place, the others are empty."""
    columns = table.table.columns if table.table is not None else 0
    for entries in rows_of(table):
        row = [""] * max(columns, len(entries))
        for entry in entries:
            row[entry.column] = entry.text
        yield defused(row)


def _row(page: PageResult, block: Block, language: str | None) -> Row:
    translation = [legible(block.translation or "")] if language else []
    texts = defused([block.type, legible(block.text), *translation])
    return [page.index + 1, *texts, *_place(page, block.bbox, block.confidence)]


def _place(page: PageResult, bbox: BBox, confidence: float) -> Row:
    """The values of PLACE."""
    return [*(round(side, 2) for side in bbox), page.unit, round(confidence, 4)]

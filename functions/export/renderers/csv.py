"""Comma-separated values (RFC 4180), UTF-8 with a byte order mark, by which Excel knows it: the document's tables, and
a row for each block outside them."""

from __future__ import annotations

import codecs
import csv
import re
import shutil
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from export.source import Source
from ocrchat.blocks import Block
from ocrchat.pages import PageResult
from ocrchat.script import legible
from ocrchat.table_rows import rows_of

COLUMNS = ("page", "type", "text", "x0", "y0", "x1", "y1", "unit", "confidence")
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


def render(source: Source, out: IO[bytes]) -> None:
    """The tables as pages come; what stands outside them waits in a file until they are through."""
    with TemporaryFile() as outside:
        rows, tables = _writer(outside), _writer(out)
        out.write(codecs.BOM_UTF8)
        has_table = False
        for page in source.pages:
            number = 0
            for block in page.blocks:
                if block.type != "table":
                    rows.writerow(_row(page, block))
                    continue
                number += 1
                if has_table:
                    tables.writerow([])
                tables.writerow([f"Page {page.index + 1}, table {number}"])
                tables.writerows(_rows(block))
                has_table = True
        if not has_table:
            tables.writerow(COLUMNS)
        elif outside.tell():
            tables.writerows([[], [OUTSIDE], COLUMNS])
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


def _rows(table: Block) -> Iterator[list[str]]:
    """What spans stands in its first place, the others are empty."""
    columns = table.table.columns if table.table is not None else 0
    for entries in rows_of(table):
        row = [""] * max(columns, len(entries))
        for entry in entries:
            row[entry.column] = entry.text
        yield defused(row)


def _row(page: PageResult, block: Block) -> list[str | float]:
    bbox = [round(side, 2) for side in block.bbox]
    (text,) = defused([legible(block.text)])
    return [page.index + 1, block.type, text, *bbox, page.unit, round(block.confidence, 4)]

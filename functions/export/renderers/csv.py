"""Comma-separated values (RFC 4180), UTF-8 with a byte order mark, by which Excel knows it: the document's tables, or,
where it has none, a row a block."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from typing import IO

from export.source import Source
from ocrchat.blocks import Block
from ocrchat.pages import PageResult
from ocrchat.script import legible
from ocrchat.table_rows import rows_of

COLUMNS = ("page", "type", "text", "x0", "y0", "x1", "y1", "unit", "confidence")

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
    """Whether there is a table is known only when there is one: what was written of the blocks before it is then taken
    back, and no page is held in memory."""
    out.write(codecs.BOM_UTF8)
    writer = csv.writer(codecs.getwriter("utf-8")(out), lineterminator="\r\n")
    writer.writerow(COLUMNS)
    has_table = False
    for page in source.pages:
        tables = [block for block in page.blocks if block.type == "table"]
        for number, table in enumerate(tables, 1):
            if has_table:
                writer.writerow([])
            else:
                out.seek(len(codecs.BOM_UTF8))
                out.truncate()
                has_table = True
            writer.writerow([f"Page {page.index + 1}, table {number}"])
            writer.writerows(_rows(table))
        if not has_table:
            writer.writerows(_row(page, block) for block in page.blocks)


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

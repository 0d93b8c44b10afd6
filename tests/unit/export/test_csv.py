"""The CSV file."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from export.renderers.csv import COLUMNS, FIELD_COLUMNS, OUTSIDE, TRANSLATED_COLUMNS
from export.renderers.csv import defused as defused_row
from ocrchat.blocks import Block, BlockType, Cell, Table
from tests.unit.export.documents import Document, documents
from tests.unit.export.rendered import BOX, field, file_of, of_table, rendered, table_block


def block(text: str, kind: BlockType = "text") -> Block:
    return Block(kind, text, BOX, 0.98765)


def rows_of(*pages: list[Block]) -> list[list[str]]:
    return parsed(file_of("csv", *pages).encode())


def defused(text: str) -> str:
    """The only text of its row."""
    (left,) = defused_row([text])
    return left


def parsed(file: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(file.decode("utf-8-sig"), newline=""), strict=True))


def test_the_file_has_a_byte_order_mark_and_lines_that_end_as_the_standard_has_it() -> None:
    assert file_of("csv", [block('a "b", c')]) == (
        '\ufeffpage,type,text,x0,y0,x1,y1,unit,confidence\r\n1,text,"a ""b"", c",10.0,20.0,110.0,40.0,pt,0.9877\r\n'
    )


def test_a_document_without_tables_has_a_row_a_block() -> None:
    found = rows_of([block("Head", "header"), block("one\ntwo")], [], [block("", "figure")])
    assert [row[:3] for row in found] == [
        ["page", "type", "text"],
        ["1", "header", "Head"],
        ["1", "text", "one\ntwo"],
        ["3", "figure", ""],
    ]


def test_tables_come_one_after_the_other_and_then_what_stands_outside_them() -> None:
    one, two = table_block([["a", "b"], ["c", "d"]]), table_block([["e"]])
    assert rows_of([block("before"), one, block("between"), two], [], [block("after"), two]) == [
        ["Page 1, table 1"],
        ["a", "b"],
        ["c", "d"],
        [],
        ["Page 1, table 2"],
        ["e"],
        [],
        ["Page 3, table 1"],
        ["e"],
        [],
        [OUTSIDE],
        list(COLUMNS),
        ["1", "text", "before", "10.0", "20.0", "110.0", "40.0", "pt", "0.9877"],
        ["1", "text", "between", "10.0", "20.0", "110.0", "40.0", "pt", "0.9877"],
        ["3", "text", "after", "10.0", "20.0", "110.0", "40.0", "pt", "0.9877"],
    ]


def test_a_document_of_tables_alone_has_nothing_behind_them() -> None:
    assert rows_of([], [table_block([["a", ""]])]) == [["Page 2, table 1"], ["a", ""]]


def test_a_table_is_followed_by_its_translation_and_text_has_a_column_for_it() -> None:
    cells = (Cell(0, 0, "a", BOX, 1.0, translation="b"), Cell(0, 1, "=1", BOX, 1.0, translation="=2"))
    table = Table(1, 2, cells)
    one = replace(of_table(table), translation="b\t=2")
    page = [one, replace(block("tea"), translation="=thé"), block("no more")]
    assert parsed(file_of("csv", page, language="fr").encode()) == [
        ["Page 1, table 1"],
        ["a", "'=1"],
        [],
        ["Page 1, table 1, translation (fr)"],
        ["b", "'=2"],
        [],
        [OUTSIDE],
        list(TRANSLATED_COLUMNS),
        ["1", "text", "tea", "'=thé", "10.0", "20.0", "110.0", "40.0", "pt", "0.9877"],
        ["1", "text", "no more", "", "10.0", "20.0", "110.0", "40.0", "pt", "0.9877"],
    ]


def test_named_fields_are_a_table_before_those_of_their_page() -> None:
    found = parsed(file_of("csv", [table_block([["a"]])], fields=[field("=total", "a\n-1;=2")]).encode())
    assert found == [
        ["Page 1, fields"],
        list(FIELD_COLUMNS),
        ["'=total", "a -1;'=2", "10.0", "20.0", "110.0", "40.0", "pt", "0.9877"],
        [],
        ["Page 1, table 1"],
        ["a"],
    ]


def test_what_spans_stands_in_its_first_place() -> None:
    cells = (Cell(0, 0, "a", BOX, 1.0, 2, 2), Cell(0, 2, "b", BOX, 1.0), Cell(1, 2, "c", BOX, 1.0))
    assert rows_of([of_table(Table(2, 3, cells))])[1:] == [["a", "", "b"], ["", "", "c"]]


def test_a_table_without_cells_has_its_columns_by_tabs() -> None:
    assert rows_of([block("a\tb\n=1\t-2", "table")])[1:] == [["a", "b"], ["'=1", "-2"]]


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(documents())
def test_every_row_is_valid_and_none_is_run(document: Document) -> None:
    job, pages = document
    has_table = any(page.fields or any(block.type == "table" for block in page.blocks) for page in pages)
    columns = TRANSLATED_COLUMNS if job.translate_to else COLUMNS
    for row in parsed(rendered("csv", job, pages)):
        assert has_table or len(row) == len(columns)
        assert [field for field in row if field != defused(field)] == []


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\tx", "\r=1", " =1", "--1"),
        *(
            "＝1+1",
            "＋1+1",
            "－1",
            "＠a",
            "\ufeff=1",
            "\u200b=1",
            "\u202e=1",
            "+49 30 1234567",
            "-a",
            "-1-1",
            "-1,234.50x",
        ),
    ],
)
def test_a_formula_is_defused(text: str) -> None:
    assert defused(text) == "'" + text


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "1+1", "a=b", "'=a", "-", "+", "-5", "+3.20", "-1,234.50", "-1.234,50", "-1 234,50", "-0", "- 5"),
        *("-5%", "-$5.00", "-5 €", "-1'000", "-.5", "-1.5E-3", "1,234"),
    ],
)
def test_text_and_numbers_stay_as_they_are(text: str) -> None:
    assert defused(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Total;=1+1", "Total;'=1+1"),
        ("Total; \u200b@SUM(A1);x", "Total; \u200b'@SUM(A1);x"),
        ("a\t+1+1\t-5", "a\t'+1+1\t-5"),
        ("a;\t;=1", "a;\t;'=1"),
        ("a\n=1", "a\n'=1"),
        ('a;"=1+1&"', 'a;"\'=1+1&"'),
        ("a;＝1", "a;'＝1"),
        ("\t=1", "'\t'=1"),
        ("\n=1", "'\n'=1"),
        ("- 1;=1", "'- 1;'=1"),
        ("a; -x", "a; '-x"),
        ("a\n- see f(x)", "a\n'- see f(x)"),
        ("a;-5;f(x)", "a;'-5;f(x)"),
    ],
)
def test_a_formula_behind_a_separator_is_defused(text: str, left: str) -> None:
    assert defused(text) == left


@pytest.mark.parametrize(
    "text", ["a;-5", "2020; -5 ; +3.20;x", "a\t-1,234.50", "a;b=c", "a;'=1", "tea\n- milk\n- sugar", "a (b; c)", "a;-"]
)
def test_numbers_behind_a_separator_stay(text: str) -> None:
    assert defused(text) == text


@pytest.mark.parametrize(
    ("row", "left"),
    [
        (["-5", "5+cmd|' /C calc'!A0"], ["'-5", "5+cmd|' /C calc'!A0"]),
        (["-5", "+3", "*HYPERLINK(A1)"], ["'-5", "+3", "*HYPERLINK(A1)"]),
        (["Tea (black)", "-5"], ["Tea (black)", "-5"]),
        (["-5", "+3", "tea"], ["-5", "+3", "tea"]),
        (["a;-5", "5+f(x)"], ["a;'-5", "5+f(x)"]),
    ],
)
def test_a_number_that_begins_a_row_which_calls_something_is_defused(row: list[str], left: list[str]) -> None:
    assert defused_row(row) == left


fields = st.text("=+-@＝;\t\n\"' ,15aE(|\u200b", max_size=12)


@settings(max_examples=500)
@given(st.lists(st.tuples(fields, fields, fields), min_size=1, max_size=3), st.booleans())
def test_no_other_separator_finds_a_formula(texts: list[tuple[str, str, str]], is_table: bool) -> None:
    """Wherever such a spreadsheet may begin a cell: what begins with the sign of a number calls nothing, and behind a
    separator it is a number."""
    page = [table_block([list(row) for row in texts])] if is_table else [block(text) for row in texts for text in row]
    said = [replace(block(text), translation=other) for text, other, _ in texts]
    named = [field(name, value) for name, value, _ in texts]
    for row in file_of("csv", [*page, *said], fields=named, language="fr").removeprefix("\ufeff").split("\r\n"):
        for found in re.finditer(r"(?:^\"?[\s\u200b]*|[;\t\n][\s\u200b\"]*)(?=[=+\-@＝])", row):
            rest = row[found.end() :].partition("\n")[0]
            assert rest[0] in "+-"
            assert not set(rest) & set("(|")
            if found[0][:1] in (";", "\t"):
                assert re.match(r"[+-][15 ,E+-]*[\s\u200b]*([;\t\",]|$)", rest)


@given(st.text("=+-@＝－ \t0123456789.,eE%$€'\u00a0", max_size=20))
def test_what_is_left_as_it_is_calculates_nothing(text: str) -> None:
    left = defused(text)
    assert not left.lstrip().startswith(("=", "@", "＝", "－"))
    if left.startswith(("+", "-")):
        assert re.findall(r"(?<![eE])[=+\-@＝－]", left[1:]) == []


def test_a_long_text_that_is_no_number_costs_no_more_than_its_length() -> None:
    assert defused("-" + "1,234" * 100_000 + "x").startswith("'-")


def test_a_long_text_of_separators_costs_no_more_than_its_length() -> None:
    for signs in ("\t", ";", "; ", ";-1", "\n- "):
        assert defused("x" + signs * 100_000 + "x").startswith("x")

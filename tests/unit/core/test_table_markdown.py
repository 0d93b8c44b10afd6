"""How a table looks as Markdown, and as plain text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat import table_markdown
from ocrchat.blocks import Block, Cell, Table
from ocrchat.script import legible


def cell(row: int, column: int, text: str, rows: int = 1, columns: int = 1) -> Cell:
    return Cell(row, column, text, (0, 0, 1, 1), 1.0, rows, columns)


def plain(rows: list[list[str]], header_rows: int = 1) -> Table:
    cells = tuple(cell(i, j, text) for i, row in enumerate(rows) for j, text in enumerate(row))
    return Table(len(rows), len(rows[0]), cells, header_rows)


SPANNED = Table(
    3,
    3,
    (
        cell(0, 0, "Name", rows=2),
        cell(0, 1, "Size <cm>", columns=2),
        cell(1, 1, "high"),
        cell(1, 2, "wide"),
        cell(2, 0, "Box"),
        cell(2, 1, "3"),
        cell(2, 2, ""),
    ),
    2,
)


def test_a_table_has_pipes() -> None:
    found = table_markdown.of_table(plain([["Name", "Price"], ["Tea", "2.00"]]))
    assert found == "| Name | Price |\n| --- | --- |\n| Tea | 2.00 |"


def test_a_table_without_headings_has_an_empty_row_of_them() -> None:
    found = table_markdown.of_table(plain([["Tea", "2.00"]], header_rows=0))
    assert found == "|  |  |\n| --- | --- |\n| Tea | 2.00 |"


def test_cells_that_span_are_html() -> None:
    assert table_markdown.of_table(SPANNED).split("\n") == [
        "<table>",
        '<tr><th rowspan="2">Name</th><th colspan="2">Size &lt;cm&gt;</th></tr>',
        "<tr><th>high</th><th>wide</th></tr>",
        "<tr><td>Box</td><td>3</td><td></td></tr>",
        "</table>",
    ]


def test_several_rows_of_headings_are_html() -> None:
    found = table_markdown.of_table(plain([["a", "b"], ["c", "d"], ["1", "2"]], header_rows=2))
    assert found.split("\n")[2] == "<tr><th>c</th><th>d</th></tr>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b", "a \\| b"),
        ("two\nlines", "two lines"),
        ("<b>bold</b>", "\\<b>bold\\</b>"),
        ("back\\", "back\\\\"),
        ("&lt;", "\\&lt;"),
        ("-", "-"),
        ("1. first", "1. first"),
    ],
)
def test_text_of_a_cell_cannot_become_markup(text: str, shown: str) -> None:
    assert table_markdown.of_table(plain([["x", "y"], [text, "z"]])).split("\n")[2] == f"| {shown} | z |"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in ("td", "th"):
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self.texts:
            self.texts[-1] += data.rstrip("\n")


@given(st.text())
def test_no_text_breaks_out_of_a_table_of_html(text: str) -> None:
    table = Table(2, 2, (cell(0, 0, text, columns=2), cell(1, 0, "a"), cell(1, 1, "b")))
    reader = _Reader()
    found = table_markdown.of_table(table)
    reader.feed(found)
    reader.close()
    assert reader.tags == ["table", "tr", "td", "tr", "td", "td"]
    assert reader.texts[0].split() == legible(text).split()
    assert found.count("\n") == 3


@given(st.text())
def test_no_text_breaks_out_of_a_table_of_pipes(text: str) -> None:
    found = table_markdown.of_table(plain([["a", "b"], [text, "c"]]))
    assert found.count("\n") == 2
    last = found.split("\n")[2]
    bars = [at for at, one in enumerate(last) if one == "|" and (len(last[:at]) - len(last[:at].rstrip("\\"))) % 2 == 0]
    assert len(bars) == 3


def test_a_table_without_a_word_is_left_out() -> None:
    empty = plain([["", " "]])
    assert table_markdown.of_block(Block("table", empty.text, (0, 0, 1, 1), 1.0, table=empty)) == ""


def test_cells_alone_say_what_a_table_says() -> None:
    """A block's text may be left to its cells."""
    found = table_markdown.of_block(Block("table", "", (0, 0, 1, 1), 1.0, table=plain([["a"]])))
    assert found == "| a |\n| --- |"


def test_the_plain_text_keeps_columns_below_each_other() -> None:
    assert SPANNED.text == "Name\tSize <cm>\t\n\thigh\twide\nBox\t3\t"


def test_what_stands_in_a_cell_stays_on_its_line() -> None:
    assert plain([["two\nlines", "a\tb"]]).text == "two lines\ta b"

"""The plain text file."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from export.renderers.aligned import LEFT_TO_RIGHT, WIDEST, aligned
from ocrchat.blocks import Block, BlockType, Cell, Table
from ocrchat.errors import PageLost
from ocrchat.pages import PageResult
from ocrchat.table_rows import rows_of
from tests.unit.export.documents import Document, documents, of_pages
from tests.unit.export.rendered import BOX, field, file_of, of_table, rendered, table_block


def block(text: str, kind: BlockType = "text") -> Block:
    return Block(kind, text, BOX, 1.0)


def lines_of(table: Block) -> list[str]:
    return list(aligned(rows_of(table)))


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(documents())
def test_form_feeds_stand_between_pages_alone_and_the_last_line_ends(document: Document) -> None:
    job, pages = document
    found = rendered("txt", job, pages).decode()
    assert found.count("\f") == job.page_count - 1
    assert found.endswith("\n")
    assert not [one for one in found if ord(one) < 32 and one not in "\n\t\f"]


def test_blocks_come_in_reading_order_with_running_heads_and_feet() -> None:
    page = [block("Report", "header"), block("one\ntwo"), block("", "figure"), block("• a\n• b", "list")]
    assert file_of("txt", page, [block("7", "footer")]) == "Report\n\none\ntwo\n\n• a\n• b\n\f7\n"


def test_a_page_without_text_is_an_empty_one() -> None:
    assert file_of("txt", [block("a")], [], [block("b")]) == "a\n\f\n\fb\n"
    pages = [PageResult.unread(0, PageLost())]
    assert rendered("txt", of_pages(pages), pages) == b"\n"


def test_what_breaks_a_line_breaks_it_and_no_more() -> None:
    assert file_of("txt", [block("a\fb\vc\r\nd\u2028e\x85f")]) == "a\nb\nc\nd\ne\nf\n"


def test_what_would_steer_a_terminal_goes() -> None:
    assert file_of("txt", [block("\x1b[31mred\x07\x9b\x00, \ud800")]) == "[31mred, \ufffd\n"


def test_columns_stand_below_each_other() -> None:
    rows = [["Name", "Price", "Note"], ["Tea", "2.00", ""], ["Coffee, black", "", "hot"]]
    assert lines_of(table_block(rows)) == [
        "Name           Price  Note",
        "Tea            2.00",
        "Coffee, black         hot",
    ]


def test_wide_characters_take_two_places_and_combining_ones_none() -> None:
    rows = [["東京", "a"], ["e\u0301te\u0301", "b"], ["🙂 ok", "c"], ["plain", "d"]]
    assert lines_of(table_block(rows)) == [
        "東京   a",
        "e\u0301te\u0301    b",
        "🙂 ok  c",
        "plain  d",
    ]


def test_a_long_cell_pushes_on_its_own_row_alone() -> None:
    found = lines_of(table_block([["x" * 100_000, "a"], ["y", "b"]]))
    assert found == ["x" * 100_000 + "  a", "y" + " " * (WIDEST + 1) + "b"]


def test_a_cell_that_spans_columns_widens_none() -> None:
    cells = [(0, 0, "A heading over both", 2), (1, 0, "a", 1), (1, 1, "b", 1)]
    table = Table(2, 2, tuple(Cell(row, column, text, BOX, 1.0, 1, span) for row, column, text, span in cells))
    assert lines_of(of_table(table)) == ["A heading over both", "a  b"]


def test_a_cell_that_spans_rows_stands_in_the_first() -> None:
    cells = [(0, 0, "a", 2), (0, 1, "b", 1), (1, 1, "c", 1)]
    table = Table(2, 2, tuple(Cell(row, column, text, BOX, 1.0, span) for row, column, text, span in cells))
    assert lines_of(of_table(table)) == ["a  b", "   c"]


def test_columns_stay_where_they_are_when_text_runs_from_the_right() -> None:
    """Each column has a mark before it, so that no two become one run from the right."""
    mark = LEFT_TO_RIGHT
    assert lines_of(table_block([["שלום", "עולם"], ["1", "2"]])) == [
        f"{mark}שלום  {mark}עולם",
        f"{mark}1     {mark}2",
    ]


def test_a_cell_cannot_turn_its_row_around() -> None:
    assert lines_of(table_block([["\u202eevil\u2067", "a"]])) == ["evil  a"]


def test_a_table_without_cells_has_its_columns_by_tabs() -> None:
    assert lines_of(block("a\tlong\tc\nlonger\tb", "table")) == ["a       long  c", "longer  b"]


def test_a_translation_follows_its_block_line_by_line_behind_a_sign() -> None:
    cells = (Cell(0, 0, "Tea", BOX, 1.0, translation="Thé vert"), Cell(0, 1, "2.00", BOX, 1.0))
    table = replace(of_table(Table(1, 2, cells)), translation="Thé vert\t2.00")
    page = [replace(block("one\ntwo"), translation="un\n\ndeux"), table, replace(block("three"), translation="")]
    assert file_of("txt", page, language="fr") == (
        "one\ntwo\n> un\n>\n> deux\n\nTea  2.00\n> Thé vert  2.00\n\nthree\n"
    )


def test_named_fields_come_first_a_line_each() -> None:
    fields = [field("total", "12.00 €"), field("address", "1 High St\nLondon")]
    assert file_of("txt", [block("a")], fields=fields) == "total: 12.00 €\naddress: 1 High St London\n\na\n"

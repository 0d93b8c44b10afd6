"""Where the cells of a table stand that a model writes."""

from __future__ import annotations

import pytest

from ocrchat.blocks import BBox, Block, Line, Table, is_in, middle_of
from vlm_page.grounding import ground
from vlm_page.grounding.grid import MOST_PLACES
from vlm_page.grounding.spelling import MOST_DIFFERING
from vlm_page.written import WrittenBlock, WrittenCell, WrittenPage

from .read_pages import AGREED, HEIGHT, WIDTH, line

Said = str | WrittenCell


def grounded(read: list[Line], *rows: tuple[Said, ...], named: tuple[int, ...] = ()) -> Block:
    cells = tuple(tuple(WrittenCell(cell) if isinstance(cell, str) else cell for cell in row) for row in rows)
    page = WrittenPage((WrittenBlock("table", "", named, rows=cells),))
    return ground(read, page, WIDTH, HEIGHT).blocks[0]


def table(block: Block) -> Table:
    assert block.table is not None
    return block.table


def boxes(block: Block) -> dict[str, BBox]:
    return {cell.text: cell.bbox for cell in table(block).cells}


PRICES = [line("Item      Price", y=0), line("Bread      2.50", y=20), line("Milk       1.20", y=40)]


def test_cells_stand_on_the_words_that_they_say() -> None:
    block = grounded(PRICES, ("Item", "Price"), ("Bread", "2.50"), ("Milk", "1.20"))
    assert boxes(block)["2.50"] == (110, 20, 150, 30)
    assert block.bbox == (0, 0, 150, 50)
    assert block.text == "Item\tPrice\nBread\t2.50\nMilk\t1.20"
    assert [its.text for its in block.lines] == ["Item Price", "Bread 2.50", "Milk 1.20"]
    assert {cell.confidence for cell in table(block).cells} == {AGREED}


def test_equal_numbers_stand_in_their_own_rows() -> None:
    read = [line("a   0.00   0.00"), line("b   0.00   0.00", y=20), line("c   0.00   0.00", y=40)]
    block = grounded(read, ("a", "0.00", "0.00"), ("b", "0.00", "0.00"), ("c", "0.00", "0.00"))
    tops = [cell.bbox[1] for cell in table(block).cells]
    lefts = [cell.bbox[0] for cell in table(block).cells]
    assert tops == [0, 0, 0, 20, 20, 20, 40, 40, 40]
    assert lefts == [0, 40, 110] * 3


def test_cells_of_two_lines_that_were_read_across_are_whole() -> None:
    read = [line("Annual report     Chairman's speech", y=0), line("on sales          to the workers", y=20)]
    block = grounded(read, ("Annual report on sales", "Chairman's speech to the workers"))
    assert boxes(block) == {
        "Annual report on sales": (0, 0, 130, 30),
        "Chairman's speech to the workers": (180, 0, 350, 30),
    }


def test_spans_cover_their_places() -> None:
    rows = (
        (WrittenCell("Name", row_span=2), WrittenCell("Size", column_span=2)),
        ("wide", "high"),
        ("Bread", "12", "8"),
    )
    read = [line("Name   Size", y=0), line("wide   high", y=20, x=70), line("Bread  12     8", y=40)]
    its = table(grounded(read, *rows))
    places = {cell.text: (cell.row, cell.column, cell.row_span, cell.column_span) for cell in its.cells}
    assert places == {
        "Name": (0, 0, 2, 1),
        "Size": (0, 1, 1, 2),
        "wide": (1, 1, 1, 1),
        "high": (1, 2, 1, 1),
        "Bread": (2, 0, 1, 1),
        "12": (2, 1, 1, 1),
        "8": (2, 2, 1, 1),
    }
    assert (its.rows, its.columns) == (3, 3)


def test_spans_end_with_the_table_and_before_the_next_cell() -> None:
    rows = (("a", WrittenCell("b", row_span=9)), (WrittenCell("c", column_span=7),), ("d",))
    its = table(grounded([line("a b c d")], *rows))
    assert [(cell.text, cell.row_span, cell.column_span) for cell in its.cells] == [
        ("a", 1, 1),
        ("b", 3, 1),
        ("c", 1, 1),
        ("d", 1, 1),
    ]


def test_short_rows_are_filled_with_empty_cells_where_their_rows_and_columns_are() -> None:
    block = grounded(PRICES, ("Item", "Price"), ("Bread",), ("Milk", "1.20"))
    empty = table(block).cells[3]
    assert (empty.text, empty.row, empty.column) == ("", 1, 1)
    assert empty.bbox == (100, 20, 150, 30)
    assert empty.confidence == pytest.approx(AGREED)


def test_a_cell_that_was_not_read_stands_in_its_row_and_column() -> None:
    read = [PRICES[0], line("Bread", y=20), PRICES[2]]
    block = grounded(read, ("Item", "Price"), ("Bread", "2.50"), ("Milk", "1.20"))
    assert is_in(middle_of(boxes(block)["2.50"]), (100, 10, 150, 40))
    assert any(its.text == "2.50" for its in block.lines)


def test_leading_rows_of_headings_are_counted() -> None:
    def head(text: str) -> WrittenCell:
        return WrittenCell(text, is_header=True)

    block = grounded(PRICES, (head("Item"), head("Price")), (head("Bread"), "2.50"), (head("Milk"), head("1.20")))
    assert table(block).header_rows == 1


def test_a_translated_table_has_its_translation_as_text() -> None:
    bread = WrittenCell("Bread", translation="Brot")
    block = grounded(PRICES, ("Item", "Price"), (bread, "2.50"))
    assert block.translation == "Item\tPrice\nBrot\t2.50"
    assert block.translated is not None


def test_what_a_row_has_beyond_the_most_columns_stands_in_the_last_one() -> None:
    tall = [("x",)] * (MOST_PLACES // 2)
    its = table(grounded([line("a b c x")], ("a", "b", "c"), *tall))
    assert its.columns == 1
    assert its.cells[0].text == "a b c"


def test_a_table_that_was_not_read_at_all_fills_its_place_with_cells() -> None:
    block = grounded([], ("a", "b"), ("c", "d"))
    assert block.bbox_source == "estimated"
    assert boxes(block)["d"] == (WIDTH / 2, HEIGHT / 2, WIDTH, HEIGHT)


def test_rows_without_cells_are_no_table() -> None:
    assert grounded([line("a")], ()).table is None


COUNTS = [
    *(line(text, x, 0) for text, x in (("Article", 0), ("Pieces", 150), ("Price", 300))),
    *(line(text, x, 20) for text, x in (("Hex nut", 0), ("250", 150), ("1.20", 300))),
    *(line(text, x, 40) for text, x in (("Washer", 0), ("480", 150), ("3.40", 300))),
    *(line(text, x, 60) for text, x in (("Bolt", 0), ("715", 150), ("9.90", 300))),
]


@pytest.mark.parametrize(
    ("column", "moved"),
    [
        (("250", "480", "715"), set()),
        (("480", "250", "715"), {"480", "250"}),
        (("480", "715", "250"), {"250", "480", "715"}),
    ],
)
def test_cells_that_stand_in_other_rows_are_no_surer_than_what_differs(
    column: tuple[str, str, str], moved: set[str]
) -> None:
    rows = [("Article", "Pieces", "Price")]
    rows += zip(("Hex nut", "Washer", "Bolt"), column, ("1.20", "3.40", "9.90"), strict=True)
    cells = tuple(tuple(map(WrittenCell, row)) for row in rows)
    page = ground(COUNTS, WrittenPage((WrittenBlock("table", "", tuple(range(1, 13)), rows=cells),)), WIDTH, HEIGHT)
    assert set(page.moved) == moved
    for cell in table(page.blocks[0]).cells:
        assert (cell.confidence <= MOST_DIFFERING) == (cell.text in moved)


def test_short_cells_are_found_in_any_order_of_their_lines() -> None:
    page = ground(
        COUNTS[::-1],
        WrittenPage((WrittenBlock("text", "\n".join(one.text for one in COUNTS), tuple(range(1, 13))),)),
        WIDTH,
        HEIGHT,
    )
    assert page.missing == ()
    assert page.differing == ()

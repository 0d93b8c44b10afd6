"""What a block is: heading, list, running head or foot, or text."""

from __future__ import annotations

import pytest

from ocr_page import layout
from ocrchat import markers
from ocrchat.blocks import Block
from tests.unit.ocr_page.pages import HEIGHT, PITCH, WIDTH, column, line, piece, prose, read, texts, types


def page(*pieces: layout.Piece, below: float = 140) -> list[Block]:
    """A page of `pieces` above two paragraphs of running text."""
    body = [piece(text, 50, below + 14 * row) for row, text in enumerate([*prose(6, 80), *prose(8, 80, start=4)])]
    return layout.blocks_of([*pieces, *body], WIDTH, HEIGHT)


def first(blocks: list[Block]) -> tuple[str, str, int | None]:
    return (blocks[0].type, blocks[0].text, blocks[0].level)


def test_a_title_is_a_heading() -> None:
    assert first(page(piece("A report on things", 50, 100, size=18))) == ("heading", "A report on things", 1)


def test_a_title_of_two_lines_is_one_heading() -> None:
    title = (piece("A long report on the state of", 50, 90, size=18), piece("most things", 50, 112, size=18))
    assert first(page(*title, below=160)) == ("heading", "A long report on the state of most things", 1)


def test_sizes_give_levels() -> None:
    found = page(
        piece("The largest of all", 50, 60, size=24),
        piece("Somewhat smaller", 50, 95, size=16),
        piece("Bold", 50, 120, bold=True),
    )
    assert [block.level for block in found[:4]] == [1, 2, 3, None]


def test_numbers_give_levels_to_headings_of_one_size() -> None:
    found = page(piece("2 Methods", 50, 80, size=14), piece("2.1 Samples", 50, 110, size=14))
    assert [(block.text, block.level) for block in found[:2]] == [("2 Methods", 1), ("2.1 Samples", 2)]


def test_a_short_bold_line_above_text_is_a_heading() -> None:
    assert first(page(piece("What we found", 50, 120, bold=True)))[0] == "heading"


@pytest.mark.parametrize("text", ["This is important, and bold.", "See also:", "12 345 678"])
def test_a_bold_sentence_or_number_is_no_heading(text: str) -> None:
    assert first(page(piece(text, 50, 120, bold=True)))[0] == "text"


def test_a_total_that_is_printed_large_is_no_heading() -> None:
    rows = [line("Coffee to go", 20, 100), line("Cheese cake", 20, 120), line("Total amount: 5.60", 20, 140, height=24)]
    assert "heading" not in types(read(rows, width=200))


def test_on_a_page_in_bold_a_bold_line_is_no_heading() -> None:
    body = [piece(text, 50, 140 + 14 * row, bold=True) for row, text in enumerate(prose(9, 80))]
    found = layout.blocks_of([piece("What we found", 50, 115, bold=True), *body], WIDTH, HEIGHT)
    assert types(found) == ["text", "text"]


def test_large_text_is_no_heading() -> None:
    large = [piece(text, 50, 100 + 20 * row, size=14) for row, text in enumerate(prose(7, 60))]
    small = [piece(text, 50, 300 + 11 * row, size=8) for row, text in enumerate(prose(12, 110))]
    assert types(layout.blocks_of([*large, *small], WIDTH, HEIGHT)) == ["text", "text"]


def test_a_numbered_line_of_a_recognised_page_is_a_heading() -> None:
    body = column(prose(8, 90), 50, 150)
    found = read([line("2.9. Removal of sulfur", 50, 120), *body])
    assert (found[0].type, found[0].text) == ("heading", "2.9. Removal of sulfur")


def test_capitals_above_text_are_a_heading() -> None:
    found = read([line("ACKNOWLEDGEMENTS", 50, 137), *column(prose(8, 90), 50, 150)])
    assert types(found) == ["heading", "text"]


def test_the_boxes_of_recognised_lines_differ_without_making_headings() -> None:
    rows = [line(text, 50, 100 + PITCH * row, height=10 + row % 4) for row, text in enumerate(prose(12, 90))]
    assert types(read(rows)) == ["text"]


@pytest.mark.parametrize("sign", ["•", "-", "–", "*", "◦", "▪", "·", "\uf0b7"])
def test_bullets_make_a_list(sign: str) -> None:
    (block,) = read(column([f"{sign} one thing", f"{sign} another thing", f"{sign} a third"], 50, 100))
    assert (block.type, block.text) == ("list", f"{sign} one thing\n{sign} another thing\n{sign} a third")


@pytest.mark.parametrize(
    "items",
    [
        ["1. one", "2. two"],
        ["7) seven", "8) eight", "9) nine"],
        ["(a) one", "(b) two"],
        ["i. one", "ii. two", "iii. three"],
        ["(iv) four", "(v) five"],
        ["A. one", "B. two", "C. three"],
        ["1 one thing", "2 two things", "3 three things"],
        ["1.中文", "2.汉字"],
    ],
)
def test_numbers_that_follow_each_other_make_a_list(items: list[str]) -> None:
    (block,) = read(column(items, 50, 100))
    assert (block.type, block.text.split("\n")) == ("list", items)


@pytest.mark.parametrize(
    "rows",
    [
        ["1. one", "3. three"],
        ["1.5 litres", "2.5 litres"],
        ["U.S. rules", "V.A. rules"],
        ["e.g. this", "i.e. that"],
        ["- 5 -"],
    ],
)
def test_what_only_looks_like_items_is_no_list(rows: list[str]) -> None:
    assert "list" not in types(read(column(rows, 50, 100)))


def test_hanging_lines_are_joined_to_their_item() -> None:
    rows = [("• The first item goes on over the end of", 50), ("its line.", 60), ("• The second does not.", 50)]
    (block,) = read([line(text, x, 100 + PITCH * row) for row, (text, x) in enumerate(rows)])
    assert block.text == "• The first item goes on over the end of its line.\n• The second does not."


def test_items_with_gaps_between_them_are_one_list() -> None:
    rows = prose(6, 80)
    items = [line(f"{number}. {rows[number]}", 50, 100 + 30 * number, width=400) for number in range(1, 5)]
    assert types(read(items)) == ["list"]


def test_a_list_within_a_list_belongs_to_it() -> None:
    rows = [("1. one", 50), ("a) first", 70), ("b) second", 70), ("2. two", 50)]
    (block,) = read([line(text, x, 100 + PITCH * row) for row, (text, x) in enumerate(rows)])
    assert block.text.split("\n") == [text for text, _ in rows]


@pytest.mark.parametrize(("text", "value"), [("iv", 4), ("xii", 12), ("iiii", 0), ("ic", 0), ("q", 0), ("c", 100)])
def test_roman_numbers_are_read(text: str, value: int) -> None:
    assert markers.roman(text) == value


RUNNING_HEADS = [
    "156 A. Writer et al. / Journal of Things 10 (2005) 153",
    "12",
    "- 12 -",
    "xii",
    "Page 3 of 7",
    "Downloaded from a library on July 12, 2017",
]


@pytest.mark.parametrize("text", RUNNING_HEADS)
def test_a_running_head_is_a_header(text: str) -> None:
    found = page(piece(text, 50, 40), below=100)
    assert types(found) == ["header", "text", "text"]


@pytest.mark.parametrize("text", [*RUNNING_HEADS, "Revision: 2.4", "Copyright 2014 The Publisher"])
def test_a_running_foot_is_a_footer_and_comes_last(text: str) -> None:
    found = page(piece(text, 50, 760), below=100)
    assert types(found) == ["text", "text", "footer"]


def test_a_small_line_far_above_the_text_is_a_header() -> None:
    assert types(page(piece("Writer and others: On things", 50, 30, size=8), below=100))[0] == "header"


@pytest.mark.parametrize(
    ("text", "size"),
    [("On Things", 18.0), ("A Study of Things and Their Nature", 14.0), ("The Institute of Things, Springfield", 10.0)],
)
def test_a_title_or_a_sender_at_the_top_is_no_header(text: str, size: float) -> None:
    assert "header" not in types(page(piece(text, 50, 40, size=size), below=100))


def test_a_footnote_is_no_footer() -> None:
    found = page(piece("1 This was first said by somebody else in 1999", 50, 740, size=8), below=100)
    assert types(found) == ["text", "text", "text"]


def test_a_receipt_has_no_running_heads() -> None:
    rows = ["SHOP 24", "Tax invoice no. 4711", "Coffee 2.50", "Cake 3.10", "Total 5.60", "12/03/2018 14:05", "Page 1"]
    lines = [line(text, 20, 10 + 110 * row) for row, text in enumerate(rows)]
    assert set(types(read(lines, width=200))) <= {"text", "heading"}


def test_a_stamp_up_the_margin_is_a_footer() -> None:
    stamp = line("arXiv:2403.01234v1 [cs.CL] 2 Mar 2024", 12, 200, width=14, height=300)
    found = read([stamp, *column(prose(20, 80), 100, 100)])
    assert (types(found), found[-1].text) == (["text", "footer"], stamp.text)


def test_a_large_title_that_runs_down_the_edge_is_no_footer() -> None:
    title = line("金农工程山东率先引入云计算", 560, 100, width=34, height=442)
    found = read([title, *column(prose(20, 80), 50, 100)])
    assert "footer" not in types(found)


def test_footnotes_of_several_lines_are_no_footer() -> None:
    notes = [piece(text, 50, 730 + 9 * row, size=7) for row, text in enumerate(prose(3, 140))]
    found = page(*notes, below=100)
    assert types(found) == ["text", "text", "text"]


def test_text_that_runs_up_within_the_page_is_kept_in_the_text() -> None:
    label = line("Degrees of things", 300, 400, width=14, height=150)
    assert "Degrees of things" in [
        block.text for block in read([label, *column(prose(9, 80), 100, 100)]) if block.type == "text"
    ]


def test_texts_of_headers_and_footers_are_kept() -> None:
    found = page(piece("12", 300, 40), piece("Page 3", 300, 770), below=100)
    assert [texts(found)[0], texts(found)[-1]] == ["12", "Page 3"]

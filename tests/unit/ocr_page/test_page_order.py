"""In which order the pieces of a page are read."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_page import layout
from ocrchat.blocks import Block, Line
from tests.unit.ocr_page.pages import HEIGHT, PITCH, WIDTH, column, line, prose, read, texts


def order(blocks: list[Block]) -> list[str]:
    """The lines of all blocks, one after the other."""
    return [found.text for block in blocks for found in block.lines]


def shuffled(lines: list[Line]) -> list[Line]:
    return random.Random(4).sample(lines, len(lines))  # noqa: S311


def test_pieces_side_by_side_become_one_line() -> None:
    row = [line("19.00", 300, 102), line("CHOPPING BOARD", 10, 100)]
    assert texts(read(row)) == ["CHOPPING BOARD 19.00"]


def test_chinese_pieces_side_by_side_are_joined_without_a_space() -> None:
    near = [line("中国", 10, 100, width=24), line("人民", 36, 100, width=24)]
    far = [line("姓名", 10, 100, width=24), line("王明", 200, 100, width=24)]
    assert texts(read(near)) == ["中国人民"]
    assert texts(read(far)) == ["姓名 王明"]


def test_korean_pieces_side_by_side_keep_their_space() -> None:
    assert texts(read([line("보험", 10, 100, width=24), line("기간", 36, 100, width=24)])) == ["보험 기간"]


def test_rows_that_lean_stay_apart() -> None:
    rows = [line(str(number) * 3, 0, 12 * number, height=16) for number in range(6)]
    assert order(read(rows)) == [row.text for row in rows]


def test_columns_of_running_text_are_read_one_after_the_other() -> None:
    left, right = column(prose(9, 40), 50, 100), column(prose(9, 40, start=5), 320, 100)
    title, closing = (
        line("A title over both of the columns, from edge to edge", 50, 60, width=470),
        line("z" * 90, 50, 250),
    )
    assert order(read(shuffled([closing, *right, *left, title]))) == [
        title.text,
        *(row.text for row in left),
        *(row.text for row in right),
        closing.text,
    ]


def test_four_columns_are_read_one_after_the_other() -> None:
    columns = [column(prose(12, 24, start=x), x, 100) for x in (20, 165, 310, 455)]
    found = order(read(shuffled([row for rows in columns for row in rows])))
    assert found == [row.text for rows in columns for row in rows]


def test_a_short_column_beside_a_long_one_is_a_column() -> None:
    left, right = column(prose(12, 40), 50, 100), column(prose(3, 40, start=3), 320, 100)
    assert order(read([*right, *left])) == [row.text for row in [*left, *right]]


def test_a_sidebar_of_short_entries_is_read_apart_from_the_text_beside_it() -> None:
    sidebar = column(["Phone 1234", "Fax 1235", "Mail a@b.org", "Room 12", "Floor 3"], 40, 104, pitch=17)
    text = column(prose(14, 70), 200, 100)
    found = order(read(shuffled([*text, *sidebar])))
    assert found == [row.text for row in [*sidebar, *text]]


def test_a_line_that_sticks_out_of_its_column_does_not_divide_the_page() -> None:
    left, right = column(prose(12, 40), 50, 100), column(prose(12, 40, start=5), 264, 100)
    left[5] = line(left[5].text, 50, left[5].bbox[1], width=222)
    assert order(read([*right, *left])) == [row.text for row in [*left, *right]]


def test_a_footnote_comes_after_its_column() -> None:
    left, right = column(prose(12, 40), 50, 100), column(prose(12, 40, start=5), 320, 100)
    note = line("1 See the appendix of this paper", 50, 100 + 15 * PITCH, height=9)
    found = order(read([note, *right, *left]))
    assert found.index(left[-1].text) < found.index(note.text) < found.index(right[0].text)


def test_a_table_is_read_row_by_row() -> None:
    cells = [line(f"{row}{cell} ab", cell * 80, 100 + PITCH * row) for row in range(8) for cell in range(4)]
    assert "\n".join(texts(read(shuffled(cells)))).split("\n")[3] == "30 ab 31 ab 32 ab 33 ab"


def test_columns_of_numbers_are_read_row_by_row() -> None:
    cells = [line("1 234.50  -12 000.00", x, 100 + PITCH * row) for row in range(9) for x in (50, 180, 310)]
    assert {len(row.split("  ")) for row in order(read(shuffled(cells)))} == {4}


def test_a_receipt_is_read_row_by_row() -> None:
    items = [("Coffee large", "2.50"), ("Sandwich with cheese", "4.80"), ("Orange juice", "3.10"), ("Cake", "2.90")] * 2
    pieces = [line(name, 20, 100 + 16 * row) for row, (name, _) in enumerate(items)]
    pieces += [line(price, 210, 101 + 16 * row) for row, (_, price) in enumerate(items)]
    assert order(read(shuffled(pieces), width=260)) == [" ".join(item) for item in items]


def test_text_from_the_right_is_read_from_the_right() -> None:
    words = "בראשית ברא אלהים את השמים ואת הארץ"
    right = [line(words, 320, 100 + PITCH * row, width=230) for row in range(6)]
    left = [line("ויהי ערב ויהי בקר יום אחד ויקרא", 50, 100 + PITCH * row, width=230) for row in range(6)]
    assert order(read([*left, *right])) == [words] * 6 + [left[0].text] * 6


def test_the_pieces_of_a_row_from_the_right_go_from_the_right_but_numbers_do_not() -> None:
    row = [
        line("سنة", 50, 100),
        line("12", 300, 100),
        line("/", 320, 100),
        line("2024", 330, 100),
        line("تاريخ", 400, 100),
    ]
    assert texts(read(row)) == ["تاريخ 12 / 2024 سنة"]


def test_vertical_lines_are_read_from_the_right() -> None:
    lines = [
        line(text, x, 20, width=14, height=300)
        for text, x in (("二行目が続く", 80), ("一行目に始まり", 100), ("三行目。", 60))
    ]
    assert order(read(lines)) == ["一行目に始まり", "二行目が続く", "三行目。"]


def test_a_placed_block_stands_between_the_lines_around_it() -> None:
    table = Block("table", "a\tb", (50, 140, 500, 200), 1.0)
    lines = [line("Before the table stands this.", 50, 110), line("After it stands this.", 50, 215)]
    assert texts(read(lines, [table])) == ["Before the table stands this.", "a\tb", "After it stands this."]


def test_a_placed_block_stays_in_its_column() -> None:
    left, right = column(prose(20, 40), 50, 100), column(prose(6, 40, start=5), 320, 100)
    figure = Block("figure", "figure", (320, 190, 520, 350), 1.0)
    found = read([*left, *right], [figure])
    assert [block.text for block in found][-1] == "figure"
    assert order(found) == [row.text for row in [*left, *right]]


def test_a_placed_block_across_the_page_divides_its_columns() -> None:
    upper = [*column(prose(8, 40), 50, 100), *column(prose(8, 40, start=5), 320, 100)]
    lower = [*column(prose(8, 40, start=2), 50, 400), *column(prose(8, 40, start=7), 320, 400)]
    figure = Block("figure", "figure", (50, 230, 520, 380), 1.0)
    found = read([*lower, *upper], [figure])
    assert order(found) == [row.text for row in [*upper, *lower]]
    assert [block.type for block in found].index("figure") == 2


def test_no_pieces_make_no_blocks() -> None:
    assert read([]) == []
    assert read([line(" ", 10, 10)]) == []


def test_thousands_of_pieces_are_read_without_losing_one() -> None:
    scattered = random.Random(1)  # noqa: S311
    lines = [
        line("x", scattered.uniform(0, 500), scattered.uniform(0, 700), width=scattered.uniform(5, 90))
        for _ in range(3000)
    ]
    assert sum(text.count("x") for text in texts(read(lines))) == 3000


boxes = st.builds(
    lambda text, x, y, width, height: Line(text, (x, y, x + width, y + height), 0.5),
    st.text("abc de.-•1)中א ", min_size=1, max_size=12),
    st.floats(0, 500),
    st.floats(0, 700),
    st.floats(0.5, 400),
    st.floats(0.5, 200),
)


@settings(max_examples=60)
@given(st.lists(boxes, max_size=40))
def test_nothing_that_was_recognised_is_lost(lines: list[Line]) -> None:
    blocks = layout.blocks_of(layout.recognised(lines), WIDTH, HEIGHT)
    found = sorted("".join("".join(row.text.split()) for block in blocks for row in block.lines))
    assert found == sorted("".join("".join(piece.text.split()) for piece in lines))


@settings(max_examples=40)
@given(st.lists(boxes, max_size=20), st.lists(boxes, max_size=5))
def test_each_placed_block_comes_out_once_and_whole(lines: list[Line], places: list[Line]) -> None:
    placed = [Block("table", f"table {number}", found.bbox, 1.0) for number, found in enumerate(places)]
    found = [block for block in read(lines, placed) if block.type == "table"]
    assert sorted(found, key=lambda block: block.text) == placed


@settings(max_examples=60)
@given(st.lists(boxes, max_size=40), st.randoms())
def test_the_order_in_which_pieces_come_makes_no_difference(lines: list[Line], chance: random.Random) -> None:
    places = {found.bbox for found in lines}
    lines = [next(found for found in lines if found.bbox == place) for place in sorted(places)]
    other = chance.sample(lines, len(lines))
    assert texts(read(lines)) == texts(read(other))

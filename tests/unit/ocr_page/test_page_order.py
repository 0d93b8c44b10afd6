"""In which order the pieces of a page are read."""

from __future__ import annotations

from ocr_page import order
from ocrchat.blocks import Line


def piece(text: str, x: float, y: float, *, width: float = 200, height: float = 10) -> Line:
    return Line(text, (x, y, x + width, y + height), 0.9)


def texts(lines: list[Line]) -> list[str]:
    return [block.text for block in order.blocks_of(lines)]


def test_pieces_side_by_side_become_one_line() -> None:
    row = [piece("19.00", 300, 2, width=40), piece("CHOPPING BOARD", 0, 0, width=120)]
    assert texts(row) == ["CHOPPING BOARD 19.00"]


def test_rows_that_lean_stay_apart() -> None:
    lines = [piece(str(number), 0, 12 * number, height=16) for number in range(6)]
    assert texts(lines) == ["0\n1\n2\n3\n4\n5"]


def test_a_wide_gap_begins_a_block() -> None:
    assert texts([piece("a", 0, 0), piece("b", 0, 12), piece("c", 0, 40)]) == ["a\nb", "c"]


def test_columns_of_running_text_are_read_one_after_the_other() -> None:
    left = [piece(f"left {row}", 0, 30 + 12 * row) for row in range(5)]
    right = [piece(f"right {row}", 220, 30 + 12 * row) for row in range(5)]
    title, footer = piece("title", 0, 0, width=420), piece("footer", 0, 120, width=420)
    found = "\n".join(texts([footer, *right, *left, title])).split("\n")
    assert found == ["title", *(line.text for line in left), *(line.text for line in right), "footer"]


def test_three_columns_are_read_one_after_the_other() -> None:
    columns = [[piece(f"{x} {row}", x, 12 * row) for row in range(5)] for x in (0, 220, 440)]
    found = "\n".join(texts([line for row in zip(*columns, strict=True) for line in row])).split("\n")
    assert found == [line.text for column in columns for line in column]


def test_a_table_is_read_row_by_row() -> None:
    cells = [piece(f"{row}{column}", column * 80, 12 * row, width=30) for row in range(8) for column in range(4)]
    assert "\n".join(texts(cells)).split("\n")[3] == "30 31 32 33"


def test_many_pieces_take_little_time() -> None:
    lines = [piece("x", 220 * (number % 7), 11 * (number // 7), width=100 + number % 90) for number in range(3000)]
    assert sum(len(text.split()) for text in texts(lines)) == 3000


def test_a_joined_line_keeps_the_words_and_weighs_the_confidence() -> None:
    joined = order.joined([Line("aaa", (0, 0, 10, 10), 1.0), Line("b", (20, 1, 30, 12), 0.6)])
    assert (joined.text, joined.bbox, joined.confidence) == ("aaa b", (0, 0, 30, 12), 0.9)


def test_no_pieces_make_no_blocks() -> None:
    assert order.blocks_of([]) == []

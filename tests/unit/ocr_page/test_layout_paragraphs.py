"""Which lines make a paragraph, and what it says in one string."""

from __future__ import annotations

import pytest

from ocr_page import layout
from ocrchat import script
from ocrchat.blocks import Line
from tests.unit.ocr_page.pages import HEIGHT, PITCH, WIDTH, column, line, piece, prose, read, texts, types


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("an exam-", "ple of it", "an example of it"),
        ("an exam\u2010", "ple", "an example"),
        ("an exam\u00ad", "ple", "an example"),
        ("Jean-", "Pierre", "Jean-Pierre"),
        ("in 2005-", "2010", "in 2005-2010"),
        ("the one -", "or two", "the one - or two"),
        ("one", "two", "one two"),
        ("one ", " two", "one two"),
        ("生产保障", "市场供应", "生产保障市场供应"),
        ("长度在", "1000 m", "长度在1000 m"),
        ("보험", "기간", "보험 기간"),
        ("", "two", "two"),
        ("-", "two", "- two"),
    ],
)
def test_a_text_goes_on_on_the_next_line(before: str, after: str, joined: str) -> None:
    assert script.continued(before, after) == joined


def test_running_text_is_one_string() -> None:
    rows = prose(6, 60)
    assert texts(read(column(rows, 50, 100))) == [" ".join(rows)]


def test_a_block_keeps_its_lines_as_they_were() -> None:
    rows = prose(4, 60)
    rows[1] = rows[1][:-3] + "ab-"
    (block,) = read(column(rows, 50, 100))
    assert [found.text for found in block.lines] == rows
    assert "ab-" not in block.text


def test_soft_hyphens_are_left_out() -> None:
    assert texts(read([line("a co\u00adoperation", 50, 100)])) == ["a cooperation"]


def test_chinese_lines_are_joined_without_a_space() -> None:
    rows = ["中" * 30, "文" * 30, "字" * 30, "完。"]
    lines = [line(text, 50, 100 + 14 * row, width=12.0 * len(text)) for row, text in enumerate(rows)]
    assert texts(read(lines)) == ["".join(rows)]


@pytest.mark.parametrize(
    "rows",
    [
        ["The Institute of Things", "4711 Long Avenue, Block B", "Springfield", "Far Away"],
        [
            "Beautiful is better than ugly.",
            "Explicit is better than implicit, they say.",
            "Flat is good.",
            "So is sparse, too.",
        ],
        ["def total(rows):", "sum = 0", "for row in rows:", "sum += row.price * row.count", "return sum"],
    ],
    ids=["address", "poem", "code"],
)
def test_lines_that_do_not_fill_the_width_stay_lines(rows: list[str]) -> None:
    assert "\n".join(texts(read(column(rows, 50, 100)))) == "\n".join(rows)


def test_an_indent_begins_a_paragraph() -> None:
    first, second = prose(4, 60), prose(5, 58, start=6)
    first[-1] = first[0]
    lines = column(first, 50, 100) + column(second[1:], 50, 100 + 5 * PITCH)
    lines.append(line(second[0], 65, 100 + 4 * PITCH, width=285))
    assert texts(read(lines)) == [" ".join(first), " ".join(second)]


def test_hanging_lines_belong_to_the_first_one() -> None:
    entries = [prose(3, 60, start=start) for start in (0, 5, 9)]
    lines: list[Line] = []
    for number, entry in enumerate(entries):
        top = 100 + 3 * PITCH * number
        lines += [line(entry[0], 50, top, width=320), *column(entry[1:], 70, top + PITCH)]
    assert texts(read(lines)) == [" ".join(entry) for entry in entries]


def test_a_wider_gap_begins_a_paragraph() -> None:
    first, second = prose(5, 60), prose(5, 60, start=4)
    lines = column(first, 50, 100) + column(second, 50, 100 + 5 * PITCH + 9)
    assert texts(read(lines)) == [" ".join(first), " ".join(second)]


def test_text_with_wide_line_spacing_is_one_paragraph() -> None:
    rows = prose(8, 60)
    assert texts(read(column(rows, 50, 100, pitch=28))) == [" ".join(rows)]


def test_a_short_line_that_ends_a_sentence_ends_a_paragraph_of_running_text() -> None:
    first, second = prose(5, 60), prose(5, 60, start=4)
    assert texts(read(column([*first, *second], 50, 100))) == [" ".join(first), " ".join(second)]


def test_a_change_of_size_begins_a_paragraph() -> None:
    small, large = prose(4, 90), prose(4, 60, start=3)
    pieces = [piece(text, 50, 100 + 14 * row, size=10) for row, text in enumerate(large)]
    pieces += [piece(text, 50, 158 + 9 * row, size=7) for row, text in enumerate(small)]
    assert texts(layout.blocks_of(pieces, WIDTH, HEIGHT)) == [" ".join(large), " ".join(small)]


def test_what_a_pdf_draws_apart_needs_a_smaller_gap() -> None:
    def read_in_groups(second: int) -> list[str]:
        rows = [prose(4, 60), prose(4, 60, start=3)]
        rows[0][-1], rows[1][0] = rows[0][0], rows[1][0].capitalize()
        pieces = [piece(text, 50, 100 + 12 * row) for row, text in enumerate(rows[0])]
        pieces += [piece(text, 50, 151 + 12 * row, group=second) for row, text in enumerate(rows[1])]
        return texts(layout.blocks_of(pieces, WIDTH, HEIGHT))

    assert len(read_in_groups(0)) == 1
    assert len(read_in_groups(1)) == 2


def test_lines_that_a_formula_pushes_apart_stay_in_their_sentence() -> None:
    rows = prose(7, 60)
    pieces = [piece(text, 50, 100 + 12 * row + (6 if row > 3 else 0), group=row // 4) for row, text in enumerate(rows)]
    assert texts(layout.blocks_of(pieces, WIDTH, HEIGHT)) == [" ".join(rows)]


def test_justified_lines_run_on_whatever_they_begin_with() -> None:
    rows = ["The Commission of Santa Cruz and the", "County Regional Transport Authority of", "Springfield agree."]
    widths = (300, 300, 90)
    lines = [line(text, 50, 100 + PITCH * row, width=widths[row]) for row, text in enumerate(rows)]
    assert texts(read(lines)) == [" ".join(rows)]


def test_vertical_lines_are_joined() -> None:
    lines = [
        line(text, 100 - 20 * row, 20, width=14, height=14 * len(text))
        for row, text in enumerate(
            (
                "元来日本語は漢文に倣い文字を上",
                "から下へまた行を右から左へと進",
                "めて表記を行っていた漢字と仮名",
                "である。",
            )
        )
    ]
    (block,) = read(lines)
    assert block.text == "".join(found.text for found in lines)
    assert types([block]) == ["text"]


def test_the_confidence_of_a_row_is_weighed_by_characters_and_its_words_are_kept() -> None:
    pieces = [Line("aaa", (10, 10, 20, 20), 1.0), Line("b", (25, 11, 30, 22), 0.6)]
    (block,) = read(pieces)
    assert (block.lines[0].text, block.lines[0].bbox, block.lines[0].confidence) == ("aaa b", (10, 10, 30, 22), 0.9)

"""What is known of scripts: order, spaces, and what PDFs make of letters."""

from __future__ import annotations

import pytest

from ocr_page import layout
from ocrchat import script
from ocrchat.blocks import Line


@pytest.mark.parametrize(
    ("drawn", "typed"),
    [
        ("J\u00b4an Min\u00b4a\u02c7c", "J\u00e1n Min\u00e1\u010d"),
        ("M\u00a8uller", "M\u00fcller"),
        ("na\u00a8\u0131ve", "na\u00efve"),
        ("5 \u00b4", "5 \u00b4"),
        ("\ufe97\ufe8e\ufead\ufbfe\ufea6", "\u062a\u0627\u0631\u06cc\u062e"),
        ("x\u00b2 \uff21", "x\u00b2 \uff21"),
        ("plain", "plain"),
    ],
)
def test_letters_of_a_pdf_become_those_that_people_type(drawn: str, typed: str) -> None:
    assert script.mended(drawn) == typed


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        (["one", "two"], ["one", "two"]),
        (["שלום", "לך"], ["לך", "שלום"]),
        (["שלום", "in", "2024", "לך", "ולי"], ["ולי", "לך", "in", "2024", "שלום"]),
        (["12", "/", "2024", "تاريخ"], ["تاريخ", "12", "/", "2024"]),
        (["a", "long", "line", "of", "words", "שלום"], ["a", "long", "line", "of", "words", "שלום"]),
    ],
)
def test_words_from_the_right_are_read_from_the_right_and_numbers_from_the_left(
    seen: list[str], read: list[str]
) -> None:
    assert script.in_reading_order(seen, str) == read


@pytest.mark.parametrize(
    ("text", "word"), [("one two", "one"), ("中文字", "中"), ("한국어 글", "한국어"), ("", ""), (" ", "")]
)
def test_the_first_word_is_what_must_fit(text: str, word: str) -> None:
    assert script.first_word(text) == word


@pytest.mark.parametrize(
    ("text", "bbox", "level"),
    [
        ("a line", (0, 0, 60, 12), True),
        ("sideways", (0, 0, 12, 60), False),
        ("I", (0, 0, 4, 12), True),
        ("ab", (0, 0, 10, 12), True),
    ],
)
def test_high_boxes_hold_text_that_runs_up_or_down(
    text: str, bbox: tuple[float, float, float, float], level: bool
) -> None:
    (piece,) = layout.recognised([Line(text, bbox, 1.0)])
    assert piece.level is level
    assert piece.size == pytest.approx((bbox[3] if level else bbox[2]) / 1.2)

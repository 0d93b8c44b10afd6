"""When a text layer is compared with what is seen, where, and what counts as a difference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_page import text_layer
from ocr_page.layout import Piece
from ocr_page.text_layer import TextFacts
from ocrchat.blocks import Line
from tests.unit.ocr_page.written import ARTICLE_1

ENGLISH, FRENCH = ARTICLE_1["en"].text, ARTICLE_1["fr"].text


def facts(*fonts: str) -> TextFacts:
    return TextFacts(sum(len("".join(font.split())) for font in fonts), 0, 0, 0.0, fonts)


def shifted(text: str, by: int) -> str:
    return "".join(chr(ord(character) + by) for character in text)


def piece(text: str, y: float = 0, *, level: bool = True) -> Piece:
    return Piece(Line(text, (0, y, 100, y + 10), 1.0), 10, False, level)


@pytest.mark.parametrize("code", ["en", "fr", "ru", "ar", "hi", "vi"])
def test_a_text_in_a_known_language_is_not_suspect(code: str) -> None:
    assert not text_layer.is_suspect(facts(ARTICLE_1[code].text))


@pytest.mark.parametrize(
    "fonts",
    [(), ("2025 4711 0815 42.50",), ("Total 5",), (shifted(ENGLISH, 1),), (ENGLISH, shifted(ENGLISH, 1))],
    ids=["no font", "numbers", "a few letters", "a shifted font", "one shifted font of two"],
)
def test_a_text_in_no_language_is_suspect(fonts: tuple[str, ...]) -> None:
    assert text_layer.is_suspect(facts(*fonts))


def test_a_font_of_few_characters_makes_no_page_suspect() -> None:
    assert not text_layer.is_suspect(facts(ENGLISH, "xq zv kj"))


def test_fonts_of_several_languages_are_each_a_language() -> None:
    assert not text_layer.is_suspect(facts(ENGLISH, FRENCH, ARTICLE_1["ar"].text))


def test_only_lines_that_can_be_read_level_are_compared() -> None:
    pieces = [piece("upwards", level=False), piece("§ 1"), piece("12"), piece("level text")]
    assert text_layer.to_check(pieces) == [pieces[3]]


@given(st.integers(0, 200))
def test_what_is_compared_is_a_few_lines_from_all_over_the_page(count: int) -> None:
    pieces = [piece(f"line {number}", 10.0 * number) for number in range(count)]
    chosen = text_layer.to_check(pieces)
    assert len(chosen) == min(count, text_layer.SPOT_LINES)
    places = [pieces.index(one) for one in chosen]
    assert places == sorted(set(places))
    if count >= text_layer.SPOT_LINES:
        assert places[-1] >= count // 2


@pytest.mark.parametrize(
    ("drawn", "seen"),
    [
        ([], []),
        (["the same line"], ["the same line"]),
        (["The Same Line"], ["thesame line"]),
        (["ﬁne ½"], ["fine 1⁄2"]),
        (["invoice 4711"], ["invoice 471l"]),
        (["one", "two", "three"], ["one", "", "three"]),
    ],
    ids=["nothing", "equal", "case and spaces", "ligatures", "one sign", "one line of three"],
)
def test_small_differences_do_not_count(drawn: list[str], seen: list[str]) -> None:
    assert not text_layer.differs(drawn, seen)


@pytest.mark.parametrize(
    ("drawn", "seen"),
    [
        ([shifted(ENGLISH, 3)], [ENGLISH]),
        (["one", "two", "three"], ["", "", "three"]),
        ([ENGLISH], [""]),
    ],
    ids=["a shifted map", "two lines of three", "nothing seen"],
)
def test_lines_that_say_something_else_count(drawn: list[str], seen: list[str]) -> None:
    assert text_layer.differs(drawn, seen)


@given(st.lists(st.text(), max_size=5))
def test_no_text_differs_from_itself(lines: list[str]) -> None:
    assert not text_layer.differs(lines, lines)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_distance_is_a_share(one: str, other: str) -> None:
    assert 0 <= text_layer._distance(one, other) <= 1

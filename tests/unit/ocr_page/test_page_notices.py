"""What the result of a page warns of, and the languages that are named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_page import naming, notices
from ocr_page.picture import Reading
from ocr_page.raster import Raster
from ocr_page.recognisers.port import RecognisedLine
from ocrchat import languages
from ocrchat.blocks import Block, Line
from ocrchat.pages import Notice
from tests.unit.ocr_page import written

PAPER = Raster(np.zeros((400, 300, 3), np.uint8), 300, 400, "px", 0, 1.0)


def askew(degrees: float) -> Raster:
    return Raster(PAPER.pixels, 300, 400, "px", 0, 1.0, degrees)


def line(height: float = 30, confidence: float = 0.9) -> RecognisedLine:
    return RecognisedLine((10, 10, 200, 10 + height), "some text", confidence)


def block(confidence: float = 0.9) -> Block:
    return Block.of_lines([Line("some text", (10, 10, 200, 40), confidence)])


def said(
    reading: Reading, blocks: list[Block] | None = None, *, turned: bool = False, distrusted: bool = False
) -> list[str]:
    found = notices.of_picture(reading, [block()] if blocks is None else blocks, turned=turned, distrusted=distrusted)
    return [notice.code for notice in found]


def test_a_good_page_has_no_warnings() -> None:
    assert said(Reading(PAPER, [line()])) == []


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (Reading(askew(1.0), [line()]), "skewed"),
        (Reading(askew(-5.0), [line()]), "skewed"),
        (Reading(PAPER, [line(height=13)] * 3 + [line()]), "low_resolution"),
        (Reading(PAPER, [line()], sure_of_language=False), "language_uncertain"),
        (Reading(PAPER, [line()], truncated=True), "truncated"),
    ],
    ids=["askew", "askew the other way", "small letters", "no language", "too many lines"],
)
def test_what_is_wrong_with_a_page_is_said(reading: Reading, code: str) -> None:
    assert said(reading) == [code]


def test_what_was_done_to_a_page_is_said() -> None:
    assert said(Reading(PAPER, [line()]), turned=True) == ["rotated"]
    assert said(Reading(PAPER, [line()]), distrusted=True) == ["text_layer_distrusted"]


def test_a_page_without_blocks_is_blank() -> None:
    assert said(Reading(PAPER, [], has_text=False), []) == ["blank"]


@pytest.mark.parametrize(("confidence", "codes"), [(0.74, ["low_confidence"]), (0.75, [])])
def test_a_page_that_is_half_guessed_says_so(confidence: float, codes: list[str]) -> None:
    assert said(Reading(PAPER, [line()]), [block(confidence)]) == codes


def test_less_than_a_degree_is_not_worth_a_warning() -> None:
    assert said(Reading(askew(0.99), [line()])) == []


def test_letters_of_upright_columns_are_measured_across() -> None:
    column = RecognisedLine((10, 10, 40, 600), "縦書き", 0.9)
    assert said(Reading(PAPER, [column])) == []


def test_a_missing_pack_is_named_with_its_command_once() -> None:
    reading = Reading(PAPER, [line()], sure_of_language=False, missing=languages.language("th"))
    (notice,) = notices.of_picture(reading, [block()], turned=False, distrusted=False)
    assert notice.code == "language_uncertain"
    assert "Thai" in notice.message
    assert "apt-get install tesseract-ocr-tha" in notice.message


def test_every_warning_has_a_code_of_its_own_and_a_sentence() -> None:
    every = [value for value in vars(notices).values() if isinstance(value, Notice)]
    assert len({notice.code for notice in every}) == len(every) >= 8
    for notice in every:
        assert notice.message[0].isupper()
        assert not notice.message.endswith(".")


@pytest.mark.parametrize("code", written.ARTICLE_1)
def test_the_language_of_a_text_is_named(code: str) -> None:
    named = naming.name(written.ARTICLE_1[code].text)
    assert [language.code for language in named.languages] == [code]
    assert named.reliable


def test_of_two_languages_the_one_with_more_text_comes_first() -> None:
    english, french = written.ARTICLE_1["en"].text, written.ARTICLE_1["fr"].text
    assert [one.code for one in naming.name(f"{french} {french}\n{english}").languages] == ["fr", "en"]
    assert [one.code for one in naming.name(f"{english} {english}\n{french}").languages] == ["en", "fr"]


@pytest.mark.parametrize("text", ["", "4711 0815 42.50 " * 9, "Total", "\x00\ud800\uffff"])
def test_of_few_letters_no_language_is_named(text: str) -> None:
    assert naming.name(text) == naming.Named((), reliable=False)


@given(st.text(st.characters(), max_size=300))
def test_whatever_a_text_holds_it_names_known_languages_or_none(text: str) -> None:
    for language in naming.name(text).languages:
        assert languages.lookup(language.code) == language

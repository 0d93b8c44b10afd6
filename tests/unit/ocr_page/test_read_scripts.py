"""Printed pages in many scripts, read without being told in which."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from ocrchat.pages import PageResult
from tests.unit.ocr_page import written
from tests.unit.ocr_page.written import ARTICLE_1

MOST_ERRORS = 0.05
HARDER = {"am": 0.15, "km": 0.20}
"""The packs of Amharic and Khmer read these pages worse than the others do."""

WITHOUT_SPACES = ("ja", "th", "zh")


@pytest.fixture(scope="module")
def page_in() -> Callable[[str], PageResult]:
    """The page of a language, read once for all tests."""

    @cache
    def page(code: str) -> PageResult:
        return written.read(written.image_of(ARTICLE_1[code]))

    return page


@pytest.mark.parametrize("code", ARTICLE_1)
def test_a_page_is_read_in_the_language_that_it_is_found_to_be_in(
    page_in: Callable[[str], PageResult], code: str
) -> None:
    page = page_in(code)
    assert (page.language, page.languages) == (code, (code,))
    assert written.errors(page.text, ARTICLE_1[code].text) <= HARDER.get(code, MOST_ERRORS)
    assert (page.source, page.rotation) == ("cpu", 0)
    assert not {"rotated", "skewed", "blank", "language_uncertain"} & {warning.code for warning in page.warnings}


@pytest.mark.parametrize("code", ["en", "fr", "ru", "ja", "zh", "hi", "he", "ar", "ta", "vi"])
def test_a_clean_page_is_read_with_confidence(page_in: Callable[[str], PageResult], code: str) -> None:
    page = page_in(code)
    assert page.mean_confidence is not None
    assert page.mean_confidence > 0.85
    assert page.warnings == ()


@pytest.mark.parametrize("code", ["ar", "he"])
def test_text_that_runs_from_the_right_comes_in_the_order_in_which_it_is_said(
    page_in: Callable[[str], PageResult], code: str
) -> None:
    text = " ".join(page_in(code).text.split())
    first, *_, last = ARTICLE_1[code].text.split()
    assert text.startswith(first)
    assert text.endswith(last)
    lines = [line for block in page_in(code).blocks for line in block.lines]
    for line in lines:
        assert [word.text for word in line.words] == line.text.split()
        assert line.words[0].bbox[0] > line.words[-1].bbox[2]


@pytest.mark.parametrize("code", WITHOUT_SPACES)
def test_no_spaces_come_between_signs_of_a_script_without_them(page_in: Callable[[str], PageResult], code: str) -> None:
    for line in (line for block in page_in(code).blocks for line in block.lines):
        assert " " not in line.text


def test_korean_keeps_its_spaces(page_in: Callable[[str], PageResult]) -> None:
    truth = ARTICLE_1["ko"].text.split()
    words = [word.text for block in page_in("ko").blocks for line in block.lines for word in line.words]
    assert len(set(words) & set(truth)) >= 0.8 * len(truth)
    assert len(words) <= len(truth) + 3  # words that go on in the next line


@pytest.mark.parametrize("code", ARTICLE_1)
def test_boxes_lie_where_the_ink_is(page_in: Callable[[str], PageResult], code: str) -> None:
    image = written.image_of(ARTICLE_1[code])
    lines = [line for block in page_in(code).blocks for line in block.lines]
    assert written.ink_inside(image, [line.bbox for line in lines]) > 0.97
    for word in (word for line in lines for word in line.words):
        assert written.ink_of(image, word.bbox) > 0.01

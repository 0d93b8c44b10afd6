"""Pages that lie on their side, upside down or askew, and pages that are written from top to bottom."""

from __future__ import annotations

import math

import pytest
from PIL import Image

from ocrchat.pages import PageResult
from tests.unit.ocr_page import written

TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
"""Anticlockwise, so that turning the page as many degrees clockwise makes it upright."""

MOST_ERRORS = 0.05
UPRIGHT_AGAIN = [
    *[(code, degrees) for code in ("en", "ar") for degrees in TURNS],
    ("ru", 180),
    ("ja", 180),
    ("ja", 270),
    ("hi", 180),
    ("ko", 270),
]


def codes(page: PageResult) -> set[str]:
    return {warning.code for warning in page.warnings}


@pytest.mark.parametrize(("code", "degrees"), UPRIGHT_AGAIN)
def test_a_turned_page_reads_as_if_it_were_upright(code: str, degrees: int) -> None:
    text = written.longer(code, 2)
    image = written.image_of(text)
    page = written.read(image.transpose(TURNS[degrees]))
    assert written.errors(page.text, text.text) <= MOST_ERRORS
    assert page.language == code
    assert page.rotation == degrees
    assert codes(page) == {"rotated"}
    assert (page.width, page.height) == image.size
    lines = [line.bbox for block in page.blocks for line in block.lines]
    assert written.ink_inside(image, lines) > 0.97
    for box in lines:
        assert box[2] - box[0] > box[3] - box[1]
        assert written.ink_of(image, box) > 0.02


@pytest.mark.parametrize("degrees", [3, -3])
@pytest.mark.parametrize("code", ["en", "ar", "ja"])
def test_a_page_that_lies_askew_reads_as_if_it_were_level(code: str, degrees: int) -> None:
    text = written.longer(code, 2)
    image = written.image_of(text).rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    page = written.read(image)
    assert written.errors(page.text, text.text) <= MOST_ERRORS
    assert page.rotation == 0
    assert codes(page) == {"skewed"}
    assert (page.width, page.height) == image.size
    lines = [line for block in page.blocks for line in block.lines]
    assert written.ink_inside(image, [line.bbox for line in lines]) > 0.99
    for box in (line.bbox for line in lines):
        rise = (box[2] - box[0]) * math.sin(math.radians(3))
        assert box[3] - box[1] > rise
        assert 0 <= box[0] < box[2] <= page.width
        assert 0 <= box[1] < box[3] <= page.height
    for word in (word for line in lines for word in line.words):
        assert written.ink_of(image, word.bbox) > 0.01


@pytest.mark.parametrize("code", ["en", "ja"])
def test_a_page_that_is_askew_by_less_than_a_scan_ever_is_draws_no_warning(code: str) -> None:
    text = written.longer(code, 2)
    image = written.image_of(text).rotate(0.6, resample=Image.Resampling.BICUBIC, fillcolor="white")
    page = written.read(image)
    assert written.errors(page.text, text.text) <= MOST_ERRORS
    assert page.warnings == ()


@pytest.mark.parametrize("language", ["auto", "own"])
@pytest.mark.parametrize("code", ["ja", "zh"])
def test_signs_below_each_other_are_read_down_and_their_columns_from_the_right(code: str, language: str) -> None:
    text = "".join(sign for sign in written.ARTICLE_1[code].text if sign.isalnum())
    image = written.in_columns(text)
    page = written.read(image, code if language == "own" else "auto")
    assert written.errors(page.text, text) <= MOST_ERRORS
    assert (page.language, page.rotation, codes(page)) == (code, 0, set())
    assert (page.width, page.height) == image.size
    assert written.ink_inside(image, [line.bbox for block in page.blocks for line in block.lines]) > 0.97


def test_a_turned_page_is_turned_where_its_language_is_known_as_well() -> None:
    text = written.longer("ar", 2)
    page = written.read(written.image_of(text).transpose(TURNS[180]), "ar")
    assert (page.rotation, page.language) == (180, "ar")
    assert written.errors(page.text, text.text) <= MOST_ERRORS

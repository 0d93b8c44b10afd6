"""How large a picture a model is shown, and where there is ink on it."""

from __future__ import annotations

import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocrchat.llm.images import LONGEST_EDGE, MOST_PATCHES, PATCH, fitting
from tests.unit.vlm_page.made import HEIGHT, WIDTH, picture
from vlm_page.pictures import Picture


@given(st.integers(1, 30_000), st.integers(1, 30_000))
def test_a_picture_fits_and_keeps_its_proportions(width: int, height: int) -> None:
    w, h = fitting(width, height)
    assert max(w, h) <= LONGEST_EDGE
    assert math.ceil(w / PATCH) * math.ceil(h / PATCH) <= MOST_PATCHES
    assert 1 <= w <= width
    assert 1 <= h <= height
    assert h == 1 or w == 1 or abs(w * height - h * width) <= max(width, height)  # to the nearest px of either side


def test_what_a_model_can_see_is_shown_as_it_is() -> None:
    assert fitting(1240, 1754) == (1240, 1754)  # A4 at 150 dpi


@pytest.mark.parametrize(("edge", "patches"), [(2576, 4784), (600, 4784), (2576, 300)])
def test_a_picture_is_made_smaller_where_the_model_sees_less(edge: int, patches: int) -> None:
    shown = Picture.of(picture([(100, 100, 300, 120)]), edge, patches)
    with Image.open(io.BytesIO(shown.data)) as image:
        assert image.size == (shown.width, shown.height)
        assert image.format == "JPEG"
    assert max(shown.width, shown.height) <= edge
    assert math.ceil(shown.width / PATCH) * math.ceil(shown.height / PATCH) <= patches
    if edge == 2576 and patches == 4784:
        assert (shown.width, shown.height) == (WIDTH, HEIGHT)


def test_ink_is_found_where_it_is_and_not_beside() -> None:
    shown = Picture.of(picture([(100, 100, 300, 120)]), 2576, 4784)
    assert not shown.is_blank
    assert shown.has_ink((90, 90, 310, 130))
    assert not shown.has_ink((90, 400, 310, 440))
    assert not shown.has_ink((90, 90, 310, 130), but=[(95, 95, 305, 125)])
    assert not shown.has_ink((900, 90, 1310, 130))


def test_a_white_page_is_blank_and_so_is_one_with_a_speck() -> None:
    assert Picture.of(picture([]), 2576, 4784).is_blank
    assert Picture.of(picture([(10, 10, 13, 13)]), 2576, 4784).is_blank

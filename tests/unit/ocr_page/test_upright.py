"""How a page lies, told from the regions of its text, and turning it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_page import upright
from ocr_page.recognisers.regions import Region

WIDE = Region(300, 100, 400, 20, 0.0)
TALL = Region(100, 300, 20, 400, 0.0)
SIGN = Region(50, 50, 20, 20, 0.0)

sizes = st.integers(1, 5000)
sides = st.floats(1, 3000)
turns = st.floats(-45, 45)
placed = st.builds(Region, st.floats(0, 3000), st.floats(0, 3000), sides, sides, turns)


def leaning(degrees: float, width: float = 400) -> Region:
    return Region(300, 100, width, 20, degrees)


def test_a_page_whose_lines_run_up_is_sideways() -> None:
    assert upright.is_sideways([TALL] * 3)
    assert upright.is_sideways([TALL] * 6 + [WIDE] * 3 + [SIGN] * 50)


@pytest.mark.parametrize(
    "regions",
    [[], [WIDE] * 5, [TALL], [TALL] * 3 + [WIDE] * 3, [SIGN] * 40],
    ids=["nothing", "level lines", "a stamp", "as many level lines", "single signs"],
)
def test_a_page_without_a_majority_of_such_lines_is_not(regions: list[Region]) -> None:
    assert not upright.is_sideways(regions)


@given(st.lists(placed, max_size=30))
def test_a_page_and_the_page_on_its_side_are_never_both_sideways(regions: list[Region]) -> None:
    assert not (upright.is_sideways(regions) and upright.is_sideways(upright.quarter_turned(regions, 1, 3000, 3000)))


@pytest.mark.parametrize("degrees", [-20.0, -3.0, -0.3, 0.3, 3.0, 20.0])
def test_lines_that_lean_together_are_the_skew(degrees: float) -> None:
    lines = [leaning(degrees + noise) for noise in (-0.1, 0.0, 0.1)]
    assert upright.skew(lines) == pytest.approx(degrees, abs=0.11)


@pytest.mark.parametrize(
    "regions",
    [
        [],
        [SIGN, TALL],
        [leaning(0.2)] * 5,
        [leaning(degrees) for degrees in (-30.0, -15.0, 5.0, 15.0, 30.0)],
    ],
    ids=["nothing", "nothing level", "less than in every scan", "every way, as on a photo"],
)
def test_without_a_common_lean_there_is_no_skew(regions: list[Region]) -> None:
    assert upright.skew(regions) == 0.0


def test_long_lines_count_for_more_than_short_ones() -> None:
    short = [leaning(20.0, width=60)] * 5
    assert upright.skew([leaning(3.0, width=900)] * 2 + short) == pytest.approx(3.0)


@given(st.lists(placed, max_size=30))
def test_the_skew_is_that_of_some_line_or_none(regions: list[Region]) -> None:
    assert upright.skew(regions) in {0.0, *(region.degrees for region in regions)}


@given(st.lists(placed, max_size=5), sizes, sizes, st.integers(-8, 8))
def test_four_quarter_turns_change_nothing(regions: list[Region], width: int, height: int, turns: int) -> None:
    there = upright.quarter_turned(regions, turns, width, height)
    if turns % 2:
        width, height = height, width
    back = upright.quarter_turned(there, -turns, width, height)
    for one, other in zip(back, regions, strict=True):
        assert (one.x, one.y) == pytest.approx((other.x, other.y), abs=1e-6)
        assert (one.width, one.height, one.degrees) == (other.width, other.height, other.degrees)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_regions_turn_with_the_pixels_under_them(turns: int) -> None:
    image = np.zeros((60, 100), np.uint8)
    image[10:14, 70:90] = 255
    (region,) = upright.quarter_turned([Region(80, 12, 20, 4, 0.0)], turns, 100, 60)
    rows, columns = np.nonzero(np.rot90(image, turns))
    assert (columns.min(), columns.max() + 1) == (region.x - region.width / 2, region.x + region.width / 2)
    assert (rows.min(), rows.max() + 1) == (region.y - region.height / 2, region.y + region.height / 2)


@given(st.floats(-1000, 4000), st.floats(-1000, 4000), turns, st.floats(1, 3000), st.floats(1, 3000))
def test_a_point_that_is_turned_back_is_where_it_was(
    x: float, y: float, degrees: float, width: float, height: float
) -> None:
    there = upright.turned_point(x, y, degrees, width, height)
    assert upright.turned_point(*there, -degrees, width, height) == pytest.approx((x, y), abs=1e-6)


def test_a_levelled_line_is_level_where_its_region_says() -> None:
    image = np.full((300, 600, 3), 255, np.uint8)
    slope = np.tan(np.radians(5.0))
    for x in range(150, 450):
        y = round(120 + (x - 300) * slope)
        image[y - 2 : y + 3, x] = 0
    pixels, (region,) = upright.levelled(image, [Region(300, 120, 300, 5, 5.0)], 5.0)
    rows = np.nonzero((pixels[..., 0] < 128).any(axis=1))[0]
    assert pixels.shape == image.shape
    assert region.degrees == 0.0
    assert rows.max() - rows.min() < 9
    assert region.y == pytest.approx((rows.min() + rows.max()) / 2, abs=1.5)


def test_what_levelling_brings_in_from_outside_is_no_ink() -> None:
    pixels, _ = upright.levelled(np.full((200, 300, 3), 255, np.uint8), [], 12.0)
    assert pixels.min() == 255

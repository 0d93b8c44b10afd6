"""Where a box of a PDF page lies on the page that was read."""

from __future__ import annotations

import pytest

from benchmarks.exports.geometry import overlap, upright

BOX = (10.0, 20.0, 40.0, 30.0)


def test_a_box_covers_itself_and_none_that_is_beside_it() -> None:
    assert overlap(BOX, BOX) == 1.0
    assert overlap(BOX, (40.0, 20.0, 70.0, 30.0)) == 0.0
    assert overlap(BOX, (10.0, 31.0, 40.0, 41.0)) == 0.0


def test_overlap_is_the_shared_area_of_both() -> None:
    assert overlap((0, 0, 2, 1), (1, 0, 3, 1)) == pytest.approx(1 / 3)


def test_an_empty_box_covers_nothing() -> None:
    assert overlap((5, 5, 5, 5), (5, 5, 5, 5)) == 0.0


@pytest.mark.parametrize(
    ("turn", "wanted", "box"),
    [
        (0, (100, 200), (10, 20, 40, 30)),
        (90, (200, 100), (170, 10, 180, 40)),
        (180, (100, 200), (60, 170, 90, 180)),
        (270, (200, 100), (20, 60, 30, 90)),
    ],
)
def test_a_page_is_turned_clockwise(turn: int, wanted: tuple[float, float], box: tuple[float, ...]) -> None:
    assert upright(BOX, (100, 200), turn, wanted) == box


def test_a_turned_page_is_stretched_to_the_size_that_was_read() -> None:
    assert upright(BOX, (100, 200), 90, (400, 300)) == (340, 30, 360, 120)

"""What is cut out of a page for a recogniser, and what it makes of faint spaces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_page.recognisers import crops, ctc
from ocr_page.recognisers.port import RecognisedLine
from ocr_page.recognisers.regions import Region

BOX = (10.0, 20.0, 110.0, 60.0)
shares = st.floats(0, 1)


def line(confidence: float) -> RecognisedLine:
    return RecognisedLine(BOX, "text", confidence)


@pytest.mark.parametrize(
    ("turn", "first", "last"),
    [
        (0, (10, 20, 60, 60), (60, 20, 110, 60)),
        (1, (10, 20, 110, 40), (10, 40, 110, 60)),
        (-1, (10, 40, 110, 60), (10, 20, 110, 40)),
    ],
    ids=["rightwards", "downwards", "upwards"],
)
def test_the_parts_of_a_line_lie_the_way_that_its_text_runs(
    turn: int, first: tuple[float, ...], last: tuple[float, ...]
) -> None:
    assert crops.part(BOX, turn, 0.0, 0.5) == first
    assert crops.part(BOX, turn, 0.5, 1.0) == last


@given(st.sampled_from([0, 1, -1]), shares, shares)
def test_a_part_lies_inside_the_whole(turn: int, one: float, other: float) -> None:
    x0, y0, x1, y1 = crops.part(BOX, turn, min(one, other), max(one, other))
    assert 10 - 1e-9 <= x0 <= x1 <= 110 + 1e-9
    assert 20 - 1e-9 <= y0 <= y1 <= 60 + 1e-9


def test_the_signs_of_a_column_are_laid_side_by_side_from_its_top() -> None:
    image = np.full((200, 100, 3), 255, np.uint8)
    for number in range(5):
        image[20 + 30 * number : 50 + 30 * number, 40:70] = 40 * number
    row = crops.laid_side_by_side(image, Region(55, 95, 30, 150, 0.0))
    assert row is not None
    assert row.shape == (30, 150, 3)
    assert [int(row[15, 15 + 30 * number, 0]) for number in range(5)] == [0, 40, 80, 120, 160]


def test_a_long_column_is_judged_by_its_first_signs() -> None:
    image = np.zeros((3000, 60, 3), np.uint8)
    row = crops.laid_side_by_side(image, Region(30, 1500, 20, 3000, 0.0))
    assert row is not None
    assert row.shape == (20, 20 * crops.COLUMN_SIGNS, 3)


@pytest.mark.parametrize(
    "region",
    [Region(50, 50, 30, 50, 0.0), Region(50, 50, 60, 20, 0.0), Region(500, 50, 20, 80, 0.0)],
    ids=["less than two signs", "a level line", "off the image"],
)
def test_what_is_no_column_is_not_laid_out(region: Region) -> None:
    assert crops.laid_side_by_side(np.zeros((100, 100, 3), np.uint8), region) is None


@given(st.floats(-50, 250), st.floats(-50, 250), st.floats(1, 300), st.floats(1, 300), st.floats(-45, 45))
def test_whatever_is_cut_out_has_pixels_and_lies_on_the_image(
    x: float, y: float, width: float, height: float, degrees: float
) -> None:
    crop = crops.cut(np.zeros((200, 150, 3), np.uint8), Region(x, y, width, height, degrees))
    if crop is not None:
        assert min(crop.pixels.shape) > 0
        x0, y0, x1, y1 = crop.box
        assert 0 <= x0 < x1 <= 150
        assert 0 <= y0 < y1 <= 200
        for turn in crop.turns:
            picture = crops.picture(crop, turn)
            assert picture.shape[0] == crops.LINE_HEIGHT
            assert crops.NARROWEST <= picture.shape[1] <= crops.WIDEST


def test_a_tall_piece_is_read_every_way_and_the_surest_kept() -> None:
    scores = {0: 0.3, -1: 0.5, 1: 0.8}
    tried: list[int] = []

    def read(turned: list[tuple[crops.Crop, int]]) -> list[RecognisedLine | None]:
        tried.extend(turn for _, turn in turned)
        return [line(scores[turn]) for _, turn in turned]

    image = np.zeros((100, 100, 3), np.uint8)
    assert crops.read_turned(image, [Region(50, 50, 20, 40, 0.0)], read) == [line(0.8)]
    assert tried == [0, -1, 1]


def test_a_piece_that_is_read_surely_is_not_turned_further() -> None:
    tried: list[int] = []

    def read(turned: list[tuple[crops.Crop, int]]) -> list[RecognisedLine | None]:
        tried.extend(turn for _, turn in turned)
        return [line(crops.SURE) for _ in turned]

    image = np.zeros((100, 100, 3), np.uint8)
    off = Region(500, 50, 20, 40, 0.0)
    assert crops.read_turned(image, [off, Region(50, 50, 20, 40, 0.0)], read) == [None, line(crops.SURE)]
    assert tried == [0]


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [(None, None, None), (line(0.4), None, 0.4), (None, line(0.4), 0.4), (line(0.4), line(0.5), 0.5)],
)
def test_of_two_readings_the_surer_is_kept(
    one: RecognisedLine | None, other: RecognisedLine | None, kept: float | None
) -> None:
    found = crops.surer(one, other)
    assert (found and found.confidence) == kept


def characters(text: str) -> list[ctc.Character]:
    """Four columns each."""
    return [ctc.Character(sign, 0.9, 4 * place) for place, sign in enumerate(text)]


def spaced(text: str, **faint: float) -> str:
    """`faint` says how likely a space is in some columns: `c6=0.5`."""
    space = np.zeros(4 * len(text) + 4, np.float32)
    for column, likely in faint.items():
        space[int(column[1:])] = likely
    return "".join(character.text for character in ctc.with_faint_spaces(characters(text), space))


def test_a_space_that_the_network_nearly_saw_is_put_in() -> None:
    assert spaced("Total:5", c22=0.5) == "Total: 5"
    assert spaced("abc", c2=0.9, c6=0.3) == "a b c"


def test_a_space_that_it_hardly_saw_is_not() -> None:
    assert spaced("abc", c2=ctc.FAINT_SPACE - 0.01, c6=0.1) == "abc"


def test_no_second_space_comes_beside_one() -> None:
    assert spaced("a b", c2=0.9, c6=0.9) == "a b"


def test_no_space_comes_before_the_first_or_after_the_last_sign() -> None:
    assert spaced("ab", c11=0.9) == "ab"
    assert ctc.with_faint_spaces([], np.ones(4, np.float32)) == []


@given(st.text(st.sampled_from("ab c"), max_size=20), st.data())
def test_faint_spaces_change_nothing_but_spaces(text: str, data: st.DataObject) -> None:
    space = np.array(data.draw(st.lists(shares, min_size=4 * len(text) + 4, max_size=4 * len(text) + 4)), np.float32)
    found = ctc.with_faint_spaces(characters(text), space)
    assert [one for one in found if not one.text.isspace()] == [
        one for one in characters(text) if not one.text.isspace()
    ]
    columns = [one.column for one in found]
    assert columns == sorted(columns)

"""From pixels of a level page to boxes on the page that was sent."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_page import upright
from ocr_page.raster import Raster
from ocr_page.recognisers.port import RecognisedLine, RecognisedWord
from ocrchat.blocks import BBox, Block, Cell, Line, Table, Word

numbers = st.floats(-5000, 5000)


def raster(skew: float = 0.0, *, scale: float = 2.0, pixels: tuple[int, int] = (800, 600)) -> Raster:
    height, width = pixels
    return Raster(np.zeros((height, width, 3), np.uint8), width / scale, height / scale, "pt", 0, scale, skew)


def block_of(box: BBox) -> Block:
    return Block.of_lines([Line("two words", box, 0.9, (Word("two", box, 0.9), Word("words", box, 0.8)))])


def table() -> Block:
    cells = tuple(Cell(0, column, "x", (10.0 * column, 0, 10.0 * column + 10, 10), 0.9) for column in (0, 1))
    lines = (Line("x", (2, 2, 8, 8), 0.9),)
    return Block("table", "x\tx", (0, 0, 20, 10), 0.9, lines, table=Table(1, 2, cells))


@given(numbers, numbers)
def test_a_block_is_moved_with_all_that_is_in_it(x: float, y: float) -> None:
    moved = table().moved(x, y)
    assert moved.bbox == (x, y, 20 + x, 10 + y)
    assert moved.lines[0].bbox == (2 + x, 2 + y, 8 + x, 8 + y)
    assert moved.table is not None
    assert moved.table.cells[1].bbox == (10 + x, y, 20 + x, 10 + y)
    assert (moved.text, moved.confidence, moved.type) == ("x\tx", 0.9, "table")


def test_words_are_moved_with_their_line() -> None:
    moved = block_of((10, 20, 110, 40)).moved(5, -5)
    assert [word.bbox for line in moved.lines for word in line.words] == [(15, 15, 115, 35)] * 2
    assert moved.bbox == (15, 15, 115, 35)


def test_a_block_without_lines_is_placed_by_its_own_box() -> None:
    figure = Block("figure", "", (0, 0, 10, 10), 0.0)
    assert figure.moved(3, 4).bbox == (3, 4, 13, 14)


def test_the_box_of_a_placed_block_is_that_around_its_placed_lines() -> None:
    lines = [Line("one", (0, 0, 100, 10), 0.9), Line("two", (0, 100, 100, 110), 0.9)]
    leaning = Block.of_lines(lines).placed(lambda box: (box[0] + box[1], *box[1:]))
    assert leaning.bbox == (0, 0, 100, 110)


def test_boxes_are_in_the_unit_of_the_page() -> None:
    found = RecognisedLine((20, 40, 200, 60), "word", 0.9, (RecognisedWord((20, 40, 100, 60), "word", 0.8),))
    line = raster().line(found)
    assert line.bbox == (10, 20, 100, 30)
    assert line.words == (Word("word", (10, 20, 50, 30), 0.8),)


def test_a_box_does_not_reach_beyond_its_page() -> None:
    line = raster(pixels=(801, 601)).line(RecognisedLine((590, 790, 602, 802), "x", 0.9))
    assert line.bbox == (295, 395, 300.5, 400.5)


def test_a_block_of_a_level_page_stays_where_it_is() -> None:
    block = block_of((10, 20, 110, 40))
    assert raster().in_place(block) is block


@pytest.mark.parametrize("degrees", [3.0, -3.0, 12.0])
def test_a_block_of_a_page_that_was_levelled_goes_back_to_its_ink(degrees: float) -> None:
    sent = np.full((800, 600, 3), 255, np.uint8)
    slope = math.tan(math.radians(degrees))
    for x in range(150, 450):
        y = round(200 + (x - 300) * slope)
        sent[y - 4 : y + 5, x] = 0
    level, _ = upright.levelled(sent, [], degrees)
    rows, columns = np.nonzero(level[..., 0] < 128)
    box = tuple(float(value) / 2 for value in (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1))
    placed = raster(degrees).in_place(block_of((box[0], box[1], box[2], box[3])))
    rows, columns = np.nonzero(sent[..., 0] < 128)
    truth = (columns.min() / 2, rows.min() / 2, (columns.max() + 1) / 2, (rows.max() + 1) / 2)
    assert placed.bbox == pytest.approx(truth, abs=3)


@given(
    st.floats(-40, 40),
    st.tuples(st.floats(0, 300), st.floats(0, 400), st.floats(0, 300), st.floats(0, 400)),
)
def test_a_box_that_is_put_back_is_upright_and_on_the_page(degrees: float, corners: BBox) -> None:
    x0, x1 = sorted((corners[0], corners[2]))
    y0, y1 = sorted((corners[1], corners[3]))
    box = raster(degrees)._askew((x0, y0, x1, y1))
    middle = upright.turned_point((x0 + x1) / 2, (y0 + y1) / 2, -degrees, 300, 400)
    if 0 <= middle[0] <= 300 and 0 <= middle[1] <= 400:
        assert 0 <= box[0] <= middle[0] + 1e-6
        assert middle[0] - 1e-6 <= box[2] <= 300
        assert 0 <= box[1] <= middle[1] + 1e-6
        assert middle[1] - 1e-6 <= box[3] <= 400


@pytest.mark.parametrize("turns", range(-4, 5))
def test_a_raster_that_is_turned_tells_its_new_size_and_rotation(turns: int) -> None:
    turned = raster(pixels=(800, 600)).turned(turns)
    assert turned.pixels.shape[:2] == ((600, 800) if turns % 2 else (800, 600))
    assert (turned.width, turned.height) == ((400, 300) if turns % 2 else (300, 400))
    assert turned.rotation == -90 * turns % 360


def test_a_page_of_one_colour_is_uniform() -> None:
    plain = raster()
    assert plain.is_uniform
    plain.pixels[3, 4, 1] = 1
    assert not plain.is_uniform

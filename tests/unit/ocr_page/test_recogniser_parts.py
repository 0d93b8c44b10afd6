"""The parts of the recogniser that need no network."""

from __future__ import annotations

import numpy as np
import pytest

from ocr_page.recognisers import crops, ctc, regions
from ocr_page.recognisers.regions import Region

ALPHABET = ("", "a", "b", " ")


@pytest.mark.parametrize(
    ("columns", "text"),
    [([0, 1, 1, 0, 1, 2, 0], "aab"), ([0, 0], ""), ([1, 1, 1], "a"), ([1, 3, 3, 2], "a b"), ([], "")],
)
def test_a_character_that_lasts_is_read_once(columns: list[int], text: str) -> None:
    found = ctc.decode(np.array(columns, np.int64), np.full(len(columns), 0.9, np.float32), ALPHABET)
    assert "".join(character.text for character in found) == text


def test_words_are_parted_at_spaces() -> None:
    characters = [ctc.Character(text, 1.0, column) for column, text in enumerate(" ab  c ")]
    assert ["".join(part.text for part in word) for word in ctc.words(characters)] == ["ab", "c"]


@pytest.mark.parametrize(
    ("size", "network"),
    [((1700, 2200), (992, 1280)), ((600, 800), (736, 992)), ((30_000, 3), (1280, 32)), ((1, 1), (736, 736))],
)
def test_the_detector_looks_at_sizes_it_can_take(size: tuple[int, int], network: tuple[int, int]) -> None:
    assert regions.network_size(*size) == network


def test_a_level_line_is_cut_out_as_it_stands() -> None:
    image = np.arange(100 * 200 * 3, dtype=np.uint32).astype(np.uint8).reshape(100, 200, 3)
    crop = crops.cut(image, Region(x=100, y=50, width=80, height=20, degrees=0.5))
    assert crop is not None
    assert crop.turns == (0,)
    assert crop.pixels.base is not None
    assert crop.box == pytest.approx((60, 40, 140, 60), abs=1)


def test_a_slanting_line_is_levelled() -> None:
    image = np.full((200, 400, 3), 255, np.uint8)
    for x in range(100, 300):
        image[100 + (x - 200) // 4, x] = 0
    slope = np.degrees(np.arctan(0.25))
    crop = crops.cut(image, Region(x=200, y=100, width=180, height=20, degrees=float(slope)))
    assert crop is not None
    assert crop.pixels.shape == (20, 180, 3)
    assert crop.pixels[8:12].min(axis=(0, 2)).max() < 200


def test_a_region_off_the_image_is_left_out() -> None:
    image = np.zeros((10, 10, 3), np.uint8)
    assert crops.cut(image, Region(x=50, y=5, width=10, height=4, degrees=0)) is None


def test_tall_regions_are_tried_in_other_directions() -> None:
    image = np.zeros((400, 400, 3), np.uint8)
    digit = crops.cut(image, Region(x=100, y=100, width=20, height=40, degrees=0))
    upwards = crops.cut(image, Region(x=100, y=200, width=20, height=300, degrees=0))
    assert digit is not None
    assert upwards is not None
    assert digit.turns == (0, -1, 1)
    assert upwards.turns == (-1, 1)


def test_batches_hold_every_picture_once_within_their_width() -> None:
    widths = [900, 40, 500, 700, 1300, 40, 40, 350]
    pictures = [np.zeros((crops.LINE_HEIGHT, width, 3), np.uint8) for width in widths]
    batches = list(crops.batches(pictures))
    assert sorted(index for batch in batches for index in batch) == list(range(len(widths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(widths[index] for index in batch) <= crops.BATCH_WIDTH


def test_narrower_pictures_are_padded_with_grey() -> None:
    white = [np.full((crops.LINE_HEIGHT, width, 3), 255, np.uint8) for width in (20, 36)]
    planes = crops.network_input(white)
    assert planes.shape == (2, 3, crops.LINE_HEIGHT, 40)
    assert planes[0, :, :, :20].min() == pytest.approx(1.0)
    assert not planes[0, :, :, 20:].any()

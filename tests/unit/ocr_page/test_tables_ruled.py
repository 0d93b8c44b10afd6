"""Which ruling lines are seen on a picture."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from ocr_page.tables import ruled
from ocr_page.tables.model import Rules
from ocr_page.tables.rules import tidy

EM = 30.0  # px


def paper(height: int = 600, width: int = 900) -> Any:
    return np.full((height, width, 3), 255, np.uint8)


def ruled_paper(darkness: int = 255, thickness: int = 2) -> Any:
    """Three rules of each direction, 100 to 700 by 100 to 400."""
    image = paper()
    ink = (255 - darkness,) * 3
    for y in (100, 250, 400):
        cv2.line(image, (100, y), (700, y), ink, thickness)
    for x in (100, 400, 700):
        cv2.line(image, (x, 100), (x, 400), ink, thickness)
    return image


def places(rules: Rules) -> tuple[list[float], list[float]]:
    return [rule.at for rule in rules.horizontal], [rule.at for rule in rules.vertical]


def near(values: list[float]) -> Any:
    return pytest.approx(values, abs=4)


@pytest.mark.parametrize("darkness", [255, 60, 25])
@pytest.mark.parametrize("thickness", [1, 2, 5])
def test_dark_and_faint_rules_are_seen_where_they_are(darkness: int, thickness: int) -> None:
    rules = ruled.rules_of(ruled_paper(darkness, thickness), EM)
    assert places(rules) == (near([100, 250, 400]), near([100, 400, 700]))
    for rule in rules.horizontal:
        assert [rule.start, rule.end] == pytest.approx([100, 700], abs=10)
    for rule in rules.vertical:
        assert [rule.start, rule.end] == pytest.approx([100, 400], abs=10)


@pytest.mark.parametrize("degrees", [-0.4, 0.4])
def test_rules_that_are_not_quite_level_are_seen(degrees: float) -> None:
    turn = cv2.getRotationMatrix2D((450, 300), degrees, 1)
    image = cv2.warpAffine(ruled_paper(), turn, (900, 600), borderValue=(255, 255, 255))
    assert places(ruled.rules_of(image, EM)) == (near([100, 250, 400]), near([100, 400, 700]))


def test_a_dark_ground_has_sides_and_its_light_text_makes_no_rules() -> None:
    image = ruled_paper()
    image[100:160, 100:700] = (60, 70, 90)
    cv2.putText(image, "Restricted substance", (120, 140), 0, 0.9, (255, 255, 255), 2)
    level, upright = places(ruled.rules_of(image, EM))
    assert level == pytest.approx([100, 160, 250, 400], abs=8)
    assert upright == near([100, 400, 700])


def test_rules_beside_a_tinted_ground_are_seen() -> None:
    image = paper()
    image[100:250, 100:700] = (215, 225, 240)
    for x in (100, 400, 700):
        cv2.line(image, (x, 100), (x, 400), (190, 190, 190), 2)
    cv2.line(image, (100, 400), (700, 400), (190, 190, 190), 2)
    level, upright = places(tidy(ruled.rules_of(image, EM), EM))
    assert sorted({round(at) for at in level}) == near([100, 250, 400])
    assert upright == near([100, 400, 700])


def test_a_picture_of_high_resolution_is_made_smaller_and_measured_in_its_own_px() -> None:
    image = cv2.resize(ruled_paper(thickness=3), None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
    level, upright = places(ruled.rules_of(image, 3 * EM))
    assert level == pytest.approx([300, 750, 1200], abs=12)
    assert upright == pytest.approx([300, 1200, 2100], abs=12)


def test_text_has_no_rules() -> None:
    image = paper()
    for row in range(12):
        cv2.putText(image, "The quick brown fox ILLMH TEFZ jumps", (40, 60 + 45 * row), 0, 1.0, (0, 0, 0), 2)
    assert ruled.rules_of(image, EM) == Rules()


@pytest.mark.parametrize("em", [0.0, 3.0, 30.0])
def test_white_paper_has_no_rules(em: float) -> None:
    assert ruled.rules_of(paper(), em) == Rules()


def test_a_black_box_is_no_rule() -> None:
    image = paper()
    image[200:400, 200:700] = 0
    assert all(rule.at < 202 or rule.at > 398 for rule in ruled.rules_of(image, EM).horizontal)


def test_noise_is_borne() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (600, 900, 3), np.uint8)
    assert ruled.rules_of(noise, EM) == Rules()

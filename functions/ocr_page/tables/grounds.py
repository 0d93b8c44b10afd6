"""The coloured grounds of headings, rows and cells on a picture: their sides are rules, too."""

from __future__ import annotations

from typing import Any

from .model import Rule, Rules

GRAIN = 0.125  # em: what is looked at is one px for so much
TINT = 8  # of 255, at least, that a ground is darker or lighter than paper
WIDE = 2.0  # em, at least, of white or of ground without text
HIGH = 0.2  # em, at least, between the text and the upper or lower side
CLOSED = 0.85  # of each side, at least, is coloured
MAX_GROUNDS = 2_000  # more are a photograph's


def rules_of(grey: Any, em: float) -> Rules:
    """The sides of the coloured rectangles in `grey`, in px. Text is no ground, since paper shows between its
    strokes."""
    import cv2
    import numpy as np

    step = max(1, round(GRAIN * em))
    height, width = grey.shape[0] // step, grey.shape[1] // step
    if not height or not width:
        return Rules()
    small = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)
    paper = int(np.bincount(small.ravel(), minlength=256).argmax())
    coloured = cv2.inRange(small, max(0, paper - TINT + 1), min(255, paper + TINT - 1)) ^ 255
    kernel = np.ones((max(1, round(HIGH * em / step)), max(2, round(WIDE * em / step))), np.uint8)
    solid = cv2.morphologyEx(coloured, cv2.MORPH_OPEN, kernel)
    count, _, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    if count > MAX_GROUNDS:
        return Rules()
    level: list[Rule] = []
    upright: list[Rule] = []
    for left, top, wide, high, _ in stats[1:].tolist():
        if high * step >= 0.8 * em and _is_closed(coloured[top : top + high, left : left + wide]):
            x0, y0, x1, y1 = (float(value * step) for value in (left, top, left + wide, top + high))
            level += [Rule(y0, x0, x1), Rule(y1, x0, x1)]
            upright += [Rule(x0, y0, y1), Rule(x1, y0, y1)]
    return Rules(tuple(level), tuple(upright))


def _is_closed(box: Any) -> bool:
    """Whether all four sides are coloured."""
    return all(side.mean() >= CLOSED * 255 for side in (box[0], box[-1], box[:, 0], box[:, -1]))

"""Which way a line of text runs, and how long and high it is: that is what the places of its words say, since a box is
upright always."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ocrchat.blocks import BBox, Line, middle_of

from .font import natural_width, width_of

ASKEW = math.radians(0.3)  # less is level: over the width of A4 it is a third of a line of 11 pt
MOST_ASKEW = math.radians(20)
LONG = 4.0  # times its height is a line long whose slant can be told
TALL = 1.5  # times as high as wide is the box of a line that runs up or down, and of so many em its text, at least


def slant_of(line: Line) -> float | None:
    """Radians clockwise by which a line of several words is turned, if nearly level; None where that cannot be told."""
    if len(line.words) < 2:
        return None
    left = min(line.words, key=lambda word: word.bbox[0])
    right = max(line.words, key=lambda word: word.bbox[2])
    (x0, y0), (x1, y1) = middle_of(left.bbox), middle_of(right.bbox)
    if x1 - x0 < LONG * min(left.bbox[3] - left.bbox[1], right.bbox[3] - right.bbox[1]):
        return None
    slant = math.atan2(y1 - y0, x1 - x0)
    return slant if ASKEW <= abs(slant) <= MOST_ASKEW else 0.0


def upright_direction(line: Line, text: str) -> float | None:
    """The direction of a line that runs down (a quarter turn) or up; None for others. One that is read as a whole runs
    down if it is Chinese, Japanese or Korean, else up, as on spines and beside tables."""
    x0, y0, x1, y1 = line.bbox
    if y1 - y0 < TALL * (x1 - x0) or natural_width(text) < TALL:
        return None
    if len(line.words) > 1:
        down = middle_of(line.words[-1].bbox)[1] > middle_of(line.words[0].bbox)[1]
    else:
        down = width_of(text[0]) == 1000
    return math.pi / 2 if down else -math.pi / 2


@dataclass(frozen=True, slots=True)
class Extent:
    start: float
    end: float
    across: float
    height: float


def extent_of(box: BBox, cos: float, sin: float) -> Extent:
    """Of the text in an upright box along a direction, and its middle and its height across it.

    Text of w x h, turned, has the box (w cos + h sin) x (w sin + h cos), from which w and h follow."""
    x, y = middle_of(box)
    wide, high = box[2] - box[0], box[3] - box[1]
    c, s = abs(cos), abs(sin)
    both = c * c - s * s
    width, height = (wide * c - high * s) / both, (high * c - wide * s) / both
    if height < 0.2 * high * c:  # no text is so turned: the box holds more than a line
        width, height = wide, high
    along, across = x * cos + y * sin, y * cos - x * sin
    return Extent(along - width / 2, along + width / 2, across, max(height, 0.01))

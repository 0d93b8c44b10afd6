"""How a page lies: sideways, upside down, askew. Decisions from the regions of its text; the pixels are turned here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .recognisers.regions import Region

if TYPE_CHECKING:
    from .recognisers.port import Pixels

ELONGATED = 2.5  # a region so many times longer than thick is a line, whose slant can be told
DIRECTED = 1.5  # one so many times longer than thick says which way lines run: a number of three digits
SIDEWAYS_SHARE = 0.6  # of the length of all elongated regions runs up and down
SIDEWAYS_LINES = 3  # at least, or one fewer on a page of nothing else: one may be a stamp in the margin
LEAST_SKEW = 0.3  # degrees: over the width of A4 at 200 dpi, 8 px, a third of a line of 11 pt
SKEW_LINES = (
    3  # at least, unless one is SURE_LINE times longer than high: of a short one, signs with tails turn the box
)
SURE_LINE = 20.0
SKEW_SPREAD = 2.0  # degrees around the median that count as the same skew
SKEW_SHARE = 0.6  # of the length of the level regions must lie within it, else lines run every way, as on a photo


def is_sideways(regions: Sequence[Region]) -> bool:
    """Whether most of the text runs up or down."""
    tall = [region.height for region in regions if region.elongation <= 1 / DIRECTED]
    wide = sum(region.width for region in regions if region.elongation >= DIRECTED)
    enough = SIDEWAYS_LINES if wide else SIDEWAYS_LINES - 1
    return len(tall) >= enough and sum(tall) >= SIDEWAYS_SHARE * (sum(tall) + wide)


def skew(regions: Sequence[Region]) -> float:
    """Degrees clockwise by which the lines of a page are turned together; 0 for less than LEAST_SKEW."""
    lines = sorted((region.degrees, region.width) for region in regions if region.elongation >= ELONGATED)
    if len(lines) < SKEW_LINES and not any(region.elongation >= SURE_LINE for region in regions):
        return 0.0
    length = sum(width for _, width in lines)
    seen, median = 0.0, 0.0
    for degrees, width in lines:
        seen += width
        if 2 * seen >= length:
            median = degrees
            break
    together = sum(width for degrees, width in lines if abs(degrees - median) <= SKEW_SPREAD)
    return median if abs(median) >= LEAST_SKEW and together >= SKEW_SHARE * length else 0.0


def quarter_turned(regions: Sequence[Region], turns: int, width: int, height: int) -> list[Region]:
    """The regions of an image of `width` x `height` px after so many quarter turns anticlockwise of it."""
    turned = list(regions)
    for _ in range(turns % 4):
        turned = [Region(region.y, width - region.x, region.height, region.width, region.degrees) for region in turned]
        width, height = height, width
    return turned


def levelled(image: Pixels, regions: Sequence[Region], degrees: float) -> tuple[Pixels, list[Region]]:
    """Both turned anticlockwise around the middle of the image, which keeps its size."""
    import cv2
    import numpy as np

    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    pixels = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    turned = []
    for region in regions:
        x, y = turned_point(region.x, region.y, degrees, width, height)
        turned.append(Region(x, y, region.width, region.height, region.degrees - degrees))
    return np.asarray(pixels, np.uint8), turned


def turned_point(x: float, y: float, degrees: float, width: float, height: float) -> tuple[float, float]:
    """Where a point goes when a sheet of this size is turned by `degrees` anticlockwise around its middle."""
    angle = math.radians(degrees)
    right, down = x - width / 2, y - height / 2
    return (
        width / 2 + right * math.cos(angle) + down * math.sin(angle),
        height / 2 - right * math.sin(angle) + down * math.cos(angle),
    )

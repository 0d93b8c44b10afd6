"""Where text stands on an image: PP-OCR's detector, a network that answers how likely each pixel belongs to a line.

The post-processing is that of Differentiable Binarization (Liao et al., 2020, https://arxiv.org/abs/1911.08947): the
network learns text shrunk towards its middle line, so each region found is grown again by area * ratio / perimeter.
Thresholds are those that PP-OCRv6 was published with.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any

from ocrchat.blocks import BBox

from . import networks, tiling

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .port import Pixels

MODEL_FILE = "PP-OCRv6_det_small.onnx"
MAX_SIDE = 1280  # px of the network's input; 960 costs 14 % less and reads slightly worse
MIN_SIDE = 736  # px that the short side is enlarged to, as far as MAX_SIDE allows
LEAST_SCALE = 0.4  # at which an image is looked at as a whole: A4 at 300 dpi has .36
LINE_HEIGHTS = (9.0, 150.0)  # px of the network's input: on pages it can see, the usual line has 15 to 30
LONG = 2.2  # times its width is an image high that is looked at in tiles at once; paper is 1.4, a long receipt 5
STRIDE = 32  # both sides of the network's input are multiples of it
PIXEL_THRESHOLD = 0.3
REGION_THRESHOLD = 0.3  # 0.5 misses lines of scripts that the network saw little of; what is no text, its reader drops
GROWTH = 1.6
SMALLEST_SIDE = 3  # px of the network's input; anything thinner is noise
INSIDE = 0.7  # of a region's area must lie inside another
MARK = 4.0  # times as large, for it to be a mark of that
MOST_REGIONS = 3000


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle around one piece of text: its middle, its size in px of the image, and by how many degrees it
    is turned clockwise, -45..45. `width` runs along `degrees`."""

    x: float
    y: float
    width: float
    height: float
    degrees: float

    @classmethod
    def of_image(cls, image: Pixels) -> Region:
        """All of it."""
        height, width = image.shape[:2]
        return cls(width / 2, height / 2, width, height, 0.0)

    @property
    def box(self) -> BBox:
        """The smallest upright box around it, which may reach over the image's edges."""
        angle = math.radians(self.degrees)
        half_width = (self.width * abs(math.cos(angle)) + self.height * abs(math.sin(angle))) / 2
        half_height = (self.width * abs(math.sin(angle)) + self.height * abs(math.cos(angle))) / 2
        return (self.x - half_width, self.y - half_height, self.x + half_width, self.y + half_height)

    @property
    def elongation(self) -> float:
        """How many times wider than high; below 1 for what is higher."""
        return self.width / max(self.height, 1e-6)


@dataclass(frozen=True, slots=True)
class Detector:
    """The network, loaded. Keeps no state between pages."""

    session: Any

    @classmethod
    def load(cls) -> Detector:
        # its tensors are large: an arena makes it a fifth cheaper
        return cls(networks.session(networks.of_rapidocr(MODEL_FILE), arena=True))

    def find(self, image: Pixels) -> list[Region]:
        """Every piece of text on the image, whichever way it runs. A long receipt, which would be shrunk till nothing
        can be seen, is looked at in tiles, and so is a large sheet whose lines are too small to be seen."""
        height, width = image.shape[:2]
        is_small = MAX_SIDE / max(width, height) >= LEAST_SCALE
        if is_small or height <= LONG * width:
            found = self._look(image)
            if is_small or _are_lines(found, MAX_SIDE / max(width, height)):
                return without_marks(found)
        found = []
        for tile in tiling.tiles(width, height):
            x0, y0, x1, y1 = tile.looked_at
            moved = (replace(one, x=one.x + x0, y=one.y + y0) for one in self._look(image[y0:y1, x0:x1]))
            found += [region for region in moved if tile.owns(region.x, region.y)]
        return without_marks(found[:MOST_REGIONS])

    def _look(self, image: Pixels) -> list[Region]:
        height, width = image.shape[:2]
        inner_width, inner_height = network_size(width, height)
        heat = self.session.run(None, {"x": _network_input(image, inner_width, inner_height)})[0][0, 0]
        return _regions(heat, width / inner_width, height / inner_height)


def _are_lines(regions: Sequence[Region], scale: float) -> bool:
    """Whether what was seen at that scale is as high as lines are, and neither specks nor whole paragraphs."""
    heights = [min(region.width, region.height) * scale for region in regions]
    return bool(heights) and LINE_HEIGHTS[0] <= median(heights) <= LINE_HEIGHTS[1]


def network_size(width: int, height: int) -> tuple[int, int]:
    """The size, a multiple of STRIDE, at which an image of this size is looked at."""
    scale = min(max(1.0, MIN_SIDE / min(width, height)), MAX_SIDE / max(width, height))
    return (
        max(STRIDE, round(width * scale / STRIDE) * STRIDE),
        max(STRIDE, round(height * scale / STRIDE) * STRIDE),
    )


def _network_input(image: Pixels, width: int, height: int) -> NDArray[np.float32]:
    """1 x 3 x height x width in BGR, -1..1."""
    import cv2
    import numpy as np

    shrinks = width < image.shape[1]
    resized = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    planes = np.ascontiguousarray(resized[:, :, ::-1].transpose(2, 0, 1), dtype=np.float32)
    planes *= 2 / 255
    planes -= 1
    return planes[np.newaxis]


def _regions(heat: NDArray[np.float32], x_scale: float, y_scale: float) -> list[Region]:
    import cv2
    import numpy as np

    mask = cv2.dilate((heat > PIXEL_THRESHOLD).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found: list[Region] = []
    for contour in contours:
        if len(found) == MOST_REGIONS:
            break
        rectangle = cv2.minAreaRect(contour)
        width, height = rectangle[1]
        if min(width, height) < SMALLEST_SIDE or _mean_inside(heat, rectangle) < REGION_THRESHOLD:
            continue
        grown = _grown(rectangle)
        found.append(_region(cv2.boxPoints(grown) * np.array([x_scale, y_scale], np.float32)))
    return found


def without_marks(regions: list[Region]) -> list[Region]:
    """Without those that lie inside a much larger one: signs below or above a line, which belong to it."""
    import numpy as np

    if len(regions) < 2:
        return regions
    boxes = np.array([region.box for region in regions])
    x0, y0, x1, y1 = boxes.T
    areas = (x1 - x0) * (y1 - y0)
    kept = []
    for index, region in enumerate(regions):
        across = np.minimum(x1, x1[index]) - np.maximum(x0, x0[index])
        down = np.minimum(y1, y1[index]) - np.maximum(y0, y0[index])
        inside = np.clip(across, 0, None) * np.clip(down, 0, None) >= INSIDE * areas[index]
        if not (inside & (areas >= MARK * areas[index])).any():
            kept.append(region)
    return kept


def _mean_inside(heat: NDArray[np.float32], rectangle: Any) -> float:
    import cv2
    import numpy as np

    corners = cv2.boxPoints(rectangle)
    rows, columns = heat.shape
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (columns - 1, rows - 1))
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (columns - 1, rows - 1))
    inside = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(inside, [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(heat[top : bottom + 1, left : right + 1], inside)[0])


def _grown(rectangle: Any) -> Any:
    middle, (width, height), angle = rectangle
    margin = width * height * GROWTH / (2 * (width + height))
    return (middle, (width + 2 * margin, height + 2 * margin), angle)


def _region(corners: NDArray[np.float32]) -> Region:
    """From the four corners in turn. The side that is nearer to level counts as the width."""
    first, second, third, _ = corners.tolist()
    middle_x, middle_y = (first[0] + third[0]) / 2, (first[1] + third[1]) / 2
    one = (second[0] - first[0], second[1] - first[1])
    other = (third[0] - second[0], third[1] - second[1])
    if abs(one[0]) * math.hypot(*other) < abs(other[0]) * math.hypot(*one):
        one, other = other, one
    if one[0] < 0:
        one = (-one[0], -one[1])
    return Region(middle_x, middle_y, math.hypot(*one), math.hypot(*other), math.degrees(math.atan2(one[1], one[0])))

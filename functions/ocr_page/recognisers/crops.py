"""The pictures of single lines that the recogniser is given, cut from the page and scaled to its height."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ocrchat.blocks import BBox

from .port import RecognisedLine
from .regions import Region

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .port import Pixels

LINE_HEIGHT = 48  # px, what the network was made for
SQUEEZE = 0.85  # of the width that keeps the proportions
WIDTH_STEP = 8  # px of the network's input per column of its answer
NARROWEST = 16  # px of the network's input
WIDEST = 3200  # px of the network's input; a longer line is squeezed further
BATCH_WIDTH = 1200  # px, all the lines of a batch together with their padding; at 5000, memory traffic costs 20 % more
TALL = 1.5  # a region so many times higher than wide is a single character, or a line that runs up or down
TOWERING = 3.0  # so many times, it is no single character
LEVEL_DRIFT = 0.15  # of its height: a line that rises by less over its width is cut out unturned
COLUMN_SIGNS = 20  # of a column are enough to see whether it is one
INK = 0.35  # of the range of grey by which ink differs from the ground
INK_ROWS = 6  # of LINE_HEIGHT, at least, are inked in a column of a letter
REACH = 40  # px to each side of where a character is seen that are its own; a wide one is 41 px
SURE = 0.9  # a piece that may be turned is read the other ways too below it


@dataclass(frozen=True, slots=True)
class Crop:
    """One piece of text. `box` is upright, in px of the page; `pixels` are what stands there; `turns` are the quarter
    turns anticlockwise that may make its text level, the likeliest first."""

    box: BBox
    pixels: Pixels
    turns: tuple[int, ...]


def read_turned(
    image: Pixels, regions: Sequence[Region], read: Callable[[list[tuple[Crop, int]]], list[RecognisedLine | None]]
) -> list[RecognisedLine | None]:
    """What `read` makes of each region's crop and turn: of the turns that may make it level, the one read surest."""
    cuts = [cut(image, region) for region in regions]
    lines: list[RecognisedLine | None] = [None] * len(cuts)
    waiting = [(index, crop) for index, crop in enumerate(cuts) if crop is not None]
    for attempt in range(3):
        waiting = [(index, crop) for index, crop in waiting if attempt < len(crop.turns) and not _is_sure(lines[index])]
        answers = read([(crop, crop.turns[attempt]) for _, crop in waiting])
        for (index, _), line in zip(waiting, answers, strict=True):
            lines[index] = surer(lines[index], line)
    return lines


def surer(one: RecognisedLine | None, other: RecognisedLine | None) -> RecognisedLine | None:
    if one is None or other is None:
        return one or other
    return other if other.confidence > one.confidence else one


def part(box: BBox, turn: int, start: float, end: float) -> BBox:
    """The part of a box between two shares of the way that its text runs: rightwards, downwards after one quarter turn
    anticlockwise, upwards after one clockwise."""
    x0, y0, x1, y1 = box
    if turn == 0:
        return (x0 + start * (x1 - x0), y0, x0 + end * (x1 - x0), y1)
    if turn == 1:
        return (x0, y0 + start * (y1 - y0), x1, y0 + end * (y1 - y0))
    return (x0, y1 - end * (y1 - y0), x1, y1 - start * (y1 - y0))


def _is_sure(line: RecognisedLine | None) -> bool:
    return line is not None and line.confidence >= SURE


def cut(image: Pixels, region: Region) -> Crop | None:
    """None where the region has no pixel on the image."""
    height, width = image.shape[:2]
    box = _upright_box(region, width, height)
    x0, y0, x1, y1 = box
    if x1 - x0 < 1 or y1 - y0 < 1:
        return None
    drift = region.width * abs(math.sin(math.radians(region.degrees)))
    if drift <= LEVEL_DRIFT * region.height:
        pixels = image[int(y0) : math.ceil(y1), int(x0) : math.ceil(x1)]
    else:
        pixels = _levelled(image, region)
    proportion = pixels.shape[0] / pixels.shape[1]
    if proportion < TALL:
        return Crop(box, pixels, (0,))
    return Crop(box, pixels, (-1, 1) if proportion >= TOWERING else (0, -1, 1))


def laid_side_by_side(image: Pixels, column: Region) -> Pixels | None:
    """A column's signs, cut into squares from top to bottom, as a row from left to right."""
    import numpy as np

    x0, y0, x1, y1 = (int(value) for value in _upright_box(column, image.shape[1], image.shape[0]))
    side = x1 - x0
    if side < 1 or y1 - y0 < 2 * side:
        return None
    squares = round((y1 - y0) / side)
    edges = [y0 + round(place * (y1 - y0) / squares) for place in range(squares + 1)]
    height = min(below - above for above, below in pairwise(edges))
    row = [image[above : above + height, x0:x1] for above in edges[:-1]]
    return np.ascontiguousarray(np.hstack(row[:COLUMN_SIGNS]))


def picture(crop: Crop, turn: int) -> Pixels:
    """The crop after `turn` quarter turns anticlockwise, LINE_HEIGHT high and squeezed."""
    import cv2
    import numpy as np

    pixels = np.rot90(crop.pixels, turn) if turn else crop.pixels
    height, width = pixels.shape[:2]
    target = min(max(math.ceil(width * LINE_HEIGHT / height * SQUEEZE), NARROWEST), WIDEST)
    interpolation = cv2.INTER_AREA if height > LINE_HEIGHT else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (target, LINE_HEIGHT), interpolation=interpolation), np.uint8)


def coverage(picture: Pixels, columns: Sequence[int]) -> float:
    """The share of a picture's ink that stands near a character; `columns` are px where characters were seen. Dots and
    dashes, as they lead to a number in a table of contents, are no ink."""
    import numpy as np

    grey = picture[:, :, 1]
    ground = int(np.bincount(grey[::4, ::4].ravel()).argmax())
    darkest, brightest = int(grey.min()), int(grey.max())
    inked = (np.abs(grey - ground) > INK * max(brightest - darkest, 1)).sum(axis=0) >= INK_ROWS
    total = int(inked.sum())
    if not total:
        return 1.0
    for column in columns:
        inked[max(0, column - REACH) : column + REACH] = False
    return 1 - int(inked.sum()) / total


def batches(pictures: Sequence[Pixels]) -> Iterator[list[int]]:
    """Indices of pictures that are read together: of like width, so that little is padded."""
    order = sorted(range(len(pictures)), key=lambda index: pictures[index].shape[1])
    batch: list[int] = []
    for index in order:
        if batch and pictures[index].shape[1] * (len(batch) + 1) > BATCH_WIDTH:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def network_input(pictures: Sequence[Pixels]) -> NDArray[np.float32]:
    """n x 3 x LINE_HEIGHT x width of the widest, in BGR, -1..1; zero (grey) to the right of narrower ones."""
    import numpy as np

    widest = max(picture.shape[1] for picture in pictures)
    width = math.ceil(widest / WIDTH_STEP) * WIDTH_STEP
    planes = np.zeros((len(pictures), 3, LINE_HEIGHT, width), np.float32)
    for plane, picture in zip(planes, pictures, strict=True):
        part = plane[:, :, : picture.shape[1]]
        np.multiply(picture[:, :, ::-1].transpose(2, 0, 1), 2 / 255, out=part, casting="unsafe")
        part -= 1
    return planes


def _upright_box(region: Region, width: int, height: int) -> BBox:
    """The smallest upright box around the region that lies on the image."""
    x0, y0, x1, y1 = region.box
    return (max(0.0, x0), max(0.0, y0), min(float(width), x1), min(float(height), y1))


def _levelled(image: Pixels, region: Region) -> Pixels:
    """The region's pixels turned level."""
    import cv2
    import numpy as np

    matrix = cv2.getRotationMatrix2D((region.x, region.y), region.degrees, 1.0)
    width, height = max(1, round(region.width)), max(1, round(region.height))
    matrix[:, 2] += (width / 2 - region.x, height / 2 - region.y)
    levelled = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(levelled, np.uint8)

"""Boxes, and how they get from the space of a PDF page to that of the page that was read."""

from __future__ import annotations

from ocrchat.blocks import BBox

Size = tuple[float, float]


def overlap(one: BBox, other: BBox) -> float:
    """Intersection over union, 0..1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (_area(one) + _area(other) - shared)


def upright(box: BBox, size: Size, turn: int, wanted: Size) -> BBox:
    """The box on a page of `size`, where that page is turned clockwise by `turn` (0, 90, 180, 270) degrees and then
    stretched to `wanted`. y runs downwards."""
    width, height = size
    x0, y0, x1, y1 = box
    if turn == 90:
        x0, y0, x1, y1 = height - y1, x0, height - y0, x1
    elif turn == 180:
        x0, y0, x1, y1 = width - x1, height - y1, width - x0, height - y0
    elif turn == 270:
        x0, y0, x1, y1 = y0, width - x1, y1, width - x0
    if turn in (90, 270):
        width, height = height, width
    across, down = wanted[0] / width, wanted[1] / height
    return (x0 * across, y0 * down, x1 * across, y1 * down)


def _area(box: BBox) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])

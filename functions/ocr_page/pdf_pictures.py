"""Pictures on a PDF page with usable text: those that show what the text layer does not say."""

from __future__ import annotations

from typing import Any

from ocrchat.blocks import BBox

from . import pdf, pdf_drawing
from .pdf_text import PageText

PICTURE_SHARE = 0.04  # of the page's area: smaller pictures are logos and signs
WRITTEN_SHARE = 0.05  # of its area, from which a picture counts as the ground of the text that stands on it
PICTURE_SIDE = 36.0  # pt: half an inch; a thinner one is a rule or a border
MOST_WEIGHED = 25  # of the large ones are compared with the text
MOST_PICTURES = 4  # of a page are read


def find(page: Any, text: PageText) -> list[BBox]:
    """Boxes of the large pictures of `page` on which little of its text stands: what they show is not in the text
    layer. At most MOST_PICTURES, the largest; those that touch, as strips and tiles of a scan do, are one."""
    pymupdf = pdf.load()
    if len(text.images) > pdf_drawing.MAX_LOGGED:
        return []
    least = PICTURE_SHARE * page.rect.get_area()
    boxes = _joined(_joined(pdf_drawing.shown(page, text.images), axis=1), axis=0)
    large = [box for box in boxes if box.get_area() >= least and min(box.width, box.height) >= PICTURE_SIDE]
    large = sorted(large, key=lambda box: -box.get_area())[:MOST_WEIGHED]
    texts = [pymupdf.Rect(piece.line.bbox) for piece in text.pieces]
    bare = [box for box in large if sum((box & one).get_area() for one in texts) < WRITTEN_SHARE * box.get_area()]
    return [(box.x0, box.y0, box.x1, box.y1) for box in bare[:MOST_PICTURES]]


def _joined(boxes: list[Any], *, axis: int) -> list[Any]:
    """Those joined that go on where another ends: side by side along axis 0, one below the other along axis 1."""
    other = 1 - axis
    joined: list[Any] = []
    for box in sorted(boxes, key=lambda box: (round(box[other]), box[axis])):
        last = joined[-1] if joined else None
        is_level = last is not None and abs(last[other] - box[other]) < 1 and abs(last[other + 2] - box[other + 2]) < 1
        if last is not None and is_level and box[axis] <= last[axis + 2] + 1:
            joined[-1] = last | box
        else:
            joined.append(box)
    return joined

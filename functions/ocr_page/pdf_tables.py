"""Tables of a PDF page that has usable text: the rules that its drawings are, and its own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ocrchat.blocks import BBox

from . import pdf, tables
from .pdf_text import PageText
from .tables import Found, Rule, Rules

THIN = 3.0  # pt: a rectangle that is less wide or high is a rule
LEVEL = 1.0  # pt that a rule may rise from end to end
WHITE = 0.98  # of each colour: a box filled like that does not show on paper
MAX_SEGMENTS = 20_000  # more are a drawing's
MAX_CONTENTS = 4_000_000  # bytes of drawing instructions: a page with more is a map or a plan, and no rules are sought


def find(page: Any, text: PageText) -> list[Found]:
    """The tables of `page`, a `pymupdf.Page` that is turned upright, from top to bottom; `text` is its text layer."""

    def rules(_: float) -> Rules:
        return rules_of(page) if text.facts.drawing_bytes <= MAX_CONTENTS else Rules()

    return tables.find([piece.line for piece in text.pieces], rules)


def rules_of(page: Any) -> Rules:
    """What is drawn on `page` as level or upright lines, thin boxes and the sides of boxes, in pt of the upright
    page."""
    level: list[Rule] = []
    upright: list[Rule] = []
    matrix, width, height = tuple(page.rotation_matrix), page.rect.width, page.rect.height
    for box in _segments(page.get_cdrawings()):
        x0, y0, x1, y1 = pdf.turned(box, matrix)
        x0, y0, x1, y1 = max(x0, 0.0), max(y0, 0.0), min(x1, width), min(y1, height)
        if x1 < x0 or y1 < y0:
            continue
        if x1 - x0 >= y1 - y0:
            level.append(Rule((y0 + y1) / 2, x0, x1))
        else:
            upright.append(Rule((x0 + x1) / 2, y0, y1))
        if len(level) + len(upright) > MAX_SEGMENTS:
            return Rules()
    return Rules(tuple(level), tuple(upright))


def _segments(drawings: Sequence[dict[str, Any]]) -> Iterator[BBox]:
    """Boxes without width or height, nearly: one a rule."""
    for drawing in drawings:
        x0, y0, x1, y1 = drawing["rect"]
        if min(x1 - x0, y1 - y0) <= THIN:
            yield (x0, y0, x1, y1)
        elif "s" in drawing["type"] or _shows(drawing.get("fill")):
            for item in drawing["items"]:
                yield from _sides(item)


def _sides(item: tuple[Any, ...]) -> Iterator[BBox]:
    """The rules that one part of a path makes."""
    if item[0] == "l":
        (ax, ay), (bx, by) = item[1], item[2]
        if min(abs(ax - bx), abs(ay - by)) <= LEVEL:
            yield (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    elif item[0] in ("re", "qu"):
        x0, y0, x1, y1 = item[1] if item[0] == "re" else _around(item[1])
        if min(x1 - x0, y1 - y0) <= THIN:
            yield (x0, y0, x1, y1)
            return
        yield from ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))


def _around(quad: Sequence[tuple[float, float]]) -> BBox:
    xs, ys = zip(*quad, strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def _shows(fill: Sequence[float] | None) -> bool:
    return fill is not None and not all(part >= WHITE for part in fill)

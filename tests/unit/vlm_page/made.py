"""Pages that were read, and what a model is told of them, made up for tests. 1 unit of the page is 1 px of the picture."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw

from ocrchat.blocks import BBox, Block, Line, Word
from ocrchat.pages import PageResult, PreparedPage

WIDTH, HEIGHT = 800, 1000
LINE_HEIGHT = 20.0
LETTER = 9.0


def line(text: str, row: int, confidence: float = 0.98, x: float = 50.0) -> Line:
    """A line of words, 40 px below the one of the row before."""
    top = 60.0 + 40 * row
    words, at = [], x
    for word in text.split(" "):
        end = at + LETTER * len(word)
        words.append(Word(word, (at, top, end, top + LINE_HEIGHT), confidence))
        at = end + LETTER
    return Line(text, (x, top, at - LETTER, top + LINE_HEIGHT), confidence, tuple(words))


def reading(lines: Sequence[Line], **members: Any) -> PageResult:
    """Each line a block of its own."""
    blocks = tuple(Block.of_lines([one]) for one in lines)
    return PageResult(0, WIDTH, HEIGHT, "px", "cpu", blocks, language="en", languages=("en",), **members)


def picture(inked: Sequence[BBox]) -> bytes:
    """A white page with something like writing in these boxes."""
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(image)
    for x0, y0, x1, y1 in inked:
        for x in range(round(x0), round(x1), 6):
            draw.rectangle((x, y0, x + 2, y1), fill=0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def prepared(lines: Sequence[Line], also: Sequence[BBox] = (), **members: Any) -> PreparedPage:
    """`also` are boxes of ink that nobody read."""
    return PreparedPage(reading(lines, **members), picture([*(one.bbox for one in lines), *also]))


def block(text: str, lines: Sequence[int], kind: str = "text", **members: Any) -> dict[str, Any]:
    return {"type": kind, "level": None, "lines": list(lines), "box": None, "text": text, "rows": None} | members


def answer(*blocks: dict[str, Any], **members: Any) -> str:
    return json.dumps({"language": "en", "blocks": list(blocks)} | members)

"""Pages drawn on purpose, whose text and places are known."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pymupdf
from PIL import Image, ImageDraw, ImageFont

from ocrchat.blocks import BBox
from ocrchat.pages import PageFormat, PageResult, PageTask

LINES = ("Invoice number 4711", "Total amount due 42.50", "Thank you for your visit")
SIZE = 28  # px
PROSE = "The quick brown fox jumps over the lazy dog and runs away from all of the other animals. "


@dataclass(frozen=True)
class Drawing:
    """An image with LINES on it. `boxes` are those of the ink of each line, in px."""

    image: Image.Image
    boxes: list[BBox]


def lines_on_paper(lines: tuple[str, ...] = LINES, size: tuple[int, int] = (520, 260)) -> Drawing:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=SIZE)
    boxes = []
    for row, line in enumerate(lines):
        place = (40, 40 + row * 60)
        draw.text(place, line, "black", font=font)
        boxes.append(draw.textbbox(place, line, font=font))
    return Drawing(image, boxes)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """The bytes of a file of Pillow's format `form`."""
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def pdf_of_text(*, rotate: int = 0, lines: tuple[str, ...] = LINES, invisible: bool = False) -> bytes:
    """A page of 400 x 600 pt that carries text; `rotate` is its /Rotate, the text is drawn to be upright with it."""
    with pymupdf.open() as document:
        page = _page(document, rotate)
        for row, line in enumerate(lines):
            place = pymupdf.Point(50, 100 + row * 40) * page.derotation_matrix
            page.insert_text(place, line, fontsize=14, rotate=rotate, render_mode=3 if invisible else 0)
        return bytes(document.tobytes())


def pdf_of_picture(image: Image.Image, *, rotate: int = 0) -> bytes:
    """A scan: a page of 400 x 600 pt with the image across 300 pt at (50, 50), upright with the page's /Rotate."""
    with pymupdf.open() as document:
        page = _page(document, rotate)
        height = 300 * image.height / image.width
        place = pymupdf.Rect(50, 50, 350, 50 + height) * page.derotation_matrix
        page.insert_image(place, stream=encoded(image, "PNG"), rotate=rotate)
        return bytes(document.tobytes())


def task(form: PageFormat) -> PageTask:
    return PageTask(1, form)


def words_of(result: PageResult) -> list[str]:
    return [word.text for block in result.blocks for line in block.lines for word in line.words]


def line_boxes(result: PageResult) -> list[BBox]:
    return [line.bbox for block in result.blocks for line in block.lines]


def _page(document: Any, rotate: int) -> Any:
    """400 x 600 pt once it is turned."""
    width, height = (400, 600) if rotate % 180 == 0 else (600, 400)
    page = document.new_page(width=width, height=height)
    page.set_rotation(rotate)
    return page

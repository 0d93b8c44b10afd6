"""One page of a PDF: its own text, and its picture. The one module that calls PyMuPDF.

A page is upright when most of its text runs from left to right; without usable text, its /Rotate is believed. MuPDF
gives the boxes of text as if there were no rotation; here they are turned into those of the upright page, in pt.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from ocrchat.blocks import BBox, Line, Word, union
from ocrchat.errors import PageUnreadable

from .layout import Piece, script
from .raster import Raster
from .text_layer import TextFacts, count_unmapped, is_usable

DPI = 200.0  # what a page is rendered at
RENDER_PIXELS = 16_000_000  # 48 MB as RGB; a larger page is rendered at less than DPI. A4 at 200 dpi has 3.9 million
POINTS_PER_INCH = 72.0
SEEN = 16 | 32  # of a span's char_flags: its characters are filled, or stroked; neither in render mode 3
ROTATIONS: dict[tuple[float, float], int] = {(1, 0): 0, (0, -1): 90, (-1, 0): 180, (0, 1): 270}
"""Degrees clockwise that make text level which runs in that direction; y points down."""

Words = dict[tuple[int, int], list[Word]]
"""By the number of their block and of their line in it."""

BOLD_FLAG = 16  # of a span's flags
HEAVY_NAME = re.compile(r"bold|black|heavy|demi\b|-(?:medi|bd|b)\b|(?:CM|SF|EC|LM)B?BX", re.IGNORECASE)
"""The last ones are TeX's."""

BOLD_SHARE = 0.9  # of a line's characters: a number or a reference in it may be light

BEFORE_A_STOP = re.compile(r" (?=[.,:;!?،؛؟](?: |$))")  # which MuPDF takes for words of their own

PERFECT = 1.0  # the confidence of text that was not recognised but read


@dataclass(frozen=True, slots=True)
class PageText:
    """The text layer of an upright page of `width` x `height` pt, its lines in the order in which they are drawn."""

    width: float
    height: float
    rotation: int
    facts: TextFacts
    pieces: list[Piece]


@contextmanager
def opened(data: bytes) -> Iterator[Any]:
    """The first page of a PDF, a `pymupdf.Page`. Raises PageUnreadable for what MuPDF refuses, there or in the body
    of the `with`, which should hold nothing but calls of this module."""
    pymupdf = load()
    try:
        with pymupdf.open(stream=data, filetype="pdf") as document:
            if document.needs_pass or document.page_count == 0:
                raise PageUnreadable
            yield document[0]
    except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase) as error:
        raise PageUnreadable from error


def text_of(page: Any) -> PageText:
    """What the text layer of `page` says. Turns the page upright if its text is to be believed."""
    pymupdf = load()
    # ligatures are taken apart, and characters that the font does not name stay U+FFFD so that they can be counted
    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
    source = page.get_textpage(flags=flags)
    blocks = page.get_text("dict", textpage=source)["blocks"]
    facts = _facts(page, blocks)
    if is_usable(facts):
        page.set_rotation(_upright_rotation(page.rotation, blocks))
    words: Words = {}
    for x0, y0, x1, y1, text, block, line, _ in page.get_text("words", textpage=source):
        words.setdefault((block, line), []).append(Word(script.mended(text), _turned((x0, y0, x1, y1), page), PERFECT))
    pieces = [piece for block in blocks for piece in _pieces(page, block, words)]
    return PageText(page.rect.width, page.rect.height, page.rotation, facts, pieces)


def render(page: Any) -> Raster:
    """The picture of `page`, upright, its annotations and filled-in fields included."""
    import numpy as np

    pymupdf = load()
    width, height = page.rect.width, page.rect.height
    if width <= 0 or height <= 0:
        raise PageUnreadable
    scale = min(DPI / POINTS_PER_INCH, math.sqrt(RENDER_PIXELS / (width * height)))
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csRGB, alpha=False)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
    return Raster(pixels, width, height, "pt", page.rotation, scale)


@cache
def load() -> Any:
    """PyMuPDF, which by itself writes to the standard streams whatever it finds wrong with a file."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    return pymupdf


def _pieces(page: Any, block: dict[str, Any], words: Words) -> Iterator[Piece]:
    """The lines of a block that hold text."""
    for number, line in enumerate(block["lines"]):
        its_words = words.get((block["number"], number), [])
        text = _text_of_line(line, its_words)
        if not text:
            continue
        inked: Counter[tuple[str, float]] = Counter()
        bold = 0
        for span in line["spans"]:
            characters = len(span["text"].strip())
            inked[span["font"], span["size"]] += characters
            bold += characters if _is_bold(span) else 0
        usual = max(inked, key=lambda font: inked[font])
        box = _line_box(line, [span for span in line["spans"] if (span["font"], span["size"]) == usual])
        found = Line(text, _turned(box, page), PERFECT, tuple(its_words))
        yield Piece(
            found,
            size=usual[1],
            bold=bold >= BOLD_SHARE * inked.total(),
            level=not line["wmode"] and _rotation(line["dir"]) == page.rotation,
            group=block["number"],
        )


def _text_of_line(line: dict[str, Any], words: list[Word]) -> str:
    """Of text that runs from the right, MuPDF knows the words but not always their order."""
    text = script.mended("".join(span["text"] for span in line["spans"]).strip())
    if not words or not script.runs_from_the_right([text]):
        return text
    seen = sorted(words, key=lambda word: word.bbox[0])
    ordered = script.in_reading_order(seen, lambda word: word.text)
    return BEFORE_A_STOP.sub("", " ".join(word.text for word in ordered))


def _line_box(line: dict[str, Any], usual: list[dict[str, Any]]) -> BBox:
    """As long as the line, as high as its usual font: a formula's signs have boxes that reach into the next lines."""
    x0, y0, x1, y1 = union([line["bbox"]])
    inner = union(span["bbox"] for span in usual)
    return (x0, inner[1], x1, inner[3]) if abs(line["dir"][0]) > abs(line["dir"][1]) else (inner[0], y0, inner[2], y1)


def _is_bold(span: dict[str, Any]) -> bool:
    """By the font's own flag, or by its name: many a PDF forgets the flag."""
    return bool(span["flags"] & BOLD_FLAG) or HEAVY_NAME.search(span["font"]) is not None


def _upright_rotation(rotation: int, blocks: list[dict[str, Any]]) -> int:
    """The rotation under which more than half of the text is level, else the one that the page asks for."""
    characters: Counter[int | None] = Counter()
    for block in blocks:
        for line in block["lines"]:
            turn = rotation if line["wmode"] else _rotation(line["dir"])  # vertical writing is upright as it is
            characters[turn] += sum(len(span["text"].strip()) for span in line["spans"])
    best = max(characters, key=lambda direction: characters[direction], default=None)
    return rotation if best is None or 2 * characters[best] <= characters.total() else best


def _rotation(direction: tuple[float, float]) -> int | None:
    """What makes a line of this direction level; None for one that runs at an angle."""
    return ROTATIONS.get((round(direction[0], 1), round(direction[1], 1)))


def _turned(bbox: Iterable[float], page: Any) -> BBox:
    box = load().Rect(bbox) * page.rotation_matrix
    return (box.x0, box.y0, box.x1, box.y1)


def _facts(page: Any, blocks: list[dict[str, Any]]) -> TextFacts:
    characters = unmapped = invisible = 0
    for block in blocks:
        for line in block["lines"]:
            for span in line["spans"]:
                inked = sum(not character.isspace() for character in span["text"])
                characters += inked
                unmapped += count_unmapped(span["text"])
                if not span["char_flags"] & SEEN:
                    invisible += inked
    return TextFacts(characters, unmapped, invisible, _image_share(page))


def _image_share(page: Any) -> float:
    """Pictures may overlap, then this says too much, or lie under text as a background; it is a hint."""
    pymupdf = load()
    whole = pymupdf.Rect(page.rect)
    area: float = whole.get_area()
    if not area:
        return 0.0
    covered: float = sum(
        (pymupdf.Rect(image["bbox"]) * page.rotation_matrix & whole).get_area() for image in page.get_image_info()
    )
    return min(covered / area, 1.0)

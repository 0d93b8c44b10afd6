"""One page of a PDF: its own text, and its picture. Beside it, only pdf_tables.py and pdf_pictures.py call PyMuPDF.

A page is upright when most of its text runs from left to right; without usable text, its /Rotate is believed. MuPDF
gives the boxes of text as if there were no rotation; here they are turned into those of the upright page, in pt.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from ocrchat.blocks import BBox, Line, Word, union
from ocrchat.errors import PageUnreadable

from . import thin_spaces
from .layout import Piece, script
from .raster import Raster
from .text_layer import IMAGE_SHARE, TextFacts, count_unmapped, is_usable
from .thin_spaces import Sign

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

FARTHEST = 1e6  # pt from the corner of the page: MuPDF lets numbers pass that no page has
SHADOW = 0.25  # times its size, at most, lies the second drawing of a text from the first
MOST_ALIKE = 50  # lines of the same text are compared
MOST_FORMS = 200  # of a page are looked at
MAX_LOGGED = 5_000  # pictures, or steps of drawing, of a page that are looked at

Matrix = tuple[float, ...]
"""(a, b, c, d, e, f) as in ISO 32000-1, 8.3.3."""

PERFECT = 1.0  # the confidence of text that was not recognised but read


@dataclass(frozen=True, slots=True)
class PageText:
    """The text layer of an upright page of `width` x `height` pt, its lines in the order in which they are drawn.
    `images` are the boxes of its pictures, as if the page were not turned."""

    width: float
    height: float
    rotation: int
    facts: TextFacts
    pieces: list[Piece]
    images: list[BBox]


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
    images = [image["bbox"] for image in page.get_image_info()]
    facts = _facts(page, blocks, images)
    if is_usable(facts):
        page.set_rotation(_upright_rotation(page.rotation, blocks))
    matrix, rotation = tuple(page.rotation_matrix), page.rotation
    words: Words = {}
    for x0, y0, x1, y1, text, block, line, _ in page.get_text("words", textpage=source):
        words.setdefault((block, line), []).append(Word(script.mended(text), turned((x0, y0, x1, y1), matrix), PERFECT))
    doubtful = _doubtful(blocks)
    if doubtful:
        signs = page.get_text("rawdict", textpage=source)["blocks"]
        words |= {place: _divided(signs, place, matrix) for place in doubtful}
    pieces = _once([piece for block in blocks for piece in _pieces(block, words, doubtful, matrix, rotation)])
    return PageText(page.rect.width, page.rect.height, rotation, facts, pieces, images)


def render(page: Any, box: BBox | None = None) -> Raster:
    """The picture of `page`, or of a box of it, upright, its annotations and filled-in fields included."""
    import numpy as np

    pymupdf = load()
    clip = page.rect if box is None else pymupdf.Rect(box) & page.rect
    if clip.width <= 0 or clip.height <= 0:
        raise PageUnreadable
    scale = min(DPI / POINTS_PER_INCH, math.sqrt(RENDER_PIXELS / (clip.width * clip.height)))
    matrix = pymupdf.Matrix(scale, scale)
    pixmap = page.get_pixmap(matrix=matrix, colorspace=pymupdf.csRGB, alpha=False, clip=clip if box else None)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
    return Raster(pixels, clip.width, clip.height, "pt", page.rotation, scale)


@cache
def load() -> Any:
    """PyMuPDF, which by itself writes to the standard streams whatever it finds wrong with a file."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    return pymupdf


def _doubtful(blocks: list[dict[str, Any]]) -> set[tuple[int, int]]:
    """The level lines, by block and number, whose words may have thin spaces in them."""
    return {
        (block["number"], number)
        for block in blocks
        for number, line in enumerate(block["lines"])
        if line["dir"] == (1.0, 0.0) and any(thin_spaces.is_doubtful(span["text"]) for span in line["spans"])
    }


def _divided(blocks: list[dict[str, Any]], place: tuple[int, int], matrix: Matrix) -> list[Word]:
    """The words of a line, by block and number, from its single signs."""
    number, index = place
    spans = next(block for block in blocks if block["number"] == number)["lines"][index]["spans"]
    signs = [Sign(sign["c"], sign["bbox"]) for span in spans for sign in span["chars"]]
    size = max(spans, key=lambda span: len(span["chars"]))["size"]
    return [Word(script.mended(text), turned(box, matrix), PERFECT) for text, box in thin_spaces.words(signs, size)]


def _pieces(
    block: dict[str, Any], words: Words, doubtful: set[tuple[int, int]], matrix: Matrix, rotation: int
) -> Iterator[Piece]:
    """The lines of a block that hold text; that of `doubtful` ones is their words."""
    for number, line in enumerate(block["lines"]):
        if not any(_is_seen(span) for span in line["spans"]):
            continue
        its_words = words.get((block["number"], number), [])
        if (block["number"], number) in doubtful:
            text = " ".join(word.text for word in its_words)
        else:
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
        place = turned(box, matrix)
        if not (all(map(math.isfinite, (*place, usual[1]))) and usual[1] > 0 and max(map(abs, place)) < FARTHEST):
            continue  # a damaged matrix has put it where no page is
        found = Line(text, place, PERFECT, tuple(its_words))
        yield Piece(
            found,
            size=usual[1],
            bold=bold >= BOLD_SHARE * inked.total(),
            level=not line["wmode"] and _rotation(line["dir"]) == rotation,
            group=block["number"],
        )


def _once(pieces: list[Piece]) -> list[Piece]:
    """Without what is drawn twice in nearly the same place, as for a shadow or to make it bold."""
    kept: list[Piece] = []
    places: dict[str, list[BBox]] = {}
    for piece in pieces:
        seen = places.setdefault(piece.line.text, [])
        x0, y0, *_ = piece.line.bbox
        near = SHADOW * piece.size
        if not any(abs(x0 - other[0]) <= near and abs(y0 - other[1]) <= near for other in seen[-MOST_ALIKE:]):
            kept.append(piece)
        seen.append(piece.line.bbox)
    return kept


def _is_seen(span: dict[str, Any]) -> bool:
    """Whether a span is drawn, and not white space."""
    return bool(span["char_flags"] & SEEN) and span["alpha"] > 0 and bool(span["text"].strip())


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


def turned(bbox: Iterable[float], matrix: Matrix) -> BBox:
    """A box on the page as it is turned; the matrix turns by right angles."""
    x0, y0, x1, y1 = bbox
    if matrix[:4] == (1.0, 0.0, 0.0, 1.0):
        return (x0 + matrix[4], y0 + matrix[5], x1 + matrix[4], y1 + matrix[5])
    a, b, c, d, e, f = matrix
    left, right = sorted((a * x0 + c * y0 + e, a * x1 + c * y1 + e))
    top, bottom = sorted((b * x0 + d * y0 + f, b * x1 + d * y1 + f))
    return (left, top, right, bottom)


def _facts(page: Any, blocks: list[dict[str, Any]], images: Sequence[BBox]) -> TextFacts:
    image_share = _image_share(page, images)
    covered = _covered(page) if image_share > IMAGE_SHARE else None
    characters = unmapped = invisible = 0
    fonts: dict[str, list[str]] = {}
    for block in blocks:
        for line in block["lines"]:
            for span in line["spans"]:
                inked = len("".join(span["text"].split()))
                characters += inked
                unmapped += count_unmapped(span["text"])
                if not span["char_flags"] & SEEN or (covered is not None and covered.hides(span["bbox"])):
                    invisible += inked
                fonts.setdefault(span["font"], []).append(span["text"])
    texts = tuple(" ".join(texts) for texts in fonts.values())
    return TextFacts(characters, unmapped, invisible, image_share, texts, drawing_bytes(page))


def drawing_bytes(page: Any) -> int:
    """Length of the instructions that draw `page`, those of the forms that it uses with it."""
    forms = {xref for xref, *_ in page.get_xobjects()}
    return len(page.read_contents()) + sum(
        len(page.parent.xref_stream(xref) or b"") for xref in list(forms)[:MOST_FORMS]
    )


@dataclass(frozen=True, slots=True)
class _Covered:
    """Where text was drawn before a picture that lies over it, and where after."""

    before: list[Any]
    after: list[Any]

    def hides(self, bbox: Iterable[float]) -> bool:
        box = load().Rect(bbox)
        middle = (box.tl + box.br) / 2
        return any(middle in other for other in self.before) and not any(middle in other for other in self.after)


def _covered(page: Any) -> _Covered:
    """What is drawn last lies on top: the text of an earlier recognition is often put under the scan."""
    pymupdf = load()
    log = [(kind, pymupdf.Rect(box)) for kind, box in page.get_bboxlog()[:MAX_LOGGED]]
    images = [(box.get_area(), place) for place, (kind, box) in enumerate(log) if kind == "fill-image"]
    _, place = max(images, default=(0.0, 0))
    text = [(index, box) for index, (kind, box) in enumerate(log) if kind.endswith("-text")]
    return _Covered(
        [box for index, box in text if index < place and box in log[place][1]],
        [box for index, box in text if index > place],
    )


def _image_share(page: Any, images: Sequence[BBox]) -> float:
    """Pictures may overlap, then this says too much, or lie under text as a background; it is a hint."""
    area = page.rect.get_area()
    return min(sum(box.get_area() for box in shown(page, images)) / area, 1.0) if area else 0.0


def shown(page: Any, images: Sequence[BBox]) -> list[Any]:
    """What of the pictures lies on the page as it is turned now."""
    pymupdf = load()
    whole, matrix = pymupdf.Rect(page.rect), tuple(page.rotation_matrix)
    boxes = (pymupdf.Rect(turned(image, matrix)) & whole for image in images[:MAX_LOGGED])
    return [box for box in boxes if not box.is_empty]

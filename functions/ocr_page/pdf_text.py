"""The text layer of a PDF page: its lines and words as they stand on the upright page, and what speaks against them.

A page is upright when most of its text runs from left to right; without usable text, its /Rotate is believed. MuPDF
gives the boxes of text as if there were no rotation; here they are turned into those of the upright page, in pt.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ocrchat import script
from ocrchat.blocks import BBox, Line, Word, union

from . import pdf, pdf_drawing, thin_spaces
from .layout import Piece
from .pdf import Matrix, turned
from .pdf_drawing import Covered, Drawing
from .text_layer import IMAGE_SHARE, TextFacts, count_unmapped, is_usable
from .thin_spaces import Sign

SEEN = 16 | 32  # of a span's char_flags: its characters are filled, or stroked; neither in render mode 3
ROTATIONS: dict[tuple[float, float], int] = {(1, 0): 0, (0, -1): 90, (-1, 0): 180, (0, 1): 270}
"""Degrees clockwise that make text level which runs in that direction; y points down."""

BOLD_FLAG = 16  # of a span's flags
HEAVY_NAME = re.compile(r"bold|black|heavy|demi\b|-(?:medi|bd|b)\b|(?:CM|SF|EC|LM)B?BX", re.IGNORECASE)
"""The last ones are TeX's."""

FONT_NAMES = 1_000  # are remembered
BOLD_SHARE = 0.9  # of a line's characters: a number or a reference in it may be light

BEFORE_A_STOP = re.compile(r" (?=[.,:;!?،؛؟](?: |$))")  # which MuPDF takes for words of their own

FARTHEST = 1e6  # pt from the corner of the page: MuPDF lets numbers pass that no page has
SHADOW = 0.25  # times its size, at most, lies the second drawing of a text from the first
MOST_ALIKE = 50  # lines of the same text are compared

PERFECT = 1.0  # the confidence of text that was not recognised but read

Place = tuple[int, int]
"""The numbers of a block and of a line in it."""

Words = dict[Place, list[Word]]


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


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A line as MuPDF gives it; `characters` are those of each of its spans, without white space."""

    place: Place
    line: dict[str, Any]
    spans: list[dict[str, Any]]
    characters: list[int]


def of_page(page: Any) -> PageText:
    """What the text layer of a `pymupdf.Page` says. Turns the page upright if its text is to be believed."""
    pymupdf = pdf.load()
    # ligatures are taken apart, and characters that the font does not name stay U+FFFD so that they can be counted
    source = page.get_textpage(flags=pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP)
    drawn = _drawn(page.get_text("dict", textpage=source)["blocks"])
    drawing = pdf_drawing.of_page(page)
    facts = _facts(page, drawn, drawing)
    if is_usable(facts):
        page.set_rotation(_upright_rotation(page.rotation, drawn))
    matrix, rotation = tuple(page.rotation_matrix), page.rotation
    words: Words = {}
    for x0, y0, x1, y1, text, block, line, _ in page.get_text("words", textpage=source):
        words.setdefault((block, line), []).append(Word(script.mended(text), turned((x0, y0, x1, y1), matrix), PERFECT))
    doubtful = _doubtful(drawn, words)
    if doubtful:
        signs = page.get_text("rawdict", textpage=source)["blocks"]
        words |= {place: _divided(signs, place, matrix) for place in doubtful}
    pieces = _once(list(_pieces(drawn, words, doubtful, matrix, rotation)))
    return PageText(page.rect.width, page.rect.height, rotation, facts, pieces, drawing.images)


def _drawn(blocks: list[dict[str, Any]]) -> list[_Drawn]:
    return [
        _Drawn(
            (block["number"], number),
            line,
            line["spans"],
            [len("".join(span["text"].split())) for span in line["spans"]],
        )
        for block in blocks
        for number, line in enumerate(block["lines"])
    ]


def _facts(page: Any, drawn: Sequence[_Drawn], drawing: Drawing) -> TextFacts:
    share = pdf_drawing.image_share(page, drawing.images)
    covered = Covered.of(page) if share > IMAGE_SHARE else None
    unmapped = invisible = 0
    fonts: dict[str, list[str]] = {}
    for one in drawn:
        for span, characters in zip(one.spans, one.characters, strict=True):
            text = span["text"]
            if not text.isascii():
                unmapped += count_unmapped(text)
            if not span["char_flags"] & SEEN or (covered is not None and covered.hides(span["bbox"])):
                invisible += characters
            fonts.setdefault(span["font"], []).append(text)
    texts = tuple(" ".join(texts) for texts in fonts.values())
    return TextFacts(sum(sum(one.characters) for one in drawn), unmapped, invisible, share, texts, drawing.length)


def _upright_rotation(rotation: int, drawn: Sequence[_Drawn]) -> int:
    """The rotation under which more than half of the text is level, else the one that the page asks for."""
    characters: Counter[int | None] = Counter()
    for one in drawn:
        turn = rotation if one.line["wmode"] else _rotation(one.line["dir"])  # vertical writing is upright as it is
        characters[turn] += sum(one.characters)
    best = max(characters, key=lambda direction: characters[direction], default=None)
    return rotation if best is None or 2 * characters[best] <= characters.total() else best


def _rotation(direction: tuple[float, float]) -> int | None:
    """What makes a line of this direction level; None for one that runs at an angle."""
    return ROTATIONS.get((round(direction[0], 1), round(direction[1], 1)))


def _doubtful(drawn: Sequence[_Drawn], words: Words) -> set[Place]:
    """The level lines whose words may have thin spaces in them."""
    doubted = {place for place, line in words.items() if any(thin_spaces.is_doubtful(word.text) for word in line)}
    return {one.place for one in drawn if one.place in doubted and one.line["dir"] == (1.0, 0.0)}


def _divided(blocks: list[dict[str, Any]], place: Place, matrix: Matrix) -> list[Word]:
    """The words of a line from its single signs."""
    number, index = place
    spans = next(block for block in blocks if block["number"] == number)["lines"][index]["spans"]
    signs = [Sign(sign["c"], sign["bbox"]) for span in spans for sign in span["chars"]]
    size = max(spans, key=lambda span: len(span["chars"]))["size"]
    return [Word(script.mended(text), turned(box, matrix), PERFECT) for text, box in thin_spaces.words(signs, size)]


def _pieces(
    drawn: Sequence[_Drawn], words: Words, doubtful: set[Place], matrix: Matrix, rotation: int
) -> Iterator[Piece]:
    """The lines that hold text; that of `doubtful` ones is their words."""
    for one in drawn:
        if not _is_seen(one):
            continue
        its_words = words.get(one.place, [])
        text = " ".join(word.text for word in its_words) if one.place in doubtful else _text_of_line(one, its_words)
        if not text:
            continue
        font, size = _usual_font(one)
        place = turned(_line_box(one, font, size), matrix)
        if not (all(map(math.isfinite, (*place, size))) and size > 0 and max(map(abs, place)) < FARTHEST):
            continue  # a damaged matrix has put it where no page is
        yield Piece(
            Line(text, place, PERFECT, tuple(its_words)),
            size=size,
            bold=_is_bold(one),
            level=not one.line["wmode"] and _rotation(one.line["dir"]) == rotation,
            group=one.place[0],
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


def _is_seen(drawn: _Drawn) -> bool:
    """Whether anything but white space is drawn."""
    return any(
        characters and span["char_flags"] & SEEN and span["alpha"] > 0
        for span, characters in zip(drawn.spans, drawn.characters, strict=True)
    )


def _text_of_line(drawn: _Drawn, words: list[Word]) -> str:
    """Of text that runs from the right, MuPDF knows the words but not always their order."""
    text = script.mended("".join([span["text"] for span in drawn.spans]).strip())
    if not words or text.isascii() or not script.runs_from_the_right([text]):
        return text
    seen = sorted(words, key=lambda word: word.bbox[0])
    ordered = script.in_reading_order(seen, lambda word: word.text)
    return BEFORE_A_STOP.sub("", " ".join(word.text for word in ordered))


def _usual_font(drawn: _Drawn) -> tuple[str, float]:
    """Name and size of the font that most of the line is in."""
    if len(drawn.spans) == 1:
        return drawn.spans[0]["font"], drawn.spans[0]["size"]
    counts: dict[tuple[str, float], int] = {}
    for span, characters in zip(drawn.spans, drawn.characters, strict=True):
        font = (span["font"], span["size"])
        counts[font] = counts.get(font, 0) + characters
    return max(counts, key=lambda font: counts[font])


def _line_box(drawn: _Drawn, font: str, size: float) -> BBox:
    """As long as the line, as high as its usual font: a formula's signs have boxes that reach into the next lines."""
    x0, y0, x1, y1 = drawn.line["bbox"]
    along, across = drawn.line["dir"]
    inner = union([span["bbox"] for span in drawn.spans if span["size"] == size and span["font"] == font])
    return (x0, inner[1], x1, inner[3]) if abs(along) > abs(across) else (inner[0], y0, inner[2], y1)


def _is_bold(drawn: _Drawn) -> bool:
    """By the fonts' own flag, or by their names: many a PDF forgets the flag."""
    bold = [
        characters
        for span, characters in zip(drawn.spans, drawn.characters, strict=True)
        if span["flags"] & BOLD_FLAG or _has_heavy_name(span["font"])
    ]
    return bool(bold) and sum(bold) >= BOLD_SHARE * sum(drawn.characters)


@lru_cache(FONT_NAMES)
def _has_heavy_name(font: str) -> bool:
    return HEAVY_NAME.search(font) is not None

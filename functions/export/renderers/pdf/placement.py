"""Where the text of a page's layer goes: from lines and words to runs of text with a place, a direction and a size.

A run is as wide as the box of its word, and as high as its line. Which way lines run is told in `directions.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from ocrchat.blocks import BBox, Block, Line, Word
from ocrchat.script import runs_from_the_right

from .bidi import RIGHT_TO_LEFT_MARK, Part, as_seen, has_right, parts_as_seen, rightness
from .directions import extent_of, slant_of, upright_direction
from .font import DESCENT, natural_width

LEAST_GAP = 0.16  # of the height between two words: poppler joins what is nearer than 0.1
SPACE_SLACK = 0.3  # of the height may a space end beside the next word: MuPDF begins a new line where it is more
NO_GAP = 0.1  # of the height between words without a space: from there on extractors put one
LEAST_WIDTH = 0.05  # of the height is a word wide, at least
MOST_STEPPED = math.sin(math.radians(4))  # beyond it words are set askew, which poppler takes apart from 1 degree on
LEAST_STRETCH = 0.02  # of its usual width is text set in, at least: longer text is broken into rows
BELOW_BASE = -DESCENT / 1000


@dataclass(frozen=True, slots=True)
class Run:
    """`text`, as it is seen along the direction (`cos`, `sin`), begins at (`x`, `y`) of its base line and is `width`
    wide without the space that it may end with, and `height` high. In the page's unit, y downwards."""

    text: str
    x: float
    y: float
    cos: float
    sin: float
    width: float
    height: float


def runs_of(blocks: Sequence[Block]) -> Iterator[list[Run]]:
    """Line by line, in reading order."""
    lines = [line for block in blocks for line in _lines_of(block)]
    slants = [slant for line in lines if (slant := slant_of(line)) is not None]
    slant = median(slants) if slants else 0.0
    for line in lines:
        if text := clean(line.text):
            yield list(_Setting.of(line, text, slant).runs(text))


def clean(text: str) -> str:
    """As one line: control characters become spaces, a lone surrogate U+FFFD."""
    if not text.isprintable():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        text = "".join(" " if sign.isspace() or "\x7f" <= sign <= "\x9f" or sign < " " else sign for sign in text)
    return text.strip()


def _lines_of(block: Block) -> Iterator[Line]:
    """Those of the block; where they are not known its text, in equal rows."""
    if block.lines:
        yield from block.lines
    elif block.table is not None:
        for cell in block.table.cells:
            yield from _rows(cell.text, cell.bbox)
    else:
        yield from _rows(block.text, block.bbox)


def _rows(text: str, bbox: BBox) -> Iterator[Line]:
    rows = [row for row in text.splitlines() if row.strip()]
    x0, y0, x1, y1 = bbox
    for index, row in enumerate(rows):
        height = (y1 - y0) / len(rows)
        yield Line(row, (x0, y0 + index * height, x1, y0 + (index + 1) * height), 1.0)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of a line from `start` to `end` along it, `spaced` from the piece before; `order` counts as it is read.
    `right`: of each sign whether it runs from the right, in a line that does."""

    text: str
    start: float
    end: float
    spaced: bool
    order: int
    right: Sequence[bool] = ()


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A word, or a part of one, from `start` to `end` along its line, and how wide a `space` is on its right. `right`
    as of a piece."""

    text: str
    start: float
    end: float
    space: float
    right: Sequence[bool] = ()


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a line is set. A place is (along, across) in the page's unit: the page turned by the line's direction."""

    line: Line
    cos: float
    sin: float
    base: float
    height: float

    @classmethod
    def of(cls, line: Line, text: str, slant: float) -> _Setting:
        angle = upright_direction(line, text)
        if angle is None:
            own = slant_of(line)
            angle = slant if own is None else own
        cos, sin = math.cos(angle), math.sin(angle)
        extents = [extent_of(box, cos, sin) for box in [word.bbox for word in line.words] or [line.bbox]]
        height = median(extent.height for extent in extents)
        across = median(extent.across for extent in extents)
        return cls(line, cos, sin, across + (0.5 - BELOW_BASE) * height, height)

    def runs(self, text: str) -> Iterator[Run]:
        pieces = list(self._pieces(text))
        from_the_right = runs_from_the_right([text])
        if from_the_right:
            pieces = list(_with_rightness(pieces))
        if has_right(text):
            pieces.sort(key=lambda piece: piece.start)
        fitted = list(self._fitted(pieces))
        if from_the_right:
            yield from self._from_the_right(fitted)
            return
        for piece in fitted:
            yield from self._set(as_seen(piece.text), piece.start, piece.end, piece.space)

    def _fitted(self, pieces: Sequence[_Piece]) -> Iterator[_Fitted]:
        """From left to right: none overlaps the next, and extractors see a space where one is, and only there."""
        start = pieces[0].start
        for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
            end = max(piece.end, start + LEAST_WIDTH * self.height)
            if following is None:
                yield _Fitted(piece.text, start, end, 0.0, piece.right)
                return
            spaced = max(piece, following, key=lambda one: one.order).spaced
            gap = LEAST_GAP * self.height if spaced else 0.0
            after = max(following.start, start + LEAST_WIDTH * self.height + gap)
            if spaced or after < end + NO_GAP * self.height:
                end = min(end, after - gap) if spaced else after
            yield _Fitted(piece.text, start, end, after - end if spaced else 0.0, piece.right)
            start = after

    def _from_the_right(self, pieces: Sequence[_Fitted]) -> Iterator[Run]:
        """The parts of all words: each group as it is seen, from left to right; what is read first before the rest."""
        parts = [(part, fitted) for piece in pieces for part, fitted in _parts(piece)]
        groups = [list(group) for _, group in groupby(parts, key=lambda pair: pair[0].kind)]
        before = [0.0, *(group[-1][1].space for group in groups)]  # the space on the left of each
        for group, space in zip(reversed(groups), reversed(before[:-1]), strict=True):
            if space:
                yield self._run(" ", group[0][1].start - space, space, self.base, self.height)
            for number, (part, fitted) in enumerate(group, 1):
                within = fitted.space if number < len(group) else 0.0
                follows = number > 1 and part.kind == "left"  # then no mark may part the two
                text = part.text.removeprefix(RIGHT_TO_LEFT_MARK) if follows else part.text
                yield from self._set(text, fitted.start, fitted.end, within, ends_first=part.kind == "right")

    def _pieces(self, text: str) -> Iterator[_Piece]:
        """The words of `text` where the line has them. What stands between two goes with the first."""
        found: list[tuple[str, Word, bool]] = []
        at = 0
        for word in self.line.words:
            signs = clean(word.text)
            start = text.find(signs, at) if signs else -1
            if start < 0:
                continue
            between, at = text[at:start], start + len(signs)
            if between.strip():
                if found:
                    found[-1] = (found[-1][0] + between.rstrip(), *found[-1][1:])
                else:
                    signs = between.lstrip() + signs
            found.append((signs, word, between != between.rstrip()))
        if not found:
            extent = extent_of(self.line.bbox, self.cos, self.sin)
            yield _Piece(text, extent.start, extent.end, False, 0)
            return
        if rest := text[at:].rstrip():
            found[-1] = (found[-1][0] + rest, *found[-1][1:])
        for order, (signs, word, spaced) in enumerate(found):
            extent = extent_of(word.bbox, self.cos, self.sin)
            yield _Piece(signs, extent.start, extent.end, spaced, order)

    def _set(self, text: str, start: float, end: float, space: float, *, ends_first: bool = False) -> Iterator[Run]:
        """`text` from `start` to `end`, in rows if it is far too long for one line, and after it a space so wide.
        `ends_first`: it is written from its end to its beginning."""
        width = end - start
        natural = natural_width(text)
        rows = 1
        if width < LEAST_STRETCH * natural * self.height:
            rows = math.ceil(math.sqrt(natural * self.height / width))
        length = math.ceil(len(text) / rows)
        height = self.height / rows
        fits = abs(space - width * natural_width(" ") / (natural or 1)) <= SPACE_SLACK * self.height
        slices = [text[row * length : (row + 1) * length] for row in range(rows)]
        for row, signs in enumerate(reversed(slices) if ends_first else slices):
            base = self.base - (rows - 1 - row) * height - BELOW_BASE * (self.height - height)
            if signs:
                last = space and fits and row == rows - 1
                yield self._run(signs + (" " if last else ""), start, width, base, height)
        if space and not fits:
            yield self._run(" ", end, space, self.base, self.height)

    def _run(self, text: str, along: float, width: float, across: float, height: float) -> Run:
        """Of a line that is little askew each word stands level, where its middle is."""
        stepped = 0 < abs(self.sin) <= MOST_STEPPED
        middle = along + width / 2
        x, y = middle * self.cos - across * self.sin, middle * self.sin + across * self.cos
        cos, sin = (1.0, 0.0) if stepped else (self.cos, self.sin)
        return Run(text, x - cos * width / 2, y - sin * width / 2, cos, sin, width, height)


def _with_rightness(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """What has no direction takes it from its neighbours in the line, not in the word alone."""
    right = rightness(" ".join(piece.text for piece in pieces), from_the_right=True)
    at = 0
    for piece in pieces:
        yield replace(piece, right=right[at : at + len(piece.text)])
        at += len(piece.text) + 1


def _parts(piece: _Fitted) -> Iterator[tuple[Part, _Fitted]]:
    """A word of a line from the right in its parts, which share its width."""
    parts = parts_as_seen(piece.text, piece.right)
    widths = [natural_width(part.text) or 0.01 for part in parts]
    unit = (piece.end - piece.start) / sum(widths)
    start = piece.start
    for number, (part, width) in enumerate(zip(parts, widths, strict=True), 1):
        end = start + width * unit
        yield part, _Fitted(part.text, start, end, piece.space if number == len(parts) else 0.0)
        start = end

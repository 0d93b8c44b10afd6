"""Lines taken apart into pieces, so that each can stand in a cell of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrchat.blocks import BBox, Line, Word, union, weighted_confidence

WIDE_GAP = 0.9
"""Of the line's height, at least, between two words that stand in different cells. A space is 0.25 of it in most
fonts, in justified text up to 0.6; the columns of a dense table stand 1 apart."""

_VALUE = re.compile(r"[\d.,:;/%‰$€£¥₩₹±+\-\u2212\u2013\u2014~≈<>≤≥*()\[\]^°'\u2019\u00d7x\s]")
_DASH = re.compile(r"[-\u2212\u2013\u2014.*]{1,3}|n/?a|nil", re.IGNORECASE)
UNIT_SHARE = 0.34  # letters among the characters of a value, at most: `21.3 kg`, `3.32T`, `1.2E-05`


@dataclass(frozen=True, slots=True, eq=False)  # a piece is itself, wherever another one says the same
class Piece:
    """Words of line number `line` that stand together; `text` has the line's own spaces."""

    line: int
    text: str
    bbox: BBox
    confidence: float
    words: tuple[Word, ...]

    @property
    def height(self) -> float:
        return self.bbox[3] - self.bbox[1]

    @property
    def width(self) -> float:
        return self.bbox[2] - self.bbox[0]

    @property
    def middle(self) -> float:
        """y of its centre."""
        return (self.bbox[1] + self.bbox[3]) / 2

    @property
    def centre(self) -> float:
        """x of its centre."""
        return (self.bbox[0] + self.bbox[2]) / 2


def em_of(lines: Sequence[Line]) -> float:
    """The height of the middle line; 0 without lines."""
    heights = [line.bbox[3] - line.bbox[1] for line in lines if line.text.strip()]
    return median(heights) if heights else 0.0


def taken_apart(piece: Piece) -> list[Piece]:
    """`piece`, divided at wide gaps."""
    gap = WIDE_GAP * piece.height
    cuts = [
        (left.bbox[2] + right.bbox[0]) / 2
        for left, right in pairwise(piece.words)
        if right.bbox[0] - left.bbox[2] >= gap
    ]
    return divided(piece, cuts)


def whole(number: int, line: Line) -> Piece:
    """All of a line that is not blank. It is as wide as its words, where they go from left to right: a recogniser's box
    has a margin."""
    words = line.words or (Word(line.text, line.bbox, line.confidence),)
    left, right = words[0].bbox[0], words[-1].bbox[2]
    if not line.bbox[0] <= left < right <= line.bbox[2]:
        left, right = line.bbox[0], line.bbox[2]
    return Piece(number, line.text, (left, line.bbox[1], right, line.bbox[3]), line.confidence, words)


def divided(piece: Piece, cuts: Sequence[float]) -> list[Piece]:
    """`piece` taken apart at the x of `cuts`; a word goes where its centre lies."""
    if not cuts:
        return [piece]
    parts: dict[int, list[Word]] = {}
    for word in piece.words:
        centre = (word.bbox[0] + word.bbox[2]) / 2
        parts.setdefault(sum(cut <= centre for cut in cuts), []).append(word)
    if len(parts) < 2:
        return [piece]
    texts = _texts(piece, list(parts.values()))
    return [
        Piece(piece.line, text, union(word.bbox for word in words), _confidence(words), tuple(words))
        for text, words in zip(texts, parts.values(), strict=True)
        if text
    ]


def length(text: str) -> int:
    """How long `text` looks, in characters of a Latin font: those of East Asia are twice as wide."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def is_value(text: str) -> bool:
    """Whether `text` is a number, with its signs and its unit, a date in figures, or the dash in a number's place."""
    inked = "".join(text.split())
    if _DASH.fullmatch(inked):
        return True
    if not any(character.isdigit() for character in inked):
        return False
    return len(_VALUE.sub("", inked)) <= UNIT_SHARE * len(inked)


def _confidence(words: Sequence[Word]) -> float:
    return weighted_confidence((word.text, word.confidence) for word in words) or 0.0


def _texts(piece: Piece, parts: Sequence[Sequence[Word]]) -> list[str]:
    """What the parts say, with the spaces of the whole where its words can be found in it one after the other."""
    texts: list[str] = []
    at = 0
    for words in parts:
        start = end = -1
        for word in words:
            place = piece.text.find(word.text, at)
            if place < 0:
                return [" ".join(word.text for word in each) for each in parts]
            start = place if start < 0 else start
            at = end = place + len(word.text)
        texts.append(piece.text[start:end].strip())
    return texts

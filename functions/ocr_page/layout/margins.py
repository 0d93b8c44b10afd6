"""Running heads and feet: what stands in the margins of a page and is no part of its text.

They are told by several weak signs together, since what stands at the top of a page may as well be its title. Text
that is taken for a running head by mistake is missing from the Markdown, so in doubt it is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from .headings import usual_size
from .pieces import Piece
from .rows import Item, Row, grouped, joined

ZONE = 0.15  # of the page's height, at its top and its bottom
BAND_ROWS = 3  # of a running head, at most
BANDS = 3  # of them above or below each other, at most
APART = 1.3  # times the usual distance of two rows: so far is a running head from the text, at least
FAR_APART = 2.0  # ... and this is a sign by itself
WIDEST_PITCH = 1.4  # times the size of the text
SMALLER = 0.93  # times the size of the text
LARGER = 1.15  # times the size of the text: a title
LONG = 130  # characters
NOTE = 80  # characters in more rows than one: a footnote
PAGE_ROWS = 5  # fewer on a page show no text that a head could belong to
PAGE_WIDTH = 38.0  # times the size of its text is a page wide, at least; a receipt has 20 to 30, a page of a book 40
ENOUGH = 2  # signs
SIDE = 0.1  # of the page's width, at its left and its right: there text that runs up or down is no part of the text

STAMP_SIZE = 1.4  # times the size of the text, at most
STAMP = 4.0  # times its width is a stamp or a note high, at least

_NUMBER = r"(?:\d{1,4}|[ivxlc]{1,6})"
_DASH = "\u2012-\u2015-"
PAGE_NUMBER = re.compile(
    rf"[{_DASH}|·\[(\s]*(?:page|p\.|seite|página|pagina|стр\.?|第)?\s*{_NUMBER}"
    rf"(?:\s*(?:of|/|von|de|di|sur|из)\s*\d{{1,4}})?"
    rf"[{_DASH}|·\])\s.]*(?:页|頁)?",
    re.IGNORECASE,
)
_IMPRINT = re.compile(
    r"downloaded (?:from|by|on)|published (?:by|online|in)|printed (?:on|in|from|by)|all rights reserved|©|\(c\) ?\d{4}"
    r"|copyright|\bissn\b|\bisbn\b|\bdoi\b|arxiv:\s?\d|\bvol(?:ume|\.)\s*\d|\bissue\s*\d|\bno\.\s*\d"
    r"|\brev(?:ision|\.)?\s*[:.]?\s*\d|\bp/n\b|\bpart n(?:o|umber)\b|\bpage \d|confidential",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\b\d{{1,2}}\.? {_MONTH} \d{{4}}\b|\b{_MONTH} (?:\d{{1,2}}, )?\d{{4}}\b"
    r"|\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|www\.|\S@\S", re.IGNORECASE)
_NOTE = re.compile(r"[*†‡§¹²³]|\d{1,2}[.)]?\s+\D")


@dataclass(frozen=True, slots=True)
class Margins:
    """The items of the page: rows of running heads and of feet, each from top to bottom, and the rest."""

    heads: list[list[Item]]
    body: list[Item]
    feet: list[list[Item]]


@dataclass(frozen=True, slots=True)
class _Page:
    """`sign` is +1 where bands are looked for from the top down, -1 from the bottom up."""

    height: float
    size: float
    pitch: float
    sign: int

    def is_in_zone(self, row: Row) -> bool:
        edge = row.box[3] if self.sign > 0 else self.height - row.box[1]
        return edge <= ZONE * self.height

    def distance(self, outer: Row, inner: Row) -> float:
        """Between the middles of two rows."""
        return self.sign * (inner.middle - outer.middle)


def margins_of(items: Sequence[Item], width: float, height: float) -> Margins:
    """`items` without those that run up or down."""
    rows = grouped(item for item in items if isinstance(item.content, Piece))
    placed = [item for item in items if not isinstance(item.content, Piece)]
    heads = feet = 0
    lines = [joined(row) for row in rows]
    size = usual_size(lines)
    if len(rows) >= PAGE_ROWS and size and width >= PAGE_WIDTH * size:
        pitch = _usual_pitch(lines, size)
        heads = _count(lines, placed, _Page(height, size, pitch, 1))
        feet = _count(lines[::-1], placed, _Page(height, size, pitch, -1))
        feet = min(feet, len(rows) - heads)
    middle = rows[heads : len(rows) - feet]
    return Margins(rows[:heads], [item for row in middle for item in row] + placed, rows[len(rows) - feet :])


def is_beside_the_text(item: Item, width: float, size: float) -> bool:
    """Whether text that runs up or down stands in the left or the right margin, and is neither a short mark nor a
    title. `size` is that of the text on the page."""
    if item.height < STAMP * item.width or (isinstance(item.content, Piece) and item.content.size > STAMP_SIZE * size):
        return False
    return item.box[2] <= SIDE * width or item.box[0] >= (1 - SIDE) * width


def _count(rows: list[Row], placed: Sequence[Item], page: _Page) -> int:
    """How many rows from the edge inwards are running heads."""
    taken = 0
    for _ in range(BANDS):
        band = _band(rows[taken:], page)
        inner = rows[taken + len(band)] if taken + len(band) < len(rows) else None
        if not band or inner is None or _signs(band, inner, page) < ENOUGH:
            break
        if any(page.sign * (band[-1].middle - item.middle) > 0 for item in placed):
            break  # a table or a figure stands further out
        taken += len(band)
    return taken


def _band(rows: Sequence[Row], page: _Page) -> list[Row]:
    """The outermost rows that stand together; none if they are too many or reach too far into the page."""
    band: list[Row] = []
    for row, inner in pairwise(rows[: BAND_ROWS + 2]):
        band.append(row)
        if len(band) > BAND_ROWS or not page.is_in_zone(row):
            return []
        if page.distance(row, inner) >= APART * page.pitch or PAGE_NUMBER.fullmatch(row.text):
            return band
    return []


def _signs(band: Sequence[Row], inner: Row, page: _Page) -> int:
    """How much speaks for a running head; ENOUGH decides."""
    if len(band) == 1 and PAGE_NUMBER.fullmatch(band[0].text):
        return ENOUGH
    text = " ".join(row.text for row in band)
    is_small = all(row.size <= SMALLER * page.size for row in band)
    is_title = any(row.size >= LARGER * page.size and row.cells == 1 for row in band)
    weights = (
        (2, _IMPRINT.search(text) is not None),
        (1, _DATE.search(text) is not None or _ADDRESS.search(text) is not None),
        (2, any(_has_number_at_an_end(row) for row in band)),
        (1, is_small),
        (1, page.distance(band[-1], inner) >= FAR_APART * page.pitch),
        (1, any(row.cells > 1 for row in band)),
        (-3, is_title),
        (-1, len(text) > LONG),
        (-3, page.sign < 0 and band[0].cells == 1 and _NOTE.match(text) is not None),
        (-2, len(band) > 1 and len(text) > NOTE),
    )
    return sum(weight for weight, holds in weights if holds)


def _has_number_at_an_end(row: Row) -> bool:
    """Whether a page number stands beside other text: one of a single digit only where a wide gap divides them."""
    words = row.text.split()
    shortest = 1 if row.cells > 1 else 2
    return len(words) > 1 and any(word.isdigit() and shortest <= len(word) <= 4 for word in (words[0], words[-1]))


def _usual_pitch(rows: Sequence[Row], size: float) -> float:
    """Between the middles of two rows. A page with little on it has wide ones, whose rows stand apart all the same."""
    pitch = median(after.middle - before.middle for before, after in pairwise(rows))
    return min(pitch, WIDEST_PITCH * size)

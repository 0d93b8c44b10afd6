"""Which lines are headings, and of which level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .rows import Row
from .running import one_line

LARGER = 1.15  # times the size of the body text, at least
CHARACTERS = 200  # at most: longer ones are text that is set large
ROWS = 4  # at most
LABEL_CHARACTERS = 100  # at most, of a heading that is no larger than the text
LABEL_ROWS = 2
SAME_RANK = 1.08  # times: sizes that differ less are of one level
LEVELS = 6
MOST_BOLD = 0.5  # of the page's characters: then bold says nothing

_NUMBERED = re.compile(
    r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])|([IVX]{1,5}|[A-Z])\.\s+(?=[^\W\d_])"
    r"|(?:第\s?[一二三四五六七八九十百\d]{1,4}\s?[章节節部篇条])|[一二三四五六七八九十]{1,3}、",
)
_PUNCTUATION = ".,;:!?。，；：、"


@dataclass(frozen=True, slots=True)
class Body:
    """What is usual on the page: the size of its text, whether it is bold, and whether there is running text at all."""

    size: float
    bold: bool
    is_prose: bool

    @classmethod
    def of(cls, rows: Sequence[Row], *, is_prose: bool) -> Body:
        characters = sum(len(row.text) for row in rows)
        bold = sum(len(row.text) for row in rows if row.bold)
        return cls(usual_size(rows), bold > MOST_BOLD * characters, is_prose)


@dataclass(frozen=True, slots=True)
class Heading:
    """What decides its level: the size of its font, and how deep its number is (`2.1` is 2; 1 without a number)."""

    size: float
    depth: int


def usual_size(rows: Iterable[Row]) -> float:
    """The size that the page's middle character is set in; 0 for no rows."""
    ordered = sorted(rows, key=lambda row: row.size)
    half = sum(len(row.text) for row in ordered) / 2
    seen = 0
    for row in ordered:
        seen += len(row.text)
        if seen >= half:
            return row.size
    return 0.0


def heading_of(rows: Sequence[Row], body: Body, *, right: float, is_last: bool) -> Heading | None:
    """What kind of heading the rows of a paragraph are, None if none. `right` is where its column ends; below the
    last paragraph of a region stands nothing that it could be the heading of."""
    text = one_line(rows)
    letters = sum(character.isalpha() for character in text)
    if len(rows) > ROWS or len(text) > CHARACTERS or 2 * letters < len(text.replace(" ", "")) or letters < 2:
        return None
    if any(row.cells > 1 for row in rows):
        return None
    number = _NUMBERED.match(text)
    depth = 1 + (number[1] or "").count(".") if number else 1
    if rows[0].size >= LARGER * body.size:
        return Heading(rows[0].size, depth)
    if is_last or not body.is_prose or len(text) > LABEL_CHARACTERS or text[-1] in _PUNCTUATION:
        return None
    if rows[0].size < body.size / SAME_RANK:
        return None
    bold = all(row.bold for row in rows) and not body.bold and len(rows) <= LABEL_ROWS
    short = len(rows) == 1 and rows[0].box[2] <= right - 2 * rows[0].size
    capitals = text.isupper() and letters >= 4 and text.lower() != text
    if bold or (short and (number is not None or capitals)):
        return Heading(rows[0].size, depth)
    return None


def levels_of(headings: Sequence[Heading]) -> dict[Heading, int]:
    """1 for the largest, down to 6; headings of about one size differ by the depth of their numbers."""
    ranks: dict[Heading, tuple[int, int]] = {}
    rank, largest = 0, 0.0
    for heading in sorted(headings, key=lambda heading: -heading.size):
        if heading.size * SAME_RANK < largest or not largest:
            rank, largest = rank + 1, heading.size
        ranks[heading] = (rank, heading.depth)
    order = sorted(set(ranks.values()))
    return {heading: min(LEVELS, 1 + order.index(key)) for heading, key in ranks.items()}

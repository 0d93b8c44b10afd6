"""Which lines are headings, and of which level."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from .rows import Row
from .running import PARAGRAPH_ROWS, one_line

LARGER = 1.15  # times the size of the body text, at least
LARGER_ESTIMATED = 1.25  # ... where sizes are estimated
BODY_SHARE = 0.2  # of the page's characters, in paragraphs: so much is body text, too, if it is larger than the rest
SENTENCE = 40  # characters, with a full stop: no heading
CHARACTERS = 200  # at most: longer ones are text that is set large
ROWS = 4  # at most
LABEL_CHARACTERS = 100  # at most, of a heading that is no larger than the text
LABEL_ROWS = 2
SAME_RANK = 1.08  # times: sizes that differ less are of one level
SAME_ESTIMATED_RANK = 1.2
LEVELS = 6
MOST_BOLD = 0.5  # of the page's characters: then bold says nothing

_NUMBERED = re.compile(
    r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])|([IVX]{1,5}|[A-Z])\.\s+(?=[^\W\d_])"
    r"|(?:第\s?[一二三四五六七八九十百\d]{1,4}\s?[章节節部篇条])|[一二三四五六七八九十]{1,3}、",
)
_WORD = re.compile(r"[^\W\d_]{3}|[\u3040-\u30ff\u3400-\u9fff]{2}|[\uac00-\ud7af]{2}")
_AMOUNT = re.compile(r"\d[.,]\d\d$")  # a total, which receipts print large
_STOPS = ".。"
_PUNCTUATION = ".,;:!?。、\uff0c\uff1b\uff1a"


@dataclass(frozen=True, slots=True)
class Body:
    """What is usual on the page: the size of its text, whether it is bold, and whether there is running text at all."""

    size: float
    bold: bool
    is_prose: bool

    @classmethod
    def of(cls, paragraphs: Sequence[Sequence[Row]], *, is_prose: bool) -> Body:
        rows = [row for paragraph in paragraphs for row in paragraph]
        characters = sum(len(row.text) for row in rows)
        bold = sum(len(row.text) for row in rows if row.bold)
        size = usual_size(rows)
        larger: Counter[float] = Counter()
        for paragraph in paragraphs:
            if len(paragraph) >= PARAGRAPH_ROWS:
                its_size = median(row.size for row in paragraph)
                larger[its_size] += sum(len(row.text) for row in paragraph)
        sizes = [its_size for its_size, count in larger.items() if count >= BODY_SHARE * characters]
        return cls(max([size, *sizes]), bold > MOST_BOLD * characters, is_prose)

    def is_smaller_than(self, rows: Sequence[Row]) -> bool:
        """Whether `rows` are set larger than the text."""
        factor = LARGER_ESTIMATED if rows[0].is_estimated else LARGER
        return median(row.size for row in rows) >= factor * self.size


@dataclass(frozen=True, slots=True)
class Heading:
    """What decides its level: the size of its font, and how deep its number is (`2.1` is 2; 1 without a number).
    `is_estimated` says how exact the size is."""

    size: float
    depth: int
    is_estimated: bool


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
    if len(rows) > ROWS or len(text) > CHARACTERS or not _is_worded(text):
        return None
    if (text[-1] in _STOPS and len(text) > SENTENCE) or _AMOUNT.search(text):
        return None
    number = _NUMBERED.match(text)
    if max(row.cells for row in rows) > (2 if number else 1):
        return None
    size = median(row.size for row in rows)
    heading = Heading(size, 1 + (number[1] or "").count(".") if number else 1, rows[0].is_estimated)
    if body.is_smaller_than(rows):
        return heading
    if is_last or not body.is_prose or len(text) > LABEL_CHARACTERS or len(rows) > LABEL_ROWS:
        return None
    if text[-1] in _PUNCTUATION or size < body.size / SAME_RANK:
        return None
    if all(row.bold for row in rows) and not body.bold:
        return heading
    is_short = rows[-1].box[2] <= right - 2 * size
    is_capital = text.isupper() and text.lower() != text
    return heading if is_short and (is_capital or (number is not None and len(rows) == 1)) else None


def _is_worded(text: str) -> bool:
    """Whether most of it is letters, and a word is among them."""
    letters = sum(map(str.isalpha, text))
    return 2 * letters > len(text.replace(" ", "")) and _WORD.search(text) is not None


def levels_of(headings: Sequence[Heading]) -> dict[Heading, int]:
    """1 for the largest, down to 6; headings of about one size differ by the depth of their numbers."""
    ranks: dict[Heading, tuple[int, int]] = {}
    rank, largest = 0, 0.0
    for heading in sorted(headings, key=lambda heading: -heading.size):
        same = SAME_ESTIMATED_RANK if heading.is_estimated else SAME_RANK
        if heading.size * same < largest or not largest:
            rank, largest = rank + 1, heading.size
        ranks[heading] = (rank, heading.depth)
    order = sorted(set(ranks.values()))
    return {heading: min(LEVELS, 1 + order.index(key)) for heading, key in ranks.items()}

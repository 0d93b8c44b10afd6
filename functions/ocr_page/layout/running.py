"""Running text: which lines were broken only because their column ended, and what they say in one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocrchat import script

from .rows import Row

ROOM = 0.6
"""Of the size of the font: what may be left at the end of a full line beyond the next word and its space. Recognised
boxes end up to half a letter early or late."""

FULL_SHARE = 0.6  # of the lines but the last are full in a paragraph: ragged ones have a hyphenless long word at times
INNER_SHARE = 0.4  # of the lines of running text begin with a small letter, at least: German has many capitals
FLUSH = 0.3  # times the size of the font: lines that end so near to each other were set to end there
EDGE = 1.5  # times the size of the font: lines that end so near to each other show an edge
PARAGRAPH_ROWS = 3  # fewer lines show no right edge of their own
SHORT_LINE = 12.0  # times the size of the font: a column narrower than that breaks text by accident
ENDS = ".!?:;。…\uff01\uff1f\uff1a\uff1b"  # the last ones are full-width
END_MARKS = ENDS + "\"')]”\u2019»」』\uff09"


def is_full(row: Row, after: Row, right: float) -> bool:
    """Whether the first word of the next line would not have fitted on this one, which may go up to `right`."""
    if row.cells > 1 or not after.text:
        return False
    word = script.first_word(after.text)
    letter = after.width / len(after.text)
    space = 0 if script.is_spaceless(word[:1] or " ") else 1
    return right - row.box[2] < (len(word) + space) * letter + ROOM * row.size


def is_running(rows: Sequence[Row], right: float) -> bool:
    """Whether most lines but the last are full, and not because their lengths happen to be alike: then they would not
    all end at one edge, and about half of them would begin with a capital or a number, as those of an address do."""
    pairs = list(pairwise(rows))
    full = [(before, after) for before, after in pairs if is_full(before, after, right)]
    if not full or len(full) < FULL_SHARE * len(pairs):
        return False
    flush = sum(before.box[2] >= right - FLUSH * before.size for before, _ in full)
    return flush == len(pairs) or sum(_may_go_on(after.text) for _, after in full) >= INNER_SHARE * len(full)


def text_of(rows: Sequence[Row], right: float, *, is_prose: bool) -> str:
    """The lines as one string: joined where the text runs on, divided by a newline where it does not. `right` is the
    edge of their column; `is_prose` says that the text around them runs."""
    text = rows[0].text
    size = rows[0].size
    if len(rows) >= PARAGRAPH_ROWS:
        right = max(row.box[2] for row in rows)
    runs = is_prose or (len(rows) >= PARAGRAPH_ROWS and is_running(rows, right))
    wide = max(row.width for row in rows) >= SHORT_LINE * size
    has_edge = len(rows) < PARAGRAPH_ROWS or sum(row.box[2] >= right - EDGE * size for row in rows) > 1
    for before, after in pairwise(rows):
        full = wide and is_full(before, after, right)
        if full and (runs or (has_edge and goes_on(before.text, after.text))):
            text = script.continued(text, after.text)
        else:
            text += "\n" + after.text
    return script.plain(text)


def one_line(rows: Sequence[Row]) -> str:
    """The lines of what is one sentence or phrase by itself, as a heading."""
    text = ""
    for row in rows:
        text = script.continued(text, row.text)
    return script.plain(text)


def _may_go_on(text: str) -> bool:
    """Whether a line within a sentence may begin so: with a small letter, or one of a script without capitals."""
    return text[:1].isalpha() and text[:1] == text[:1].lower()


def goes_on(before: str, after: str) -> bool:
    """Whether the words alone say that a sentence goes on on the next line."""
    before, after = before.rstrip(), after.lstrip()
    if not before or not after or before[-1] in ENDS:
        return False
    return after[0].islower() or before[-1] in "-\u2010\u00ad,"


def ends_sentence(text: str) -> bool:
    stripped = text.rstrip()
    return bool(stripped) and stripped[-1] in END_MARKS

"""The signs that items of a list begin with: bullets, numbers, letters, Roman numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ocrchat import script

UNSURE_BULLETS = "-\u2013\u2014*\u00b7"
"""Dashes, asterisk and middle dot: one alone may stand for something else, a dash in a sentence or a footnote."""

SURE_BULLETS = "•◦▪▫■●‣\u2043∙➢➤❖✓✔\uf0b7\uf0a7"
"""The last two are what PDFs make of Symbol's and Wingdings' bullets."""

BULLETS = UNSURE_BULLETS + SURE_BULLETS + "□○"
_BULLET = re.compile(rf"\s*([{re.escape(BULLETS)}])\s+(?=\S)|\s*([{SURE_BULLETS}])(?=\S)")
_ORDINAL = re.compile(r"\s*(\()?(\d{1,3}|[ivxlc]{1,6}|[IVXLC]{1,6}|[a-zA-Z])([.)]|(?<=\))\s)\s*(?=\S)")
_BARE = re.compile(r"\s*(\d{1,2})\s+(?=[^\W\d_])")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

Kind = Literal["bullet", "number", "bare", "letter", "roman"]


@dataclass(frozen=True, slots=True)
class Marker:
    """What a line that begins an item starts with. `value` counts from 1 (0: a bullet); `values` are all that it may
    mean (`i` is a letter and a Roman number); `length` is that of the marker in the line."""

    kind: Kind
    sign: str
    value: int
    length: int


def markers_of(text: str) -> list[Marker]:
    """What the start of `text` may be; empty if it begins no item."""
    if bullet := _BULLET.match(text):
        return [Marker("bullet", bullet[1] or bullet[2], 0, bullet.end())]
    if bare := _BARE.match(text):
        return [Marker("bare", "", int(bare[1]), bare.end())]
    ordinal = _ORDINAL.match(text)
    if ordinal is None or not _stands_alone(ordinal, text):
        return []
    word, style = ordinal[2], (ordinal[1] or "") + ordinal[3].strip()
    found: list[Marker] = []
    if word.isdigit():
        found.append(Marker("number", style, int(word), ordinal.end()))
    else:
        if len(word) == 1:
            found.append(Marker("letter", style + case(word), ord(word.lower()) - 96, ordinal.end()))
        if value := roman(word.lower()):
            found.append(Marker("roman", style + case(word), value, ordinal.end()))
    return found


def _stands_alone(ordinal: re.Match[str], text: str) -> bool:
    """Whether it is no part of a word or a number, as in `U.S.`, `e.g.` and `1.5`."""
    if ordinal[1] and ordinal[3] == ".":
        return False
    following = text[ordinal.end()]
    if ordinal[2].isdigit():
        return not (ordinal[3] == "." and following.isdigit())
    return ordinal[1] is not None or text[ordinal.end() - 1].isspace() or script.is_spaceless(following)


def follows(before: list[Marker], after: list[Marker]) -> bool:
    """Whether an item that begins with `after` may come right after one that begins with `before`."""
    return any(
        one.kind == other.kind and one.sign == other.sign and (one.kind == "bullet" or other.value == one.value + 1)
        for one in before
        for other in after
    )


def is_bullet(text: str) -> bool:
    """Whether `text` begins with a sign that nothing but an item of a list begins with."""
    markers = markers_of(text)
    return bool(markers) and markers[0].kind == "bullet" and markers[0].sign not in UNSURE_BULLETS


def roman(word: str) -> int:
    """The value of a Roman number in lower case, 0 if it is none in its usual form."""
    total = 0
    values = [_ROMAN.get(letter, 0) for letter in word]
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total if all(values) and word == _written(total) else 0


def case(word: str) -> str:
    return "A" if word.isupper() else "a"


def _written(value: int) -> str:
    text = ""
    signs = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    for worth, sign in signs:
        while value >= worth:
            text += sign
            value -= worth
    return text

"""The order in which signs of scripts from the right stand in a content stream: as they are seen, from the left.

PDF says nothing about direction; producers write what is seen, and extractors turn it back. Poppler, MuPDF and PDFium
do that right for words from left to right, not for words that go back. Poppler takes a space or a point beside a number
or a comma for a part of it, unless a mark of direction stands between; so one is written there. MuPDF puts the words on
both sides of a number, of another script or of a hyphen in the wrong order, unless they are parts of their own, the one
that is read first before the other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

RIGHT_TO_LEFT_MARK = "\u200f"

_RIGHT = frozenset(("R", "AL"))
_LEFT = frozenset(("L", "EN", "AN"))


def has_right(text: str) -> bool:
    """Whether there is a letter of a script from the right."""
    return not text.isascii() and any(unicodedata.bidirectional(sign) in _RIGHT for sign in text)


@dataclass(frozen=True, slots=True)
class Part:
    """Signs as they are seen from the left. Neighbours of one kind are set from left to right together."""

    text: str
    kind: Literal["right", "left", "hyphen"]


def as_seen(text: str) -> str:
    """`text`, of a line that runs from the left, as it is seen: words of scripts from the right are turned."""
    if not has_right(text):
        return text
    runs = _runs(text, rightness(text, from_the_right=False))
    return "".join(run[::-1] if is_right else run for is_right, run in runs)


def parts_as_seen(text: str, right: Sequence[bool]) -> list[Part]:
    """`text`, a word or more of a line that runs from the right, from the left to the right. Numbers and words of other
    scripts keep their order. `right`: of each sign whether it runs from the right, as the whole line has it."""
    parts: list[Part] = []
    for is_right, run in reversed(_runs(text, right)):
        if not is_right:
            parts.append(Part(_mark_after(parts) + run, "left"))
            continue
        for is_hyphen, signs in groupby(run[::-1], key=lambda sign: unicodedata.bidirectional(sign) == "ES"):
            text_seen = _with_marks("".join(signs), _mark_after(parts))
            parts.append(Part(text_seen, "hyphen" if is_hyphen else "right"))
    if parts and _is_mark(parts[0].text[0]):  # else MuPDF puts it on what stands to the right
        parts[0] = Part(RIGHT_TO_LEFT_MARK + parts[0].text, parts[0].kind)
    return parts


def _runs(text: str, right: Sequence[bool]) -> list[tuple[bool, str]]:
    """(is from the right, signs), in the order of `text`."""
    return [
        (is_right, "".join(sign for _, sign in signs))
        for is_right, signs in groupby(zip(right, text, strict=True), key=lambda pair: pair[0])
    ]


def rightness(text: str, *, from_the_right: bool) -> list[bool]:
    """Of each sign whether it runs from the right. What has no direction runs as its line does, unless it stands
    between two that run the other way (Unicode UAX #9, N1 and N2)."""
    kinds: list[bool | None] = []
    for sign in text:
        kinds.append(kinds[-1] if kinds and _is_mark(sign) else _kind(sign))  # UAX #9, W1
    following: list[bool] = []
    after = from_the_right
    for kind in reversed(kinds):
        after = after if kind is None else kind
        following.append(after)
    following.reverse()
    found: list[bool] = []
    before = from_the_right
    for kind, after in zip(kinds, following, strict=True):
        before = before if kind is None else kind
        found.append(before if before == after else from_the_right)
    return found


def _is_mark(sign: str) -> bool:
    """Whether it stands on the sign before it, and goes with that."""
    return bool(sign) and unicodedata.bidirectional(sign) == "NSM"


def _kind(sign: str) -> bool | None:
    direction = unicodedata.bidirectional(sign)
    if direction in _RIGHT:
        return True
    return False if direction in _LEFT else None


def _mark_after(parts: Sequence[Part]) -> str:
    """What must stand between these and a sign without a direction, or with the other one."""
    return "" if parts and _kind(parts[-1].text[-1]) else RIGHT_TO_LEFT_MARK


def _with_marks(signs: str, before: str) -> str:
    """`signs` with a mark before each point or the like that no letter stands before."""
    seen = ""
    for sign in signs:
        has_direction = _kind(sign) or sign.isspace() or _is_mark(sign)
        mark = (RIGHT_TO_LEFT_MARK if not _kind(seen[-1]) else "") if seen else before
        seen += sign if has_direction else mark + sign
    return seen

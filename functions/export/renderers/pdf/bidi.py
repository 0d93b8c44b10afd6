"""The order in which signs of scripts from the right stand in a content stream: as they are seen, from the left.

PDF says nothing about direction; producers write what is seen, and extractors turn it back. Poppler, MuPDF and PDFium
do that right for whole lines from left to right, not for words that go back. Poppler besides takes a space or a point
beside a number or a comma for a part of it, unless a mark of direction stands between; so one is written there.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

RIGHT_TO_LEFT_MARK = "\u200f"

_RIGHT = frozenset(("R", "AL"))
_LEFT = frozenset(("L", "EN", "AN"))


def has_right(text: str) -> bool:
    """Whether there is a letter of a script from the right."""
    return not text.isascii() and any(unicodedata.bidirectional(sign) in _RIGHT for sign in text)


def as_seen(text: str, *, from_the_right: bool) -> str:
    """`text`, of a line that runs `from_the_right` or not, as it is seen from the left. Numbers and words of other
    scripts keep their order."""
    if not from_the_right and not has_right(text):
        return text
    runs = [
        (is_right, "".join(sign for _, sign in signs))
        for is_right, signs in groupby(
            zip(_rightness(text, from_the_right), text, strict=True), key=lambda pair: pair[0]
        )
    ]
    if not from_the_right:
        return "".join(run[::-1] if is_right else run for is_right, run in runs)
    seen = ""
    for is_right, run in reversed(runs):
        seen = _with_marks(seen, run[::-1]) if is_right else _marked(seen) + run
    return RIGHT_TO_LEFT_MARK + seen if _is_mark(seen[:1]) else seen


def _rightness(text: str, from_the_right: bool) -> list[bool]:
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


def _with_marks(seen: str, run: str) -> str:
    """`run`, as it is seen, to the right of `seen`; a mark before each point or the like without a letter before it."""
    for sign in run:
        has_direction = _kind(sign) or sign.isspace() or _is_mark(sign)
        seen = (seen if has_direction else _marked(seen)) + sign
    return seen


def _marked(seen: str) -> str:
    return seen if seen and _kind(seen[-1]) else seen + RIGHT_TO_LEFT_MARK

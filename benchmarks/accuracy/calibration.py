"""Whether a confidence is what it says: how often the text is right, 0..1.

A word is right when it is in its place: words of the page are aligned to those of the truth by a shortest edit. Where
the reading order is wrong, a long word that was left over on both sides is right as well; a short one might be there by
chance. On pages without spaces the characters are aligned, each with the confidence of its word. A line is right when
all of it stands, word for word, somewhere in the truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from . import metrics
from .sets import Page

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
LONG = 4  # characters of a word that is hardly there by chance

Judged = tuple[float, bool]
"""A confidence, and whether it was right."""


@dataclass(frozen=True, slots=True)
class Bin:
    """What was said with a confidence from `low` to below `high` (1.0 included in the last)."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def bins(judged: Sequence[Judged]) -> list[Bin]:
    """Those that hold something; `confidence` and `right` are means."""
    found: list[Bin] = []
    for low, high in pairwise(EDGES):
        held = [item for item in judged if low <= item[0] < high or item[0] == high == EDGES[-1]]
        if held:
            confidence = sum(item[0] for item in held) / len(held)
            found.append(Bin(low, high, len(held), confidence, sum(item[1] for item in held) / len(held)))
    return found


def calibration_error(judged: Sequence[Judged]) -> float:
    """Expected calibration error: how far confidence and truth lie apart in the bins, weighted by what they hold."""
    total = len(judged)
    return sum(held.count * abs(held.right - held.confidence) for held in bins(judged)) / total if total else 0.0


def judged_words(page: Page, words: Iterable[tuple[str, float]]) -> list[Judged]:
    truth = metrics.words_of(_normalised(page, page.truth), unspaced=page.unspaced)
    said = [
        (part, confidence)
        for text, confidence in words
        for part in metrics.words_of(_normalised(page, text), unspaced=page.unspaced)
    ]
    in_place: set[int] = set()
    left = set(range(len(truth)))
    for start, place, length in metrics.matched(truth, [text for text, _ in said]):
        in_place.update(range(place, place + length))
        left.difference_update(range(start, start + length))
    elsewhere = Counter(truth[index] for index in left if len(truth[index]) >= LONG)
    judged: list[Judged] = []
    for index, (text, confidence) in enumerate(said):
        right = index in in_place
        if not right and elsewhere[text] > 0:
            elsewhere[text] -= 1
            right = True
        judged.append((confidence, right))
    return judged


def judged_lines(page: Page, lines: Iterable[tuple[str, float]]) -> list[Judged]:
    truth = _normalised(page, page.truth)
    if page.unspaced:
        return [(confidence, text in truth) for line, confidence in lines if (text := _normalised(page, line))]
    return [
        (confidence, f" {text} " in f" {truth} ") for line, confidence in lines if (text := _normalised(page, line))
    ]


def _normalised(page: Page, text: str) -> str:
    return metrics.normalised(text, fold_case=page.fold_case, unspaced=page.unspaced)

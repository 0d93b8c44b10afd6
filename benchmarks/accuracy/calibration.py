"""Whether a confidence is what it says: how often the text is right, 0..1.

The order in which a page is read is judged elsewhere: each line is laid beside that part of the truth that it is most
like, wherever that stands, and its words are aligned to the words there by a shortest edit. On pages without spaces
every character is a word, with the confidence of the word that it is in. A line is right when all of its words are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.peers.reading import SaidLine

from . import metrics
from .sets import Page

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
MARGIN = 3  # characters that the part of the truth may begin earlier or end later than the best guess

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


@dataclass(frozen=True, slots=True)
class JudgedPage:
    words: list[Judged]
    lines: list[Judged]


def judged(page: Page, lines: Iterable[SaidLine]) -> JudgedPage:
    truth = _normalised(page, page.truth)
    found = JudgedPage([], [])
    for line in lines:
        words = _judged_words(page, truth, line)
        found.words.extend(words)
        if words:
            found.lines.append((line.confidence, all(right for _, right in words)))
    return found


def _judged_words(page: Page, truth: str, line: SaidLine) -> list[Judged]:
    said = [
        (part, confidence)
        for text, confidence in line.words
        for part in metrics.words_of(_normalised(page, text), unspaced=page.unspaced)
    ]
    words = [word for word, _ in said]
    space = "" if page.unspaced else " "
    text = space.join(words)
    if not text:
        return []
    if f"{space}{text}{space}" in f"{space}{truth}{space}":
        return [(confidence, True) for _, confidence in said]
    part = metrics.words_of(_nearest(truth, text), unspaced=page.unspaced)
    right = {start + index for _, start, length in metrics.matched(part, words) for index in range(length)}
    return [(confidence, index in right) for index, (_, confidence) in enumerate(said)]


def _nearest(truth: str, text: str) -> str:
    """The part of the truth that is most like `text`, with a margin, and out to the ends of its words."""
    from rapidfuzz import fuzz

    if len(text) >= len(truth):
        return truth
    best = fuzz.partial_ratio_alignment(text, truth)
    if best is None:
        return truth
    start = max(best.dest_start - MARGIN, 0)
    end = min(best.dest_end + MARGIN, len(truth))
    if " " in truth:  # whole words
        start = truth.rfind(" ", 0, start + 1) + 1
        end = len(truth) if (space := truth.find(" ", end)) < 0 else space
    return truth[start:end].strip()


def _normalised(page: Page, text: str) -> str:
    return metrics.normalised(text, fold_case=page.fold_case, unspaced=page.unspaced)

"""How far a text is from the truth."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np

SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032"
DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
STRAIGHT = {
    ord(mark): plain for marks, plain in ((SINGLE_QUOTES, "'"), (DOUBLE_QUOTES, '"'), (HYPHENS, "-")) for mark in marks
}


def normalised(text: str, *, fold_case: bool = False) -> str:
    """NFKC with straight quotes and hyphens, without control and bidi marks, its white space collapsed."""
    text = unicodedata.normalize("NFKC", text).translate(STRAIGHT)
    text = re.sub(r"\s+", " ", text).strip()
    text = "".join(character for character in text if unicodedata.category(character) not in ("Cc", "Cf"))
    return text.casefold() if fold_case else text


def cer(truth: str, text: str) -> float:
    """Character error rate: edits a character of the truth. May pass 1."""
    return _distance(truth, text) / max(len(truth), 1)


def wer(truth: str, text: str) -> float:
    """Word error rate: edits a word of the truth. May pass 1."""
    return _distance(truth.split(), text.split()) / max(len(truth.split()), 1)


def words_f1(truth: str, text: str) -> float:
    """F1 of the words, in whatever order, 0..1."""
    expected, found = Counter(truth.split()), Counter(text.split())
    return 2 * (expected & found).total() / max(expected.total() + found.total(), 1)


def _distance(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """Levenshtein's, row by row: an insertion's cost runs along a row as a running minimum."""
    codes: dict[Hashable, int] = {}
    first = [codes.setdefault(item, len(codes)) for item in one]
    second = np.array([codes.setdefault(item, len(codes)) for item in other], dtype=np.int64)
    steps = np.arange(len(second) + 1)
    row = steps.copy()
    for index, code in enumerate(first, start=1):
        best = np.empty_like(row)
        best[0] = index
        best[1:] = np.minimum(row[1:] + 1, row[:-1] + (second != code))
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1])

"""How far a text is from the truth.

Texts are compared after `normalised`: NFKC, straight quotes and hyphens, control and bidi marks removed, white space
collapsed. In languages written without spaces those are ignored, and a word is a character: such pages are known by the
script of their truth (`scripts.is_unspaced`). All rates are 0..1, error rates may pass 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032"
DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
STRAIGHT = {
    ord(mark): plain for marks, plain in ((SINGLE_QUOTES, "'"), (DOUBLE_QUOTES, '"'), (HYPHENS, "-")) for mark in marks
}


@dataclass(frozen=True, slots=True)
class Score:
    """Of one page: Levenshtein distance by characters and by words, a character or word of the truth; F1 of words and
    of pairs of characters, both in whatever order."""

    cer: float
    wer: float
    words_f1: float
    bigrams_f1: float

    @classmethod
    def of(cls, truth: str, text: str, *, fold_case: bool = False, unspaced: bool = False) -> Score:
        truth = normalised(truth, fold_case=fold_case, unspaced=unspaced)
        text = normalised(text, fold_case=fold_case, unspaced=unspaced)
        expected, found = words_of(truth, unspaced=unspaced), words_of(text, unspaced=unspaced)
        return cls(
            error_rate(truth, text), error_rate(expected, found), f1(expected, found), f1(_pairs(truth), _pairs(text))
        )


def normalised(text: str, *, fold_case: bool = False, unspaced: bool = False) -> str:
    text = unicodedata.normalize("NFKC", text).translate(STRAIGHT)
    text = re.sub(r"\s+", "" if unspaced else " ", text).strip()
    text = "".join(character for character in text if unicodedata.category(character) not in ("Cc", "Cf"))
    return text.casefold() if fold_case else text


def words_of(text: str, *, unspaced: bool) -> list[str]:
    """The words of a normalised text; its characters where it is written without spaces."""
    return list(text) if unspaced else text.split()


def error_rate(truth: Sequence[Hashable], text: Sequence[Hashable]) -> float:
    """Edits (insertions, deletions, substitutions) an item of the truth; 1 an item where the truth is empty."""
    from rapidfuzz.distance import Levenshtein

    return float(Levenshtein.distance(truth, text)) / max(len(truth), 1)


def f1(truth: Sequence[Hashable], text: Sequence[Hashable]) -> float:
    """Of the items, in whatever order; 1 where both are empty."""
    expected, found = Counter(truth), Counter(text)
    total = expected.total() + found.total()
    return 2 * (expected & found).total() / total if total else 1.0


def matched(truth: Sequence[Hashable], text: Sequence[Hashable]) -> list[tuple[int, int, int]]:
    """Runs that a shortest edit leaves as they are: where each begins in the truth, where in the text, its length."""
    from rapidfuzz.distance import Levenshtein

    codes: Any = Levenshtein.opcodes(truth, text)
    return [(code.src_start, code.dest_start, code.src_end - code.src_start) for code in codes if code.tag == "equal"]


def _pairs(text: str) -> list[str]:
    """Neighbouring characters within the text, spaces left out."""
    inked = text.replace(" ", "")
    return [inked[index : index + 2] for index in range(len(inked) - 1)]

"""Spaces of a text layer that are too thin for MuPDF, which puts one where a gap is a fifth of the font's size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrchat.blocks import BBox, union

LONG = 20  # letters: hardly a word of any language that has spaces
LONG_WORD = re.compile(rf"[^\W\d_]{{{LONG},}}")
THIN = 0.1  # of the font's size, at least
OUTSTANDING = 2.5  # times the usual gap of the line, at least: letters may be set apart, too


@dataclass(frozen=True, slots=True)
class Sign:
    """One character of a line that runs level."""

    text: str
    box: BBox


def is_doubtful(text: str) -> bool:
    """Whether `text` has a word that may be several."""
    return len(text) >= LONG and LONG_WORD.search(text) is not None


def words(signs: Sequence[Sign], size: float) -> list[tuple[str, BBox]]:
    """The words of a line whose font has that size, divided at spaces and at thin gaps."""
    gaps = [after.box[0] - before.box[2] for before, after in pairwise(signs)]
    least = max(THIN * size, OUTSTANDING * median(max(gap, 0.0) for gap in gaps)) if gaps else 0.0
    found: list[list[Sign]] = [[]]
    for index, sign in enumerate(signs):
        if sign.text.isspace() or (index and gaps[index - 1] > least):
            found.append([])
        if not sign.text.isspace():
            found[-1].append(sign)
    return [("".join(sign.text for sign in word), union(sign.box for sign in word)) for word in found if word]

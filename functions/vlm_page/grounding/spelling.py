"""How far two readers agree on a word, and how sure that makes of it."""

from __future__ import annotations

import re
import unicodedata

from .align import distance
from .fold import folded

MOST_DIFFERING = 0.6
"""Of two readers that differ one is wrong, and nobody knows which."""

UNREAD = 0.3
"""What only the model sees: the other reader misses little print, so it is handwriting, or made up."""

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_NUMBER = re.compile(r"(?:(?<![^\W_])-)?\d(?:[\d.,:/'-]*\d)?")
"""With its sign, and with what stands between its digits: 1.250 is not 1,250."""


def agreement(said: str, read: str) -> float:
    """0..1: the share of letters, digits and marks that both spellings have in common, by their edit distance over the
    longer one. 0 where they hold different numbers, however long the rest is."""
    if said == read:
        return 1.0
    if _numbers(said) != _numbers(read):
        return 0.0
    one, other = folded(said).signs, folded(read).signs
    if not one and not other:
        return float(_plain(said) == _plain(read))
    return 1 - distance(one, other) / max(len(one), len(other))


def confidence(said: str, read: str, sure: float) -> float:
    """How likely a word is right that a model says and another reader, who is `sure` (0..1), has read.

    Where both agree, as sure as the reader is. Where they differ, with `agreement` a and `sure` c, it is
    a c + (1 - a) (1 - c), at most MOST_DIFFERING: either the reader is right, and the model as far as it says the same,
    or it is wrong, and the model need not say the same.
    """
    same = agreement(said, read)
    if same == 1:
        return sure
    return min(MOST_DIFFERING, same * sure + (1 - same) * (1 - sure))


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(_plain(text)) if any(map(str.isdigit, text)) else []


def _plain(text: str) -> str:
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).replace("\u2019", "'")
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)

"""Whether two readers agree on a word, and how sure that makes of it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from .fold import folded

MODEL_RIGHT = 0.8
"""Share of a model's words that are taken to be right before they are compared. Blocks written with one sign in ten
wrong are told from others about as well for anything from 0.5 to 0.9."""

MOST_DIFFERING = 0.6
"""Of two readers that differ at least one is wrong, and nobody knows which."""

DOUBT_LEFT = 0.5
"""Of the second reader's doubt of a word is left where the model, which sees the picture, agrees. Were they
independent, almost none would be; but a model is shown what the other has read, and may follow it. So what agrees is
surer than anything that differs, wherever the reader is surer than 0.2."""

UNREAD = 0.3
"""What only the model sees: the other reader misses little print, so it is handwriting, or made up."""

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_NUMBER = re.compile(r"(?:(?<![^\W_])-)?\d(?:[\d.,:/'-]*\d)?")
"""With its sign, and with what stands between its digits: 1.250 is not 1,250."""


def agree(said: str, read: str) -> bool:
    """Whether letters, digits and marks are the same but for case, and numbers with all that belongs to them. Of what
    has none of these, whether all signs are."""
    if said == read:
        return True
    one, other = folded(said).signs, folded(read).signs
    if not one and not other:
        return _plain(said) == _plain(read)
    return one == other and _numbers(said) == _numbers(read)


def is_part(said: str, read: str) -> bool:
    """Whether the one stands within the other, its numbers as whole ones."""
    return folded(said).signs in folded(read).signs and not Counter(_numbers(said)) - Counter(_numbers(read))


def confidence(said: str, read: str, sure: float) -> float:
    """How likely a word is right that a model says and another reader, who is `sure` (0..1), has read.

    Where both agree, with DOUBT_LEFT of the reader's doubt. Where they differ, with `sure` c and MODEL_RIGHT m, it is
    m (1 - c) / (m (1 - c) + (1 - m) c), which is how likely the model is right if just one of them is, at most
    MOST_DIFFERING: low where the reader is sure of something else, and undecided where it could not read the word.
    """
    if agree(said, read):
        return 1 - DOUBT_LEFT * (1 - sure)
    model, reader = MODEL_RIGHT * (1 - sure), (1 - MODEL_RIGHT) * sure
    return min(MOST_DIFFERING, model / (model + reader))


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(_plain(text)) if any(map(str.isdigit, text)) else []


def _plain(text: str) -> str:
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).replace("\u2019", "'")
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)

"""Which words of a document are forms of a word of the question, and how surely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .alike import ALIKE
from .folding import is_pair

START = 3  # letters that all forms of a word share
MOST_FORMS = 12
LEAST_SHARED = 4  # letters, from the beginning
LEAST_SHARE = 0.55  # of the longer word's letters
MOST_ENDING = 5  # letters
BY_MEANING = 0.6
_ENDINGS = frozenset({"", "s", "es", "d", "ed", "ing", "er", "ers", "e", "y", "ies", "ied", "ly", "n", "en"})
"""With which English inflects; by itself it is enough that three letters are shared."""


def is_inflected(token: str) -> bool:
    """Whether other forms of it are to be looked for: it is a word, and not too short."""
    return len(token) > 2 and token.isalpha() and not is_pair(token)


def forms(token: str, vocabulary: Iterable[str]) -> list[tuple[str, float]]:
    """(form, strength 0..1), the surest first: the token itself, and those of `vocabulary` that are alike."""
    found = {token: 1.0}
    for other in vocabulary:
        if other not in found and (strength := _likeness(token, other)):
            found[other] = strength
    ranked = sorted(found.items(), key=lambda form: (-form[1], form[0]))
    return ranked[:MOST_FORMS]


def meanings(token: str) -> Iterator[tuple[str, float]]:
    """The token, and what else may be said for it, each with how surely that is meant."""
    yield token, 1.0
    for group in ALIKE.get(token, ()):
        yield from ((word, BY_MEANING) for word in group if word != token)


def _likeness(one: str, other: str) -> float:
    shared = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        shared += 1
    ends = one[shared:], other[shared:]
    if shared >= START and ends[0] in _ENDINGS and ends[1] in _ENDINGS:
        return 0.9
    longest = max(len(one), len(other))
    if shared >= LEAST_SHARED and shared >= LEAST_SHARE * longest and max(map(len, ends)) <= MOST_ENDING:
        return 0.9 * shared / longest
    return 0.0

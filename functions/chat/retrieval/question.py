"""What is looked for to answer a question: its words, and of what kind the answer is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .folding import folded, is_pair, tokens
from .function_words import STOP_WORDS, without_phrases

MOST_TERMS = 48
"""A question has a dozen; who pastes a page is answered by its beginning."""

MOST_CHARACTERS = 2000
EARLIER_WEIGHT = 0.4
PAIR_WEIGHT = 0.5  # a word of such a script is two pairs or so


@dataclass(frozen=True, slots=True)
class Term:
    token: str
    weight: float


def terms_of(question: str, earlier: Sequence[str] = ()) -> list[Term]:
    """What is looked for, each once; what only `earlier` questions said, the newest last, weighs less."""
    weights: dict[str, float] = {}
    for token in _content(question):
        weights.setdefault(token, 1.0)
    for said in reversed(earlier[-2:]):
        for token in _content(said):
            weights.setdefault(token, EARLIER_WEIGHT)
    terms = [Term(token, weight * (PAIR_WEIGHT if is_pair(token) else 1.0)) for token, weight in weights.items()]
    return terms[:MOST_TERMS]


def _content(question: str) -> Iterator[str]:
    cleared = without_phrases(folded(question[:MOST_CHARACTERS]))
    yield from (token for token in tokens(cleared) if token not in STOP_WORDS and not _is_letter(token))


def _is_letter(token: str) -> bool:
    return len(token) == 1 and token.isascii() and token.isalpha()

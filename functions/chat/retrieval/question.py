"""What is looked for to answer a question: its words but for those that only make it one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .folding import folded, tokens
from .function_words import STOP_WORDS, without_phrases

MOST_TERMS = 48
"""A question has a dozen; who pastes a page is answered by its beginning."""

MOST_CHARACTERS = 2000
EARLIER_WEIGHT = 0.4
MOST_EARLIER = 2  # questions
STANDS_ALONE = 3  # words of its own, or pairs of characters, make a question one that goes on from no other


@dataclass(frozen=True, slots=True)
class Term:
    """`weight` is 1 for what the question itself says."""

    token: str
    weight: float


def terms_of(question: str, earlier: Sequence[str] = ()) -> list[Term]:
    """What is looked for, each once. A question of few words may go on from `earlier` ones, the newest last, whose
    words are looked for at less weight."""
    weights = dict.fromkeys(_content(question), 1.0)
    if len(weights) < STANDS_ALONE:
        for said in reversed(earlier[-MOST_EARLIER:]):
            for token in _content(said):
                weights.setdefault(token, EARLIER_WEIGHT)
    return [Term(token, weight) for token, weight in weights.items()][:MOST_TERMS]


def _content(question: str) -> Iterator[str]:
    cleared = without_phrases(folded(question[:MOST_CHARACTERS]))
    yield from (token for token in tokens(cleared) if token not in STOP_WORDS and not _is_letter(token))


def _is_letter(token: str) -> bool:
    return len(token) == 1 and token.isascii() and token.isalpha()

"""What is looked for to answer a question: its words but for those that only make it one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .folding import folded, tokens
from .function_words import STOP_WORDS, without_phrases
from .kinds import Wanted, wanted

MOST_TERMS = 48
"""A question has a dozen; who pastes a page is answered by its beginning."""

SEARCHED_CHARACTERS = 2000
EARLIER_WEIGHT = 0.4
MOST_EARLIER = 2  # questions
KIND_WORDS: Mapping[Wanted | None, frozenset[str]] = {
    "date": frozenset({"date", "day", "time", "year", "month", "datum", "jahr", "tag", "annee", "jour", "mois"})
    | {"fecha", "ano", "dia", "mes", "data", "anno", "giorno"},
    "figure": frozenset({"last", "lasts", "number", "amount"}),
    "phone": frozenset({"number"}),
    "mail": frozenset({"address"}),
}
"""Words by which a question names the kind of its answer: "the due date" is in "due on March 3"."""

STANDS_ALONE = 3  # words of its own, or pairs of characters, make a question one that goes on from no other


@dataclass(frozen=True, slots=True)
class Term:
    """`is_own`: the question itself says it, and an answer has to, too: not so a word that names the kind of what is
    asked for; `weight` is less for what earlier questions say."""

    token: str
    weight: float
    is_own: bool = True


def terms_of(question: str, earlier: Sequence[str] = ()) -> list[Term]:
    """What is looked for, each once. A question of few words may go on from `earlier` ones, the newest last, whose
    words are looked for at less weight. Where it has none but for the kind of what is asked for, as "and the date?", it
    is about what they are about."""
    said = list(dict.fromkeys(_content(question)))
    named = KIND_WORDS.get(wanted(question), frozenset())
    terms = {token: Term(token, 1.0, is_own=token not in named) for token in said}
    names_only = bool(said) and named.issuperset(said)
    if len(terms) < STANDS_ALONE:
        for before in reversed(earlier[-MOST_EARLIER:]):
            for token in _content(before):
                terms.setdefault(token, Term(token, EARLIER_WEIGHT, is_own=names_only))
    if names_only and len(terms) == len(said):
        return [Term(token, 1.0) for token in said]
    return list(terms.values())[:MOST_TERMS]


def names_its_kind(question: str) -> bool:
    """Whether it says of what kind its answer is by one of KIND_WORDS, which no answer need have."""
    return not KIND_WORDS.get(wanted(question), frozenset()).isdisjoint(_content(question))


def _content(question: str) -> Iterator[str]:
    cleared = without_phrases(folded(question[:SEARCHED_CHARACTERS]))
    yield from (token for token in tokens(cleared) if token not in STOP_WORDS and not _is_letter(token))


def _is_letter(token: str) -> bool:
    return len(token) == 1 and token.isascii() and token.isalpha()

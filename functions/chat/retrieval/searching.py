"""Which passages of an indexed document say most of what a question says.

A word of the question is worth the more, the fewer passages have it (the weight of BM25). A passage has a share of the
worth of all of them: whole for a word in its own text, part for one in its context, beside it or further off on its
page. How often a passage has a word counts nothing: passages are as short as a sentence. A page is ranked by its best
passage and by what it has of the question altogether.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from math import log
from pathlib import Path

from chat.passages import Kind, Passage

from .forms import START, forms, is_inflected, meanings
from .question import Term, terms_of
from .storing import Coverage, Stored

MOST_POSTINGS = 50_000
"""Of a form of a word: what more passages have than that says little about any of them."""

LOOKED_AT = 1_000_000
"""Passages that have a word of the question, over all its words: a second's work. Of a question with many words, as who
pastes a page asks, each has its part."""

MOST_CANDIDATES = 2000
"""Words of the document that begin as one of the question does."""

IN_CONTEXT = 0.6
BESIDE = (0.6, 0.3)
"""What a word is worth that stands one and two passages away, and in a heading: measured by benchmarks/chat."""

LEAST_COUNT = 200
"""Passages that a document is taken to have at least: in one of three lines, no word could be told to be rare."""

PARTS: Mapping[Kind, float] = {"sentence": 1.0, "row": 1.0, "heading": 0.7}
"""What is left of the score of each: a heading names what is told below it."""

MOST_RESCORED = 100
"""Passages whose kind is looked at, beside the best of each page."""

PAGES_SCORED = 30
"""Of a long document, the pages whose passages are scored: those that have most of the question."""


@dataclass(frozen=True, slots=True)
class Hit:
    """The higher the score, the better; 1 is a passage that has every word that is looked for. `own` is the same of the
    question's own words, without those of earlier ones."""

    passage: Passage
    score: float
    own: float


@dataclass(frozen=True, slots=True)
class Found:
    """Where a term of the question stands: page by page, passage numbers with how surely it is meant there, 0..1.
    `worth` is the term's part in the score of what has it."""

    worth: float
    own: Mapping[int, Mapping[int, float]]
    context: Mapping[int, Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """`pages` are (0-based index, score) of those that have anything of what is looked for, `hits` passages of them,
    both the best first. Of the question's own words, `shares` is what each page has of them altogether, 0..1, and
    `words` what they are worth, in words that the document does not have, which are worth most."""

    words: float
    pages: Sequence[tuple[int, float]]
    hits: Sequence[Hit]
    shares: Mapping[int, float]


class Index:
    """An index that `build` wrote."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored

    @classmethod
    def open(cls, path: Path) -> Index:
        """Raises sqlite3.DatabaseError where the file is no index of this version."""
        return cls(Stored(path))

    def close(self) -> None:
        self._stored.close()

    @property
    def total_characters(self) -> int:
        """Of all passages."""
        return self._stored.total_characters

    @property
    def coverage(self) -> Coverage:
        """Of the document's pages."""
        return self._stored.coverage

    @property
    def is_whole(self) -> bool:
        """False where the document has more passages than are indexed: its end is never found."""
        return self._stored.is_whole

    def passages(self, first: int, last: int) -> list[Passage]:
        """Those with the numbers from `first` up to and with `last`."""
        return list(self._stored.passages(first, last))

    def around(self, passage: Passage, n: int) -> list[Passage]:
        """`passage` and the `n` on each side of it, as far as they are on its page."""
        near = self._stored.passages(passage.number - n, passage.number + n)
        return [other for other in near if other.page == passage.page]

    def search(self, question: str, limit: int, earlier: Sequence[str] = ()) -> list[Hit]:
        """The best passages first, some MOST_RESCORED at most. `earlier` are questions that this one may go on from,
        the newest last."""
        return list(self.rank(question, earlier).hits[:limit])

    def pages_ranked(self, question: str, earlier: Sequence[str] = ()) -> list[tuple[int, float]]:
        """(0-based index, score) of the pages that have anything of the question, the best first."""
        return list(self.rank(question, earlier).pages)

    def rank(self, question: str, earlier: Sequence[str] = ()) -> Ranking:
        terms = terms_of(question, earlier)
        found = self._find_all(terms)
        own = [one for term, one in zip(terms, found, strict=True) if term.is_own]
        whole, own_whole = (sum(one.worth for one in some) for some in (found, own))
        scores = self._shares(found)
        chosen = set(nsmallest(PAGES_SCORED, scores, key=lambda page: (-scores[page], page)))
        worths = self._worths_of_passages(found, chosen)
        own_worths = worths if len(own) == len(found) else self._worths_of_passages(own, chosen)
        hits = [
            Hit(passage, worths[number] / whole * part, own_worths.get(number, 0.0) / (own_whole or 1.0) * part)
            for passage in self._loaded(self._best(worths))
            for number, part in [(passage.number, PARTS[passage.kind])]
        ]
        hits.sort(key=lambda hit: (-hit.score, len(hit.passage.text), hit.passage.number))
        best = {hit.passage.page: hit.score for hit in reversed(hits)}
        pages = [(page, score + best.get(page, 0.0)) for page, score in scores.items()]
        pages.sort(key=lambda scored: (-scored[1], scored[0]))
        return Ranking(own_whole / self._rarity(0), pages, hits, self._shares(own))

    def _shares(self, found: Sequence[Found]) -> dict[int, float]:
        """What each page has of these terms altogether, 0..1."""
        whole = sum(one.worth for one in found)
        return {page: worth / whole for page, worth in self._worths_of_pages(found).items()}

    def _best(self, worths: Mapping[int, float]) -> list[int]:
        """The passages worth most, and of each page the one that is: no page is ranked without one."""
        ranked = sorted(worths, key=lambda number: (-worths[number], number))
        firsts: dict[int, int] = {}
        for number in ranked:
            firsts.setdefault(self._page_of(number), number)
        return list(dict.fromkeys([*ranked[:MOST_RESCORED], *firsts.values()]))

    def _loaded(self, numbers: Iterable[int]) -> Iterator[Passage]:
        for number in numbers:
            yield from self._stored.passages(number, number)

    def _find_all(self, terms: Sequence[Term]) -> list[Found]:
        forms = [(term, list(self._forms(term.token))) for term in terms]
        most = LOOKED_AT // max(1, 2 * sum(len(of_term) for _, of_term in forms))
        return [self._find(term, of_term, min(most, MOST_POSTINGS)) for term, of_term in forms]

    def _find(self, term: Term, forms: Iterable[tuple[str, float]], most: int) -> Found:
        """`most`: passages of each form."""
        own: dict[int, dict[int, float]] = defaultdict(dict)
        context: dict[int, dict[int, float]] = defaultdict(dict)
        part = 1.0  # of the document in which the most frequent form was looked for
        for form, strength in forms:
            having = self._stored.having(form, "own", most)
            if len(having) == most:
                part = min(part, (having[-1] + 1) / self._stored.count)
            self._add(having, strength, own)
            self._add(self._stored.having(form, "context", most), strength, context)
        found = sum(strength for page in own.values() for strength in page.values())
        return Found(term.weight * self._rarity(found / part), own, context)

    def _add(self, numbers: Iterable[int], strength: float, pages: dict[int, dict[int, float]]) -> None:
        for number in numbers:
            passages = pages[self._page_of(number)]
            passages[number] = max(passages.get(number, 0.0), strength)

    def _rarity(self, having: float) -> float:
        """What a word is worth that so many passages have."""
        count = max(self._stored.count, LEAST_COUNT)
        return log(1 + (count - having + 0.5) / (having + 0.5))

    def _forms(self, token: str) -> Iterator[tuple[str, float]]:
        for meaning, sureness in meanings(token):
            known: Iterable[str] = ()
            if is_inflected(meaning):
                known = self._stored.beginning_with(meaning[:START], MOST_CANDIDATES)
            for form, strength in forms(meaning, known):
                yield form, sureness * strength

    def _page_of(self, number: int) -> int:
        return self._stored.pages[bisect_right(self._stored.firsts, number) - 1]

    def _worths_of_pages(self, found: Iterable[Found]) -> dict[int, float]:
        worths: dict[int, float] = defaultdict(float)
        for one in found:
            for page in {**one.own, **one.context}:
                strengths = (*one.own.get(page, {}).values(), *one.context.get(page, {}).values())
                worths[page] += one.worth * max(strengths)
        return worths

    def _worths_of_passages(self, found: Iterable[Found], pages: set[int]) -> dict[int, float]:
        worths: dict[int, float] = defaultdict(float)
        for one in found:
            best: dict[int, float] = {}
            for page in pages:
                for number, strength in self._spread(one, page):
                    best[number] = max(best.get(number, 0.0), strength)
            for number, strength in best.items():
                worths[number] += one.worth * strength
        return worths

    def _spread(self, one: Found, page: int) -> Iterator[tuple[int, float]]:
        """What a term is worth to passages of a page that have it, and to those beside them."""
        for number, strength in one.own.get(page, {}).items():
            yield number, strength
            for distance, part in enumerate(BESIDE, start=1):
                for near in (number - distance, number + distance):
                    if 0 <= near < self._stored.count and self._page_of(near) == page:
                        yield near, part * strength
        for number, strength in one.context.get(page, {}).items():
            yield number, IN_CONTEXT * strength

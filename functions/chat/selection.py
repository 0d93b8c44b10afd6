"""Which passages of a document a model is given with a question: all of them, or those that the question is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from .passages import Passage
from .retrieval import Index

GIVEN_CHARACTERS = 60_000
"""Of a document that is given whole, and of what is given of a longer one: some 15,000 tokens in Latin letters, up to
60,000 in Chinese, which bounds what a question costs."""

PASSAGE_OVERHEAD, PAGE_OVERHEAD = 20, 80
"""Characters that a passage and a page cost beside their text: each is a block of its own, a page has a title."""

OPENING = 1_500
"""Characters from the beginning of a long document, which say what it is, whatever is asked."""

MOST_HITS = 40
NEIGHBOURS = 2  # passages before a hit and behind it
WHOLE_PAGE_HITS = 3
"""A page that so many hits are on is given whole."""

_LONGEST_PAGE = 2_000  # passages on either side of a hit: longer pages do not fit anyway


@dataclass(frozen=True, slots=True)
class ShownPage:
    """`number` counts from 1. `passages`, at least one, in the order of the document."""

    number: int
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class Selection:
    pages: Sequence[ShownPage]
    is_whole: bool

    @property
    def passages(self) -> list[Passage]:
        return [passage for page in self.pages for passage in page.passages]


def whole(index: Index) -> Selection | None:
    """All of the document; None where it is too long."""
    if index.total_characters > GIVEN_CHARACTERS:
        return None
    # each passage costs its overhead at least: of more than these not all fit
    passages = index.passages(0, GIVEN_CHARACTERS // PASSAGE_OVERHEAD)
    return Selection(_pages(passages), is_whole=True) if _cost(passages) <= GIVEN_CHARACTERS else None


def retrieved(index: Index, query: str, earlier: Sequence[str] = ()) -> Selection:
    """What the query finds, and with less weight what was asked earlier, the best first until the budget is used up,
    with what stands around it; and the beginning of the document. Where nothing is found, more of that."""
    hits = [hit.passage for hit in index.search(query, MOST_HITS, earlier)]
    chosen = _Chosen()
    chosen.add_beginning(index, OPENING if hits else GIVEN_CHARACTERS)
    on_page = Counter(passage.page for passage in hits)
    for passage in hits:
        is_dense = on_page[passage.page] >= WHOLE_PAGE_HITS
        if not (is_dense and chosen.add(index.around(passage, _LONGEST_PAGE))):
            chosen.add(index.around(passage, NEIGHBOURS))
    return Selection(_pages(chosen.passages), is_whole=False)


class _Chosen:
    """Passages within the budget."""

    def __init__(self) -> None:
        self._by_number: dict[int, Passage] = {}
        self._pages: set[int] = set()
        self._spent = 0

    @property
    def passages(self) -> list[Passage]:
        return [self._by_number[number] for number in sorted(self._by_number)]

    def add(self, passages: Iterable[Passage], most: int = GIVEN_CHARACTERS) -> bool:
        """All of them, or none where they do not fit into so many characters."""
        new = [passage for passage in passages if passage.number not in self._by_number]
        spent = self._spent + _cost(new, self._pages)
        if spent > most:
            return False
        self._spent = spent
        self._by_number |= {passage.number: passage for passage in new}
        self._pages |= {passage.page for passage in new}
        return True

    def add_beginning(self, index: Index, characters: int) -> None:
        for passage in index.passages(0, characters // PASSAGE_OVERHEAD):
            if not self.add([passage], characters):
                return


def _cost(passages: Iterable[Passage], known_pages: Collection[int] = ()) -> int:
    """Characters, those of pages that are not known yet included."""
    passages = list(passages)
    new_pages = {passage.page for passage in passages}.difference(known_pages)
    return sum(len(passage.text) + PASSAGE_OVERHEAD for passage in passages) + len(new_pages) * PAGE_OVERHEAD


def _pages(passages: Iterable[Passage]) -> list[ShownPage]:
    return [ShownPage(page + 1, list(found)) for page, found in groupby(passages, key=lambda passage: passage.page)]

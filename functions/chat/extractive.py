"""Answers without a model: the passages that say most of what was asked, word by word, or that there are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from .answers import Answer, Citation, Turn
from .gaps import gaps
from .passages import Passage
from .prose import harmless
from .retrieval import Hit, Index, Ranking, Wanted, has, names_its_kind, wanted

LEAST_EVIDENCE = 2.6
"""Below, it is not said that the document answers the question: see `_evidence`. Found by benchmarks/chat, on its
questions to tune on: of 65 that a document does not answer 58 are not answered, and 44 % of the 233 that it does, in
other words than theirs; for those, the closest passages are shown all the same. At 2.3 it would be 54 and 38 %.
Neither word vectors nor what the whole document lacks of the question raised the area under the curve, which is
0.81."""

NEEDED: frozenset[Wanted] = frozenset({"phone", "mail"})
"""Where one of these is asked for, there is one in the best passage or BESIDE it, or it is no answer."""

EXPECTED: frozenset[Wanted] = frozenset({"figure", "frequency"})
WITHOUT = 3.5
"""Where one of these is asked for and none is there, the evidence is by so much less: numbers are written in more words
than are known here, but a question of four words that all stand there is not answered without one. On the questions to
tune on anything from 1 to 9 is as good, and less is worse."""

BESIDE = 1  # passages

MOST_QUOTED = 3  # passages that are found; those beside them are quoted with them
QUOTED_CHARACTERS = 600
CLOSE_BEHIND = 0.6
"""Of the best passage's score: what has less is not quoted beside it."""

SHORT = 100
"""Characters: a passage that is no longer, such as a line of a receipt, is quoted with those beside it."""

FARTHEST = 40
"""Passages: where no number, date or name is among what is found and the question asks for one, the nearest one on the
page is quoted, too. A receipt has some thirty lines, with its date on one of them."""

NOT_FOUND = "I did not find this in the document."
NOT_SURE = "I found no sure answer to this in the document."
CLOSEST_PAGES = 3


def answer(index: Index, question: str, earlier: Sequence[Turn] = ()) -> Answer:
    """`earlier` is what was said before in the conversation: a question may go on from it."""
    asked = [turn.content for turn in earlier if turn.role == "user"]
    ranking = index.rank(question, asked)
    kind = wanted(question)
    if _is_answered(index, ranking, kind, is_named=names_its_kind(question)):
        quoted = _quoted(index, ranking, kind)
        return Answer(_content(quoted), _citations(quoted), answerable=True, mode="extractive")
    closest = _closest(ranking)
    return Answer(_not_found(index, closest), _citations(closest), answerable=False, mode="extractive")


def _is_answered(index: Index, ranking: Ranking, kind: Wanted | None, *, is_named: bool) -> bool:
    """Whether so much of the question stands together that its answer may. `is_named`: it says of what kind that is, as
    "the date" does, and the words for it are not looked for: then there is one on the page."""
    if not ranking.hits:
        return False
    page, _ = ranking.pages[0]
    best = max((hit for hit in ranking.hits if hit.passage.page == page), key=lambda hit: hit.own)
    evidence = _evidence(ranking, best)
    if kind in NEEDED and not _is_near(index, best.passage, kind, BESIDE):
        return False
    if kind in EXPECTED and not _is_near(index, best.passage, kind, BESIDE):
        evidence -= WITHOUT
    if kind == "date" and is_named and not _is_near(index, best.passage, kind, FARTHEST):
        evidence -= WITHOUT
    return evidence >= LEAST_EVIDENCE


def _is_near(index: Index, passage: Passage, kind: Wanted, distance: int) -> bool:
    return any(has(kind, near.text) for near in index.around(passage, distance))


def _evidence(ranking: Ranking, best: Hit) -> float:
    """How many rare words of the question the best passage has, and what part of the question it has, and its page:
    three of six rare words together are no chance, nor is the one word of a short question. What was asked earlier is
    no part of it: it says where to look."""
    return ranking.words * best.own + best.own + ranking.shares.get(best.passage.page, 0.0)


def _closest(ranking: Ranking) -> list[Passage]:
    """The best passage of each of the best pages: where to look, which is no answer."""
    best: dict[int, Passage] = {}
    for hit in ranking.hits:
        best.setdefault(hit.passage.page, hit.passage)
    closest = [best[page] for page, _ in ranking.pages[:CLOSEST_PAGES] if page in best]
    return [passage for passage in closest if len(passage.text) <= QUOTED_CHARACTERS]


def _not_found(index: Index, closest: Sequence[Passage]) -> str:
    """Says where to look, and what was not searched."""
    first = NOT_SURE if closest else NOT_FOUND
    said = " ".join(filter(None, (first, gaps(index), "Closest to the question comes:" if closest else "")))
    return "\n".join([said, *([_content(closest)] if closest else [])])


def _citations(quoted: Iterable[Passage]) -> tuple[Citation, ...]:
    return tuple(Citation(passage.page + 1, passage.text, passage.bbox, passage.unit) for passage in quoted)


def _quoted(index: Index, ranking: Ranking, kind: Wanted | None) -> list[Passage]:
    """The best page's first, each page's in the order in which they stand on it."""
    first, _ = ranking.pages[0]
    best = _best(ranking.hits, first)
    found = [passage for hit in best for passage in _with_neighbours(index, hit.passage)]
    if kind and not any(has(kind, passage.text) for passage in found):
        found[1:1] = _nearest(index, best[0].passage, kind)
    chosen: dict[int, Passage] = {}
    left = QUOTED_CHARACTERS
    for passage in found:
        if passage.number not in chosen and len(passage.text) <= left:
            chosen[passage.number] = passage
            left -= len(passage.text)
    rank = {page: place for place, (page, _) in enumerate(ranking.pages)}
    return sorted(chosen.values(), key=lambda passage: (rank[passage.page], passage.number))


def _nearest(index: Index, passage: Passage, kind: Wanted) -> list[Passage]:
    """The one nearest to `passage` on its page that has what is asked for, of two the one below."""
    having = [other for other in index.around(passage, FARTHEST) if has(kind, other.text)]
    return sorted(having, key=lambda other: (abs(other.number - passage.number), -other.number))[:1]


def _best(hits: Sequence[Hit], first: int) -> list[Hit]:
    """The best passage of the page `first`, and what comes close to it."""
    on_first = [hit for hit in hits if hit.passage.page == first]
    others = [hit for hit in hits if hit.passage.page != first]
    close = [hit for hit in (*on_first, *others) if hit.score >= CLOSE_BEHIND * on_first[0].score]
    return close[:MOST_QUOTED]


def _with_neighbours(index: Index, passage: Passage) -> Iterator[Passage]:
    """`passage`, then those beside it where it is short, or names what is told below it."""
    yield passage
    for other in index.around(passage, 1):
        is_below_a_heading = passage.kind == "heading" and other.number > passage.number
        if other.number != passage.number and (is_below_a_heading or len(passage.text) <= SHORT):
            yield other


def _content(quoted: Iterable[Passage]) -> str:
    """What stands side by side is one quotation: `“The rent is due on May 1.” (p. 3)`. Links, pictures and HTML of the
    document are not quoted with it: whoever shows the answer as Markdown would load them."""
    runs = groupby(enumerate(quoted), key=lambda placed: (placed[1].page, placed[1].number - placed[0]))
    quotations = [[passage for _, passage in run] for _, run in runs]
    return "\n".join(f"“{harmless(_told(run))}” (p. {run[0].page + 1})" for run in quotations)


def _told(run: Iterable[Passage]) -> str:
    """Passages on one line; the cells of a row are divided by bars."""
    return " ".join(" ".join(passage.text.strip("\t").replace("\t", " | ").split()) for passage in run)

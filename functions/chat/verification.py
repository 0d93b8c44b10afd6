"""Whether what a model cites stands on the page that it names.

A model may name blocks that it was given, or quote a page. Texts are compared sign by sign: as Unicode sees them as
the same (NFKD, letter by letter with its marks), with any white space for any other, and with quotation marks and
dashes in whatever form, since models write them in the form that they are used to. Nothing else is forgiven. What is
delivered is never the model's spelling but the passage as it stands on the page, with the box around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from ocrchat.script import is_spaceless

from .answers import Citation
from .passages import Passage

MOST_CITATIONS = 10
"""Of one answer: more are not looked at by anybody, and a model that cites all it was given shows nothing."""

SNIPPET_CHARACTERS = 300
"""Of a citation: two or three sentences. A longer passage is cut."""

LEAST_SIGNS = 4
"""Letters and digits: a quote of fewer, such as "the" or "42", shows something only where it stands once."""

_WITHIN_NUMBER = re.compile(r"\d[.,']\d")
_UNSPACED = re.compile("[\u0e00-\u109f\u1361-\u1368\u1780-\u17ff]")
_MOST_MARKS = 16  # on one letter; what piles up more of them is no text
_SAME = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2012\u2013\u2014\u2015\u2212", "-"),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """`text` is said to stand on the page of the number `page`, from 1."""

    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Location:
    """`text` is said to be that of these passages, one behind the other."""

    passages: Sequence[Passage]
    text: str


Claim = Quote | Location


def verified(claims: Iterable[Claim], passages: Sequence[Passage]) -> tuple[Citation, ...]:
    """A citation for each of the `passages`, all that the model was given, that a claim is proven to stand on, each
    once, in the order of the claims. A quote that does not stand on its page but once on one other is taken for that
    one's. Where there are too many, the first passage of each claim goes before what else it reaches over."""
    pages = {index: Searched(list(found)) for index, found in groupby(passages, key=lambda passage: passage.page)}
    found: dict[int, tuple[int, Citation]] = {}
    for claim in claims:
        for rank, place in enumerate(_places(claim, pages)):
            known = found.get(place.passage.number)
            if known is None or rank < known[0]:
                found[place.passage.number] = (rank, known[1] if known else _citation(place))
    first = sorted(found, key=lambda number: found[number][0])[:MOST_CITATIONS]
    return tuple(found[number][1] for number in found if number in first)


def is_proven(claim: Location) -> bool:
    """Whether its passages say its text, and say anything."""
    said = _without_space("".join(passage.text for passage in claim.passages))
    return said == _without_space(claim.text) != ""


@dataclass(frozen=True, slots=True)
class _Place:
    """A passage, and from which of its characters on it says what is claimed."""

    passage: Passage
    start: int


def _places(claim: Claim, pages: Mapping[int, Searched]) -> Sequence[_Place]:
    """The passages that a claim is proven to stand on; none where it is not."""
    if isinstance(claim, Location):
        return [_Place(passage, 0) for passage in claim.passages if passage.text.strip()] if is_proven(claim) else []
    on_page = pages.get(claim.page - 1)
    here = list(islice(on_page.find(claim.text), 2)) if on_page else []
    elsewhere = [] if here else list(islice(_find_anywhere(claim.text, pages), 2))
    found = here or elsewhere
    must_be_unique = not here or sum(map(str.isalnum, claim.text)) < LEAST_SIGNS
    return found[0] if found and not (must_be_unique and len(found) > 1) else []


def _find_anywhere(text: str, pages: Mapping[int, Searched]) -> Iterator[list[_Place]]:
    for page in pages.values():
        yield from page.find(text)


def _citation(place: _Place) -> Citation:
    passage = place.passage
    return Citation(passage.page + 1, _cut(passage.text, place.start), passage.bbox, passage.unit)


def _cut(text: str, start: int) -> str:
    """All of a text that is short enough, else what stands from `start` on, to the end of a word."""
    if len(text) <= SNIPPET_CHARACTERS:
        return text.strip()
    end = start + SNIPPET_CHARACTERS
    if end < len(text) and not _divides(text[end - 1], text[end]):
        end = next((at for at in range(end, start, -1) if text[at - 1].isspace()), end)
    return text[start:end].strip()


class Searched:
    """Passages in the order of the document. Those whose numbers follow one another are one text."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._runs: list[tuple[str, list[_Place]]] = []
        for _, run in groupby(enumerate(passages), key=lambda numbered: numbered[1].number - numbered[0]):
            self._runs.append(_joined([passage for _, passage in run]))

    def holds(self, text: str) -> bool:
        return next(self.find(text), None) is not None

    def find(self, text: str) -> Iterator[list[_Place]]:
        """Each time that `text` stands there, from the beginning to the end of words: the passages that it touches."""
        wanted = compared(text)[0].strip()
        for signs, places in self._runs if wanted else ():
            at = signs.find(wanted)
            while at >= 0:
                end = at + len(wanted)
                if _is_apart(signs, at) and _is_apart(signs, end):
                    yield _touched(places[at:end])
                    at = end - 1
                at = signs.find(wanted, at + 1)


def _joined(passages: Sequence[Passage]) -> tuple[str, list[_Place]]:
    """The folded texts of passages with a space between them, and where each sign comes from."""
    signs, places = "", list[_Place]()
    for passage in passages:
        text, starts = compared(passage.text)
        if signs and text and not _are_joined(signs[-1], text[0]):
            signs += " "
            places.append(places[-1])
        signs += text
        places += [_Place(passage, start) for start in starts]
    return signs, places


def _touched(places: Iterable[_Place]) -> list[_Place]:
    """The first place in each passage."""
    return [next(inside) for _, inside in groupby(places, key=lambda place: place.passage.number)]


def compared(text: str) -> tuple[str, list[int]]:
    """`text` in the one form in which texts are compared, and the index in `text` that each of its signs comes from.
    White space is one space, and none beside signs of scripts that set none."""
    signs: list[str] = []
    places: list[int] = []
    is_spaced = False
    for start, cluster in _clusters(text):
        for character in unicodedata.normalize("NFKD", cluster):
            sign = _SAME.get(character, character)
            if sign.isspace():
                is_spaced = bool(signs)
            elif unicodedata.category(sign) != "Cf":  # soft hyphens, joiners, marks of direction
                if is_spaced and not _are_joined(signs[-1], sign):
                    signs.append(" ")
                    places.append(start)
                is_spaced = False
                signs.append(sign)
                places.append(start)
    return "".join(signs), places


def _without_space(text: str) -> str:
    return compared(text)[0].replace(" ", "")


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Letters with the marks on them, whose order must not matter."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not unicodedata.combining(text[end]) or end - start > _MOST_MARKS:
            yield start, text[start:end]
            start = end


def _are_joined(before: str, after: str) -> bool:
    return _is_unspaced(before) or _is_unspaced(after)


def _is_apart(signs: str, at: int) -> bool:
    """Whether neither a word nor a number goes on over this place."""
    if at in {0, len(signs)}:
        return True
    return _divides(signs[at - 1], signs[at]) and not any(map(_WITHIN_NUMBER.fullmatch, _threes(signs, at)))


def _threes(signs: str, at: int) -> tuple[str, str]:
    """Three signs with the place behind the first of them, and behind the second."""
    return signs[at - 1 : at + 2], signs[max(at - 2, 0) : at + 1]


def _divides(before: str, after: str) -> bool:
    """Whether a word may end between two signs, or there are none in their script."""
    if unicodedata.category(after).startswith("M"):
        return False
    is_within = _is_of_word(before) and _is_of_word(after)
    return not is_within or _is_unspaced(before) or _is_unspaced(after)


def _is_of_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign).startswith("M")


def _is_unspaced(sign: str) -> bool:
    """Of a script without spaces: beside Chinese and Japanese, Thai, Lao, Tibetan, Burmese and Khmer; and what Ethiopic
    has in the place of a space."""
    return is_spaceless(sign) or _UNSPACED.match(sign) is not None

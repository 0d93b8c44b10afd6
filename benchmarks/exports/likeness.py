"""How near the text of a PDF page is to what was read on it, by words, by lines and by places.

Texts are compared as `benchmarks.accuracy.metrics` compares them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.accuracy.metrics import f1, normalised, words_of
from ocrchat.blocks import BBox, Line, is_in, middle_of, union

from .extraction import Found
from .geometry import overlap


@dataclass(frozen=True, slots=True)
class Difference:
    """`edits` of characters that turn the extracted lines into those of `length` characters that were read; `same` of
    `lines` need none."""

    edits: int
    length: int
    same: int
    lines: int

    @property
    def rate(self) -> float:
        return self.edits / max(self.length, 1)


def words_f1(truth: str, text: str, *, unspaced: bool) -> float:
    expected, found = (words_of(normalised(one, unspaced=unspaced), unspaced=unspaced) for one in (truth, text))
    return f1(expected, found)


def of_lines(truth: Iterable[str], extracted: Iterable[str], *, unspaced: bool) -> Difference:
    """Each line that was read beside the extracted one that is nearest to it, each of which counts once; what is then
    left over has come out of nowhere."""
    wanted, left = (_counted(lines, unspaced=unspaced) for lines in (truth, extracted))
    same = wanted & left
    missed, left = list((wanted - same).elements()), left - same
    edits = 0
    for line in sorted(missed, key=len, reverse=True):
        nearest = min(left, key=lambda other: _distance(line, other), default="")
        edits += _distance(line, nearest)
        left -= Counter([nearest])
    edits += sum(map(len, left.elements()))
    return Difference(edits, sum(map(len, wanted.elements())), same.total(), wanted.total())


def of_places(truth: Sequence[Line], words: Iterable[Found], *, unspaced: bool) -> Difference:
    """Each line that was read beside the words whose middle is in its box, as they stand along it; words in no line
    have come out of nowhere."""
    held: list[list[Found]] = [[] for _ in truth]
    edits = 0
    for word in words:
        number = line_of(word.bbox, truth)
        if number is None:
            edits += len(normalised(word.text, unspaced=unspaced))
        else:
            held[number].append(word)
    length = same = 0
    for line, inside in zip(truth, held, strict=True):
        wanted = normalised(line.text, unspaced=unspaced)
        text = " ".join(word.text for word in in_order(line, inside))
        distance = _distance(wanted, normalised(text, unspaced=unspaced))
        edits, length, same = edits + distance, length + len(wanted), same + (distance == 0)
    return Difference(edits, length, same, len(truth))


def in_order(line: Line, words: Iterable[Found]) -> list[Found]:
    """Along the way from the first word that was read on the line to the last; to the right where it has but one."""
    first, last = (line.words[0], line.words[-1]) if len(line.words) > 1 else (None, None)
    across, down = 1.0, 0.0
    if first and last:
        (x0, y0), (x1, y1) = middle_of(first.bbox), middle_of(last.bbox)
        across, down = x1 - x0, y1 - y0

    def along(word: Found) -> float:
        x, y = middle_of(word.bbox)
        return x * across + y * down

    return sorted(words, key=along)


def line_of(box: BBox, lines: Sequence[Line]) -> int | None:
    """The number of the line that the middle of `box` is in; of several (boxes of slanting lines overlap) that with the
    word, or else the middle, nearest to it."""
    middle = middle_of(box)
    candidates = [number for number, line in enumerate(lines) if is_in(middle, line.bbox)]

    def distance(number: int) -> tuple[float, float]:
        boxes = [word.bbox for word in lines[number].words] or [lines[number].bbox]
        return (-max(overlap(box, other) for other in boxes), abs(middle_of(lines[number].bbox)[1] - middle[1]))

    return min(candidates, key=distance, default=None)


def overlaps(truth: Iterable[Line], words: Iterable[Found]) -> list[float]:
    """Of each word that was read with the extracted word of the same letters that covers it best; 0 where none is. The
    order of letters is left aside: `pdftotext -bbox` writes words that run from the right as they are seen."""
    places: dict[str, list[BBox]] = {}
    for word in words:
        places.setdefault(_letters(word.text), []).append(word.bbox)
    return [
        max((overlap(box, other) for other in places.get(_letters(text), ())), default=0.0)
        for line in truth
        for text, box in spaced_words(line)
    ]


def spaced_words(line: Line) -> list[tuple[str, BBox]]:
    """The words of a line as its spaces divide them: readers of PDF know no other words, while the engine's may be
    parts of one. Words that the line's text does not hold are left out, and so is a line of which no word is known."""
    found: list[tuple[str, list[BBox]]] = []
    at = 0
    for word in line.words:
        start = line.text.find(word.text, at)
        if start < 0:
            continue
        between = line.text[at:start]
        if found and not any(map(str.isspace, between)):
            text, boxes = found.pop()
            found.append((text + between + word.text, [*boxes, word.bbox]))
        else:
            found.append((word.text, [word.bbox]))
        at = start + len(word.text)
    return [(text, union(boxes)) for text, boxes in found]


def _counted(lines: Iterable[str], *, unspaced: bool) -> Counter[str]:
    return Counter(line for raw in lines if (line := normalised(raw, unspaced=unspaced)))


def _letters(text: str) -> str:
    return "".join(sorted(normalised(text)))


def _distance(one: str, other: str) -> int:
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(one, other))

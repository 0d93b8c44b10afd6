"""A list's lines as items that Word counts by itself, where it comes to the same markers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ocrchat.markers import Marker, markers_of

from .numbering import LEVELS, Numbering, shown
from .paragraphs import Paragraph
from .runs import Setting
from .xml import clean

Place = tuple[int, int]
"""Of an item: (numbering instance, level)."""


@dataclass(slots=True)
class _Level:
    """A list that is open: its numbering and its last marker."""

    number: int
    last: Marker


@dataclass(slots=True)
class _Open:
    """The lists that are open, one in the other. The longest marker of all has `longest` characters."""

    numbering: Numbering
    longest: int
    levels: list[_Level] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return self.levels[-1].number, len(self.levels) - 1

    def goes_on(self, candidates: Sequence[Marker]) -> Marker | None:
        """The one of `candidates` that comes next in the innermost list where one does; those within it are closed."""
        for depth in range(len(self.levels) - 1, -1, -1):
            for marker in candidates:
                if _comes_after(self.levels[depth].last, marker):
                    del self.levels[depth + 1 :]
                    self.levels[depth].last = marker
                    return marker
        return None

    def begins(self, candidates: Sequence[Marker], following: Sequence[Marker]) -> Marker | None:
        """The one of `candidates` that a list begins with: it counts from one, stands first, or is followed."""
        fit = [
            (any(_comes_after(marker, other) for other in following), marker.value <= 1, marker)
            for marker in candidates
        ]
        is_followed, from_one, marker = max(fit, key=lambda entry: entry[:2], default=(False, False, None))
        if marker is None or not (is_followed or from_one or not self.levels):
            return None
        if not from_one or len(self.levels) == LEVELS:
            self.levels.clear()
        self.levels.append(_Level(self.numbering.instance(marker, len(self.levels), self.longest), marker))
        return marker


def paragraphs(text: str, numbering: Numbering, setting: Setting, half_points: int | None = None) -> list[Paragraph]:
    """One for each line that is not blank."""
    lines = [line for line in clean(text).split("\n") if line.strip()]
    right = setting.runs_from_the_right(text)
    items = []
    for line, (marker, place) in zip(lines, _placed(lines, numbering), strict=True):
        style, content = "ListContinue", line
        if marker is not None and place is not None:
            style = "ListBullet" if marker.kind == "bullet" else "ListNumber"
            content = line[marker.length :]
        elif marker is not None:
            style = "List"
            content = f"{line[: marker.length].strip()}\t{line[marker.length :]}"
        runs = setting.runs(content.strip(" "), from_the_right=right, half_points=half_points)
        items.append(Paragraph(runs, style, number=place, from_the_right=right))
    return items


def _placed(lines: Sequence[str], numbering: Numbering) -> Iterator[tuple[Marker | None, Place | None]]:
    """For each line its marker, if it has one, and its place, if Word can count it."""
    found = [markers_of(line) for line in lines]
    counted = [
        [marker for marker in markers if _is_counted(marker, line)] for markers, line in zip(found, lines, strict=True)
    ]
    longest = max((len(shown(marker)) for markers in counted for marker in markers), default=0)
    lists = _Open(numbering, longest)
    for markers, candidates, following in zip(found, counted, [*counted[1:], []], strict=True):
        marker = lists.goes_on(candidates) or lists.begins(candidates, following)
        if marker is not None:
            yield marker, lists.place
        else:
            yield next(iter(markers), None), None


def _comes_after(one: Marker, other: Marker) -> bool:
    if (one.kind, one.sign) != (other.kind, other.sign):
        return False
    return one.kind == "bullet" or other.value == one.value + 1


def _is_counted(marker: Marker, line: str) -> bool:
    """Whether Word shows the very marker that stands in the line."""
    written = line[: marker.length].strip()
    return written == shown(marker) or marker.kind == "bullet"

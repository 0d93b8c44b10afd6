"""A list's lines as items that Word counts by itself, where it comes to the same markers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.markers import Marker, markers_of

from .numbering import LEVELS, Numbering, shown
from .paragraphs import Paragraph
from .runs import Setting
from .xml import clean


@dataclass(slots=True)
class _Level:
    """A list that is open: its numbering and its last marker."""

    number: int
    last: Marker


def paragraphs(text: str, numbering: Numbering, setting: Setting, half_points: int | None = None) -> list[Paragraph]:
    """One for each line that is not blank."""
    lines = [line for line in clean(text).split("\n") if line.strip()]
    items = []
    for line, (marker, place) in zip(lines, _placed(lines, numbering), strict=True):
        style, content = "ListContinue", line
        if marker is not None and place is not None:
            style = "ListBullet" if marker.kind == "bullet" else "ListNumber"
            content = line[marker.length :]
        elif marker is not None:
            style = "List"
            content = f"{line[: marker.length].strip()}\t{line[marker.length :]}"
        right = setting.runs_from_the_right(content)
        runs = setting.runs(content.strip(" "), from_the_right=right, half_points=half_points)
        items.append(Paragraph(runs, style, number=place, from_the_right=right))
    return items


def _placed(lines: Sequence[str], numbering: Numbering) -> list[tuple[Marker | None, tuple[int, int] | None]]:
    """For each line its marker, if it has one, and its place (numbering instance, level), if Word can count it. A line
    goes on with the innermost list that it follows in; one that begins anew in a list begins a list within it."""
    found = [[marker for marker in markers_of(line) if _is_counted(marker, line)] for line in lines]
    levels: list[_Level] = []
    placed: list[tuple[Marker | None, tuple[int, int] | None]] = []
    for index, line in enumerate(lines):
        marker = _continue(levels, found[index]) or _begin(levels, found, index, numbering)
        if marker is not None:
            placed.append((marker, (levels[-1].number, len(levels) - 1)))
        else:
            placed.append((next(iter(markers_of(line)), None), None))
    return placed


def _continue(levels: list[_Level], candidates: Sequence[Marker]) -> Marker | None:
    """The one of `candidates` that comes next in an open list; those within that list are closed."""
    for depth in range(len(levels) - 1, -1, -1):
        for marker in candidates:
            if _comes_after(levels[depth].last, marker):
                del levels[depth + 1 :]
                levels[depth].last = marker
                return marker
    return None


def _begin(levels: list[_Level], found: Sequence[Sequence[Marker]], index: int, numbering: Numbering) -> Marker | None:
    """The one of a line's markers that a list begins with: it counts from one, stands first, or is followed."""
    following = found[index + 1] if index + 1 < len(found) else []
    begun = [
        (any(_comes_after(marker, other) for other in following), marker.value <= 1, marker) for marker in found[index]
    ]
    fit = [entry for entry in begun if entry[0] or entry[1] or index == 0]
    if not fit:
        return None
    _, from_one, marker = max(fit, key=lambda entry: entry[:2])
    if not from_one or len(levels) == LEVELS:
        levels.clear()
    levels.append(_Level(numbering.instance(marker, len(levels)), marker))
    return marker


def _comes_after(one: Marker, other: Marker) -> bool:
    if (one.kind, one.sign) != (other.kind, other.sign):
        return False
    return one.kind == "bullet" or other.value == one.value + 1


def _is_counted(marker: Marker, line: str) -> bool:
    """Whether Word shows the very marker that stands in the line."""
    written = line[: marker.length].strip()
    return written == shown(marker) or marker.kind == "bullet"

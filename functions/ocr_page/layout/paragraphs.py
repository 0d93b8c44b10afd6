"""Where a paragraph ends: the rows of a region, taken apart into those that belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from math import log

from ocrchat.markers import follows, is_bullet, markers_of

from .rows import Row
from .running import ends_sentence, goes_on, is_full, is_running

NEW_SIZE = 1.15  # times the size of the other line: another kind of text
NEW_ESTIMATED_SIZE = 1.35  # ... where sizes are estimated: `ace` has a lower box than `Afg`
WIDE_PITCH = 1.3  # times the usual distance of two lines: a paragraph ends there
RECENT_ROWS = 6  # of a paragraph show whether its lines are full
FORMULA_PITCH = 1.7  # ... within a sentence, whose formulas push lines apart
STEADY = 1.15  # times: distances that differ less are the same
GROUP_PITCH = 1.15  # ... where the PDF, too, draws them apart
USUAL_PITCH = 1.5  # times the size of the font, where too few lines show their own
FAR = 3.0  # times the size of the font: lines so far apart say nothing about the distance of lines
PITCH_SAMPLES = 3  # so few distances at least show what is usual
CAPITALS = 4  # letters show that a line is written in them
INDENT = 0.8  # times the size of the font, in or out
CENTRED = 0.8  # times the size of the font that the middles of centred lines differ by, at most


@dataclass(frozen=True, slots=True)
class Column:
    """The rows of a region and what they have in common: the right edge of text of each size, whether most of it runs,
    and the usual distance of two lines as a multiple of the size of their font."""

    rows: tuple[Row, ...]
    edges: Mapping[int, float]
    is_prose: bool
    pitch: float

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Column:
        of_one_size: dict[int, list[Row]] = {}
        for row in rows:
            of_one_size.setdefault(_size_class(row), []).append(row)
        edges = {size: _right_edge(its_rows) for size, its_rows in of_one_size.items()}
        is_prose = len(rows) > PITCH_SAMPLES and is_running(rows, _right_edge(rows))
        return cls(tuple(rows), edges, is_prose, _usual_pitch(rows))

    def right(self, row: Row) -> float:
        """The edge of text of its size: footnotes may be wider than the text, or narrower."""
        return self.edges[_size_class(row)]

    def paragraphs(self) -> list[list[Row]]:
        """The rows, taken apart where a paragraph, a heading or an item of a list begins."""
        if not self.rows:
            return []
        found = [[self.rows[0]]]
        for row, after in zip_longest(self.rows[1:], self.rows[2:]):
            if self._begins(found[-1], row, after):
                found.append([])
            found[-1].append(row)
        return found

    def _begins(self, paragraph: list[Row], row: Row, after: Row | None) -> bool:
        last = paragraph[-1]
        if self._is_apart(paragraph, row, after):
            return True
        full = is_full(last, row, self.right(last))
        if not full and (last.bold != row.bold or _is_capital(last.text) != _is_capital(row.text)):
            return True
        if begins_item(paragraph, row, full=full):
            return True
        if any(marker.kind != "bare" for marker in markers_of(paragraph[0].text)):
            hangs = row.box[0] > paragraph[0].box[0] + INDENT / 2 * row.size
            return not full and (not hangs or row.cells > 1)
        if _is_centred(last, row):
            return False
        return self._is_indented(paragraph, row, after, full=full)

    def _is_apart(self, paragraph: Sequence[Row], row: Row, after: Row | None) -> bool:
        """By size or distance."""
        last = paragraph[-1]
        if _differ_in_size(last, row):
            return True
        pitch = (row.middle - last.middle) / max(last.size, row.size)
        drawn_apart = None not in (last.group, row.group) and last.group != row.group
        if pitch <= (GROUP_PITCH if drawn_apart else WIDE_PITCH) * self.pitch:
            return False
        if (
            pitch <= FORMULA_PITCH * self.pitch
            and is_full(last, row, self.right(last))
            and goes_on(last.text, row.text)
        ):
            return False
        if pitch > USUAL_PITCH or drawn_apart:
            return True
        # smaller text in the column makes that of larger text look wide, but not wider than above or below
        nearby = [(last.middle - paragraph[-2].middle)] if len(paragraph) > 1 else []
        nearby += [after.middle - row.middle] if after is not None else []
        return row.middle - last.middle > STEADY * max(nearby, default=0.0)

    def _is_indented(self, paragraph: list[Row], row: Row, after: Row | None, *, full: bool) -> bool:
        """By where the line begins and where the one before it ends."""
        last, indent = paragraph[-1], INDENT * row.size
        if row.box[0] > last.box[0] + indent:
            hangs = after is None or after.box[0] > last.box[0] + indent or goes_on(last.text, row.text)
            return not (hangs and len(paragraph) == 1 and full)
        if row.box[0] < last.box[0] - indent:
            return len(paragraph) > 1 or not full
        ran = self.is_prose or any(
            is_full(one, other, self.right(one)) for one, other in pairwise(paragraph[-RECENT_ROWS:])
        )
        return ran and not full and ends_sentence(last.text) and last.cells == 1


def begins_item(paragraph: Sequence[Row], row: Row, *, full: bool) -> bool:
    """Whether `row` begins an item of a list below `paragraph`, whose last line is `full`."""
    markers = markers_of(row.text)
    if not markers:
        return False
    if follows(markers_of(paragraph[0].text), markers):
        return True
    if is_bullet(row.text):
        return True
    if markers[0].kind == "bare":
        return False
    return not full or abs(row.box[0] - paragraph[-1].box[0]) > INDENT * row.size


def _size_class(row: Row) -> int:
    """The same number for rows of about one size; estimated sizes are too inexact to tell classes."""
    return 0 if row.is_estimated else round(log(max(row.size, 1.0), NEW_SIZE))


def _is_capital(text: str) -> bool:
    """Whether it is written in capitals, as headings are."""
    return text.isupper() and text != text.lower() and sum(character.isalpha() for character in text) >= CAPITALS


def _differ_in_size(one: Row, other: Row) -> bool:
    factor = NEW_ESTIMATED_SIZE if one.is_estimated else NEW_SIZE
    return max(one.size, other.size) >= factor * min(one.size, other.size)


def _is_centred(one: Row, other: Row) -> bool:
    """Whether both have the same middle, though one is shorter at both ends."""
    left, right = other.box[0] - one.box[0], one.box[2] - other.box[2]
    return (
        left * right > 0
        and min(abs(left), abs(right)) > INDENT * other.size
        and (abs(left - right) / 2 <= CENTRED * other.size)
    )


def _right_edge(rows: Sequence[Row]) -> float:
    """Where text ends at the right: the widest line in ten may stand out."""
    edges = sorted((row.box[2] for row in rows), reverse=True)
    return edges[len(edges) // 10] if edges else 0.0


def _usual_pitch(rows: Sequence[Row]) -> float:
    pitches = sorted(
        (after.middle - before.middle) / max(before.size, after.size)
        for before, after in pairwise(rows)
        if not _differ_in_size(before, after)
    )
    pitches = [pitch for pitch in pitches if pitch <= FAR]
    return pitches[len(pitches) // 3] if len(pitches) >= PITCH_SAMPLES else min([USUAL_PITCH, *pitches])

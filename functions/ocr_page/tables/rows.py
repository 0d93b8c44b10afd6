"""The rows of a table without rules between them: entries that stand side by side, and lines that belong to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from .cells import lines_of
from .headers import is_period
from .model import Rule
from .pieces import Piece, is_value

FULL = 0.5  # of the columns, and more, are filled in a row that can take up others
FULL_IN_BAND = 0.6  # of the columns that are filled between two rules: as many has each of several rows there
SLACK = 0.3  # em: an entry that reaches into a column no further does not stand in it
PHRASE = 1.2  # em, at most, between the pieces of a heading over all columns
ABOVE = 1.5  # em, at most, from the middle of a heading to the rule below it
BESIDE = 0.7  # of the distance of two lines, at most, between a row and a line of a cell that is set around its middle
ONE_LEADING = 1.25  # of the distance of two lines, at most, between a row and the next line of its cells
NEARER = 0.75  # of the distance of two rows, at most: so near a line belongs to the row even if it starts like one

_GOES_ON = (",", "-", "\u2013", "&", "/", "(", " and", " or", " of", " the", " to", " for", " in", " with")


@dataclass(frozen=True, slots=True)
class Columns:
    """The left and right edges of columns; `parts` are rules that run below the heading of several of them."""

    edges: tuple[tuple[float, float], ...]
    parts: tuple[Rule, ...]
    em: float

    def row(self, line: Sequence[Piece]) -> Row:
        """The pieces of one line by the columns that they stand in; a phrase of its own that
        runs across columns is a heading over all."""
        if self._is_title(line):
            return Row({(0, len(self.edges) - 1): list(line)})
        row = Row({})
        for piece in line:
            row.entries.setdefault(self._over_part(piece, line) or self.place_of(piece), []).append(piece)
        return row

    def _over_part(self, piece: Piece, line: Sequence[Piece]) -> tuple[int, int] | None:
        """The columns above a rule below some of them, if `piece` alone stands on it."""
        part = next((part for part in self.parts if self._stands_on(piece, part)), None)
        if part is None or sum(self._stands_on(other, part) for other in line) > 1:
            return None
        over = [n for n, (start, end) in enumerate(self.edges) if part.start < (start + end) / 2 < part.end]
        return (over[0], over[-1]) if over else None

    def _is_title(self, line: Sequence[Piece]) -> bool:
        """Whether the line is one phrase that runs across the white between columns."""
        if any(right.bbox[0] - left.bbox[2] > PHRASE * self.em for left, right in pairwise(line)):
            return False
        first, last = self.place_of(line[0])[0], self.place_of(line[-1])[1]
        return first < last and (len(line) == 1 or any(self._crosses(piece) for piece in line))

    def _crosses(self, piece: Piece) -> bool:
        first, last = self.place_of(piece)
        return first < last

    def place_of(self, piece: Piece) -> tuple[int, int]:
        """The first and the last column that `piece` stands in; the nearest where it stands between two."""
        over = self._columns(piece.bbox[0], piece.bbox[2])
        if over is not None:
            return over
        numbers = range(len(self.edges))
        nearest = min(numbers, key=lambda number: abs(sum(self.edges[number]) / 2 - piece.centre))
        return (nearest, nearest)

    def _columns(self, left: float, right: float) -> tuple[int, int] | None:
        """The first and the last column between two x."""
        slack = SLACK * self.em
        over = [
            number
            for number, (start, end) in enumerate(self.edges)
            if min(end, right) - max(start, left) > min(slack, (end - start) / 2)
        ]
        return (over[0], over[-1]) if over else None

    def _stands_on(self, piece: Piece, rule: Rule) -> bool:
        return (
            0 < rule.at - piece.middle <= ABOVE * self.em
            and rule.start - self.em <= piece.bbox[0]
            and piece.bbox[2] <= rule.end + self.em
        )


@dataclass(slots=True)
class Row:
    """Entries by column: the pieces of column `first` to `last` in the order in which they are read."""

    entries: dict[tuple[int, int], list[Piece]]

    @property
    def top(self) -> float:
        return min(piece.bbox[1] for pieces in self.entries.values() for piece in pieces)

    @property
    def bottom(self) -> float:
        return max(piece.bbox[3] for pieces in self.entries.values() for piece in pieces)

    @property
    def first(self) -> float:
        """y of the middle of the first line."""
        return min(piece.middle for pieces in self.entries.values() for piece in pieces)

    @property
    def last(self) -> float:
        return max(piece.middle for pieces in self.entries.values() for piece in pieces)

    @property
    def filled(self) -> set[int]:
        return {column for first, last in self.entries for column in range(first, last + 1)}

    @property
    def has_spread(self) -> bool:
        """Whether an entry stands over several columns."""
        return any(last > first for first, last in self.entries)

    def take(self, other: Row) -> None:
        for place, pieces in other.entries.items():
            self.entries.setdefault(place, []).extend(pieces)

    def fits(self, other: Row) -> bool:
        """Whether no entry of `other` stands over only a part of one of these, or the other way round."""
        return all(
            mine == theirs or mine[1] < theirs[0] or theirs[1] < mine[0]
            for mine in self.entries
            for theirs in other.entries
        )


def rows_of_lines(pieces: Sequence[Piece], columns: Columns) -> list[Row]:
    """A row a line of text, from top to bottom."""
    return [columns.row(line) for line in lines_of(pieces)]


def rows_of_band(pieces: Sequence[Piece], columns: Columns) -> list[Row]:
    """The rows between two rules: one, if no two of its lines are full."""
    rows = rows_of_lines(pieces, columns)
    whole = len({column for row in rows for column in row.filled})
    full = sum(len(row.filled) >= max(2, FULL_IN_BAND * whole) for row in rows)
    if full <= 1 and whole >= 2 and not any(row.has_spread for row in rows):
        return [joined(rows)]
    return _merged(rows, len(columns.edges))


def heading_rows(pieces: Sequence[Piece], columns: Columns) -> list[Row]:
    """The rows above the first rule: headings over several columns, and one row of what stands below them."""
    rows = rows_of_lines(pieces, columns)
    over = max((number + 1 for number, row in enumerate(rows) if row.has_spread), default=0)
    return [*rows[:over], joined(rows[over:])] if over < len(rows) else rows


def has_values(row: Row) -> bool:
    """Whether a number stands in the row, right of its first column."""
    return any(
        place[0] > 0 and is_value(piece.text) and not is_period(piece.text)
        for place, pieces in row.entries.items()
        for piece in pieces
    )


def joined(rows: Sequence[Row]) -> Row:
    """All of `rows` as one."""
    whole = Row({})
    for row in rows:
        whole.take(row)
    return whole


def ruled_one_by_one(bands: Sequence[Sequence[Row]]) -> bool:
    """Whether the lines between each two rules make one row: some column has one entry everywhere, no value stands
    below another one, and there are cells of several lines."""
    if len(bands) < 2 or all(len(band) <= 1 for band in bands):
        return False
    single: set[int] | None = None
    for band in bands:
        entries = Counter(column for row in band for column in row.filled)
        values = Counter(
            place for row in band for place, pieces in row.entries.items() if all(is_value(p.text) for p in pieces)
        )
        if any(count > 1 for count in values.values()):
            return False
        once = {column for column, count in entries.items() if count == 1}
        single = once if single is None else single & once
    return bool(single)


def _merged(rows: list[Row], columns: int) -> list[Row]:
    """Rows that are only lines of another one's cells go into it: into the one that they stand beside of, which is
    set in the middle of its lines, or into the one that they go on from."""
    leading, usual = _distances(rows)
    done: list[Row] = []
    waiting: list[Row] = []  # lines that belong to the next full row
    for row, below in zip(rows, [*rows[1:], None], strict=True):
        above = done[-1] if done else None
        owner = None if _is_full(row, columns) else _owner(row, above, below, columns, leading, usual)
        if owner is not None and owner is above:
            above.take(row)
        elif owner is not None:
            waiting.append(row)
        else:
            done.append(joined([*waiting, row]))
            waiting = []
    return done + waiting


def _owner(row: Row, above: Row | None, below: Row | None, columns: int, leading: float, usual: float) -> Row | None:
    """The neighbour that `row` is a part of."""
    far_above = row.first - above.last if above is not None and above.fits(row) else inf
    far_below = below.first - row.last if below is not None and below.fits(row) else inf
    if below is not None and far_below <= BESIDE * leading and far_below < far_above and _is_full(below, columns):
        return below
    if above is None or far_above > ONE_LEADING * leading:
        return None
    if far_above <= BESIDE * leading or _continues(above, row, min(far_below, usual) * NEARER - far_above):
        return above
    return None


def _continues(above: Row, row: Row, nearer: float) -> bool:
    """Whether `row`, a line below `above`, is more of its cells' text and no row of its own. `nearer` is positive when
    it stands clearly nearer than rows do."""
    texts = [piece.text for pieces in row.entries.values() for piece in pieces]
    goes_on = texts[0][:1].islower() or texts[0][:1] == "("
    if any(map(is_value, texts)):
        return goes_on
    if 0 not in row.filled:
        return row.filled <= above.filled
    if 0 not in above.filled:
        return False
    before = " ".join(piece.text for place, pieces in above.entries.items() if place[0] == 0 for piece in pieces)
    return goes_on or nearer > 0 or before.rstrip().lower().endswith(_GOES_ON)


def _is_full(row: Row, columns: int) -> bool:
    return len(row.filled) > max(1, FULL * columns) and len(row.entries) >= 2


def _distances(rows: Sequence[Row]) -> tuple[float, float]:
    """From line to line of one cell, and from row to row: a low quartile and the median of all that stand below each
    other in a column."""
    last: dict[int, float] = {}
    steps: list[float] = []
    for row in rows:
        for column in row.filled:
            if column in last:
                steps.append(row.first - last[column])
            last[column] = row.last
    steps.sort()
    return (steps[len(steps) // 4], steps[len(steps) // 2]) if steps else (0.0, 0.0)

"""Which parts of a page are read one after the other, from the places of boxes alone.

Top down: where lines begin one below the other, right of others, a gutter may run; if running text stands on both
sides of it, each side is read on its own, between the lines that run across. What is left is read row by row: so are
the columns of a form or a receipt, since their entries are short.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from .pieces import Piece
from .rows import Item, grouped, line_height

COLUMN_ROWS = 4  # a column of running text has at least so many lines
SHORT_COLUMN_ROWS = 2  # ... or so many beside one that has COLUMN_ROWS
COLUMN_FILL = 0.6  # of its column's width is filled by the usual line
COLUMN_WIDTH = 7.0  # times its height is the median piece wide, at least: some 14 Latin letters, 9 Chinese ones
LONG_COLUMN_ROWS = 8  # ... or so many that it is one whatever stands in it
FULL_LINE = 0.85  # of its column's width is filled by a full line
FULL_LINES = 0.5  # of the characters of prose stand in full lines
FULL_LINE_WIDTH = 10.0  # times its height is the median piece of prose wide, at least
LETTERS = 0.5  # of the characters, at least: columns of numbers are a table's
SAME_LINE = 0.2  # of the height of a line: two that differ less have one base line
SHARED_BESIDE_PROSE = 0.7  # of the lines; a table shares all, what is set on its own two in five by chance
SHARED = 0.5  # ... where neither side is prose
CROSSING = 0.5  # of the median line height that a line may reach over a gutter, since boxes are not exact
CROSSING_SHARE = 0.1  # ... or so much of its own width
CROSSING_MOST = 2.0  # ... but no more, of the line height
GUTTERS = 8  # the most promising ones are tried
DEPTH = 12  # divisions within divisions: a newspaper has 4


def regions_of(items: Sequence[Item]) -> list[list[Item]]:
    """Groups of items that are read one after the other, each of them row by row."""
    return _regions(sorted(items, key=lambda item: item.middle), DEPTH)


@dataclass(slots=True)
class _Stretch:
    """What stands left and right of a gutter between two lines that run across it; or such a line."""

    left: list[Item] = field(default_factory=list)
    right: list[Item] = field(default_factory=list)
    across: Item | None = None

    @property
    def size(self) -> int:
        return len(self.left) + len(self.right)


def _regions(items: list[Item], depth: int) -> list[list[Item]]:
    """`items` go from top to bottom."""
    stretches = _best_division(items) if depth else None
    if stretches is None:
        return [items] if items else []
    regions: list[list[Item]] = []
    rest: list[Item] = []
    for stretch, has_columns in stretches:
        if has_columns:
            regions += _regions(rest, depth - 1)
            regions += _regions(stretch.left, depth - 1) + _regions(stretch.right, depth - 1)
            rest = []
        elif stretch.across is not None:
            rest.append(stretch.across)
        else:
            rest += sorted(stretch.left + stretch.right, key=lambda item: item.middle)
    return regions + _regions(rest, depth - 1)


def _best_division(items: list[Item]) -> list[tuple[_Stretch, bool]] | None:
    """By the gutter that has the most items in its columns, each stretch with whether it has columns; None where there
    are none."""
    best, most = None, 0
    for gutter in _gutters(items):
        stretches = [(stretch, _has_columns(stretch)) for stretch in _stretches(items, gutter)]
        held = sum(stretch.size for stretch, has_columns in stretches if has_columns)
        if held > most:
            best, most = stretches, held
    return best


def _gutters(items: list[Item]) -> list[float]:
    """Where a column may begin: the left edges that at least COLUMN_ROWS items have in common, those first that divide
    the page best."""
    if len(items) < COLUMN_ROWS + SHORT_COLUMN_ROWS:
        return []
    tolerance = line_height(items)
    starts = sorted(item.box[0] for item in items)
    ends = sorted(item.box[2] for item in items)
    found: list[float] = []
    cluster: list[float] = []
    for edge in [*starts, inf]:
        if cluster and edge - cluster[0] > tolerance:
            if len(cluster) >= SHORT_COLUMN_ROWS:
                found.append(cluster[0])
            cluster = []
        cluster.append(edge)
    slack = CROSSING * tolerance

    def promise(gutter: float) -> int:
        right = len(starts) - bisect_left(starts, gutter - slack)
        left = bisect_right(ends, gutter + slack)
        return min(left, right) - max(0, len(items) - left - right)

    return sorted(found, key=promise, reverse=True)[:GUTTERS]


def _stretches(items: list[Item], gutter: float) -> list[_Stretch]:
    """From top to bottom."""
    height = line_height(items)
    stretches = [_Stretch()]
    for item in items:
        slack = max(CROSSING * height, min(CROSSING_SHARE * item.width, CROSSING_MOST * height))
        if item.box[0] >= gutter - slack:
            stretches[-1].right.append(item)
        elif item.box[2] <= gutter + slack:
            stretches[-1].left.append(item)
        else:
            stretches += [_Stretch(across=item), _Stretch()]
    return stretches


def _has_columns(stretch: _Stretch) -> bool:
    """Running text on both sides, or on one if the other does not share its base lines, as the entries of a table or a
    form do; or much on both sides that shares none."""
    if not stretch.left or not stretch.right:
        return False
    left, right = _Side.of(stretch.left), _Side.of(stretch.right)
    fewer, more = sorted((left.count, right.count))
    if fewer < SHORT_COLUMN_ROWS or more < COLUMN_ROWS:
        return False
    if left.is_filled and right.is_filled:
        return True
    shared = _shared_lines(left, right)
    if (left.is_prose or right.is_prose) and shared <= SHARED_BESIDE_PROSE:
        return True
    return fewer >= LONG_COLUMN_ROWS and min(left.width, right.width) >= COLUMN_WIDTH and shared <= SHARED


@dataclass(frozen=True, slots=True)
class _Side:
    """What stands on one side of a gutter. `middles` are the heights at which its pieces stand; `count` is that of its
    rows, a placed block counting as many as would stand in its place; `height` is that of a line, `width` that of all
    of it in such heights. `is_filled` says that its lines reach over most of its width, `is_prose` that many are full
    and long."""

    middles: list[float]
    count: int
    height: float
    width: float
    is_filled: bool
    is_prose: bool

    @classmethod
    def of(cls, items: list[Item]) -> _Side:
        height = line_height(items)
        texts = [(item, item.content.line.text) for item in items if isinstance(item.content, Piece)]
        placed = sum(max(1, int(item.height / height)) for item in items if not isinstance(item.content, Piece))
        width = (max(item.box[2] for item in items) - min(item.box[0] for item in items)) / height
        if not texts:
            return cls([], placed, height, width, is_filled=True, is_prose=False)
        length = {id(item): len(text) for item, text in texts}
        rows = [
            (max(item.box[2] for item in row) - row[0].box[0], sum(length[id(item)] for item in row))
            for row in grouped(item for item, _ in texts)
        ]
        edge = max(item.box[2] for item, _ in texts) - min(item.box[0] for item, _ in texts)
        characters = sum(length.values())
        full = sum(count for row_width, count in rows if row_width >= FULL_LINE * edge)
        piece = _usual_width([(item.width, len(text)) for item, text in texts])
        is_worded = piece >= COLUMN_WIDTH * height and _is_worded("".join(text for _, text in texts))
        return cls(
            sorted(item.middle for item, _ in texts),
            len(rows) + placed,
            height,
            width,
            is_filled=is_worded and _usual_width(rows) >= COLUMN_FILL * edge,
            is_prose=is_worded
            and len(rows) >= COLUMN_ROWS
            and full >= FULL_LINES * characters
            and piece >= FULL_LINE_WIDTH * height,
        )


def _is_worded(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= LETTERS * len(text)


def _usual_width(lines: list[tuple[float, int]]) -> float:
    """That of the line in which the middle character stands, of lines given by width and characters: formulas and
    labels between long lines count little."""
    half = sum(count for _, count in lines) / 2
    seen = 0
    for width, count in sorted(lines):
        seen += count
        if seen >= half:
            return width
    return 0.0


def _shared_lines(left: _Side, right: _Side) -> float:
    """The share of the pieces on the side that has fewer of them that have one beside them on the other, 0..1."""
    few, many = sorted((left.middles, right.middles), key=len)
    if not few:
        return 0.0
    near = SAME_LINE * min(left.height, right.height)
    shared = 0
    for middle in few:
        place = bisect_left(many, middle - near)
        shared += place < len(many) and many[place] <= middle + near
    return shared / len(few)

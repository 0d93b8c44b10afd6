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

from .islands import islands_of
from .rows import Item, line_height
from .sides import COLUMN_ROWS, COLUMN_WIDTH, Side, shared_lines

SHORT_COLUMN_ROWS = 2  # lines, at least, has a column beside one that has COLUMN_ROWS
LONG_COLUMN_ROWS = 8  # lines, at least, has a column whatever stands in it
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
    """What stands left and right of a gutter between two lines that run across it, and `within`, round which the
    text of both sides runs; or such a line."""

    left: list[Item] = field(default_factory=list)
    right: list[Item] = field(default_factory=list)
    within: list[Item] = field(default_factory=list)
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
            for part in (stretch.left, stretch.right, stretch.within):
                regions += _regions(part, depth - 1)
            rest = []
        elif stretch.across is not None:
            rest.append(stretch.across)
        else:
            rest += sorted(stretch.left + stretch.right + stretch.within, key=lambda item: item.middle)
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
    left: list[Item] = []
    right: list[Item] = []
    across: list[Item] = []
    for item in items:
        slack = max(CROSSING * height, min(CROSSING_SHARE * item.width, CROSSING_MOST * height))
        if item.box[0] >= gutter - slack:
            right.append(item)
        elif item.box[2] <= gutter + slack:
            left.append(item)
        else:
            across.append(item)
    islands = islands_of(across, left, right)
    stretches = [_Stretch()]
    kinds = ((left, "left"), (right, "right"), (across, "across"), (islands, "within"))
    place = {id(item): kind for its_items, kind in kinds for item in its_items}
    for item in items:
        if (kind := place[id(item)]) == "across":
            stretches += [_Stretch(across=item), _Stretch()]
        else:
            getattr(stretches[-1], kind).append(item)
    return stretches


def _has_columns(stretch: _Stretch) -> bool:
    """Running text on both sides, or on one if the other does not share its base lines, as the entries of a table or a
    form do; or much on both sides that shares none."""
    if not stretch.left or not stretch.right:
        return False
    left, right = Side.of(stretch.left), Side.of(stretch.right)
    fewer, more = sorted((left.count, right.count))
    if fewer < SHORT_COLUMN_ROWS or more < COLUMN_ROWS:
        return False
    if left.is_filled and right.is_filled:
        return True
    shared = shared_lines(left, right)
    if (left.is_prose or right.is_prose) and shared <= SHARED_BESIDE_PROSE:
        return True
    return fewer >= LONG_COLUMN_ROWS and min(left.width, right.width) >= COLUMN_WIDTH and shared <= SHARED

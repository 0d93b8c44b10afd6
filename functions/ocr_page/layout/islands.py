"""What stands between two columns whose text runs round it: a picture, its caption, a quotation.

It reaches over the gutter, but divides nothing: the lines beside it are of columns that have begun above it. The
entries of a table are none, since they stand on the base lines of their neighbours, nor are the names of authors below
a title, above which there are no columns yet.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from math import inf

from ocrchat.blocks import union

from .pieces import Piece
from .rows import Item, line_height
from .sides import Side, shared_lines

SHARED = 0.8  # of its lines, at most, stand on base lines of a column: a table shares all, a short caption some
TOGETHER = 2.0  # times the height of a line: what is so near below it belongs to it, as a caption to its picture
SHORT_LINES = 2.0  # times as many as reach over the gutter may be too short for it, else they are of a column
OUTSIDE = 0.25  # of the height of a line that a box may be too large


def islands_of(across: Sequence[Item], left: Sequence[Item], right: Sequence[Item]) -> list[Item]:
    """The items round which the columns left and right of a gutter run, most of them `across` it. All go from top to
    bottom."""
    if not across or not left or not right:
        return []
    height = line_height([*left, *right])
    sides = (_Neighbours(left, OUTSIDE * height), _Neighbours(right, OUTSIDE * height))
    found: list[Item] = []
    for group, top in _groups(across, sides, TOGETHER * height):
        if all(_runs_round(group, side, top) for side in sides):
            found += [*group, *_short_lines(_texts(group), sides, TOGETHER * height)]
    return found


class _Neighbours:
    """The items on one side of a gutter, found by the heights of their middles."""

    def __init__(self, items: Sequence[Item], slack: float) -> None:
        self.slack = slack
        self._items = items
        self._middles = [item.middle for item in items]

    def between(self, top: float, bottom: float) -> Sequence[Item]:
        return self._items[bisect_left(self._middles, top) : bisect_right(self._middles, bottom)]

    def flank(self, item: Item) -> bool:
        """Whether others stand beside `item`, and none over or under it."""
        x0, top, x1, bottom = item.box
        beside = [other for other in self.between(top - self.slack, bottom + self.slack) if other is not item]
        return bool(beside) and all(
            other.box[2] <= x0 + self.slack or other.box[0] >= x1 - self.slack for other in beside
        )


def _groups(
    across: Iterable[Item], sides: Sequence[_Neighbours], together: float
) -> Iterator[tuple[list[Item], float]]:
    """Items that are near each other and flanked on both sides, and where the line ends that runs across above them."""
    group: list[Item] = []
    top = -inf
    for item in across:
        is_flanked = all(side.flank(item) for side in sides)
        if group and not (is_flanked and item.box[1] - max(other.box[3] for other in group) <= together):
            yield group, top
            group = []
        if is_flanked:
            group.append(item)
        else:
            top = item.middle
    if group:
        yield group, top


def _runs_round(group: Sequence[Item], side: _Neighbours, top: float) -> bool:
    """Whether the lines beside `group` are of a column that begins above it, below `top`, and are set on their own."""
    first = (_texts(group) or group)[0]
    if not side.between(top, first.box[1] - side.slack):
        return False
    box = union(item.box for item in group)
    column = Side.of(side.between(box[1] - side.slack, box[3] + side.slack))
    return shared_lines(Side.of(group), column) <= SHARED


def _short_lines(texts: Sequence[Item], sides: Sequence[_Neighbours], together: float) -> list[Item]:
    """Lines of the same text that are too short to reach over the gutter."""
    if not texts:
        return []
    x0, top, x1, bottom = union(item.box for item in texts)
    inside = [
        item
        for item in sorted(
            (item for side in sides for item in side.between(top - together, inf)), key=lambda item: item.middle
        )
        if item.box[0] >= x0 - sides[0].slack and item.box[2] <= x1 + sides[0].slack
    ]
    found: list[Item] = []
    for item in inside:
        if item.box[1] - bottom > together:
            break
        if all(side.flank(item) for side in sides):
            found.append(item)
            bottom = max(bottom, item.box[3])
    return found if len(found) <= SHORT_LINES * len(texts) else []


def _texts(group: Sequence[Item]) -> list[Item]:
    return [item for item in group if isinstance(item.content, Piece)]

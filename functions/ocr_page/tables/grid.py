"""From ruling lines to grids of cells: what rules make of a page, whatever stands in it.

Rules that cross belong together. Their places are the grid's; where a rule is missing between two places, they are one
cell. A table may be open at its sides: there the ends of the rules that run towards it are its edge.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ocrchat.blocks import BBox

from .model import Rule, Rules
from .rules import SAME_PLACE

REACH = 0.6  # em: as near as that, a rule meets another one, since corners may be broken or round
COVERED = 0.6  # of the side of a place that a rule runs along, at least, to divide it from the next
OPEN_SIDE = 1.5  # em, at least, that rules run on beyond the last one across, where a table is open
MAX_PLACES = 10_000  # rows times columns of a grid; more are a drawing's


@dataclass(frozen=True, slots=True)
class Span:
    """A cell: the place of its upper left corner, and how many rows and columns it takes."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """`xs` and `ys` are the edges of columns and rows, ascending; `spans` cover each place exactly once, row by row."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        return len(self.xs) - 1

    @property
    def bbox(self) -> BBox:
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    @property
    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def box(self, span: Span) -> BBox:
        return (
            self.xs[span.column],
            self.ys[span.row],
            self.xs[span.column + span.columns],
            self.ys[span.row + span.rows],
        )


def grids_of(rules: Rules, em: float) -> list[Grid]:
    """The grids of at least two places that tidy `rules` make, from top to bottom."""
    grids = [grid for group in _groups(rules, em) if (grid := _grid(group, em)) is not None]
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _groups(rules: Rules, em: float) -> list[Rules]:
    """The rules that hang together by crossings."""
    reach = REACH * em
    count = len(rules.horizontal)
    parent = list(range(count + len(rules.vertical)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for i, level in enumerate(rules.horizontal):
        for j, upright in enumerate(rules.vertical):
            if _meets(level, upright, reach) and _meets(upright, level, reach):
                parent[root(i)] = root(count + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for node in range(len(parent)):
        levels, uprights = groups.setdefault(root(node), ([], []))
        if node < count:
            levels.append(rules.horizontal[node])
        else:
            uprights.append(rules.vertical[node - count])
    return [Rules(tuple(levels), tuple(uprights)) for levels, uprights in groups.values() if levels and uprights]


def _meets(rule: Rule, other: Rule, reach: float) -> bool:
    return rule.start - reach <= other.at <= rule.end + reach


def _grid(rules: Rules, em: float) -> Grid | None:
    xs = _edges(rules.vertical, rules.horizontal, em)
    ys = _edges(rules.horizontal, rules.vertical, em)
    if len(xs) < 2 or len(ys) < 2 or not 2 <= (len(xs) - 1) * (len(ys) - 1) <= MAX_PLACES:
        return None
    right = _walls(rules.vertical, xs[1:-1], ys, em)
    below = _walls(rules.horizontal, ys[1:-1], xs, em)
    return Grid(tuple(xs), tuple(ys), _spans(len(ys) - 1, len(xs) - 1, right, below))


def _edges(across: Iterable[Rule], along: Sequence[Rule], em: float) -> list[float]:
    """Where the rules `across` lie, and where those `along` end if two of them agree, beyond the outermost."""
    places = _clustered((rule.at for rule in across), em)
    least = min(2, len(along))  # one that sticks out of many is another thing's
    starts = _clustered((rule.start for rule in along if rule.start < places[0] - OPEN_SIDE * em), em, least)
    ends = _clustered((rule.end for rule in along if rule.end > places[-1] + OPEN_SIDE * em), em, least)
    return [*starts[:1], *places, *ends[-1:]]


def _clustered(values: Iterable[float], em: float, least: int = 1) -> list[float]:
    """The means of values that lie together, where at least `least` do."""
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][0] <= 2 * SAME_PLACE * em:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return [sum(cluster) / len(cluster) for cluster in clusters if len(cluster) >= least]


def _walls(rules: Sequence[Rule], places: Sequence[float], edges: Sequence[float], em: float) -> set[tuple[int, int]]:
    """(i, j): at places[i] a rule divides what lies between edges[j] and edges[j + 1]."""
    found: set[tuple[int, int]] = set()
    for i, place in enumerate(places):
        here = [rule for rule in rules if abs(rule.at - place) <= 2 * SAME_PLACE * em]
        for j in range(len(edges) - 1):
            low, high = edges[j], edges[j + 1]
            covered = sum(max(0.0, min(rule.end, high) - max(rule.start, low)) for rule in here)
            if covered >= COVERED * (high - low):
                found.add((i, j))
    return found


def _spans(rows: int, columns: int, right: set[tuple[int, int]], below: set[tuple[int, int]]) -> tuple[Span, ...]:
    """The cells: places without a wall between them, as long as they make a rectangle."""
    taken: set[tuple[int, int]] = set()
    spans: list[Span] = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            width = 1
            while (
                column + width < columns
                and (column + width - 1, row) not in right
                and ((row, column + width) not in taken)
            ):
                width += 1
            height = 1
            while row + height < rows and _goes_on(row + height, column, width, columns, right, below, taken):
                height += 1
            taken.update((row + i, column + j) for i in range(height) for j in range(width))
            spans.append(Span(row, column, height, width))
    return tuple(spans)


def _goes_on(
    row: int,
    column: int,
    width: int,
    columns: int,
    right: set[tuple[int, int]],
    below: set[tuple[int, int]],
    taken: set[tuple[int, int]],
) -> bool:
    """Whether a cell of `width` places from `column` on reaches into `row`: no rule above it or in it, one on both
    sides of it."""
    places = range(column, column + width)
    if any((row - 1, place) in below or (row, place) in taken for place in places):
        return False
    if any((place, row) in right for place in places[:-1]):
        return False
    closed_left = column == 0 or (column - 1, row) in right or (row, column - 1) in taken
    return closed_left and (column + width == columns or (column + width - 1, row) in right)


def encloses(grid: Grid, bbox: BBox) -> bool:
    """Whether the middle of `bbox` lies in the grid."""
    x0, y0, x1, y1 = grid.bbox
    return x0 <= (bbox[0] + bbox[2]) / 2 <= x1 and y0 <= (bbox[1] + bbox[3]) / 2 <= y1


def trimmed(grid: Grid, full: Collection[Span]) -> Grid | None:
    """Without the rows and columns at the sides that are no part of a table, given which cells hold text: empty ones,
    and rows of a single cell, of which one may stay as the title. None where nothing is left."""
    rows = [[span for span in grid.spans if span.row <= row < span.row + span.rows] for row in range(grid.rows)]
    sizes = [_size(row, full) for row in rows]
    first, last = 0, grid.rows
    while first < last and sizes[first] < 2:
        first += 1
    while last > first and sizes[last - 1] < 2:
        last -= 1
    titled = first > 0 and sizes[first - 1] == 1 and (first == 1 or sizes[first - 2] == 0)
    first -= titled
    used = [
        column
        for column in range(grid.columns)
        if any(span.column <= column < span.column + span.columns for span in full if span.columns < grid.columns)
    ]
    if first >= last or not used:
        return None
    left, right = used[0], used[-1] + 1
    return _part(grid, (first, last), (left, right))


def _size(row: Sequence[Span], full: Collection[Span]) -> int:
    """0 for a row without text, 1 for a single cell with text, else the number of its cells."""
    return len(row) if any(span in full for span in row) else 0


def _part(grid: Grid, rows: tuple[int, int], columns: tuple[int, int]) -> Grid:
    """The grid of `rows` [first, last) and `columns`; cells that reach out of them are cut off."""
    (top, bottom), (left, right) = rows, columns
    spans = []
    for span in grid.spans:
        row, column = max(span.row, top), max(span.column, left)
        height = min(span.row + span.rows, bottom) - row
        width = min(span.column + span.columns, right) - column
        if height > 0 and width > 0:
            spans.append(Span(row - top, column - left, height, width))
    return Grid(grid.xs[left : right + 1], grid.ys[top : bottom + 1], tuple(spans))


def place_of(edges: Sequence[float], value: float) -> int | None:
    """Between which two edges `value` lies; None outside of all."""
    index = bisect_left(edges, value) - 1
    return index if 0 <= index < len(edges) - 1 else None

"""The places of a table's cells, which follow from their order and their spans, as in HTML, and where these are on the
page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from ocrchat.blocks import BBox
from vlm_page.written import WrittenCell

MOST_PLACES = 10_000
"""Of a table: some 100 to 100; what a row has beyond its last column stands in that one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell of the grid lies, and which cells of the model stand in it, by their numbers: none where a row was
    too short, several where one was too long."""

    row: int
    column: int
    rows: int
    columns: int
    cells: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """`places` cover it exactly once, row by row."""

    rows: int
    columns: int
    places: tuple[Place, ...]
    header_rows: int


def grid_of(rows: Sequence[Sequence[WrittenCell]]) -> Grid:
    """Of rows with at least one cell in them. Spans end where the next cell, or the table, does."""
    limit = max(1, MOST_PLACES // len(rows))
    until = [0] * limit  # the row, of each column, in which it is free again
    places: list[Place] = []
    number = 0
    for row, cells in enumerate(rows):
        column = 0
        last: int | None = None
        for cell in cells:
            while column < limit and until[column] > row:
                column += 1
            if column < limit:
                height = min(max(cell.row_span, 1), len(rows) - row)
                end = column + 1
                while end < min(column + max(cell.column_span, 1), limit) and until[end] <= row:
                    end += 1
                until[column:end] = [row + height] * (end - column)
                last = len(places)
                places.append(Place(row, column, height, end - column, (number,)))
                column = end
            else:
                index = len(places) - 1 if last is None else last
                places[index] = replace(places[index], cells=(*places[index].cells, number))
            number += 1
    width = max(place.column for place in places) + 1
    places = [replace(place, columns=min(place.columns, width - place.column)) for place in places]
    headers = takewhile(lambda cells: bool(cells) and all(cell.is_header for cell in cells), rows)
    return Grid(len(rows), width, tuple(_filled(places, len(rows), width)), sum(1 for _ in headers))


def _filled(places: Iterable[Place], rows: int, columns: int) -> list[Place]:
    """With an empty cell at each place that has none."""
    free = {(row, column) for row in range(rows) for column in range(columns)}
    filled = list(places)
    for place in filled:
        for row in range(place.row, place.row + place.rows):
            free.difference_update((row, column) for column in range(place.column, place.column + place.columns))
    filled += [Place(row, column, 1, 1) for row, column in free]
    return sorted(filled, key=lambda place: (place.row, place.column))


def boxes_of(grid: Grid, known: Mapping[int, BBox], around: BBox) -> list[BBox]:
    """The box of each place: that which is `known` by its index, else where its rows and columns are. `around` is the
    table's."""
    columns = _extents(
        [(place.column, place.columns, (known[index][0], known[index][2])) for index, place in _with(grid, known)],
        grid.columns,
        (around[0], around[2]),
    )
    rows = _extents(
        [(place.row, place.rows, (known[index][1], known[index][3])) for index, place in _with(grid, known)],
        grid.rows,
        (around[1], around[3]),
    )
    boxes = []
    for index, place in enumerate(grid.places):
        right, bottom = place.column + place.columns - 1, place.row + place.rows - 1
        x0, x1 = min(columns[place.column][0], columns[right][0]), max(columns[place.column][1], columns[right][1])
        boxes.append(known.get(index) or (x0, rows[place.row][0], x1, max(rows[bottom][1], rows[place.row][0])))
    return boxes


def moved_in(grid: Grid, known: Mapping[int, BBox]) -> set[int]:
    """Which of the `known` places have their middle not where the others of their row are, or of their column, but
    where those of another are."""
    rows = {index: (place.row, place.rows, known[index][1], known[index][3]) for index, place in _with(grid, known)}
    columns = {
        index: (place.column, place.columns, known[index][0], known[index][2]) for index, place in _with(grid, known)
    }
    return _out_of_band(rows) | _out_of_band(columns)


def _out_of_band(known: Mapping[int, tuple[int, int, float, float]]) -> set[int]:
    """Of cells by (band, how many bands, start, end), those of just one that lie in another one."""
    bands: dict[int, list[tuple[float, float, int]]] = {}
    for index, (band, many, start, end) in known.items():
        if many == 1:
            bands.setdefault(band, []).append((start, end, index))
    reach = {band: (min(cells)[0], max(end for _, end, _ in cells)) for band, cells in bands.items()}
    out = set()
    for band, cells in bands.items():
        starts, ends = sorted(start for start, _, _ in cells), sorted(end for _, end, _ in cells)
        for start, end, index in cells:
            middle = (start + end) / 2
            if len(cells) > 1:
                low = starts[1] if start == starts[0] else starts[0]
                high = ends[-2] if end == ends[-1] else ends[-1]
                if low <= middle <= high:
                    continue
            if any(first <= middle <= last for other, (first, last) in reach.items() if other != band):
                out.add(index)
    return out


def _with(grid: Grid, known: Mapping[int, BBox]) -> list[tuple[int, Place]]:
    return [(index, place) for index, place in enumerate(grid.places) if index in known]


def _extents(
    known: Iterable[tuple[int, int, tuple[float, float]]], count: int, around: tuple[float, float]
) -> list[tuple[float, float]]:
    """From where to where each of `count` rows or columns reaches, by the (first, how many, extent) of cells in just
    one of them; the others share what is between their neighbours."""
    extents: list[tuple[float, float] | None] = [None] * count
    for first, many, (start, end) in known:
        if many == 1:
            so_far = extents[first]
            extents[first] = (start, end) if so_far is None else (min(so_far[0], start), max(so_far[1], end))
    whole: list[tuple[float, float]] = []
    index = 0
    while index < count:
        extent = extents[index]
        if extent is not None:
            whole.append(extent)
            index += 1
            continue
        end = index
        while end < count and extents[end] is None:
            end += 1
        following = extents[end] if end < count else None
        begin = whole[-1][1] if whole else around[0]
        step = max((following[0] if following else around[1]) - begin, 0.0) / (end - index)
        whole += [(begin + at * step, begin + (at + 1) * step) for at in range(end - index)]
        index = end
    return whole

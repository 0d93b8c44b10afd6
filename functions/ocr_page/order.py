"""From pieces of text to blocks in reading order, from the places of their boxes alone.

Top down: where lines begin one below the other, right of others, a gutter may run; if running text stands on both
sides of it, each side is read on its own, between the lines that run across. What is left becomes rows and blocks. The
columns of a table or a receipt are no such text, since their entries are short: they are read row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median

from ocrchat.blocks import BBox, Block, Line, Word, union

SAME_ROW = 0.5  # of the smaller height: pieces that overlap so far vertically stand side by side
COLUMN_ROWS = 4  # a column of running text has at least so many lines
COLUMN_FILL = 0.6  # of its column's width is filled by the median line
COLUMN_WIDTH = 8.0  # times its height is the median piece wide, at least: some 15 characters
CROSSING = 0.5  # of the median line height that a line may reach over a gutter, since boxes are not exact
BLOCK_GAP = 0.7  # of the median line height, at least, between two blocks


def blocks_of(pieces: Sequence[Line]) -> list[Block]:
    """Blocks in reading order; in each, the pieces of a row are joined to one line."""
    blocks: list[Block] = []
    for region in _regions(list(pieces)):
        blocks.extend(Block.of_lines(lines) for lines in _paragraphs(rows_of(region)))
    return blocks


def rows_of(pieces: Iterable[Line]) -> list[Line]:
    """Lines from top to bottom, each joined from the pieces that stand side by side, left to right."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda line: (_middle(line), line.bbox[0])):
        row = next((row for row in reversed(rows[-3:]) if _fits(row, piece)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    return [joined(sorted(row, key=lambda line: line.bbox[0])) for row in rows]


def joined_neighbours(lines: Iterable[Line]) -> list[Line]:
    """The lines in the order given, those joined to one that follow each other and stand side by side."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and _fits(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [joined(row) for row in rows]


def joined(row: Sequence[Line]) -> Line:
    """One line of the pieces of a row, with a space between."""
    if len(row) == 1:
        return row[0]
    words: tuple[Word, ...] = tuple(word for piece in row for word in piece.words)
    characters = sum(len(piece.text) for piece in row)
    confidence = sum(piece.confidence * len(piece.text) for piece in row) / characters
    return Line(" ".join(piece.text for piece in row), union(piece.bbox for piece in row), confidence, words)


def _fits(row: Sequence[Line], piece: Line) -> bool:
    """Whether `piece` stands beside all of `row` and above or below none of it."""
    return all(_beside(other.bbox, piece.bbox) for other in row)


def _beside(one: BBox, other: BBox) -> bool:
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    height = min(one[3] - one[1], other[3] - other[1])
    width = min(one[2] - one[0], other[2] - other[0])
    across = min(one[2], other[2]) - max(one[0], other[0])
    return overlap >= SAME_ROW * height and across <= SAME_ROW * width


def _regions(pieces: list[Line]) -> list[list[Line]]:
    """Groups of pieces that are read one after the other."""
    stretches = _best_division(pieces)
    if stretches is None:
        return [pieces] if pieces else []
    regions: list[list[Line]] = []
    across: list[Line] = []
    for stretch in stretches:
        if stretch.has_columns:
            regions += _regions(across)
            regions += _regions(stretch.left) + _regions(stretch.right)
            across = []
        else:
            across += stretch.left + stretch.right
    return regions + _regions(across)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What stands left and right of a gutter between two lines that run across it."""

    left: list[Line]
    right: list[Line]

    @property
    def has_columns(self) -> bool:
        return _is_column(self.left) and _is_column(self.right)


def _best_division(pieces: list[Line]) -> list[_Stretch] | None:
    """By the gutter that has the most lines in its columns; None where there are no columns."""
    best, most = None, 0
    for gutter in _gutters(pieces):
        stretches = _stretches(pieces, gutter)
        lines = sum(len(stretch.left) + len(stretch.right) for stretch in stretches if stretch.has_columns)
        if lines > most:
            best, most = stretches, lines
    return best


def _gutters(pieces: list[Line]) -> list[float]:
    """Where a column may begin: the left edges that at least COLUMN_ROWS lines have in common."""
    if len(pieces) < 2 * COLUMN_ROWS:
        return []
    tolerance = _line_height(pieces)
    found: list[float] = []
    cluster: list[float] = []
    for edge in [*sorted(piece.bbox[0] for piece in pieces), inf]:
        if cluster and edge - cluster[0] > tolerance:
            if len(cluster) >= COLUMN_ROWS:
                found.append(cluster[0])
            cluster = []
        cluster.append(edge)
    return found[1:]  # nothing stands left of the first


def _stretches(pieces: list[Line], gutter: float) -> list[_Stretch]:
    """From top to bottom; a line that runs across the gutter is one of its own, on the left."""
    slack = CROSSING * _line_height(pieces)
    stretches: list[_Stretch] = [_Stretch([], [])]
    for piece in sorted(pieces, key=_middle):
        if piece.bbox[0] >= gutter - slack:
            stretches[-1].right.append(piece)
        elif piece.bbox[2] <= gutter + slack:
            stretches[-1].left.append(piece)
        else:
            stretches += [_Stretch([piece], []), _Stretch([], [])]
    return stretches


def _is_column(pieces: list[Line]) -> bool:
    if len(pieces) < COLUMN_ROWS:
        return False
    if median(_width(piece) for piece in pieces) < COLUMN_WIDTH * _line_height(pieces):
        return False
    rows = rows_of(pieces)
    x0, _, x1, _ = union(row.bbox for row in rows)
    return len(rows) >= COLUMN_ROWS and median(_width(row) for row in rows) >= COLUMN_FILL * (x1 - x0)


def _width(line: Line) -> float:
    return line.bbox[2] - line.bbox[0]


def _line_height(pieces: Iterable[Line]) -> float:
    return median(piece.bbox[3] - piece.bbox[1] for piece in pieces)


def _middle(line: Line) -> float:
    return (line.bbox[1] + line.bbox[3]) / 2


def _paragraphs(rows: Sequence[Line]) -> list[list[Line]]:
    height = _line_height(rows)
    paragraphs = [[rows[0]]]
    for before, row in pairwise(rows):
        if row.bbox[1] - before.bbox[3] >= BLOCK_GAP * height:
            paragraphs.append([])
        paragraphs[-1].append(row)
    return paragraphs

"""From pieces that stand side by side to lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrchat import script
from ocrchat.blocks import BBox, Block, Line, Word, union

from .pieces import Piece

SAME_ROW = 0.5  # of the smaller height: pieces that overlap so far vertically stand side by side
CELL_GAP = 2.0  # times the size of the font: two pieces so far apart are entries of a row, not words of a sentence
RECENT_ROWS = 3  # a piece stands in one of them or in a new one, since pieces come from top to bottom
RECENT_PIECES = 8
WORD_GAP = 1.0  # times the size of the font: words of a script without spaces that are so far apart keep a space


@dataclass(frozen=True, slots=True)
class Item:
    """What has a place on the page: a piece of text, or a block that others found. `box` is as the rules see the page
    (`direction.Direction`)."""

    box: BBox
    content: Piece | Block

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True)
class Row:
    """The pieces that stand side by side. `box` is as the rules see the page, `line` has the boxes of the page itself;
    `bold` is that of all of it, `size` that of most, `is_estimated` says how exact it is; `cells` counts the runs of
    text that wide gaps divide."""

    box: BBox
    line: Line
    size: float
    is_estimated: bool
    bold: bool
    cells: int
    group: int | None

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


def rows_of(items: Iterable[Item]) -> list[Row]:
    """Rows from top to bottom, each joined from the pieces that stand side by side, left to right. Placed blocks are
    left out."""
    return [joined(row) for row in grouped(item for item in items if isinstance(item.content, Piece))]


def grouped(items: Iterable[Item]) -> list[list[Item]]:
    """The items of each row from left to right, rows from top to bottom."""
    rows: list[list[Item]] = []
    for item in sorted(items, key=lambda item: (item.middle, item.box[0])):
        for row in rows[: -RECENT_ROWS - 1 : -1]:
            if _fits(row, item):
                row.append(item)
                break
        else:
            rows.append([item])
    for row in rows:
        row.sort(key=lambda item: item.box[0])
    return rows


def joined(items: Sequence[Item]) -> Row:
    """One row of pieces that go from left to right."""
    if len(items) == 1 and isinstance(piece := items[0].content, Piece):
        return Row(items[0].box, piece.line, piece.size, piece.group is None, piece.bold, 1, piece.group)
    pieces = [item.content for item in items if isinstance(item.content, Piece)]
    longest = max(pieces, key=lambda piece: len(piece.line.text))
    gaps = [after.box[0] - before.box[2] for before, after in pairwise(items)]
    if len(pieces) > 1 and longest.level:
        seen = sorted(pieces, key=lambda piece: piece.line.bbox[0])
        pieces = script.in_reading_order(seen, lambda piece: piece.line.text)
    return Row(
        union(item.box for item in items),
        _line([piece.line for piece in pieces], gaps, longest.size),
        longest.size,
        longest.group is None,
        all(piece.bold for piece in pieces),
        1 + sum(gap >= CELL_GAP * longest.size for gap in gaps),
        longest.group,
    )


def line_height(items: Iterable[Item]) -> float:
    """The median height of the pieces of text, 1 where there are none."""
    heights = [item.height for item in items if isinstance(item.content, Piece)]
    return median(heights) if heights else 1.0


def _line(lines: Sequence[Line], gaps: Sequence[float], size: float) -> Line:
    if len(lines) == 1:
        return lines[0]
    text = lines[0].text
    for line, gap in zip(lines[1:], gaps, strict=True):
        text += (" " if gap >= WORD_GAP * size else script.beside(text, line.text)) + line.text
    words: tuple[Word, ...] = tuple(word for line in lines for word in line.words)
    characters = sum(len(line.text) for line in lines)
    confidence = sum(line.confidence * len(line.text) for line in lines) / characters
    return Line(text, union(line.bbox for line in lines), confidence, words)


def _fits(row: Sequence[Item], item: Item) -> bool:
    """Whether `item` stands beside the pieces of `row` and above or below none of them. The last ones are looked at:
    they are the nearest in height."""
    return all(_beside(other.box, item.box) for other in row[-RECENT_PIECES:])


def _beside(one: BBox, other: BBox) -> bool:
    x0, y0, x1, y1 = one
    left, top, right, bottom = other
    overlap = min(y1, bottom) - max(y0, top)
    if overlap < SAME_ROW * min(y1 - y0, bottom - top):
        return False
    return min(x1, right) - max(x0, left) <= SAME_ROW * min(x1 - x0, right - left)

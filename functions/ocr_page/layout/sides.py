"""What stands on one side of a gutter: whether it is running text, and on which base lines it stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from .pieces import Piece
from .rows import Item, grouped, line_height

COLUMN_ROWS = 4  # a column of running text has at least so many lines
COLUMN_FILL = 0.6  # of its column's width is filled by the usual line
LOCAL_ROWS = 3  # above and below a row show how wide its column is there, which a picture may make narrow
COLUMN_WIDTH = 7.0  # times its height is the median piece wide, at least: some 14 Latin letters, 9 Chinese ones
FULL_LINE = 0.85  # of its column's width is filled by a full line
FULL_LINES = 0.5  # of the characters of prose stand in full lines
FULL_LINE_WIDTH = 10.0  # times its height is the median piece of prose wide, at least
LETTERS = 0.5  # of the characters, at least: columns of numbers are a table's
SAME_LINE = 0.2  # of the height of a line: two that differ less have one base line


@dataclass(frozen=True, slots=True)
class Side:
    """What stands on one side of a gutter. `middles` are the heights at which its pieces stand; `count` is that of its
    rows, a placed block counting as many as would stand in its place; `height` is that of a line, `width` that of all
    of it in such heights. `is_filled` says that its lines reach over most of its width, or of what a picture leaves
    free of it, `is_prose` that many are full and long."""

    middles: list[float]
    count: int
    height: float
    width: float
    is_filled: bool
    is_prose: bool

    @classmethod
    def of(cls, items: Sequence[Item]) -> Side:
        height = line_height(items)
        texts = [(item, item.content.line.text) for item in items if isinstance(item.content, Piece)]
        placed = sum(max(1, int(item.height / height)) for item in items if not isinstance(item.content, Piece))
        width = (max(item.box[2] for item in items) - min(item.box[0] for item in items)) / height
        if not texts:
            return cls([], placed, height, width, is_filled=True, is_prose=False)
        length = {id(item): len(text) for item, text in texts}
        spans = [
            (row[0].box[0], max(item.box[2] for item in row), sum(length[id(item)] for item in row))
            for row in grouped(item for item, _ in texts)
        ]
        rows = [(end - start, count) for start, end, count in spans]
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
            is_filled=is_worded and (_usual_width(rows) >= COLUMN_FILL * edge or _fill_what_is_free(spans)),
            is_prose=is_worded
            and len(rows) >= COLUMN_ROWS
            and full >= FULL_LINES * characters
            and piece >= FULL_LINE_WIDTH * height,
        )


def _is_worded(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= LETTERS * len(text)


def _fill_what_is_free(spans: Sequence[tuple[float, float, int]]) -> bool:
    """Whether most rows are as wide as those around them, however wide these are; of rows given by start, end and
    characters."""
    full = 0
    for index, (start, end, count) in enumerate(spans):
        around = spans[max(0, index - LOCAL_ROWS) : index + LOCAL_ROWS + 1]
        free = max(row_end for _, row_end, _ in around) - min(row_start for row_start, _, _ in around)
        full += count if end - start >= FULL_LINE * free else 0
    return full >= FULL_LINES * sum(count for _, _, count in spans)


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


def shared_lines(left: Side, right: Side) -> float:
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

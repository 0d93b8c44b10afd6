"""The columns of a table without rules: strips of white that run down through its rows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from .cells import lines_of
from .pieces import Piece, divided

STRIP = 0.5  # em, at least, that a white strip is wide
CROSSED = 0.12  # of the rows with several entries, at most, that cross a strip: headings of several columns, totals
FULL = 0.75  # of the entries of the line that has most of them has a full line, at least
MOST_FULL = 0.5  # of the lines with several entries, at least, are full
TOGETHER = 2  # entries, at least, right of a strip have one left of it beside them
BESIDE = 0.8  # of its height, at most, between the middles of two entries side by side
MAX_COLUMNS = 40
BEFORE = frozenset("$€£¥₩₹") | {"US$", "EUR", "USD", "GBP", "CHF"}
BEHIND = frozenset("%)*†‡§") | {")%", "%)"}
"""What may be set apart from the number that it belongs to."""


def columns_of(pieces: Sequence[Piece], em: float) -> list[tuple[float, float]]:
    """The left and right edges of columns, from left to right; fewer than two if there is no such strip."""
    lines = [line for line in lines_of(pieces) if len(line) >= 2]
    if len(lines) < 2:
        return []
    full = _full(lines)
    columns = _between(strips([piece for line in full for piece in line], int(CROSSED * len(full)), STRIP * em), lines)
    columns = _apart(_signed(columns, lines), pieces)
    return columns if len(columns) <= MAX_COLUMNS else []


def _full(lines: Sequence[Sequence[Piece]]) -> Sequence[Sequence[Piece]]:
    """The lines with about as many entries as any has, if they are most: labels of totals below them stand anywhere."""
    most = max(len(line) for line in lines)
    full = [line for line in lines if len(line) >= FULL * most]
    return full if len(full) >= max(MOST_FULL * len(lines), 3) else lines


def fitted(pieces: Sequence[Piece], columns: Sequence[tuple[float, float]]) -> list[Piece]:
    """Pieces divided where one of their gaps lies over the white between two columns."""
    whites = [(left[1], right[0]) for left, right in pairwise(columns)]
    result: list[Piece] = []
    for piece in pieces:
        cuts = [cut for white in whites if (cut := _cut(piece, white)) is not None]
        result += divided(piece, cuts) if cuts else [piece]
    return result


def _cut(piece: Piece, white: tuple[float, float]) -> float | None:
    """Where a gap between two words of `piece` lies in the strip; at least a wider one than a space."""
    least = 0.4 * piece.height
    for left, right in pairwise(piece.words):
        low, high = max(left.bbox[2], white[0]), min(right.bbox[0], white[1])
        if right.bbox[0] - left.bbox[2] >= least and high > low:
            return (low + high) / 2
    return None


def strips(pieces: Sequence[Piece], allowed: int, least: float) -> list[tuple[float, float]]:
    """The left and right edges of white between `pieces` that is at least as wide as `least`, where at most as many as
    `allowed` cross it."""
    events = sorted([(piece.bbox[0], 1) for piece in pieces] + [(piece.bbox[2], -1) for piece in pieces])
    found: list[tuple[float, float]] = []
    depth, since = 0, None
    for x, step in events:
        depth += step
        if depth <= allowed:
            since = x if since is None else since
        elif since is not None:
            if x - since >= least:
                found.append((since, x))
            since = None
    first, last = events[0][0], events[-1][0]
    return [(low, high) for low, high in found if low > first and high < last]


def is_sign(text: str) -> bool:
    """Whether `text` is only what may be set apart from its number."""
    return text.strip() in BEFORE | BEHIND


def _between(strips: Sequence[tuple[float, float]], lines: Sequence[Sequence[Piece]]) -> list[tuple[float, float]]:
    left = min(line[0].bbox[0] for line in lines)
    right = max(piece.bbox[2] for line in lines for piece in line)
    edges = [left, *(edge for strip in strips for edge in strip), right]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _apart(columns: list[tuple[float, float]], pieces: Sequence[Piece]) -> list[tuple[float, float]]:
    """Columns that hardly ever have entries side by side are one."""
    done: list[tuple[float, float]] = []
    for column in columns:
        if done and _together(_in(done[-1], pieces), _in(column, pieces)) < TOGETHER:
            done[-1] = (done[-1][0], column[1])
        else:
            done.append(column)
    return done


def _together(left: Sequence[Piece], right: Sequence[Piece]) -> int:
    """How many of `right` have one of `left` beside them, which may be set around their middle."""
    middles = sorted(piece.middle for piece in left)
    count = 0
    for piece in right:
        reach = BESIDE * piece.height
        after = bisect_left(middles, piece.middle - reach)
        count += after < len(middles) and middles[after] <= piece.middle + reach
    return count


def _signed(columns: list[tuple[float, float]], lines: Sequence[Sequence[Piece]]) -> list[tuple[float, float]]:
    """Columns that hold signs only, put together with those of their numbers."""
    done: list[tuple[float, float]] = []
    start: float | None = None  # of the signs before the numbers that are next
    for column in columns:
        texts = [piece.text.strip() for line in lines for piece in _in(column, line)]
        if start is None and column is not columns[-1] and all(text in BEFORE for text in texts):
            start = column[0]
        elif done and all(text in BEHIND for text in texts):
            done[-1] = (done[-1][0], column[1])
        else:
            done.append((column[0] if start is None else start, column[1]))
            start = None
    return done


def _in(column: tuple[float, float], pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if column[0] <= piece.centre <= column[1]]

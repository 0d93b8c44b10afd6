"""A large image in overlapping tiles, such that each line stands whole in one of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise, product

Edges = tuple[int, int, int, int]

SIDE = 1800  # px, at most, of a tile without its margins
MARGIN = 150  # px that a tile reaches beyond what it owns: more than a line is high
MOST = 24  # tiles; a larger image has larger ones


@dataclass(frozen=True, slots=True)
class Tile:
    """`owned` and `looked_at` are x0, y0, x1, y1 in px; what has its middle in `owned` belongs to this tile only."""

    owned: Edges
    looked_at: Edges

    def owns(self, x: float, y: float) -> bool:
        x0, y0, x1, y1 = self.owned
        return x0 <= x < x1 and y0 <= y < y1


def tiles(width: int, height: int) -> list[Tile]:
    """The tiles of an image; a narrow one is cut crosswise only, so that no line is cut that runs across."""
    side = max(SIDE, math.ceil(math.sqrt(width * height / MOST)), math.ceil(max(width, height) / MOST))
    columns, rows = _parts(width, side), _parts(height, min(side, max(width, SIDE // 2)))
    return [
        Tile(
            (x0, y0, x1, y1),
            (max(0, x0 - MARGIN), max(0, y0 - MARGIN), min(width, x1 + MARGIN), min(height, y1 + MARGIN)),
        )
        for (y0, y1), (x0, x1) in product(pairwise(rows), pairwise(columns))
    ]


def _parts(length: int, most: int) -> list[int]:
    """The edges of equal parts."""
    count = max(1, math.ceil(length / most))
    return [round(place * length / count) for place in range(count + 1)]

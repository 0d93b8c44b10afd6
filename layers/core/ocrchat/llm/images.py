"""How large a picture may be that a model looks at (Claude's own bounds; larger ones are shrunk there, or refused)."""

from __future__ import annotations

import math

PATCH = 28
"""Px: a picture costs a token for each such square that it covers, partly or whole."""

MOST_PATCHES = 4784
LONGEST_EDGE = 2576  # px


def fitting(width: int, height: int, edge: int = LONGEST_EDGE, patches: int = MOST_PATCHES) -> tuple[int, int]:
    """The largest size, px, of the same proportions that is within both bounds, at most as it is."""
    scale = min(1.0, edge / max(width, height))
    while True:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        covered = math.ceil(size[0] / PATCH) * math.ceil(size[1] / PATCH)
        if covered <= patches:
            return size
        scale *= min(0.995, math.sqrt(patches / covered))

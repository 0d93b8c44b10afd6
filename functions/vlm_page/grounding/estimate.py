"""Where a block may stand of which nothing was found: between those before and after it."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.blocks import BBox, union

from .texts import Frame

LEAST_HEIGHT = 0.005
"""Of the page's height: half a line of small print on A4. What is lower is no room for a block."""


def between(before: BBox | None, after: BBox | None, unclaimed: Sequence[BBox], frame: Frame) -> BBox:
    """`unclaimed` are the lines there that nothing says. Without any, the room below the block before and above the one
    after; where there is none, as at a column's end, the place of both; the page for the only block of it."""
    if unclaimed:
        return union(unclaimed)
    if before is None and after is None:
        return frame.whole
    near = [box for box in (before, after) if box is not None]
    x0, _, x1, _ = union(near)
    top = before[3] if before is not None else 0.0
    bottom = after[1] if after is not None else frame.height
    if bottom - top > LEAST_HEIGHT * frame.height:
        return (x0, top, x1, bottom)
    return union(near)

"""The direction in which a page is read, as a change of coordinates.

All rules of the layout are written for text that runs from left to right, and lines that run from top to bottom. A page
that is read from right to left is mirrored first, one that is written vertically is turned, so that the same rules
hold. Only boxes are changed, and only for the layout: the lines keep theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ocrchat import script
from ocrchat.blocks import BBox

from .pieces import Piece


@dataclass(frozen=True, slots=True)
class Direction:
    """`width` is that of the page. `kind`: lines from left to right, from right to left, or vertical ones that follow
    each other from right to left."""

    kind: Literal["left", "right", "vertical"]
    width: float
    height: float

    @classmethod
    def of(cls, pieces: Sequence[Piece], width: float, height: float) -> Direction:
        """As most of the text runs."""
        vertical = sum(
            len(piece.line.text) for piece in pieces if not piece.level and script.is_mostly_spaceless(piece.line.text)
        )
        if 2 * vertical > sum(len(piece.line.text) for piece in pieces):
            return cls("vertical", width, height)
        from_the_right = script.runs_from_the_right(piece.line.text for piece in pieces)
        return cls("right" if from_the_right else "left", width, height)

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the page as the rules see it."""
        return (self.height, self.width) if self.kind == "vertical" else (self.width, self.height)

    def box(self, bbox: BBox) -> BBox:
        """A box of the page as the rules see it."""
        x0, y0, x1, y1 = bbox
        if self.kind == "vertical":
            return (y0, self.width - x1, y1, self.width - x0)
        if self.kind == "right":
            return (self.width - x1, y0, self.width - x0, y1)
        return bbox

    def is_along(self, piece: Piece) -> bool:
        """Whether `piece` runs as the lines of the page do. One character runs in no direction."""
        return len(piece.line.text) < 2 or piece.level == (self.kind != "vertical")

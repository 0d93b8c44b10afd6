"""A page as pixels, with what is needed to say where on the page a pixel lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrchat.blocks import BBox, Block, Line, Word
from ocrchat.pages import Unit

from . import upright
from .recognisers.port import RecognisedLine
from .recognisers.regions import Region

if TYPE_CHECKING:
    from .recognisers.port import Pixels


@dataclass(frozen=True, slots=True)
class Raster:
    """An upright page. `width` and `height` are in `unit`; `rotation` is what was applied clockwise (0, 90, 180, 270)
    to make it upright; `scale` is the number of px for one unit. `pixels` are the page turned by `skew` degrees
    anticlockwise around its middle, so that its lines run level."""

    pixels: Pixels
    width: float
    height: float
    unit: Unit
    rotation: int
    scale: float
    skew: float = 0.0

    @property
    def is_uniform(self) -> bool:
        """Whether all of it has one colour, so that nothing can stand on it."""
        first = self.pixels[0, 0]
        return bool((self.pixels[::64] == first).all()) and bool((self.pixels == first).all())

    def turned(self, turns: int) -> Raster:
        """After so many quarter turns anticlockwise."""
        import numpy as np

        width, height = (self.height, self.width) if turns % 2 else (self.width, self.height)
        pixels = np.ascontiguousarray(np.rot90(self.pixels, turns))
        return replace(self, pixels=pixels, width=width, height=height, rotation=(self.rotation - 90 * turns) % 360)

    def levelled(self, regions: Sequence[Region], degrees: float) -> tuple[Raster, list[Region]]:
        """With its regions, made level where it is turned by so many degrees clockwise."""
        pixels, level = upright.levelled(self.pixels, regions, degrees)
        return replace(self, pixels=pixels, skew=degrees), level

    def line(self, found: RecognisedLine) -> Line:
        """`found`, whose boxes are in px, in the page's unit; boxes are of the level page."""
        words = tuple(Word(word.text, self.box(word.box), word.confidence) for word in found.words)
        return Line(found.text, self.box(found.box), found.confidence, words)

    def in_place(self, block: Block) -> Block:
        """A block of the level page as it lies on the page that was sent, which may be askew."""
        return block.placed(self._askew) if self.skew else block

    def _askew(self, box: BBox) -> BBox:
        """The smallest upright box around `box` after it is turned back."""
        x0, y0, x1, y1 = box
        corners = [
            upright.turned_point(x, y, -self.skew, self.width, self.height)
            for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        ]
        xs, ys = zip(*corners, strict=True)
        x0, x1 = (min(max(x, 0.0), self.width) for x in (min(xs), max(xs)))
        y0, y1 = (min(max(y, 0.0), self.height) for y in (min(ys), max(ys)))
        return (x0, y0, x1, y1)

    def box(self, box: BBox) -> BBox:
        """A box in px as one in the page's unit."""
        x0, y0, x1, y1 = (value / self.scale for value in box)
        return (x0, y0, min(x1, self.width), min(y1, self.height))

"""A page as pixels, with what is needed to say where on the page a pixel lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrchat.blocks import BBox, Line, Word
from ocrchat.pages import Unit

from .recognisers.port import RecognisedLine

if TYPE_CHECKING:
    from .recognisers.port import Pixels


@dataclass(frozen=True, slots=True)
class Raster:
    """An upright page. `width` and `height` are in `unit`; `rotation` is what was applied clockwise (0, 90, 180, 270)
    to make it upright; `scale` is the number of px for one unit."""

    pixels: Pixels
    width: float
    height: float
    unit: Unit
    rotation: int
    scale: float

    @property
    def is_uniform(self) -> bool:
        """Whether all of it has one colour, so that nothing can stand on it."""
        return bool((self.pixels == self.pixels[0, 0]).all())

    def line(self, found: RecognisedLine) -> Line:
        """`found`, whose boxes are in px, in the page's unit."""
        words = tuple(Word(word.text, self._box(word.box), word.confidence) for word in found.words)
        return Line(found.text, self._box(found.box), found.confidence, words)

    def _box(self, box: BBox) -> BBox:
        x0, y0, x1, y1 = (value / self.scale for value in box)
        return (x0, y0, min(x1, self.width), min(y1, self.height))

"""The picture that a model looks at: as large as it can see, and where there is ink on it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrchat.blocks import BBox
from ocrchat.llm.images import fitting

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY = 90
CONTRAST = 40  # grey levels off its surroundings is what ink is, at least: paper, shades and JPEG stay below
INK_SHARE = 0.004  # of a box is ink where something is written: a thin signature has 0.01, specks less than 0.001
BLANK_SHARE = 0.0002  # of a whole page: 800 px of an A4 page as it is sent, a short word


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of `width` x `height` px that shows the whole page; `grey` is the same, for who looks where its ink is."""

    data: bytes
    width: int
    height: int
    grey: Image

    @classmethod
    def of(cls, data: bytes, edge: int, patches: int) -> Picture:
        """`data` is a JPEG of our own; it is made smaller where its edge, px, or its number of patches is larger."""
        from PIL import Image

        image: Image.Image = Image.open(io.BytesIO(data), formats=("JPEG",))
        size = fitting(image.width, image.height, edge, patches)
        if size != image.size:
            image = image.resize(size, Image.Resampling.LANCZOS)
            out = io.BytesIO()
            image.save(out, "JPEG", quality=QUALITY)
            data = out.getvalue()
        return cls(data, image.width, image.height, image.convert("L"))

    @property
    def is_blank(self) -> bool:
        return self._ink((0, 0, self.width, self.height)) < BLANK_SHARE

    def has_ink(self, box: BBox, but: Sequence[BBox] = ()) -> bool:
        """Whether something stands in a box, in px, beside what stands in the boxes `but`."""
        return self._ink(box, but) >= INK_SHARE

    def _ink(self, box: BBox, but: Sequence[BBox] = ()) -> float:
        """The share of a box, 0..1, that differs from the ground it stands on."""
        from PIL import ImageDraw

        x0, y0, x1, y1 = (round(value) for value in box)
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(self.width, x1), min(self.height, y1)
        if x1 <= x0 or y1 <= y0:
            return 0.0
        part = self.grey.crop((x0, y0, x1, y1))
        counts = part.histogram()
        ground = max(range(256), key=counts.__getitem__)  # the grey level that most of it has
        if but:
            draw = ImageDraw.Draw(part)
            for a, b, c, d in but:
                if a < x1 and c > x0 and b < y1 and d > y0:
                    draw.rectangle((a - x0, b - y0, c - x0, d - y0), fill=ground)
            counts = part.histogram()
        ink = sum(counts[: max(0, ground - CONTRAST)]) + sum(counts[min(256, ground + CONTRAST + 1) :])
        return ink / (part.width * part.height)

"""Figures, cut out of the file that was sent. Where it is damaged there are none, and the log says so."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ocrchat import observe
from ocrchat.blocks import BBox
from ocrchat.pages import PageFormat, PageResult

from .originals import Original, Pdf, Pictures

if TYPE_CHECKING:
    from PIL.Image import Image

FIGURES_OF_A_PAGE = 50
FIGURE_BYTES = 4_000_000
TOTAL_BYTES = 150_000_000  # of all figures of a document, which is held in memory until it is written
FEW_COLOURS = 4096  # a picture with fewer is drawn, and often smaller as a PNG
JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG or PNG file, and its size in px."""

    data: bytes
    extension: str
    width: int
    height: int


@dataclass(slots=True)
class Figures:
    """Cuts figures out of `original`, within the bounds of this module."""

    original: Original | None
    _bytes: int = 0
    _of_page: dict[int, int] = field(default_factory=dict)

    def resolution(self, index: int) -> float | None:
        if self.original is None:
            return None
        try:
            return self.original.resolution(index)
        except self.original.faults() as error:
            observe.logger().info("no resolution", extra={"page": index, "cause": repr(error)})
            return None

    def cut(self, page: PageResult, box: BBox) -> Picture | None:
        """None where there is no original, it is damaged there, or the bounds are reached."""
        taken = self._of_page.get(page.index, 0)
        if self.original is None or taken >= FIGURES_OF_A_PAGE or self._bytes >= TOTAL_BYTES:
            return None
        self._of_page = {page.index: taken + 1}
        try:
            picture = _encoded(self.original.crop(page, box))
        except self.original.faults() as error:
            observe.logger().info("no figure", extra={"page": page.index, "cause": repr(error)})
            return None
        if len(picture.data) > FIGURE_BYTES:
            return None
        self._bytes += len(picture.data)
        return picture


@contextmanager
def opened(path: Path | None, form: PageFormat) -> Iterator[Figures]:
    """Figures of the original of a job whose pages are in `form`."""
    kind: type[Original] = Pdf if form == "pdf" else Pictures
    with ExitStack() as stack:
        original = None
        if path is not None:
            try:
                original = stack.enter_context(kind.opened(path, form))
            except kind.faults() as error:
                observe.logger().info("original not opened", extra={"cause": repr(error)})
        yield Figures(original)


def _encoded(image: Image) -> Picture:
    """The smaller of PNG and JPEG."""
    jpeg = _saved(image, "JPEG", quality=JPEG_QUALITY)
    data, extension = jpeg, "jpeg"
    if image.getcolors(FEW_COLOURS) is not None:
        png = _saved(image, "PNG")
        if len(png) <= len(jpeg):
            data, extension = png, "png"
    return Picture(data, extension, image.width, image.height)


def _saved(image: Image, form: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()

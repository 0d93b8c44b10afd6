"""The file that was sent, opened again to cut pieces out of its pages as these were read: upright."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from export import scans
from ocrchat import orientation
from ocrchat.blocks import BBox
from ocrchat.limits import LIMITS, decoded_bytes
from ocrchat.pages import PageFormat, PageResult

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 200.0
POINTS_PER_INCH = 72.0
CROP_PIXELS = 4_000_000  # A4 at 200 dpi has 3.9 million
HELD_PIXELS = 50_000_000
"""A JPEG of more, 200 MB in colour, is decoded to a half, a quarter or an eighth of its sides. At least a quarter of
these pixels is left: three times CROP_PIXELS."""

JPEG_PARTS = (2, 4, 8)  # of its sides that libjpeg decodes one to

BAND_PIXELS = 4_000_000  # of a crop are converted at a time: it may be the whole of a large picture
LEAST_PIXELS = 4  # a side
SAME_SIZE = 2.0  # units: how much a page may differ from what was read, by rounding

PLAIN_MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB")  # of 8 bits a channel

FLIP_LEFT_RIGHT, FLIP_TOP_BOTTOM, ROTATE_90, ROTATE_180, ROTATE_270, TRANSPOSE, TRANSVERSE = range(7)
"""Pillow's `Image.Transpose`, whose rotations are counter-clockwise."""

QUARTERS = {90: ROTATE_270, 180: ROTATE_180, 270: ROTATE_90}
UNDONE = {ROTATE_90: ROTATE_270, ROTATE_270: ROTATE_90}  # all others undo themselves
FROM_THE_RIGHT = (FLIP_LEFT_RIGHT, ROTATE_180, ROTATE_90, TRANSVERSE)
FROM_BELOW = (FLIP_TOP_BOTTOM, ROTATE_180, ROTATE_270, TRANSVERSE)
SIDEWAYS = (ROTATE_90, ROTATE_270, TRANSPOSE, TRANSVERSE)
"""Which count x from the other edge, which y, and which exchange the two after that."""


class Unusable(Exception):
    """The original does not hold the page as it was read."""


class Original(ABC):
    """Its methods may raise what `faults` lists."""

    @classmethod
    @abstractmethod
    def opened(cls, path: Path, form: PageFormat) -> AbstractContextManager[Self]:
        """The original of a job whose pages are in `form`. Raises one of `faults`."""

    @classmethod
    @abstractmethod
    def faults(cls) -> tuple[type[Exception], ...]: ...

    def resolution(self, index: int) -> float | None:  # noqa: ARG002 - a PDF's pages have none
        """Of a page that is a picture, in px per inch, where it says one."""
        return None

    @abstractmethod
    def crop(self, page: PageResult, box: BBox) -> Image:
        """What is in `box` of the upright page, of no more than about CROP_PIXELS, as RGB."""


class Pdf(Original):
    """Rendered by MuPDF. The page that was cut last is kept, since a page's figures come one after the other."""

    def __init__(self, document: Any) -> None:
        self._mupdf = _mupdf()
        self._document = document
        self._page: tuple[int, Any, Any] | None = None

    @classmethod
    @contextmanager
    def opened(cls, path: Path, form: PageFormat) -> Iterator[Self]:
        with _mupdf().open(path, filetype=form) as document:
            original = cls(document)
            try:
                yield original
            finally:
                original._page = None  # before its document is closed

    @classmethod
    def faults(cls) -> tuple[type[Exception], ...]:
        return (Unusable, RuntimeError, ValueError, OSError, _mupdf().mupdf.FzErrorBase)

    def crop(self, page: PageResult, box: BBox) -> Image:
        from PIL import Image

        rect, drawn = self._drawn(page)
        clip = self._mupdf.Rect(box) & rect
        if clip.width <= 0 or clip.height <= 0:
            raise Unusable("empty box")
        scale = min(DPI / POINTS_PER_INCH, math.sqrt(CROP_PIXELS / (clip.width * clip.height)))
        matrix = self._mupdf.Matrix(scale, scale)
        pixmap = drawn.get_pixmap(matrix=matrix, colorspace=self._mupdf.csRGB, alpha=False, clip=clip)
        return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)

    def _drawn(self, result: PageResult) -> tuple[Any, Any]:
        """(its rectangle, its display list) of the page, turned as it was read."""
        if self._page is None or self._page[0] != result.index:
            if self._document.needs_pass or result.index >= self._document.page_count:
                raise Unusable("no such page")
            page = self._document[result.index]
            page.set_rotation(result.rotation)
            if not _is_about((page.rect.width, page.rect.height), result):
                raise Unusable("another size")
            self._page = (result.index, page.rect, page.get_displaylist())
        return self._page[1:]


class Pictures(Original):
    """An image, or one of more frames, by Pillow. The frame that was cut last is kept, as it is stored."""

    def __init__(self, image: Image, form: PageFormat) -> None:
        self._image = image
        self._form = form
        self._frame: tuple[int, _Frame | None] | None = None

    @classmethod
    @contextmanager
    def opened(cls, path: Path, form: PageFormat) -> Iterator[Self]:
        with path.open("rb") as file, scans.opened(file) as image:
            yield cls(image, form)

    @classmethod
    def faults(cls) -> tuple[type[Exception], ...]:
        return (Unusable, *scans.FAULTS)

    def resolution(self, index: int) -> float | None:
        self._image.seek(index)
        across, down = scans.stated_dpi(self._image) or (0.0, 0.0)
        return across if across > 0 and abs(across - down) < 1 else None

    def crop(self, page: PageResult, box: BBox) -> Image:
        if self._frame is None or self._frame[0] != page.index:
            self._frame = (page.index, None)  # for as long as it cannot be decoded
            self._frame = (page.index, self._decoded(page))
        frame = self._frame[1]
        if frame is None:
            raise Unusable("not decoded")
        return frame.crop(box)

    def _decoded(self, page: PageResult) -> _Frame:
        image = self._image
        image.seek(page.index)
        _check(image)
        stored = image.getexif().get(orientation.TAG, 1)
        size = image.size
        if image.format in ("JPEG", "MPO"):
            _draft(image)
        image.load()
        turned = orientation.CLOCKWISE.get(stored, 0)
        turns = [orientation.TRANSPOSED[stored]] if stored in orientation.TRANSPOSED else []
        if image.format == "TIFF":  # Pillow has turned it while it loaded it
            size, turns = image.size, []
            if self._form != "tif":  # its frames were sent to the reader one by one, upright
                turned = 0
        further = (page.rotation - turned) % 360
        turns += [QUARTERS[further]] if further in QUARTERS else []
        frame = _Frame(image, size, tuple(turns))
        if not _is_about(frame.upright_size, page):
            raise Unusable("another size")
        return frame


@dataclass(frozen=True, slots=True)
class _Frame:
    """A picture that was decoded, perhaps smaller than its `size`, which is that of the page before its `turns`."""

    image: Image
    size: tuple[int, int]
    turns: tuple[int, ...]

    @property
    def upright_size(self) -> tuple[int, int]:
        return self.size[::-1] if sum(turn in SIDEWAYS for turn in self.turns) % 2 else self.size

    def crop(self, box: BBox) -> Image:
        """Only what was cut out is turned, not the frame."""
        from PIL.Image import Transpose

        size = self.upright_size
        for turn in reversed(self.turns):
            back = UNDONE.get(turn, turn)
            box = _turned(box, size, back)
            size = size[::-1] if back in SIDEWAYS else size
        across, down = self.image.width / size[0], self.image.height / size[1]
        area = (
            max(0, math.floor(box[0] * across)),
            max(0, math.floor(box[1] * down)),
            min(self.image.width, math.ceil(box[2] * across)),
            min(self.image.height, math.ceil(box[3] * down)),
        )
        if area[2] - area[0] < LEAST_PIXELS or area[3] - area[1] < LEAST_PIXELS:
            raise Unusable("empty box")
        cut = _cut(self.image, area)
        for turn in self.turns:
            cut = cut.transpose(Transpose(turn))
        return cut


def _check(image: Image) -> None:
    """Raises Unusable for more pixels than a page may have, or than may be held decoded."""
    held = decoded_bytes(
        *image.size, image.mode, is_jpeg=image.format in ("JPEG", "MPO"), is_progressive="progressive" in image.info
    )
    if image.width * image.height > LIMITS.page_pixels or held > LIMITS.page_decoded_bytes:
        raise Unusable("too large")
    if image.mode not in PLAIN_MODES:
        raise Unusable("not of this kind")


def _draft(image: Image) -> None:
    """Has a JPEG of more than HELD_PIXELS decoded to fewer, as libjpeg can."""
    parts = math.sqrt(image.width * image.height / HELD_PIXELS)
    if parts > 1:
        part = next((part for part in JPEG_PARTS if part >= parts), JPEG_PARTS[-1])
        image.draft(None, (max(1, image.width // part), max(1, image.height // part)))


def _turned(box: BBox, size: tuple[int, int], turn: int) -> BBox:
    """Where `box` of a picture of `size` is once that is turned."""
    x0, y0, x1, y1 = box
    if turn in FROM_THE_RIGHT:
        x0, x1 = size[0] - x1, size[0] - x0
    if turn in FROM_BELOW:
        y0, y1 = size[1] - y1, size[1] - y0
    return (y0, x0, y1, x1) if turn in SIDEWAYS else (x0, y0, x1, y1)


def _cut(image: Image, area: tuple[int, int, int, int]) -> Image:
    """`area` of it as RGB, shrunk by a whole number to about CROP_PIXELS."""
    from PIL import Image

    x0, y0, x1, y1 = area
    width, height = x1 - x0, y1 - y0
    shrinking = math.ceil(math.sqrt(width * height / CROP_PIXELS))
    cut = Image.new("RGB", (math.ceil(width / shrinking), math.ceil(height / shrinking)))
    rows = max(1, BAND_PIXELS // width // shrinking) * shrinking
    for top in range(y0, y1, rows):
        band = _rgb(image.crop((x0, top, x1, min(top + rows, y1))))
        cut.paste(band.reduce(shrinking), (0, (top - y0) // shrinking))
    return cut


def _is_about(size: tuple[float, float], page: PageResult) -> bool:
    return abs(size[0] - page.width) <= SAME_SIZE and abs(size[1] - page.height) <= SAME_SIZE


def _rgb(image: Image) -> Image:
    """What is transparent becomes white, as on paper."""
    from PIL import Image

    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(coloured, mask=coloured.getchannel("A"))
    return image if image.mode == "RGB" else image.convert("RGB")


def _mupdf() -> Any:
    """PyMuPDF, which by itself writes to the standard streams whatever it finds wrong with a file."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    return pymupdf

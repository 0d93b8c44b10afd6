"""Figures, cut out of the file that was sent. Where it is damaged there are none, and the log says so."""

from __future__ import annotations

import io
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.scans import CLOCKWISE, FAULTS, FORMATS, ORIENTATION_TAG, stated_dpi
from ocrchat import observe
from ocrchat.blocks import BBox
from ocrchat.limits import LIMITS
from ocrchat.pages import PageFormat, PageResult

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 200.0
POINTS_PER_INCH = 72.0
CROP_PIXELS = 4_000_000  # A4 at 200 dpi has 3.9 million
LEAST_PIXELS = 4  # a side
FIGURES_OF_A_PAGE = 50
FIGURE_BYTES = 4_000_000
TOTAL_BYTES = 150_000_000  # of all figures of a document, which is held in memory until it is written
FEW_COLOURS = 4096  # a picture with fewer is drawn, and often smaller as a PNG
JPEG_QUALITY = 85
SAME_SIZE = 2.0  # units: how much a page may differ from what was read, by rounding

PLAIN_MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB")  # of 8 bits a channel


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG or PNG file, and its size in px."""

    data: bytes
    extension: str
    width: int
    height: int


class Unusable(Exception):
    """The original does not hold the page as it was read."""


class Original(ABC):
    """The file that was sent, open. Its methods may raise what `faults` lists."""

    faults: tuple[type[Exception], ...]

    def resolution(self, index: int) -> float | None:  # noqa: ARG002 - a PDF's pages have none
        """Of a page that is a picture, in px per inch, where it says one."""
        return None

    @abstractmethod
    def crop(self, page: PageResult, box: BBox) -> Image:
        """What is in `box` of the upright page."""


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
        except self.original.faults as error:
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
        except self.original.faults as error:
            observe.logger().info("no figure", extra={"page": page.index, "cause": repr(error)})
            return None
        if len(picture.data) > FIGURE_BYTES:
            return None
        self._bytes += len(picture.data)
        return picture


@contextmanager
def opened(path: Path | None, form: PageFormat) -> Iterator[Figures]:
    """Figures of the original of a job whose pages are in `form`."""
    if path is None:
        yield Figures(None)
        return
    kind: type[_Pdf | _Pictures] = _Pdf if form == "pdf" else _Pictures
    try:
        original = kind(path)
    except kind.opening_faults() as error:
        observe.logger().info("original not opened", extra={"cause": repr(error)})
        yield Figures(None)
        return
    try:
        yield Figures(original)
    finally:
        original.close()


class _Pdf(Original):
    """Rendered by MuPDF. The page that was cut last is kept, since a page's figures come one after the other."""

    def __init__(self, path: Path) -> None:
        self._mupdf = _mupdf()
        self.faults = (Unusable, *self.opening_faults())
        self._document = self._mupdf.open(path, filetype="pdf")
        self._page: tuple[int, Any, Any] | None = None

    @classmethod
    def opening_faults(cls) -> tuple[type[Exception], ...]:
        return (RuntimeError, ValueError, OSError, _mupdf().mupdf.FzErrorBase)

    def close(self) -> None:
        self._page = None
        self._document.close()

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


class _Pictures(Original):
    """An image, or one of more frames, by Pillow. The frame that was cut last is kept."""

    faults = (Unusable, *FAULTS)

    def __init__(self, path: Path) -> None:
        from PIL import Image

        self._file: Any = Image.open(path, formats=FORMATS)
        self._upright: tuple[int, Image.Image] | None = None

    @classmethod
    def opening_faults(cls) -> tuple[type[Exception], ...]:
        from PIL import Image

        return (*cls.faults, Image.DecompressionBombError)

    def close(self) -> None:
        self._file.close()

    def resolution(self, index: int) -> float | None:
        self._file.seek(index)
        across, down = stated_dpi(self._file) or (0.0, 0.0)
        return across if across > 0 and abs(across - down) < 1 else None

    def crop(self, page: PageResult, box: BBox) -> Image:
        upright = self._frame(page)
        x0, y0, x1, y1 = box
        area = (max(0, math.floor(x0)), max(0, math.floor(y0)), min(upright.width, math.ceil(x1)), math.ceil(y1))
        area = (*area[:3], min(upright.height, area[3]))
        if area[2] - area[0] < LEAST_PIXELS or area[3] - area[1] < LEAST_PIXELS:
            raise Unusable("empty box")
        cut = upright.crop(area)
        shrinking = math.ceil(math.sqrt(cut.width * cut.height / CROP_PIXELS))
        cut = _rgb(cut)
        return cut.reduce(shrinking) if shrinking > 1 else cut

    def _frame(self, page: PageResult) -> Image:
        if self._upright is None or self._upright[0] != page.index:
            self._upright = None
            self._file.seek(page.index)
            width, height = self._file.size
            if width * height > LIMITS.page_pixels or self._file.mode not in PLAIN_MODES:
                raise Unusable("not of this kind")
            self._file.load()
            upright = _upright(self._file, page.rotation)
            if not _is_about(upright.size, page):
                raise Unusable("another size")
            self._upright = (page.index, upright)
        return self._upright[1]


def _upright(image: Image, rotation: int) -> Image:
    """Turned clockwise by `rotation`, of which its EXIF orientation is a part, and mirrored as that says."""
    from PIL import ImageOps
    from PIL.Image import Transpose

    turned = CLOCKWISE.get(image.getexif().get(ORIENTATION_TAG, 1), 0)
    image = ImageOps.exif_transpose(image)
    further = {90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}
    turn = further.get((rotation - turned) % 360)
    return image if turn is None else image.transpose(turn)


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


def _mupdf() -> Any:
    """PyMuPDF, which by itself writes to the standard streams whatever it finds wrong with a file."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    return pymupdf

"""Image files through Pillow: their pixels are counted from the header before anything is decoded."""

from __future__ import annotations

import logging
import os
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ocrchat.errors import FileCorrupt, ImageTooLarge
from ocrchat.limits import LIMITS, Limits, decoded_bytes
from ocrchat.pages import PageFormat

if TYPE_CHECKING:
    from PIL.Image import Image

PILLOW_FORMATS: dict[PageFormat, str] = {
    "png": "PNG",
    "jpg": "JPEG",
    "webp": "WEBP",
    "gif": "GIF",
    "bmp": "BMP",
    "tif": "TIFF",
}

DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    struct.error,
)
"""What Pillow raises for a damaged file: each plugin lets the error of the field that it stumbled over through."""

ZLIB_LEVEL = 3
"""For the PNG files that are written here: on scans half the time of the default 6, for up to a quarter more bytes."""

_PNG_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16", "I;16B"})

MOST_DPI = 100_000
"""A resolution beyond it is a damaged number."""


@contextmanager
def opened(path: Path, page_format: PageFormat) -> Iterator[Image]:
    """The image at `path`, its header read and nothing decoded. Raises one of DAMAGE, ImageTooLarge.

    Only the plugin of `page_format` is tried. Pillow's own bomb check and its warnings are off inside: `check_size`
    stands in front of every decode. But for GIF, whose plugin makes what a frame leaves behind before it says how large
    the image is: its check, which refuses twice the limit that it is given, stands in front of that.
    """
    from PIL import Image

    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    own_limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = LIMITS.page_pixels // 2 if page_format == "gif" else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=[PILLOW_FORMATS[page_format]]) as image:
                yield image
    except Image.DecompressionBombError as bomb:
        raise ImageTooLarge(
            f"A frame of the image has more pixels than the {LIMITS.page_pixels:,} that a page may have",
            limit=LIMITS.page_pixels,
        ) from bomb
    finally:
        Image.MAX_IMAGE_PIXELS = own_limit


def check_size(image: Image, limits: Limits, what: str = "The image") -> None:
    """Raises ImageTooLarge for more pixels, or a longer side, than a page may have; FileCorrupt for none."""
    width, height = image.size
    if width < 1 or height < 1:
        raise FileCorrupt(f"{what} is damaged: its header says {width} x {height} pixels")
    found = {"width": width, "height": height}
    if max(width, height) > limits.page_side_pixels:
        raise ImageTooLarge(
            f"{what} is {width} x {height} pixels; a side may have {limits.page_side_pixels:,}: scale it down",
            limit=limits.page_side_pixels,
            found=max(width, height),
            **found,
        )
    if width * height > limits.page_pixels:
        raise ImageTooLarge(
            f"{what} has {width} x {height} = {width * height:,} pixels; a page may have {limits.page_pixels:,}: "
            "scale it down",
            limit=limits.page_pixels,
            found=width * height,
            **found,
        )
    if _decoded_bytes(image) > limits.page_decoded_bytes:
        raise ImageTooLarge(
            f"{what} is {width} x {height} pixels in colour, {_decoded_bytes(image):,} bytes when it is decoded; a "
            f"page may take {limits.page_decoded_bytes:,}: scale it down, or send it in grey or as a baseline JPEG",
            limit=limits.page_decoded_bytes,
            found=_decoded_bytes(image),
            **found,
        )


def _decoded_bytes(image: Image) -> int:
    is_jpeg = image.format in ("JPEG", "MPO")
    return decoded_bytes(*image.size, image.mode, is_jpeg=is_jpeg, is_progressive="progressive" in image.info)


def decode(image: Image) -> None:
    """Reads every pixel of the frame that `image` stands at. Raises one of DAMAGE.

    A JPEG is decoded to an eighth of its size: all of its data is read all the same, in a fraction of the memory.
    """
    if image.format == "JPEG":
        image.draft(None, (1, 1))
    _load(image)


def frame_as_png(image: Image) -> bytes:
    """The frame that `image` stands at as a PNG: lossless, with its resolution. Raises one of DAMAGE.

    Bilevel, grey (8 and 16 bit), palette, RGB and RGBA stay as they are; what PNG cannot hold becomes RGB, or grey of
    8 bit where it is one channel of larger numbers.
    """
    _load(image)
    frame: Image = image
    if image.mode in {"I", "F"}:
        frame = _as_grey(image)
    elif image.mode not in _PNG_MODES:
        frame = image.convert("RGB")
    options: dict[str, Any] = {"compress_level": ZLIB_LEVEL}
    dpi = image.info.get("dpi")
    if dpi and all(0 < value < MOST_DPI for value in dpi):
        options["dpi"] = tuple(float(value) for value in dpi)
    out = BytesIO()
    frame.save(out, "PNG", **options)
    return out.getvalue()


def _load(image: Image) -> None:
    """Decodes; for a TIFF with the process's stderr closed, on which libtiff reports damage past all handlers."""
    if image.format != "TIFF":
        image.load()
        return
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        image.load()
    finally:
        os.dup2(stderr, 2)
        os.close(nowhere)
        os.close(stderr)


def _as_grey(image: Image) -> Image:
    """One channel of 32-bit numbers, stretched from its own extremes to 0..255."""
    low, high = cast("tuple[float, float]", image.getextrema())
    scale = 255.0 / (high - low) if high > low else 0.0
    return image.convert("F").point(lambda value: value * scale + -low * scale).convert("L")

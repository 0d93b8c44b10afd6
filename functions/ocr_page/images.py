"""A page that is an image: decoded, upright, as RGB. The one module that calls Pillow."""

from __future__ import annotations

import io
import math
import os
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ocrchat import orientation
from ocrchat.errors import PageUnreadable
from ocrchat.limits import LIMITS, decoded_bytes
from ocrchat.pages import PageFormat

from .raster import Raster

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from .recognisers.port import Pixels

DECODERS: dict[PageFormat, tuple[str, ...]] = {
    "png": ("PNG",),
    "jpg": ("JPEG", "MPO"),
    "webp": ("WEBP",),
    "gif": ("GIF",),
    "bmp": ("BMP", "DIB"),
    "tif": ("TIFF",),
}

WORK_PIXELS = 25_000_000
"""A larger image is shrunk by a whole number before it becomes RGB: the recogniser looks at no more than 48 px a line,
and the copies of one of 100 million px would fill the worker's memory."""

SIDEWAYS = (5, 6, 7, 8)  # orientations whose upright image is as wide as the stored one is high

BAND_PIXELS = 8_000_000  # of a large image are shrunk at a time: more would be held twice

FAULTS = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError),
    *(ArithmeticError, AssertionError, AttributeError, RuntimeError, struct.error),
)
"""What Pillow raises for damaged files (UnidentifiedImageError is an OSError)."""


def load() -> None:
    """Imports Pillow and its plugins, which it finds by itself at the first image else."""
    from PIL import Image

    Image.preinit()


def decode(data: bytes, form: PageFormat) -> Raster:
    """The first frame. Raises PageUnreadable for what Pillow cannot decode or what is larger than a page may be."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # metadata that Pillow wonders about
            # Sizes are checked here, but for GIF's: its plugin makes what a frame leaves behind before it says how
            # large the image is. Pillow refuses twice the limit that it is given.
            Image.MAX_IMAGE_PIXELS = LIMITS.page_pixels // 2 if form == "gif" else None
            with Image.open(io.BytesIO(data), formats=DECODERS[form]) as image:
                _check_size(image)
                rotation = orientation.CLOCKWISE.get(image.getexif().get(orientation.TAG, 1), 0)
                size = image.size
                _draft(image)
                with _silent():
                    image.load()
                if image.format == "TIFF":  # Pillow has turned it while it loaded it, and taken the orientation away
                    size = image.size
                left = image.getexif().get(orientation.TAG, 1)
                width, height = size[::-1] if left in SIDEWAYS else size
                transposition = orientation.TRANSPOSED.get(left)
                upright = _shrunk(image)
                if transposition is not None:
                    upright = upright.transpose(Image.Transpose(transposition))
                pixels = _rgb(upright)
    except (*FAULTS, Image.DecompressionBombError) as error:
        raise PageUnreadable from error
    return Raster(pixels, width, height, "px", rotation, pixels.shape[1] / width)


@contextmanager
def _silent() -> Iterator[None]:
    """Without the process's stderr, on which libtiff reports each damaged row, past all handlers of Python."""
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)


def _draft(image: Image.Image) -> None:
    """Has a JPEG of more than WORK_PIXELS decoded to a smaller size that libjpeg can, still at least as large."""
    if image.format in ("JPEG", "MPO"):
        factor = math.sqrt(image.width * image.height / WORK_PIXELS)
        if factor > 1:
            image.draft(None, (math.ceil(image.width / factor), math.ceil(image.height / factor)))


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    held = decoded_bytes(
        width,
        height,
        image.mode,
        is_jpeg=image.format in ("JPEG", "MPO"),
        is_progressive="progressive" in image.info,
    )
    is_large = width * height > LIMITS.page_pixels or max(width, height) > LIMITS.page_side_pixels
    if is_large or held > LIMITS.page_decoded_bytes:
        raise PageUnreadable("This page has more pixels than a page may have: scale it down")


def _rgb(image: Image.Image) -> Pixels:
    """Height x width x 3. What is transparent becomes white, as on paper."""
    import numpy as np
    from PIL import Image

    image = _of_eight_bits(image, _highest(image))
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(coloured, mask=coloured.getchannel("A"))
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _shrunk(image: Image.Image) -> Image.Image:
    """By a whole number, as many rows at a time as BAND_PIXELS hold, so that no second copy of it is made."""
    from PIL import Image

    factor = math.ceil(math.sqrt(image.width * image.height / WORK_PIXELS))
    if factor <= 1:
        return image
    highest = _highest(image)
    rows = max(1, BAND_PIXELS // image.width // factor) * factor
    bands = []
    for top in range(0, image.height, rows):
        band = _of_eight_bits(image.crop((0, top, image.width, min(top + rows, image.height))), highest)
        if band.mode == "1":
            band = band.convert("L")
        elif band.mode in ("P", "PA"):  # whose values are no colours to take a mean of
            band = band.convert("RGBA" if image.has_transparency_data else "RGB")
        bands.append(band.reduce(factor))
    whole = Image.new(bands[0].mode, (bands[0].width, sum(band.height for band in bands)))
    top = 0
    for band in bands:
        whole.paste(band, (0, top))
        top += band.height
    return whole


def _highest(image: Image.Image) -> float:
    """The highest value of an image of more than 8 bits, or of floats."""
    import numpy as np

    return float(np.asarray(image).max(initial=0)) if image.mode.startswith(("I", "F")) else 0.0


def _of_eight_bits(image: Image.Image, highest: float) -> Image.Image:
    import numpy as np
    from PIL import Image

    if not image.mode.startswith(("I", "F")):
        return image
    return Image.fromarray(_eight_bit(np.asarray(image), highest))


def _eight_bit(values: NDArray[Any], highest: float) -> NDArray[np.uint8]:
    """Grey levels of 16 or 32 bits, or of floats, as 8 bits. What is white is not said: the highest number of as many
    bits as the values take, 1.0 for floats that stay below it."""
    import numpy as np

    if values.dtype.kind == "f":
        scale = 255 / highest if 0 < highest <= 1 or highest > 255 else 1.0
        return np.clip(np.nan_to_num(values * scale), 0, 255).astype(np.uint8)
    if values.dtype.kind == "i":
        values = np.maximum(values, 0)
    return (values >> max(0, int(highest).bit_length() - 8)).astype(np.uint8)

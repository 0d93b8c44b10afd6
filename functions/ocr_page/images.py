"""A page that is an image: decoded, upright, as RGB. The one module that calls Pillow."""

from __future__ import annotations

import io
import math
import struct
import warnings
from typing import TYPE_CHECKING, Any

from ocrchat.errors import PageUnreadable
from ocrchat.limits import LIMITS
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

ORIENTATION_TAG = 0x0112  # EXIF 2.3, 4.6.4 A
CLOCKWISE = {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}
"""Degrees to turn an image of that EXIF orientation by; 2, 4, 5 and 7 are mirrored as well."""

FAULTS = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, struct.error)
"""What Pillow raises for damaged files (UnidentifiedImageError is an OSError)."""


def load() -> None:
    """Imports Pillow and its plugins, which it finds by itself at the first image else."""
    from PIL import Image

    Image.preinit()


def decode(data: bytes, form: PageFormat) -> Raster:
    """The first frame. Raises PageUnreadable for what Pillow cannot decode or what is larger than a page may be."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            # metadata that Pillow wonders about, and sizes, which are checked here
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=DECODERS[form]) as image:
                _check_size(image)
                rotation = CLOCKWISE.get(image.getexif().get(ORIENTATION_TAG, 1), 0)
                image.load()
                upright = ImageOps.exif_transpose(image)
                pixels = _rgb(upright)
    except (*FAULTS, Image.DecompressionBombError) as error:
        raise PageUnreadable from error
    return Raster(pixels, upright.width, upright.height, "px", rotation, pixels.shape[1] / upright.width)


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > LIMITS.page_pixels or max(width, height) > LIMITS.page_side_pixels:
        raise PageUnreadable("This page has more pixels than a page may have: scale it down")


def _rgb(image: Image.Image) -> Pixels:
    """Height x width x 3. What is transparent becomes white, as on paper."""
    import numpy as np
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        image = Image.fromarray(_eight_bit(np.asarray(image)))
    image = _shrunk(image)
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(coloured, mask=coloured.getchannel("A"))
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _shrunk(image: Image.Image) -> Image.Image:
    factor = math.ceil(math.sqrt(image.width * image.height / WORK_PIXELS))
    if factor <= 1:
        return image
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("P", "PA"):  # whose values are no colours to take a mean of
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.reduce(factor)


def _eight_bit(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Grey levels of 16 or 32 bits, or of floats, as 8 bits. What is white is not said: the highest number of as many
    bits as the values take, 1.0 for floats that stay below it."""
    import numpy as np

    highest = values.max(initial=0)
    if values.dtype.kind == "f":
        scale = 255 / highest if 0 < highest <= 1 or highest > 255 else 1.0
        return np.clip(np.nan_to_num(values * scale), 0, 255).astype(np.uint8)
    if values.dtype.kind == "i":
        values = np.maximum(values, 0)
    return (values >> max(0, int(highest).bit_length() - 8)).astype(np.uint8)

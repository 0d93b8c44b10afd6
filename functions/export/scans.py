"""What is known of pictures that were sent, by whoever opens them again."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "DIB", "TIFF")
"""As Pillow names them."""

FAULTS = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError),
    *(ArithmeticError, AssertionError, AttributeError, RuntimeError, struct.error),
)
"""What Pillow raises for damaged files (UnidentifiedImageError is an OSError)."""


@contextmanager
def opened(file: IO[bytes]) -> Iterator[Image]:
    """The picture that `file` holds, at its first frame. Pillow's own limit of pixels is lifted meanwhile: what a
    picture may have was checked when it was accepted. Raises one of FAULTS for what is none."""
    from PIL import Image

    limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(file, formats=FORMATS) as image:
            yield image
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def stated_dpi(image: Image) -> tuple[float, float] | None:
    """Dots an inch, across and down, as the stored picture says, believable or not; None where it says nothing."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if across > 0 and down > 0 else None

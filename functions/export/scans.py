"""What is known of pictures that were sent, by whoever opens them again."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "DIB", "TIFF")
"""As Pillow names them."""

FAULTS = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, struct.error)
"""What Pillow raises for damaged files (UnidentifiedImageError is an OSError)."""

ORIENTATION_TAG = 0x0112  # EXIF 2.3, 4.6.4 A
CLOCKWISE = {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}
"""Degrees that a page's `rotation` has from EXIF's orientation; the rest is how the page lay. 2, 4, 5 and 7 are
mirrored as well."""


def stated_dpi(image: Image) -> tuple[float, float] | None:
    """Dots an inch, across and down, as the stored picture says, believable or not; None where it says nothing."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if across > 0 and down > 0 else None

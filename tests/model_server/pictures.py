"""Pictures as a request carries them: what is refused, and how many tokens they are."""

from __future__ import annotations

import base64
import binascii
import io
from functools import lru_cache
from math import ceil
from typing import Any

from tests.model_server.errors import Refused

EDGE = 2576
PATCHES = 4784
"""Above these the API shrinks a picture, and boxes in px no longer fit it: whoever sends one has forgotten to."""
PATCH_PX = 28
ENCODED_BYTES = 5 * 1024 * 1024
"""Of one picture in base64: the API's limit as of our knowledge."""
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}


def size_of(source: Any, where: str) -> tuple[int, int]:
    """Width and height in px. Raises Refused."""
    if not isinstance(source, dict) or set(source) != {"type", "media_type", "data"} or source["type"] != "base64":
        raise Refused(f"{where}.source: type, media_type and data of a base64 source are required, and nothing else")
    data, media_type = source["data"], source["media_type"]
    if media_type not in FORMATS:
        raise Refused(f"{where}.source.media_type: one of {', '.join(FORMATS)}")
    if not isinstance(data, str) or not data:
        raise Refused(f"{where}.source.data: a string is required")
    if len(data) > ENCODED_BYTES:
        raise Refused(f"{where}.source.data: image exceeds {ENCODED_BYTES} bytes: {len(data)} bytes")
    try:
        picture = base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise Refused(f"{where}.source.data: invalid base64 data") from error
    width, height = _opened(picture, media_type, where)
    if max(width, height) > EDGE or patches(width, height) > PATCHES:
        raise Refused(f"{where}.source: {width} x {height} px are more than {EDGE} an edge or {PATCHES} patches")
    return width, height


def _opened(picture: bytes, media_type: str, where: str) -> tuple[int, int]:
    from PIL import UnidentifiedImageError

    try:
        found, size = _decoded(picture)
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise Refused(f"{where}.source: could not process image") from error
    if found != FORMATS[media_type]:
        raise Refused(f"{where}.source.media_type: {media_type} was said, but the image appears to be {found}")
    return size


@lru_cache(maxsize=8)
def _decoded(picture: bytes) -> tuple[str | None, tuple[int, int]]:
    """Format and size of what can be decoded to its end; asked for several times a request."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as opened:
        opened.load()
        return opened.format, opened.size


def patches(width: int, height: int) -> int:
    """Which are its tokens, too."""
    return ceil(width / PATCH_PX) * ceil(height / PATCH_PX)

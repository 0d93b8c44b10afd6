"""A picture as the PDF holds it: its data as they came where PDF knows how they are compressed, else without loss.

JPEG, PNG (which PDF's Flate predictors are made after) and CCITT group 4 go in as they are. A PNG with transparency or
interlaced, and every other kind, is decoded: black and white becomes group 4, the rest PNG.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from PIL.Image import Image

LEVEL = 4
"""zlib's: on a grey scan 9 takes five times as long for the same size."""

LEVEL_OF_PNG = 9
"""Of what was a PNG already, whose maker may have taken that time."""

BAND_PIXELS = 8_000_000  # whose transparency is looked up at a time

MOST_PROFILE_BYTES = 16_384
"""A larger colour profile is left out: that of a press has half a million, more than many a scan."""

_SPACES = {"1": "DeviceGray", "L": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK", "YCbCr": "DeviceRGB"}
_COMPONENTS = {"DeviceGray": 1, "DeviceRGB": 3, "DeviceCMYK": 4}
PNG_HEADER = struct.Struct(">IIBBBBB")
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _PALETTE = 0, 2, 3  # colour types of PNG that have no alpha

_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _OFFSETS, _COUNTS = 256, 257, 259, 262, 266, 273, 279
_GROUP_4, _BLACK_IS_ZERO, _LOW_BIT_FIRST = 4, 1, 2  # values of TIFF's tags

_REVERSED_BITS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_JPEG_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive: what DCTDecode takes


@dataclass(frozen=True, slots=True)
class Stream:
    """`entries`: of its dictionary, without type, size, filter's length. `alpha` is its transparency, of the same size;
    `profile` an ICC profile of its colours. `is_upright`: its orientation was applied when it was decoded."""

    width: int
    height: int
    space: str
    entries: str
    data: bytes
    alpha: Stream | None = None
    profile: bytes | None = None
    is_upright: bool = False


def of_frame(image: Image, file: IO[bytes]) -> Stream:
    """The frame that `image`, opened from `file`, stands at. Raises one of Pillow's errors for damage."""
    direct: Stream | None = None
    if image.format in ("JPEG", "MPO"):
        direct = _jpeg(image, file)
    elif image.format == "PNG":
        file.seek(0)
        direct = _png(file.read())
        if direct is not None and image.mode == "P" and "transparency" in image.info:
            image.load()
            direct = replace(direct, alpha=_alpha_of_palette(image, image.info["transparency"]))
    elif image.format == "TIFF":
        direct = _group_4(image, file)
    return direct or _lossless(image)


def _jpeg(image: Image, file: IO[bytes]) -> Stream | None:
    space = _SPACES.get(image.mode)
    file.seek(0)
    data = file.read()
    if space is None or not _is_plain_jpeg(data):
        return None
    # Adobe's programs store ink as what is left of the paper's white, and say that they wrote it.
    inverted = "/Decode[1 0 1 0 1 0 1 0]" if image.mode == "CMYK" and "adobe" in image.info else ""
    return Stream(
        *image.size, f"/{space}", f"/BitsPerComponent 8/Filter/DCTDecode{inverted}", data, None, _profile(image, space)
    )


def _is_plain_jpeg(data: bytes) -> bool:
    """Whether its first frame is one that PDF takes: 8 bits, Huffman codes (ITU-T T.81, B.1.1.3)."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return marker in _JPEG_FRAMES and data[at + 4] == 8
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


def _png(data: bytes) -> Stream | None:
    """None for what PDF's predictors do not know: alpha, interlace. The alpha of a palette is not looked at."""
    parts: dict[bytes, bytes] = {}
    for kind, body in _chunks(data):
        parts[kind] = parts.get(kind, b"") + body
    header, pixels = parts.get(b"IHDR", b""), parts.get(b"IDAT", b"")
    if len(header) != PNG_HEADER.size or not pixels:
        return None
    width, height, bits, colours, _, _, interlace = PNG_HEADER.unpack(header)
    if interlace or colours not in (_GREY, _RGB, _PALETTE):
        return None
    components = 3 if colours == _RGB else 1
    space = "/DeviceRGB" if colours == _RGB else "/DeviceGray"
    entries = (
        f"/BitsPerComponent {bits}/Filter/FlateDecode"
        f"/DecodeParms<</Predictor 15/Colors {components}/BitsPerComponent {bits}/Columns {width}>>"
    )
    if colours == _PALETTE:
        palette = parts.get(b"PLTE", b"")
        space = f"[/Indexed/DeviceRGB {len(palette) // 3 - 1}<{palette.hex()}>]"
    elif key := parts.get(b"tRNS", b""):
        entries += _key_mask(struct.unpack(f">{components}H", key[: 2 * components]))
    profile = _checked(_png_profile(parts.get(b"iCCP", b"")), space)
    return Stream(width, height, space, entries, pixels, None, profile)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _png_profile(body: bytes) -> bytes | None:
    try:
        profile = zlib.decompressobj().decompress(body[body.index(b"\0") + 2 :], MOST_PROFILE_BYTES + 1)
    except (ValueError, zlib.error):
        return None
    return profile if len(profile) <= MOST_PROFILE_BYTES else None


def _group_4(image: Image, file: IO[bytes]) -> Stream | None:
    """Of a TIFF whose frame is one strip of group 4."""
    tags: Any = cast("Any", image).tag_v2
    offsets, counts = tags.get(_OFFSETS, ()), tags.get(_COUNTS, ())
    if tags.get(_COMPRESSION) != _GROUP_4 or len(offsets) != 1 or len(counts) != 1:
        return None
    file.seek(offsets[0])
    data = file.read(counts[0])
    if tags.get(_FILL_ORDER) == _LOW_BIT_FIRST:
        data = data.translate(_REVERSED_BITS)
    width, height = tags[_WIDTH], tags[_HEIGHT]
    # What group 4 codes as black is 1 in TIFF: white, where 0 is black.
    white = "true" if tags.get(_PHOTOMETRIC) == _BLACK_IS_ZERO else "false"
    entries = (
        f"/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns {width}/Rows {height}/BlackIs1 {white}>>"
    )
    return Stream(width, height, "/DeviceGray", entries, data)


def _lossless(image: Image) -> Stream:
    image.load()
    found = _without_loss(image, LEVEL_OF_PNG if image.format == "PNG" else LEVEL)
    return replace(found, is_upright=image.format == "TIFF")  # which Pillow turns as it decodes it


def _without_loss(image: Image, level: int) -> Stream:
    key = image.info.pop("transparency", None)
    if key is None:
        return _opaque(image, level)
    if image.mode == "P":
        return replace(_opaque(image, level), alpha=_alpha_of_palette(image, key))
    plain = _opaque(image, level)
    return replace(plain, entries=plain.entries + _key_mask(key if isinstance(key, tuple) else (key,)))


def _opaque(image: Image, level: int) -> Stream:
    """But for a channel of its own, which becomes a picture of its own."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        coloured = image.convert("RGBA")
        alpha = coloured.getchannel("A")
        mask = None if alpha.getextrema() == (255, 255) else _as_png(alpha, level)
        return _as_png(coloured.convert("RGB"), level, mask, _profile(image, "DeviceRGB"))
    if image.mode == "1":
        return _as_group_4(image)
    if image.mode == "CMYK":
        entries = "/BitsPerComponent 8/Filter/FlateDecode"
        data = zlib.compress(image.tobytes(), LEVEL)
        return Stream(*image.size, "/DeviceCMYK", entries, data, None, _profile(image, "DeviceCMYK"))
    if image.mode not in ("L", "P", "RGB", "I;16"):
        image = _grey(image) if image.mode[0] in "IF" else image.convert("RGB")
    return _as_png(image, level, None, _profile(image, _SPACES.get(image.mode, "")))


def _as_group_4(image: Image) -> Stream:
    from PIL import Image

    buffer = io.BytesIO()
    image.save(buffer, "TIFF", compression="group4", strip_size=1 << 30)

    with Image.open(buffer, formats=("TIFF",)) as written:
        found = _group_4(written, buffer)
    assert found is not None, "one strip was asked for"  # noqa: S101
    return found


def _key_mask(values: Sequence[int]) -> str:
    """The one colour that is transparent (ISO 32000-1, 8.9.6.4)."""
    return f"/Mask[{' '.join(f'{value} {value}' for value in values)}]"


def _alpha_of_palette(image: Image, key: int | bytes) -> Stream | None:
    """Of a palette whose colours are transparent each in its own degree; some rows at a time, since a picture of a byte
    a pixel may be as large as pictures get. None where all are opaque."""
    table = (
        bytes(0 if index == key else 255 for index in range(256)) if isinstance(key, int) else key.ljust(256, b"\xff")
    )
    if min(table) == 255:
        return None
    packer = zlib.compressobj(LEVEL)
    rows = max(1, BAND_PIXELS // image.width)
    data = b""
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        data += packer.compress(band.tobytes().translate(table))
    entries = "/BitsPerComponent 8/Filter/FlateDecode"
    return Stream(*image.size, "/DeviceGray", entries, data + packer.flush())


def _as_png(image: Image, level: int, alpha: Stream | None = None, profile: bytes | None = None) -> Stream:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=level, icc_profile=None)
    found = _png(buffer.getvalue())
    assert found is not None, "neither alpha nor interlace was asked for"  # noqa: S101
    return replace(found, alpha=alpha, profile=profile)


def _grey(image: Image) -> Image:
    """Numbers of 32 bits and floats, which PDF has not, stretched from their extremes to 0..255."""
    low, high = cast("tuple[float, float]", image.getextrema())
    scale = 255.0 / (high - low) if high > low else 0.0
    return image.convert("F").point(lambda value: value * scale + -low * scale).convert("L")


def _profile(image: Image, space: str) -> bytes | None:
    """The picture's own, if it is small and of its colour space (ICC.1, 7.2.6: the signature at byte 16)."""
    return _checked(image.info.get("icc_profile"), f"/{space}")


def _checked(profile: bytes | None, space: str) -> bytes | None:
    if not profile or len(profile) > MOST_PROFILE_BYTES:
        return None
    kind = {"/DeviceGray": b"GRAY", "/DeviceRGB": b"RGB ", "/DeviceCMYK": b"CMYK"}.get(space)
    return profile if profile[16:20] == kind else None

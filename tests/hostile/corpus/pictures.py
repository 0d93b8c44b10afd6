"""Pictures whose headers lie, whose data is a bomb, or whose notes (ICC, EXIF, text) are the attack."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from functools import partial

from PIL import Image

from tests.data import make_files as make

from .pdfs import MEGABYTE, zeros

Maker = Callable[[], bytes]
PNG = b"\x89PNG\r\n\x1a\n"
SIDE = 65_535
LONGEST_CHUNK = 0x7FFFFFFF


def chunk(kind: bytes, data: bytes, *, length: int | None = None, crc: int | None = None) -> bytes:
    checked = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data) if length is None else length) + kind + data + struct.pack(">I", checked)


def png(
    width: int, height: int, data: bytes, *more: bytes, bits: int = 8, colour: int = 0, interlace: int = 0
) -> bytes:
    """`data` is the packed data, as it is; `more` are chunks ahead of it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlace))
    return PNG + head + b"".join(more) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def small_png(*more: bytes) -> bytes:
    return png(9, 9, zlib.compress(bytes(90)), *more)


DISPOSED = b"!\xf9\x04\x08\0\0\0\0"
"""The frame that follows leaves the background behind (GIF89a, 23: disposal method 2)."""


def gif(blocks: bytes, width: int = 9, height: int = 9, flags: int = 0x80) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, flags, 0, 0) + bytes(6) + blocks + b";"


FRAME = b",\0\0\0\0\x09\0\x09\0\0\x02\x02\x4c\x01\0"
"""A frame of 9 x 9 pixels, most of which its data leaves out."""


def riff(*chunks: tuple[bytes, bytes], length: int | None = None) -> bytes:
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) if length is None else length) + body


def vp8x(width: int, height: int, flags: int = 0x02) -> tuple[bytes, bytes]:
    return b"VP8X", struct.pack("<I", flags) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def bmp(
    width: int, height: int, *, bits: int = 24, packing: int = 0, header: int = 40, data: bytes = bytes(300)
) -> bytes:
    info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, packing, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(data), 0, 0, 54) + info + data


def jpeg(*segments: bytes) -> bytes:
    """A small JPEG with these segments behind its first marker."""
    plain = make.encoded(make.picture(16, 16), "JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


def segment(marker: int, data: bytes, *, length: int | None = None) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2 if length is None else length) + data


def jpeg_that_says(width: int, height: int) -> bytes:
    plain = bytearray(make.encoded(make.picture(16, 16), "JPEG"))
    at = plain.index(b"\xff\xc0")
    plain[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(plain)


def progressive(scans: int) -> bytes:
    """A progressive JPEG whose last scan is repeated: each costs a pass over all coefficients."""
    plain = make.encoded(make.picture(1_600, 1_600, "L"), "JPEG", progressive=True, quality=10)
    at = plain.rindex(b"\xff\xda")
    scan = plain[at:-2]
    return plain[:at] + scan[: min(len(scan), 4_000_000 // scans)] * scans + plain[-2:]


def exif(entries: bytes) -> bytes:
    return jpeg(segment(0xE1, b"Exif\0\0" + entries))


def tags(*entries: tuple[int, int, int, int], following: int = 0) -> bytes:
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + packed + struct.pack("<I", following)


def bad_profiles() -> dict[str, bytes]:
    """ICC profiles: none of them is one."""
    return {
        "empty": b"",
        "short": b"\0\0\0\x80lcms",
        "that says 4 GB": b"\xff\xff\xff\xff" + b"lcms" + bytes(200),
        "of 2^32 tags": bytes(36) + b"acsp" + bytes(88) + b"\xff" * 4 + bytes(99),
        "of noise": make.picture(40, 40).tobytes(),
    }


def animation(frames: int) -> bytes:
    """So many frames, each of a few bytes."""
    return gif(FRAME * frames)


def _png_of_profile(profile: bytes) -> bytes:
    return small_png(chunk(b"iCCP", b"a\0\0" + zlib.compress(profile)))


def _jpeg_of_profile(profile: bytes) -> bytes:
    return jpeg(segment(0xE2, b"ICC_PROFILE\0\1\1" + profile[:60_000]))


PNG_FILES: dict[str, Maker] = {
    "bomb of 20,000 square in grey": lambda: png(20_000, 20_000, zeros(20_000 * 20_001 // MEGABYTE + 1)),
    "bomb of 8,000 square in colour": lambda: png(8_000, 8_000, zeros(8_000 * 24_001 // MEGABYTE + 1), colour=2),
    "bomb of 10,000 square in 16 bits": lambda: png(10_000, 10_000, zeros(200), bits=16),
    "bomb behind one pixel": lambda: png(1, 1, zeros(1_000)),
    "65,535 square": lambda: png(SIDE, SIDE, zeros(4)),
    "65,535 x 1": lambda: png(SIDE, 1, zlib.compress(bytes(SIDE + 1))),
    "1 x 65,535": lambda: png(1, SIDE, zlib.compress(bytes(2 * SIDE))),
    "29,999 x 13,000 without data": lambda: png(29_999, 13_000, b""),
    "30,000 x 1": lambda: png(30_000, 1, zlib.compress(bytes(30_001))),
    "1 x 30,000": lambda: png(1, 30_000, zlib.compress(bytes(60_000))),
    "2^31 square": lambda: png(2**31 - 1, 2**31 - 1, b""),
    "no width": lambda: png(0, 9, zlib.compress(bytes(99))),
    "no height": lambda: png(9, 0, zlib.compress(bytes(99))),
    "bits that are not": lambda: png(9, 9, zlib.compress(bytes(99)), bits=7),
    "colour that is not": lambda: png(9, 9, zlib.compress(bytes(99)), colour=5),
    "interlace that is not": lambda: png(9, 9, zlib.compress(bytes(99)), interlace=9),
    "interlaced without data": lambda: png(9, 9, b"", interlace=1),
    "palette without one": lambda: png(9, 9, zlib.compress(bytes(99)), colour=3),
    "palette of 3,000": lambda: png(9, 9, zlib.compress(bytes(99)), chunk(b"PLTE", bytes(9_000)), colour=3),
    "transparency of 3,000": lambda: png(
        9, 9, zlib.compress(bytes(99)), chunk(b"PLTE", bytes(768)), chunk(b"tRNS", bytes(3_000)), colour=3
    ),
    "chunk of 2 GB": lambda: PNG + chunk(b"IHDR", b"", length=LONGEST_CHUNK),
    "data chunk of 2 GB": lambda: PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0)) + chunk(
        b"IDAT", bytes(9), length=LONGEST_CHUNK
    ),
    "chunk of a wrong sum": lambda: small_png(chunk(b"tEXt", b"a\0b", crc=1)),
    "chunk of no name": lambda: small_png(chunk(b"\0\0\0\0", b"")),
    "header twice": lambda: small_png(chunk(b"IHDR", struct.pack(">IIBBBBB", 9_999, 9_999, 8, 2, 0, 0, 0))),
    "chunks 100,000 of text": lambda: small_png(chunk(b"tEXt", b"a\0b") * 100_000),
    "text bomb": lambda: small_png(chunk(b"zTXt", b"a\0\0" + zeros(500))),
    "international text bomb": lambda: small_png(chunk(b"iTXt", b"a\0\1\0\0\0" + zeros(500))),
    "profile bomb": lambda: small_png(chunk(b"iCCP", b"a\0\0" + zeros(500))),
    "animation of 10,000": lambda: small_png(chunk(b"acTL", struct.pack(">II", 10_000, 0))),
    "animation of 2^32": lambda: small_png(chunk(b"acTL", struct.pack(">II", 2**32 - 1, 0)), chunk(b"fcTL", bytes(26))),
    "resolution of nothing": lambda: small_png(chunk(b"pHYs", struct.pack(">IIB", 0, 0, 1))),
    "resolution without end": lambda: small_png(chunk(b"pHYs", struct.pack(">IIB", 2**32 - 1, 1, 1))),
    "gamma of nothing": lambda: small_png(chunk(b"gAMA", bytes(4))),
    "exif of noise": lambda: small_png(chunk(b"eXIf", make.picture(9, 9).tobytes())),
    **{f"profile {name}": partial(_png_of_profile, profile) for name, profile in bad_profiles().items()},
}  # fmt: skip
JPEG_FILES: dict[str, Maker] = {
    "65,535 square": partial(jpeg_that_says, SIDE, SIDE),
    "20,000 square": partial(jpeg_that_says, 20_000, 20_000),
    "no height": partial(jpeg_that_says, 16, 0),
    "65,535 x 1": partial(jpeg_that_says, SIDE, 1),
    "scans 2,000": partial(progressive, 2_000),
    "scans 50": partial(progressive, 50),
    "exif in a ring": lambda: exif(tags((0x8769, 4, 1, 8), (0x8825, 4, 1, 8), following=8)),
    "exif of 4 GB": lambda: exif(tags((0x0112, 3, 2**32 - 1, 8), (0x010E, 2, 2**32 - 1, 0))),
    "exif orientation 0": lambda: exif(tags((0x0112, 3, 1, 0))),
    "exif orientation 99": lambda: exif(tags((0x0112, 3, 1, 99))),
    "exif orientation of text": lambda: exif(tags((0x0112, 2, 4, 0x00616161))),
    "exif orientation of many": lambda: exif(tags((0x0112, 3, 2, 0x00060006))),
    "exif resolution 1/0": lambda: exif(tags((0x011A, 5, 1, 0), (0x0128, 3, 1, 2))),
    "exif of 65,535 entries": lambda: exif(b"II*\0\x08\0\0\0\xff\xff" + bytes(9)),
    "exif of nothing": lambda: exif(b""),
    "exif of a giant tiff": lambda: exif(b"MM\0*\xff\xff\xff\xff"),
    "thumbnail bomb": lambda: jpeg(segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\xff\xff")),
    "comments 10,000": lambda: jpeg(segment(0xFE, b"x" * 100) * 10_000),
    "profile parts 255 of 1": lambda: jpeg(*(segment(0xE2, b"ICC_PROFILE\0" + bytes((n, 1)) + b"x") for n in range(1, 256))),
    "several pictures that lie": lambda: jpeg(segment(0xE2, b"MPF\0" + tags((0xB001, 4, 1, 9_999), (0xB002, 7, 2**31, 8)))),
    "adobe of no transform": lambda: jpeg(segment(0xEE, b"Adobe\0\x64\0\0\0\0\xff")),
    "segment of no length": lambda: jpeg(segment(0xE0, b"", length=0)),
    "segment of length 1": lambda: jpeg(segment(0xE0, b"", length=1)),
    "segment behind the end": lambda: jpeg(segment(0xE5, b"", length=65_535)),
    "table of 4 GB": lambda: jpeg(segment(0xDB, b"\xff" * 64), segment(0xC4, b"\xff" * 200)),
    "restart without end": lambda: jpeg(segment(0xDD, b"\0\1")) + b"\xff\xd0" * 9_999,
    "arithmetic coding": lambda: make.encoded(make.picture(16, 16), "JPEG").replace(b"\xff\xc0", b"\xff\xc9"),
    "lossless": lambda: make.encoded(make.picture(16, 16), "JPEG").replace(b"\xff\xc0", b"\xff\xc3"),
    "twelve bits": lambda: make.encoded(make.picture(16, 16), "JPEG").replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"),
    "markers alone": lambda: b"\xff\xd8\xff" + b"\xff" * 500_000,
    "start alone": lambda: b"\xff\xd8\xff",
    "starts without end": lambda: b"\xff\xd8" * 500_000,
    "no tables": lambda: make.encoded(make.picture(16, 16), "JPEG").replace(b"\xff\xc4", b"\xff\xfe"),
    **{f"profile {name}": partial(_jpeg_of_profile, profile) for name, profile in bad_profiles().items()},
}  # fmt: skip
GIF_FILES: dict[str, Maker] = {
    "animation of 10,000": partial(animation, 10_000),
    "animation of 200,000": partial(animation, 200_000),
    "65,535 square": lambda: gif(FRAME, SIDE, SIDE),
    "frame of 65,535 square": lambda: gif(FRAME.replace(b"\x09\0\x09\0", b"\xff\xff\xff\xff"), 9, 9),
    "frame outside": lambda: gif(b"," + b"\xff\xff\xff\xff" + FRAME[5:]),
    "frame of nothing": lambda: gif(FRAME.replace(b"\x09\0\x09\0", bytes(4))),
    "no frame": lambda: gif(b""),
    "no size": lambda: gif(FRAME, 0, 0),
    "code size 0": lambda: gif(FRAME.replace(b"\x02\x02\x4c", b"\0\x02\x4c")),
    "code size 255": lambda: gif(FRAME.replace(b"\x02\x02\x4c", b"\xff\x02\x4c")),
    "comments without end": lambda: gif((b"!\xfe" + (b"\xff" + b"c" * 255) * 10 + b"\0") * 1_000 + FRAME),
    "extension without end": lambda: gif(b"!\xff" + (b"\xff" + b"c" * 255) * 8_000),
    "loop without end": lambda: gif(b"!\xff\x0bNETSCAPE2.0\x03\1\0\0\0" * 50_000 + FRAME),
    "control of a wrong length": lambda: gif(b"!\xf9\x01\xff\0" + FRAME),
    "no palette": lambda: gif(FRAME, flags=0),
    "interlaced": lambda: gif(FRAME.replace(b"\x09\0\x09\0\0", b"\x09\0\x09\0\x40")),
    "29,999 x 13,000": lambda: gif(FRAME, 29_999, 13_000),
    "frame of 20,000 square": lambda: gif(FRAME.replace(b"\x09\0\x09\0", struct.pack("<HH", 20_000, 20_000)), 20_000, 20_000),
    "junk between": lambda: gif(b"\x01" * 500_000 + FRAME),
    "huge frame to be disposed of": lambda: gif(DISPOSED + FRAME.replace(b"\x09\0\x09\0", b"\xff\xff\xff\xff")),
}  # fmt: skip
WEBP_FILES: dict[str, Maker] = {
    "canvas of 16,384 square": lambda: riff(vp8x(16_384, 16_384), (b"ANIM", bytes(6))),
    "canvas of 2^24 square": lambda: riff(vp8x(1 << 24, 1 << 24), (b"ANIM", bytes(6))),
    "lossless of 16,383 square": lambda: riff((b"VP8L", b"\x2f\xff\xff\xff\x0f" + bytes(99))),
    "lossy of 16,383 square": lambda: riff((b"VP8 ", b"\x10\0\0\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(99))),
    "length that lies": lambda: riff((b"VP8L", b"\x2f\0\0\0\0"), length=2**32 - 1),
    "length of nothing": lambda: riff((b"VP8L", b"\x2f\0\0\0\0"), length=0),
    "chunks of nothing": lambda: riff(*[(b"XXXX", b"")] * 100_000),
    "frames without pixels": lambda: riff(vp8x(9, 9), (b"ANIM", bytes(6)), *[(b"ANMF", bytes(16))] * 10_000),
    "exif of noise": lambda: riff(vp8x(9, 9, 0x08), (b"VP8L", b"\x2f\x08\0\x02\0" + bytes(9)), (b"EXIF", b"\xff" * 99)),
    "profile of noise": lambda: riff(vp8x(9, 9, 0x20), (b"ICCP", b"\xff" * 999), (b"VP8L", b"\x2f\x08\0\x02\0" + bytes(9))),
    "head alone": lambda: b"RIFF\xff\xff\xff\xffWEBP",
    "animation of 300": lambda: _webp_frames(300),
}  # fmt: skip
BMP_FILES: dict[str, Maker] = {
    "65,535 square": partial(bmp, SIDE, SIDE),
    "no width": partial(bmp, 0, 9),
    "no height": partial(bmp, 9, 0),
    "upside down": partial(bmp, 9, -9),
    "upside down by 2^31": partial(bmp, 9, -(2**31)),
    "left to the right": partial(bmp, -9, 9),
    "bits that are not": partial(bmp, 9, 9, bits=13),
    "packed as jpeg": partial(bmp, 9, 9, packing=4),
    "packed as png": partial(bmp, 9, 9, packing=5),
    "packed in runs of nothing": partial(bmp, 9, 9, bits=8, packing=1, data=bytes(1_500)),
    "packed in runs that jump": partial(bmp, 9, 9, bits=8, packing=1, data=bytes(1_024) + b"\0\2\xff\xff" * 50_000),
    "packed in runs of 20,000 square": partial(
        bmp, 20_000, 20_000, bits=8, packing=1, data=bytes(1_024) + b"\xff\1" * 99
    ),
    "packed in fours that jump": partial(
        bmp, 9_999, 9_999, bits=4, packing=2, data=bytes(64) + b"\0\2\xff\xff" * 50_000
    ),
    "masks of nothing": partial(bmp, 9, 9, bits=32, packing=3),
    "8,000 square without data": partial(bmp, 8_000, 8_000),
    "palette outside": lambda: bmp(9, 9, bits=8)[:46] + b"\xff" * 8 + bytes(300),
    "old header": partial(bmp, 9, 9, header=12),
    "newest header": partial(bmp, 9, 9, header=124),
    "data outside": lambda: bmp(9, 9)[:10] + b"\xff\xff\xff\xff" + bmp(9, 9)[14:],
}


def _webp_frames(frames: int) -> bytes:
    out = io.BytesIO()
    rest: Sequence[Image.Image] = [make.picture(9, 9, seed=n) for n in range(frames)]
    rest[0].save(out, "WEBP", save_all=True, append_images=rest[1:], lossless=True)
    return out.getvalue()

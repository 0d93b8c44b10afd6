"""TIFFs: directories that lead nowhere or to each other, values without end, strips and tiles that lie."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import partial

from tests.data import make_files as make

from .pdfs import zeros

Maker = Callable[[], bytes]
Entry = tuple[int, int, int, int]
LONG, SHORT, RATIONAL = 4, 3, 5
WIDTH, HEIGHT, BITS, PACKING, COLOUR, STRIPS, SAMPLES, ROWS, COUNTS = 256, 257, 258, 259, 262, 273, 277, 278, 279
DATA_AT = 8
"""Where the data of the files of `tiff` begins, behind the header."""


def tiff(data: bytes = bytes(81), following: int | None = None, **changes: int | Entry) -> bytes:
    """A grey frame of 9 x 9; `changes` are values of its entries by name, or whole entries.

    `following` is the offset of the next directory; 0 by default.
    """
    names = {"width": WIDTH, "height": HEIGHT, "bits": BITS, "packing": PACKING, "colour": COLOUR}
    names |= {"strips": STRIPS, "samples": SAMPLES, "rows": ROWS, "counts": COUNTS}
    entries: dict[int, Entry] = {
        WIDTH: (WIDTH, LONG, 1, 9),
        HEIGHT: (HEIGHT, LONG, 1, 9),
        BITS: (BITS, SHORT, 1, 8),
        PACKING: (PACKING, SHORT, 1, 1),
        COLOUR: (COLOUR, SHORT, 1, 1),
        STRIPS: (STRIPS, LONG, 1, DATA_AT),
        SAMPLES: (SAMPLES, SHORT, 1, 1),
        ROWS: (ROWS, LONG, 1, 9),
        COUNTS: (COUNTS, LONG, 1, len(data)),
    }
    for name, value in changes.items():
        if isinstance(value, tuple):
            entries[value[0]] = value
        else:
            tag, kind, count, _ = entries[names[name]]
            entries[tag] = (tag, kind, count, value)
    packed = b"".join(struct.pack("<HHII", *entry) for _, entry in sorted(entries.items()))
    directory = struct.pack("<H", len(entries)) + packed + struct.pack("<I", following or 0)
    return struct.pack("<2sHI", b"II", 42, DATA_AT + len(data)) + data + directory


def big(offset: int, directory: bytes = b"") -> bytes:
    return struct.pack("<2sHHHQ", b"II", 43, 8, 0, offset) + directory


TIFF_FILES: dict[str, Maker] = {
    "plain": tiff,
    "65,535 square": partial(tiff, width=65_535, height=65_535),
    "20,000 square without data": partial(tiff, width=20_000, height=20_000),
    "20,000 square of packed nothing": lambda: tiff(zeros(382), packing=8, width=20_000, height=20_000, rows=20_000),
    "8,000 square in fax": lambda: tiff(bytes(99), packing=4, width=8_000, height=8_000, bits=1, rows=8_000),
    "bomb in one strip": lambda: tiff(zeros(1_000), packing=8),
    "bomb in lzw": lambda: tiff(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01" * 9_999, packing=5, width=9_000, height=9_000),
    "no width": partial(tiff, width=0),
    "no height": partial(tiff, height=0),
    "no rows": partial(tiff, rows=0),
    "no samples": partial(tiff, samples=0),
    "samples 65,535": partial(tiff, samples=65_535),
    "bits 0": partial(tiff, bits=0),
    "bits 64": partial(tiff, bits=64),
    "packing that is not": partial(tiff, packing=9_999),
    "colour that is not": partial(tiff, colour=9_999),
    "palette without one": partial(tiff, colour=3),
    "strips outside": partial(tiff, strips=2**32 - 1),
    "counts without end": partial(tiff, counts=2**32 - 1),
    "strips 2^32": partial(tiff, a=(STRIPS, LONG, 2**32 - 1, 8)),
    "strips of text": partial(tiff, a=(STRIPS, 2, 4, 8)),
    "strips 20,000,000": partial(tiff, a=(STRIPS, LONG, 20_000_000, 8), b=(COUNTS, LONG, 20_000_000, 8)),
    "unknown tags of 900 MB": partial(tiff, a=(65_000, 7, 900_000_000, 8)),
    "unknown tags of 4 GB": partial(tiff, a=(65_000, 7, 2**32 - 1, 8)),
    "unknown type": partial(tiff, a=(65_000, 99, 1, 8)),
    "resolution 0/0": partial(tiff, a=(282, RATIONAL, 1, 40), b=(283, RATIONAL, 1, 40)),
    "orientation 9": partial(tiff, a=(274, SHORT, 1, 9)),
    "orientation 6": partial(tiff, a=(274, SHORT, 1, 6)),
    "orientation of text": partial(tiff, a=(274, 2, 4, 0x36363636)),
    "predictor 9": lambda: tiff(zlib.compress(bytes(81)), packing=8, a=(317, SHORT, 1, 9)),
    "tiles of no size": partial(tiff, a=(322, LONG, 1, 0), b=(323, LONG, 1, 0), c=(324, LONG, 1, 8), d=(325, LONG, 1, 9)),
    "tiles of 2^31": partial(tiff, a=(322, LONG, 1, 2**31), b=(323, LONG, 1, 2**31), c=(324, LONG, 1, 8), d=(325, LONG, 1, 9)),
    "tiles of 29,999 square": partial(
        tiff, a=(322, LONG, 1, 29_984), b=(323, LONG, 1, 29_984), c=(324, LONG, 1, 8), d=(325, LONG, 1, 9), packing=8
    ),
    "jpeg inside that is none": partial(tiff, packing=7),
    "old jpeg inside": partial(tiff, packing=6, a=(513, LONG, 1, 8), b=(514, LONG, 1, 2**31)),
    "webp inside that is none": partial(tiff, packing=50_001),
    "zstd inside that is none": partial(tiff, packing=50_000),
    "lzma inside that is none": partial(tiff, packing=34_925),
    "packbits without end": lambda: tiff(b"\x81\0" * 9_999, packing=32_773, width=9_999, height=99),
    "floats that are none": lambda: tiff(b"\xff" * 324, bits=32, a=(339, SHORT, 1, 3)),
    "directories that are one": partial(tiff, following=89),
    "directories outside": partial(tiff, following=2**31),
    "directories in the middle": partial(tiff, following=91),
    "exif in a ring": partial(tiff, a=(34_665, LONG, 1, 89), b=(34_853, LONG, 1, 89)),
    "subdirectories in a ring": partial(tiff, a=(330, LONG, 1, 89)),
    "profile of noise": partial(tiff, a=(34_675, 7, 99, 8)),
    "frames 5,000": partial(make.chained_tiff, 5_000),
    "frames 5,001": partial(make.chained_tiff, 5_001),
    "frames 30,000": partial(make.chained_tiff, 30_000),
    "frames in a ring": partial(make.chained_tiff, 3, cyclic=True),
    "frames with a damaged one": partial(make.tiff_with_a_damaged_frame, 3, 1),
    "head alone": lambda: b"II*\0",
    "head of big alone": lambda: b"II+\0",
    "head that leads to itself": lambda: b"II*\0\0\0\0\0",
    "big outside": partial(big, 2**63),
    "big of 2^64 entries": partial(big, 16, b"\xff" * 8),
    "big of a value of 2^64": partial(big, 16, struct.pack("<QHHQQQ", 1, 256, 16, 2**63, 8, 0)),
    "other end first": lambda: b"MM\0*\0\0\0\x08\0\1\1\0\0\4\0\0\0\1\0\0\0\x09\0\0\0\0",
    "no entries": lambda: b"II*\0\x08\0\0\0\0\0\0\0\0\0",
}  # fmt: skip

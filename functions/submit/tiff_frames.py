"""How many frames a TIFF has, from its chain of directories alone (TIFF 6.0, section 2, and the BigTIFF extension)."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

MOST_VALUE_BYTES = 1_000_000_000
"""What the entries of all directories may say that their values take. Pillow reads them, as often as they are said."""

MOST_ENTRIES = 65_535
"""Of one directory: what the 16 bits of TIFF can say, of which BigTIFF makes 64."""

_VALUE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Of one value, by the number of its type."""


class TiffDamaged(Exception):
    """The chain of directories leads out of the file, or its entries say the impossible."""


def count_frames(path: Path, most: int) -> int:
    """The number of frames; `most` + 1 stands for any number above `most`. Raises TiffDamaged.

    A chain that comes back to a directory that it has passed ends there, as it does for Pillow.
    """
    with path.open("rb") as file:
        try:
            return _walk(file, most)
        except struct.error as error:
            raise TiffDamaged from error


def _walk(file: BinaryIO, most: int) -> int:
    head = file.read(16)
    order = "<" if head.startswith(b"II") else ">"
    big = head[2:4] in {b"+\0", b"\0+"}
    counter, offset, entry = (order + code for code in (("Q", "Q", "HHQ8x") if big else ("H", "I", "HHI4x")))
    (at,) = struct.unpack_from(offset, head, 8 if big else 4)
    passed: set[int] = set()
    value_bytes = 0
    while at and at not in passed and len(passed) <= most:
        passed.add(at)
        file.seek(at)
        (entries,) = struct.unpack(counter, file.read(struct.calcsize(counter)))
        if entries > MOST_ENTRIES:
            raise TiffDamaged
        directory = file.read(entries * struct.calcsize(entry))
        value_bytes += sum(count * _VALUE_BYTES.get(kind, 0) for _, kind, count in struct.iter_unpack(entry, directory))
        if value_bytes > MOST_VALUE_BYTES:
            raise TiffDamaged
        (at,) = struct.unpack(offset, file.read(struct.calcsize(offset)))
    if not passed:
        raise TiffDamaged
    return len(passed)

"""One object a page: what a worker is given to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ocrchat.errors import FileTooLarge
from ocrchat.pages import PageFormat

from . import images
from .pdf_pages import cut_pages

MOST_BYTES = 20_000_000_000
"""What the pages may come to in all. Each page brings all that it draws, so a picture of 4 MB behind 5,000 pages is
just allowed; a file made to multiply is not."""


def split_file(
    path: Path,
    facts_format: PageFormat,
    wanted: Sequence[int],
    write: Callable[[int, bytes], None],
) -> list[int]:
    """Calls `write(index, data)` for each page of `wanted` (0-based, ascending), one in memory at a time.

    `facts_format` is that of the file's FileFacts: `pdf` for a PDF, `png` for a TIFF of several frames. Returns the
    pages that could not be cut out, which were not written. The same file gives the same bytes. Raises FileCorrupt,
    FileEncrypted if the file as a whole cannot be opened, FileTooLarge above MOST_BYTES.
    """
    written = 0

    def metered(index: int, data: bytes) -> None:
        nonlocal written
        written += len(data)
        if written > MOST_BYTES:
            raise FileTooLarge(
                f"Cut into pages the file comes to more than {MOST_BYTES // 10**9} GB: save it with smaller pictures",
                limit=MOST_BYTES,
            )
        write(index, data)

    if facts_format == "pdf":
        return cut_pages(path, wanted, metered)
    return _split_tiff(path, wanted, metered)


def _split_tiff(path: Path, wanted: Sequence[int], write: Callable[[int, bytes], None]) -> list[int]:
    failed: list[int] = []
    with images.opened(path, "tif") as image:
        for index in wanted:
            try:
                image.seek(index)
                data = images.frame_as_png(image)
            except (*images.DAMAGE, MemoryError):
                failed.append(index)
            else:
                write(index, data)
    return failed

"""What a user's file is: its format, told from its content, its pages, and whether they can be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ocrchat.errors import FileCorrupt, FileEmpty, FileTooLarge, FileTypeUnsupported, TooManyPages
from ocrchat.limits import LIMITS, MB, Limits
from ocrchat.pages import Notice, PageFormat

from . import images, pdfs
from .sniff import HEAD_BYTES, MEDIA_TYPES, is_text, seems, sniff
from .tiff_frames import TiffDamaged, count_frames

FIRST_FRAME_ONLY = Notice("first_frame_only", "This is an animation: only its first frame was read")
PDF_REPAIRED = Notice("pdf_repaired", "The PDF is damaged and was repaired: something may be missing from its pages")

EAGER_PAGES = 2
"""The frames of a TIFF are decoded here until they sum up to so many pages of the largest size: intake answers a
waiting user. A later frame that is damaged becomes the error of its own page."""

TOLD_PAGES = 10
"""A TIFF with so many times the pages that it may have is counted to the end, to tell its user the number."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """`as_it_came`: the file is the object of its only page, byte for byte. `page_format` is what each page's object
    will hold: the file's own format, or `png` for the frames of a TIFF with several."""

    page_format: PageFormat
    page_count: int
    as_it_came: bool
    media_type: str
    warnings: tuple[Notice, ...]


def inspect_file(path: Path, limits: Limits = LIMITS) -> FileFacts:
    """What the file at `path` is. Raises the errors of a file: FileEmpty, FileTooLarge, FileTypeUnsupported,
    FileCorrupt, FileEncrypted, TooManyPages, ImageTooLarge; `extra` has `limit` and `found` where there are such."""
    size = path.stat().st_size
    if size == 0:
        raise FileEmpty
    if size > limits.file_bytes:
        raise FileTooLarge(
            f"The file has {size / MB:,.1f} MB; it may have {limits.file_bytes / MB:,.0f}: split or compress it",
            limit=limits.file_bytes,
            found=size,
        )
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    page_format = sniff(head)
    if page_format is None:
        raise _unsupported(head)
    if page_format == "pdf":
        return _inspect_pdf(path, limits)
    try:
        if page_format == "tif":
            return _inspect_tiff(path, limits)
        return _inspect_image(path, page_format, limits)
    except images.DAMAGE as error:
        raise FileCorrupt from error


def _unsupported(head: bytes) -> FileTypeUnsupported:
    found = seems(head) or ("a text file" if is_text(head) else None)
    if found is None:
        return FileTypeUnsupported()
    return FileTypeUnsupported(
        f"This seems to be {found}: send a PNG, JPG, WEBP, GIF, BMP, TIFF or PDF file", seems=found
    )


def _inspect_pdf(path: Path, limits: Limits) -> FileFacts:
    pdf = pdfs.open_pdf(path)
    count = pdfs.check_pages(pdf, limits)
    warnings = (PDF_REPAIRED,) if pdfs.was_repaired(pdf) else ()
    return FileFacts("pdf", count, False, MEDIA_TYPES["pdf"], warnings)


def _inspect_image(path: Path, page_format: PageFormat, limits: Limits) -> FileFacts:
    with images.opened(path, page_format) as image:
        images.check_size(image, limits)
        images.decode(image)
        animated = page_format != "jpg" and getattr(image, "is_animated", False)
    warnings = (FIRST_FRAME_ONLY,) if animated else ()
    return FileFacts(page_format, 1, True, MEDIA_TYPES[page_format], warnings)


def _inspect_tiff(path: Path, limits: Limits) -> FileFacts:
    try:
        count = count_frames(path, TOLD_PAGES * limits.file_pages)
    except TiffDamaged as error:
        raise FileCorrupt from error
    if count > limits.file_pages:
        raise TooManyPages(
            f"The TIFF has {count:,} pages; one job may have {limits.file_pages:,}: split it",
            limit=limits.file_pages,
            found=count,
        )
    pixels_left = EAGER_PAGES * limits.page_pixels
    with images.opened(path, "tif") as image:
        for index in range(count):
            image.seek(index)
            images.check_size(image, limits, f"Page {index + 1} of the TIFF" if count > 1 else "The image")
            pixels_left -= image.width * image.height
            if index == 0 or pixels_left >= 0:
                images.decode(image)
    return FileFacts("tif" if count == 1 else "png", count, count == 1, MEDIA_TYPES["tif"], ())

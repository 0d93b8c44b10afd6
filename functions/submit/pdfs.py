"""PDF files through MuPDF: opening them quietly, and checking their pages without reading what is on them.

MuPDF's own calls (`pymupdf.mupdf`) are used: PyMuPDF's Document costs too much for thousands of pages, and trusts the
number of pages that a file states.
"""

from __future__ import annotations

import os
from pathlib import Path

from ocrchat.errors import FileCorrupt, FileEncrypted, ImageTooLarge, TooManyPages
from ocrchat.limits import Limits
from ocrchat.pdf_tree import Obj, Pdf, damage, page_objects

TRAILER_BYTES = 2048
"""A trailer stands at the end of its file."""


def open_pdf(path: Path) -> Pdf:
    """The PDF at `path`, repaired where its cross references are broken. Raises FileCorrupt, FileEncrypted."""
    import pymupdf
    from pymupdf import mupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    pymupdf.TOOLS.reset_mupdf_warnings()  # they are kept in a list for as long as the process lives
    try:
        pdf = mupdf.pdf_open_document(str(path))
        locked = mupdf.pdf_needs_password(pdf) and not mupdf.pdf_authenticate_password(pdf, "")
    except damage() as error:
        if b"/Encrypt" in _tail(path):
            raise FileEncrypted(
                "The PDF is protected in a way that is not supported: save it without protection and resend it"
            ) from error
        raise FileCorrupt from error
    if locked:
        raise FileEncrypted
    return pdf


def check_pages(pdf: Pdf, limits: Limits) -> int:
    """The number of pages. Raises TooManyPages, ImageTooLarge (naming the page), FileCorrupt for none at all."""
    from pymupdf import mupdf

    try:
        pages = page_objects(pdf, limits.file_pages + 1)
        if len(pages) > limits.file_pages:
            stated = mupdf.pdf_to_int(mupdf.pdf_dict_getp(mupdf.pdf_trailer(pdf), "Root/Pages/Count"))
            found = max(len(pages), stated)
            raise TooManyPages(
                f"The PDF has {found:,} pages; one job may have {limits.file_pages:,}: split it",
                limit=limits.file_pages,
                found=found,
            )
        for index, page in enumerate(pages):
            if mupdf.pdf_is_dict(page):
                _check_size(page, index, limits)
        if not any(mupdf.pdf_is_dict(page) for page in pages):
            raise FileCorrupt("The PDF has no page: open it in a viewer, save it again and resend it")
    except damage() as error:
        raise FileCorrupt from error
    return len(pages)


def was_repaired(pdf: Pdf) -> bool:
    """Whether the file was damaged, so that something may be missing from it."""
    from pymupdf import mupdf

    return bool(mupdf.pdf_was_repaired(pdf))


def _check_size(page: Obj, index: int, limits: Limits) -> None:
    """By the size that a reader will see: MuPDF makes it of the boxes, Rotate and UserUnit, and puts Letter for boxes
    that are empty or no numbers."""
    from pymupdf import mupdf

    box, matrix = mupdf.FzRect(), mupdf.FzMatrix()
    mupdf.pdf_page_obj_transform(page, box, matrix)
    upright = box.fz_transform_rect(matrix)
    width, height = upright.x1 - upright.x0, upright.y1 - upright.y0
    if not max(width, height) <= limits.pdf_page_side_pt:
        raise ImageTooLarge(
            f"Page {index + 1} of the PDF is {width:,.0f} x {height:,.0f} pt; a side may have "
            f"{limits.pdf_page_side_pt:,.0f}: scale it down",
            limit=limits.pdf_page_side_pt,
            found=max(width, height),
            page=index,
        )


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TRAILER_BYTES), os.SEEK_SET)
        return file.read()

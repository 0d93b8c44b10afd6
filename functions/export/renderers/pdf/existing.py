"""A PDF that was sent, with a layer of text on the pages that were read from their picture, and nothing else changed.

What is new is appended (ISO 32000-1, 7.5.6): every byte that was there stays where it was. A layer stands ahead of a
page's own contents, where nothing has changed the state of drawing yet.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from ocrchat.errors import FileCorrupt, ParameterInvalid
from ocrchat.pages import PageResult

from .font import Font
from .layer import FONT_NAME, Matrix, stream_of
from .objects import OpenFile

MOST_FIELDS = 20_000
"""Of a form are looked at in search of a signature."""


def render(original: Path, pages: Iterator[PageResult], out: IO[bytes]) -> None:
    """Raises ParameterInvalid for a signed PDF that would have to be changed, FileCorrupt for one that cannot be."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.pdf"
        shutil.copyfile(original, copy)
        try:
            with pymupdf.open(copy, filetype="pdf") as document:
                if _add_layers(document, pages):
                    copy = _saved(document, copy)
        except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase) as error:
            raise FileCorrupt("The PDF is too damaged to add its text to it: take another format") from error
        with copy.open("rb") as file:
            shutil.copyfileobj(file, out, 1 << 20)


def _add_layers(document: Any, pages: Iterator[PageResult]) -> bool:
    """Whether there was any to add."""
    target, font, number = OpenFile(document), Font(), 0
    for page in pages:
        if page.source == "text_layer" or page.index >= document.page_count or not (page.width and page.height):
            continue
        stream = stream_of(page.blocks, _place(document[page.index], page), font)
        if not stream:
            continue
        if not number:
            if _is_signed(document):
                raise ParameterInvalid(
                    "This PDF is signed, and text added to it would break its signature: take another format, or "
                    "submit the file without its signature",
                    parameter="format",
                )
            number = target.reserve()
        _put_on(document, page.index, target.add("<<>>", stream), number)
    if number:
        font.write(target, number)
    return bool(number)


def _saved(document: Any, copy: Path) -> Path:
    """Where the document lies then. One that was damaged, so that nothing can be appended to it, is written anew, its
    streams as they are."""
    import pymupdf

    if document.can_save_incrementally():
        document.saveIncr()
        return copy
    whole = copy.with_name("whole.pdf")
    document.save(whole, garbage=0, deflate=False, encryption=pymupdf.PDF_ENCRYPT_KEEP, no_new_id=True)
    return whole


def _place(page: Any, result: PageResult) -> Matrix:
    """From the upright page, in pt, to the space in which it is drawn (ISO 32000-1, 8.3.2.3): turned back, and up from
    the lower left corner of its crop box."""
    box = page.cropbox  # y downwards from the upper edge of the media box
    left, top = box.x0, page.mediabox.y1 - box.y0
    turned = result.rotation in (90, 270)
    width, height = (box.height, box.width) if turned else (box.width, box.height)
    across, down = width / result.width, height / result.height  # not 1 where the page has a unit of its own
    if result.rotation == 90:
        return (0, across, down, 0, left, top - box.height)
    if result.rotation == 180:
        return (-across, 0, 0, down, left + box.width, top - box.height)
    if result.rotation == 270:
        return (0, -across, -down, 0, left + box.width, top)
    return (across, 0, 0, -down, left, top)


def _put_on(document: Any, index: int, layer: int, font: int) -> None:
    """Refers to the layer ahead of the page's contents, and to the font among its resources, which it may share with
    other pages or have from the tree of pages."""
    from pymupdf import mupdf

    pdf = mupdf.pdf_document_from_fz_document(document)
    page = mupdf.pdf_lookup_page_obj(pdf, index)
    contents = mupdf.pdf_dict_gets(page, "Contents")
    streams = mupdf.pdf_new_array(pdf, 2)
    mupdf.pdf_array_push(streams, mupdf.pdf_new_indirect(pdf, layer, 0))
    if mupdf.pdf_is_array(contents):
        for position in range(mupdf.pdf_array_len(contents)):
            mupdf.pdf_array_push(streams, mupdf.pdf_array_get(contents, position))
    elif contents.m_internal:
        mupdf.pdf_array_push(streams, contents)
    mupdf.pdf_dict_puts(page, "Contents", streams)
    resources = mupdf.pdf_dict_get_inheritable(page, mupdf.pdf_new_name("Resources"))
    if not mupdf.pdf_is_dict(resources):
        resources = mupdf.pdf_new_dict(pdf, 1)
        mupdf.pdf_dict_puts(page, "Resources", resources)
    fonts = mupdf.pdf_dict_gets(resources, "Font")
    if not mupdf.pdf_is_dict(fonts):
        fonts = mupdf.pdf_new_dict(pdf, 1)
        mupdf.pdf_dict_puts(resources, "Font", fonts)
    mupdf.pdf_dict_puts(fonts, FONT_NAME, mupdf.pdf_new_indirect(pdf, font, 0))


def _is_signed(document: Any) -> bool:
    """Whether a field of the form holds a signature, or the document as a whole is certified (ISO 32000-1, 12.8)."""
    from pymupdf import mupdf

    pdf = mupdf.pdf_document_from_fz_document(document)
    root = mupdf.pdf_dict_gets(mupdf.pdf_trailer(pdf), "Root")
    if mupdf.pdf_is_dict(mupdf.pdf_dict_getp(root, "Perms/DocMDP")):
        return True
    waiting = [mupdf.pdf_dict_getp(root, "AcroForm/Fields")]
    seen = 0
    while waiting and seen < MOST_FIELDS:
        fields = waiting.pop()
        for position in range(min(mupdf.pdf_array_len(fields), MOST_FIELDS)):
            field = mupdf.pdf_array_get(fields, position)
            seen += 1
            kind = mupdf.pdf_dict_get_inheritable(field, mupdf.pdf_new_name("FT"))
            if mupdf.pdf_to_name(kind) == "Sig" and mupdf.pdf_is_dict(mupdf.pdf_dict_gets(field, "V")):
                return True
            kids = mupdf.pdf_dict_gets(field, "Kids")
            if mupdf.pdf_is_array(kids) and len(waiting) < MOST_FIELDS:
                waiting.append(kids)
    return False

"""A PDF that was sent, with a layer of text on the pages that were read from their picture, notes where there are any,
and nothing else changed.

What is new is appended (ISO 32000-1, 7.5.6): every byte that was there stays where it was. A layer stands ahead of a
page's own contents, where nothing has changed the state of drawing yet.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from export.source import Source
from ocrchat.errors import FileCorrupt, ParameterInvalid
from ocrchat.pages import PageResult
from ocrchat.pdf_tree import Obj, Pdf, damage, page_objects

from . import signatures
from .font import Font
from .layer import Matrix, stream_of
from .notes import Annotations
from .objects import OpenFile

FONT_NAME = "OcrChatText"
"""With the number of the font's object, by which no page that came through here before has another of the name."""

SIGNED = (
    "This PDF is signed, and text added to it would break its signature: take another format, or submit the file "
    "without its signature"
)
DAMAGED = "The PDF is too damaged to add its text to it: take another format"


def render(source: Source, original: Path, out: IO[bytes]) -> None:
    """Raises ParameterInvalid for a signed PDF that would have to be changed, FileCorrupt for one that cannot be."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "original.pdf"
        shutil.copyfile(original, path)
        with _damage():
            document = pymupdf.open(path, filetype="pdf")
        with document:
            if _add_to(document, source):
                with _damage():
                    path = _saved(document, path)
        with path.open("rb") as file:
            shutil.copyfileobj(file, out, 1 << 20)


@contextmanager
def _damage() -> Iterator[None]:
    """Around calls of MuPDF alone: what it raises is taken for damage."""
    import pymupdf

    try:
        yield
    except (*damage(), pymupdf.FileDataError, pymupdf.EmptyFileError, RuntimeError, ValueError) as error:
        raise FileCorrupt(DAMAGED) from error


def _add_to(document: Any, source: Source) -> bool:
    """Whether there was anything to add."""
    from pymupdf import mupdf

    with _damage():
        pdf = mupdf.pdf_document_from_fz_document(document)
        sheets = page_objects(pdf, source.job.indexes[-1] + 1)
        target = OpenFile(document)
        number = target.reserve()
    name, font, annotations = f"{FONT_NAME}{number}", Font(), Annotations(target, source.job.translate_to)
    has_text = has_notes = False
    for page in source.pages:
        blocks = () if page.carries_its_text else page.blocks
        notes = list(annotations.notes_of(page))
        if not (blocks or notes) or not (page.width and page.height) or page.index >= len(sheets):
            continue
        sheet = sheets[page.index]
        with _damage():
            place = _place(sheet, page) if mupdf.pdf_is_dict(sheet) else None
        layer = stream_of(blocks, place, font, name) if place else b""
        if place is None or not (layer or notes):
            continue
        with _damage():
            if not (has_text or has_notes) and signatures.is_signed(pdf):
                raise ParameterInvalid(SIGNED, parameter="format")
            if layer:
                _put_on(pdf, sheet, target.add("<<>>", layer), name, number)
                has_text = True
            if notes:
                _annotate(pdf, sheet, annotations.add(notes, place))
                has_notes = True
    if has_text:
        with _damage():
            font.write(target, number)
    return has_text or has_notes


def _saved(document: Any, path: Path) -> Path:
    """Where the document lies then. One that was damaged, so that nothing can be appended to it, is written anew, its
    streams as they are."""
    import pymupdf
    from pymupdf import mupdf

    pdf = mupdf.pdf_document_from_fz_document(document)
    options = mupdf.PdfWriteOptions()
    options.do_encrypt = pymupdf.PDF_ENCRYPT_KEEP
    options.dont_regenerate_id = 1
    options.do_incremental = mupdf.pdf_can_be_saved_incrementally(pdf)
    to = path if options.do_incremental else path.with_name("whole.pdf")
    mupdf.pdf_save_document(pdf, str(to), options)
    return to


def _place(sheet: Obj, result: PageResult) -> Matrix | None:
    """From the upright page to the space in which the sheet is drawn: first turned back to how it is shown, then as
    MuPDF, by which it was read, leads from there. None for a sheet without an area."""
    import pymupdf
    from pymupdf import mupdf

    box, matrix = mupdf.FzRect(), mupdf.FzMatrix()
    mupdf.pdf_page_obj_transform(sheet, box, matrix)
    shown = box.fz_transform_rect(matrix)
    wide, high = shown.x1 - shown.x0, shown.y1 - shown.y0
    back = pymupdf.Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
    if wide <= 0 or high <= 0 or back.invert():
        return None
    x, y = shown.x0, shown.y0
    match (result.rotation - _stated_rotation(sheet)) % 360:
        case 90:
            turned = pymupdf.Matrix(0, -high / result.width, wide / result.height, 0, x, y + high)
        case 180:
            turned = pymupdf.Matrix(-wide / result.width, 0, 0, -high / result.height, x + wide, y + high)
        case 270:
            turned = pymupdf.Matrix(0, high / result.width, -wide / result.height, 0, x + wide, y)
        case _:
            turned = pymupdf.Matrix(wide / result.width, 0, 0, high / result.height, x, y)
    a, b, c, d, e, f = turned * back
    return (a, b, c, d, e, f)


def _stated_rotation(sheet: Obj) -> int:
    """As the reader counts it: what is no right angle is none."""
    from pymupdf import mupdf

    degrees = mupdf.pdf_to_int(mupdf.pdf_dict_get_inheritable(sheet, mupdf.pdf_new_name("Rotate"))) % 360
    return degrees if degrees % 90 == 0 else 0


def _annotate(pdf: Pdf, sheet: Obj, annotations: Sequence[int]) -> None:
    """Behind those that the sheet has, in a list of its own."""
    from pymupdf import mupdf

    before = mupdf.pdf_dict_gets(sheet, "Annots")
    after = mupdf.pdf_new_array(pdf, mupdf.pdf_array_len(before) + len(annotations))
    for index in range(mupdf.pdf_array_len(before)):
        mupdf.pdf_array_push(after, mupdf.pdf_array_get(before, index))
    for number in annotations:
        mupdf.pdf_array_push(after, mupdf.pdf_new_indirect(pdf, number, 0))
    mupdf.pdf_dict_puts(sheet, "Annots", after)


def _put_on(pdf: Pdf, sheet: Obj, layer: int, name: str, font: int) -> None:
    """Refers to the layer ahead of the sheet's contents, and to the font among its resources, which it may share with
    others or have from the tree of pages."""
    from pymupdf import mupdf

    contents = mupdf.pdf_dict_gets(sheet, "Contents")
    streams = mupdf.pdf_new_array(pdf, 2)
    mupdf.pdf_array_push(streams, mupdf.pdf_new_indirect(pdf, layer, 0))
    parts = [contents]
    if mupdf.pdf_is_array(contents):
        parts = [mupdf.pdf_array_get(contents, index) for index in range(mupdf.pdf_array_len(contents))]
    for part in parts:
        if mupdf.pdf_is_stream(part):
            mupdf.pdf_array_push(streams, part)
    mupdf.pdf_dict_puts(sheet, "Contents", streams)
    resources = mupdf.pdf_dict_get_inheritable(sheet, mupdf.pdf_new_name("Resources"))
    if not mupdf.pdf_is_dict(resources):
        resources = mupdf.pdf_new_dict(pdf, 1)
        mupdf.pdf_dict_puts(sheet, "Resources", resources)
    fonts = mupdf.pdf_dict_gets(resources, "Font")
    if not mupdf.pdf_is_dict(fonts):
        fonts = mupdf.pdf_new_dict(pdf, 1)
        mupdf.pdf_dict_puts(resources, "Font", fonts)
    mupdf.pdf_dict_puts(fonts, name, mupdf.pdf_new_indirect(pdf, font, 0))

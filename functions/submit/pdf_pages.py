"""PDFs of one page cut out of a longer one.

A page takes along what it draws with (see pdf_resources), its boxes, its annotations and form fields as they look, and
which layers are hidden. It leaves behind what a reader has no use for: scripts, attachments, outlines, structure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ocrchat.errors import FileCorrupt
from ocrchat.pdf_tree import Obj, damage, page_objects

from . import pdfs
from .pdf_resources import TooMuchContent, Trimmer

PAGES_PER_OPENING = 250
"""MuPDF keeps every object that it has parsed until the file is closed."""

MOST_HIDDEN_LAYERS = 500
"""Each is written into each page; a document with more keeps the first of them hidden."""

MOST_ANNOTATIONS = 5_000
"""Of a page; one with more keeps the first of them. Each is copied key by key, and drawn by the reader again."""

_PAGE_KEYS = ("MediaBox", "CropBox", "Rotate", "UserUnit", "Group")
_ANNOTATION_KEYS = (
    *("Type", "Subtype", "Rect", "AS", "F", "OC", "Contents", "C", "IC", "CA", "BS", "BE", "Border", "RD", "Name"),
    *("QuadPoints", "InkList", "Vertices", "L", "LE", "CL", "DA", "DS", "RC", "Q"),
)
_FIELD_KEYS = ("T", "FT", "Ff", "V", "DA", "Q", "MK", "MaxLen", "Opt")
"""What a form field may have from its parents (ISO 32000-1, 12.7.3 and 12.7.4)."""


class PageMissing(Exception):
    """The page tree refers to a page that is not in the file."""


def cut_pages(path: Path, wanted: Sequence[int], write: Callable[[int, bytes], None]) -> list[int]:
    """Calls `write(index, pdf)` for each page of `wanted`, 0-based and ascending. Returns those that cannot be cut out.

    Raises FileCorrupt and FileEncrypted if the document cannot be opened.
    """
    from pymupdf import mupdf

    unreadable: tuple[type[Exception], ...] = (*damage(), TooMuchContent, PageMissing, MemoryError)
    failed: list[int] = []
    for start in range(0, len(wanted), PAGES_PER_OPENING):
        source = _Source(path, wanted[-1] + 1)
        for index in wanted[start : start + PAGES_PER_OPENING]:
            try:
                data = source.cut(index)
            except unreadable:
                failed.append(index)
            else:
                write(index, data)
        del source
        mupdf.fz_empty_store()
    return failed


class _Source:
    """One opening of the document that pages are cut out of."""

    def __init__(self, path: Path, most_pages: int) -> None:
        from pymupdf import mupdf

        self._mu = mupdf
        self._pdf = pdfs.open_pdf(path)
        self._trimmer = Trimmer(self._pdf)
        try:
            self._pages = page_objects(self._pdf, most_pages)
            self._hidden = self._hidden_layers()
        except damage() as error:
            raise FileCorrupt from error

    def cut(self, index: int) -> bytes:
        """The page as a document of its own. Raises PageMissing, TooMuchContent and MuPDF's errors."""
        mu = self._mu
        if index >= len(self._pages) or not mu.pdf_is_dict(self._pages[index]):
            raise PageMissing
        page = self._pages[index]
        target = mu.PdfDocument()
        grafts = mu.pdf_new_graft_map(target)
        copy = mu.pdf_new_dict(target, 12)
        mu.pdf_dict_puts(copy, "Type", mu.pdf_new_name("Page"))
        for key in _PAGE_KEYS:
            self._graft(grafts, self._inherited(page, key), copy, key)
        contents = mu.pdf_dict_gets(page, "Contents")
        self._graft(grafts, contents, copy, "Contents")
        resources = self._inherited(page, "Resources")
        if mu.pdf_is_dict(resources):
            self._graft(grafts, self._trimmer.of_page(contents, resources), copy, "Resources")
        self._copy_annotations(page, target, grafts, copy)
        self._hide_layers(target, grafts)
        mu.pdf_insert_page(target, -1, mu.pdf_add_object(target, copy))
        return _as_bytes(target)

    def _inherited(self, node: Obj, key: str) -> Obj:
        return self._mu.pdf_dict_get_inheritable(node, self._mu.pdf_new_name(key))

    def _graft(self, grafts: Any, value: Obj, into: Obj, key: str) -> None:
        """Copies `value`, with all that it refers to, under `key` of a dictionary of the target; nothing for none."""
        if value.m_internal:
            self._mu.pdf_dict_puts(into, key, self._mu.pdf_graft_mapped_object(grafts, value))

    def _copy_annotations(self, page: Obj, target: Any, grafts: Any, copy: Obj) -> None:
        """Key by key: an annotation refers to its page, its thread, its field's other widgets, and so to everything."""
        mu = self._mu
        annotations = mu.pdf_dict_gets(page, "Annots")
        count = min(mu.pdf_array_len(annotations), MOST_ANNOTATIONS)
        if not count:
            return
        copies, fields = (mu.pdf_new_array(target, count) for _ in range(2))
        for index in range(count):
            annotation = mu.pdf_array_get(annotations, index)
            subtype = mu.pdf_to_name(mu.pdf_dict_gets(annotation, "Subtype"))
            if subtype and subtype not in {"Link", "Popup"}:
                made = mu.pdf_add_object(target, mu.pdf_new_dict(target, 12))
                self._fill_annotation(annotation, subtype, target, grafts, made)
                mu.pdf_array_push(copies, made)
                if subtype == "Widget":
                    mu.pdf_array_push(fields, made)
        mu.pdf_dict_puts(copy, "Annots", copies)
        if mu.pdf_array_len(fields):
            self._declare_form(target, grafts, fields)

    def _declare_form(self, target: Any, grafts: Any, fields: Obj) -> None:
        """Widgets are drawn only where the catalog has a form with them. Fonts are not needed: where a widget has no
        appearance, MuPDF draws it with its own."""
        mu = self._mu
        form = mu.pdf_new_dict(target, 3)
        mu.pdf_dict_puts(form, "Fields", fields)
        for key in ("NeedAppearances", "DA"):
            value = mu.pdf_dict_getp(mu.pdf_trailer(self._pdf), f"Root/AcroForm/{key}")
            self._graft(grafts, value, form, key)
        mu.pdf_dict_puts(mu.pdf_dict_gets(mu.pdf_trailer(target), "Root"), "AcroForm", form)

    def _fill_annotation(self, annotation: Obj, subtype: str, target: Any, grafts: Any, made: Obj) -> None:
        mu = self._mu
        for key in _ANNOTATION_KEYS:
            self._graft(grafts, mu.pdf_dict_gets(annotation, key), made, key)
        if subtype == "Widget":
            for key in _FIELD_KEYS:
                value = self._inherited(annotation, key)
                if not (key == "V" and mu.pdf_is_dict(value)):  # a signature: certificates, nothing that is seen
                    self._graft(grafts, value, made, key)
        normal = mu.pdf_dict_getp(annotation, "AP/N")
        for form in self._looks(normal):
            self._trimmer.of_form(form)
        if normal.m_internal:
            appearance = mu.pdf_new_dict(target, 1)
            self._graft(grafts, normal, appearance, "N")
            mu.pdf_dict_puts(made, "AP", appearance)

    def _looks(self, normal: Obj) -> Iterator[Obj]:
        """The forms of an appearance: itself, or one for each of its states."""
        mu = self._mu
        if mu.pdf_is_stream(normal):
            yield normal
            return
        for index in range(mu.pdf_dict_len(normal)):
            state = mu.pdf_dict_get_val(normal, index)
            if mu.pdf_is_stream(state):
                yield state

    def _hidden_layers(self) -> list[Obj]:
        """The optional content groups that are off by default (ISO 32000-1, 8.11.4.3)."""
        mu = self._mu
        root = mu.pdf_dict_gets(mu.pdf_trailer(self._pdf), "Root")
        if mu.pdf_to_name(mu.pdf_dict_getp(root, "OCProperties/D/BaseState")) != "OFF":
            return list(self._array(mu.pdf_dict_getp(root, "OCProperties/D/OFF")))[:MOST_HIDDEN_LAYERS]
        shown = {mu.pdf_to_num(group) for group in self._array(mu.pdf_dict_getp(root, "OCProperties/D/ON"))}
        groups = self._array(mu.pdf_dict_getp(root, "OCProperties/OCGs"))
        return [group for group in groups if mu.pdf_to_num(group) not in shown][:MOST_HIDDEN_LAYERS]

    def _hide_layers(self, target: Any, grafts: Any) -> None:
        if not self._hidden:
            return
        mu = self._mu
        groups, off = (mu.pdf_new_array(target, len(self._hidden)) for _ in range(2))
        for group in self._hidden:
            copy = mu.pdf_graft_mapped_object(grafts, group)
            mu.pdf_array_push(groups, copy)
            mu.pdf_array_push(off, copy)
        default, properties = (mu.pdf_new_dict(target, 2) for _ in range(2))
        mu.pdf_dict_puts(default, "OFF", off)
        mu.pdf_dict_puts(properties, "OCGs", groups)
        mu.pdf_dict_puts(properties, "D", default)
        mu.pdf_dict_puts(mu.pdf_dict_gets(mu.pdf_trailer(target), "Root"), "OCProperties", properties)

    def _array(self, array: Obj) -> Iterator[Obj]:
        return (self._mu.pdf_array_get(array, index) for index in range(self._mu.pdf_array_len(array)))


def _as_bytes(pdf: Any) -> bytes:
    """The document as a file, the same for the same content: nothing in it is made of the time or of chance."""
    from pymupdf import mupdf

    buffer = mupdf.FzBuffer(1 << 16)
    out = mupdf.FzOutput(buffer)
    mupdf.pdf_write_document(pdf, out, mupdf.PdfWriteOptions())
    out.fz_close_output()
    data: bytes = mupdf.fz_buffer_extract_copy(buffer)
    return data

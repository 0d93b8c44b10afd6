"""Whether a PDF carries a signature, which a change would break (ISO 32000-1, 12.8)."""

from __future__ import annotations

from ocrchat.pdf_tree import Obj, Pdf

MOST_FIELDS = 20_000
"""Of a form are looked at one by one; a form with more is looked through as a whole."""


def is_signed(pdf: Pdf) -> bool:
    """By what the document permits (certified, or with rights of use that its maker signed), by the fields of its form,
    and, where the form says that there are signatures or has too many fields, by any dictionary of one."""
    from pymupdf import mupdf

    root = mupdf.pdf_dict_gets(mupdf.pdf_trailer(pdf), "Root")
    if mupdf.pdf_dict_len(mupdf.pdf_dict_gets(root, "Perms")):
        return True
    form = mupdf.pdf_dict_gets(root, "AcroForm")
    if not mupdf.pdf_is_dict(form):
        return False
    if mupdf.pdf_to_int(mupdf.pdf_dict_gets(form, "SigFlags")) & 1:  # table 219: there is a field for one
        return _has_signature(pdf)
    return _is_field_signed(pdf, mupdf.pdf_dict_gets(form, "Fields"))


def _is_field_signed(pdf: Pdf, fields: Obj) -> bool:
    from pymupdf import mupdf

    waiting, seen = [fields], 0
    while waiting:
        some = waiting.pop()
        for index in range(mupdf.pdf_array_len(some)):
            field = mupdf.pdf_array_get(some, index)
            seen += 1
            if seen > MOST_FIELDS:
                return _has_signature(pdf)
            if _is_signature(mupdf.pdf_dict_get_inheritable(field, mupdf.pdf_new_name("V"))):
                return True
            kids = mupdf.pdf_dict_gets(field, "Kids")
            if mupdf.pdf_is_array(kids):
                waiting.append(kids)
    return False


def _has_signature(pdf: Pdf) -> bool:
    from pymupdf import mupdf

    for number in range(1, mupdf.pdf_xref_len(pdf)):
        if _is_signature(mupdf.pdf_resolve_indirect(mupdf.pdf_new_indirect(pdf, number, 0))):
            return True
    return False


def _is_signature(value: Obj) -> bool:
    """Whether it is a dictionary that says which bytes it signs."""
    from pymupdf import mupdf

    return bool(mupdf.pdf_is_dict(value) and mupdf.pdf_is_array(mupdf.pdf_dict_gets(value, "ByteRange")))

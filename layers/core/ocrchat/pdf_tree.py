"""The pages of a PDF as they hang in its page tree, by MuPDF's own calls (`pymupdf.mupdf`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Pdf = Any
"""A `pymupdf.mupdf.PdfDocument`."""

Obj = Any
"""A `pymupdf.mupdf.PdfObj`."""


def damage() -> tuple[type[Exception], ...]:
    """What MuPDF's calls raise for a damaged file. TypeError comes from the binding, which cannot build an error whose
    message quotes bytes that are not UTF-8."""
    from pymupdf import mupdf

    return (mupdf.FzErrorBase, TypeError)


def page_objects(pdf: Pdf, most: int) -> list[Obj]:
    """The first `most` pages in order, as they hang in the page tree; what its /Count says is not believed.

    A page that is missing from the file stands as an object that is no dictionary, so that the others keep their
    numbers. Branches that come back to themselves are not followed. Raises MuPDF's errors.
    """
    from pymupdf import mupdf

    pages: list[Obj] = []
    root = mupdf.pdf_dict_getp(mupdf.pdf_trailer(pdf), "Root/Pages")
    passed = {mupdf.pdf_to_num(root)}
    branches = [_kids(root)]
    while branches and len(pages) < most:
        node = next(branches[-1], None)
        if node is None:
            branches.pop()
        elif not mupdf.pdf_is_array(mupdf.pdf_dict_gets(node, "Kids")):
            pages.append(node)
        elif not (number := mupdf.pdf_to_num(node)) or number not in passed:  # 0: it has no number of its own
            passed.add(number)
            branches.append(_kids(node))
    return pages


def _kids(node: Obj) -> Iterator[Obj]:
    from pymupdf import mupdf

    kids = mupdf.pdf_dict_gets(node, "Kids")
    return (mupdf.pdf_array_get(kids, index) for index in range(mupdf.pdf_array_len(kids)))

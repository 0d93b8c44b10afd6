"""CPU of PDF pages whose own text is taken, beside MuPDF's bare extraction of the same pages."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.ours import FUNCTIONS

MOST_PAGES = 3  # of each file
TIMES = 5  # each page is read; the least counts, since other work on the machine only adds


@dataclass(frozen=True, slots=True)
class TextPage:
    """`kind` says what was done beside taking the text; times are CPU milliseconds."""

    kind: str
    ours_ms: float
    mupdf_ms: float


def read_pages(folder: Path) -> list[TextPage]:
    """The pages of `folder`'s PDFs that have a usable text layer, each as a PDF of its own, as the service reads it."""
    if str(FUNCTIONS) not in sys.path:
        sys.path.insert(0, str(FUNCTIONS))
    from ocr_page import reader
    from ocrchat.pages import PageTask

    reader.preload()
    task = PageTask(0, "pdf")
    found = []
    for data in _pages(folder):
        page = reader.read_page(data, task)
        if page.source == "text_layer":
            ours = _least_ms(lambda data=data: reader.read_page(data, task))  # type: ignore[misc]
            bare = _least_ms(lambda data=data: _extract(data))  # type: ignore[misc]
            found.append(TextPage(_kind(data), ours, bare))
    return found


def _kind(data: bytes) -> str:
    from ocr_page import pdf, pdf_pictures, pdf_text, text_layer

    with pdf.opened(data) as page:
        text = pdf_text.of_page(page)
        if pdf_pictures.find(page, text):
            return "pictures on it are read"
        doubted = text_layer.is_suspect(text.facts) or text_layer.may_be_outlines(text.facts)
        return "lines of it are read to check" if doubted else "text alone"


def _pages(folder: Path) -> Iterator[bytes]:
    import pymupdf

    for path in sorted(folder.glob("*.pdf")):
        with pymupdf.open(path) as document:
            for number in range(0 if document.needs_pass else min(MOST_PAGES, document.page_count)):
                with pymupdf.open() as single:
                    single.insert_pdf(document, from_page=number, to_page=number)
                    yield bytes(single.tobytes(garbage=3))


def _extract(data: bytes) -> None:
    import pymupdf

    with pymupdf.open(stream=data, filetype="pdf") as document:
        source = document[0].get_textpage()
        source.extractDICT()
        source.extractWORDS()


def _least_ms(call: Callable[[], Any]) -> float:
    least = float("inf")
    for _ in range(TIMES):
        begin = time.process_time()
        call()
        least = min(least, time.process_time() - begin)
    return 1000 * least

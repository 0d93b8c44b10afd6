"""One target of the coverage-guided fuzzer: `python -m tests.hostile.fuzz_target NAME [options of libFuzzer] FOLDER`.

What comes out of a target other than a documented error ends this process, and libFuzzer keeps the bytes that did it.
Coverage is that of the Python code, ours and Pillow's; MuPDF and the decoders are exercised, not measured.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["PIL", "export", "ocr_page", "ocrchat", "submit"]):
    import PIL.Image

    from export.formats import FORMATS
    from export.source import Source
    from ocr_page import images, pdf, pdf_tables, pdf_text
    from ocrchat.blocks import Block, Line, Word
    from ocrchat.errors import PageError, RequestError
    from ocrchat.pages import PageResult, Unit
    from submit.intake import FileFacts, inspect_file
    from submit.sniff import sniff
    from submit.splitter import split_file

from tests.unit.export.jobs_made import JOB

BOX = (10.0, 20.0, 110.0, 40.0)
FOUND = Line("found text", BOX, 0.9, (Word("found", BOX, 0.9), Word("text", BOX, 0.9)))
MOST_PAGES = 3
"""Of a file are cut out: more of the same tell nothing new."""


def intake(path: Path) -> None:
    inspect_file(path)


def split(path: Path) -> None:
    _pages(path, inspect_file(path))


def page(path: Path) -> None:
    """The reader, as far as bytes are parsed: what follows looks at pixels."""
    data = path.read_bytes()
    form = sniff(data)
    if form == "pdf":
        with pdf.opened(data) as opened:
            text = pdf_text.of_page(opened)
            pdf_tables.find(opened, text)
            pdf.render(opened)
    elif form is not None:
        images.decode(data, form)


def exports(path: Path) -> None:
    """The renderers that open what was sent, with a text and a picture on each page."""
    facts = inspect_file(path)
    count = min(facts.page_count, MOST_PAGES)
    blocks = (Block.of_lines([FOUND]), Block("figure", "", (0.0, 0.0, 200.0, 200.0), 0.5))
    unit: Unit = "pt" if facts.page_format == "pdf" else "px"
    found = [PageResult(index, 200, 200, unit, "cpu", blocks, "found text", "found text") for index in range(count)]
    job = replace(JOB, page_format=facts.page_format, page_count=count, media_type=facts.media_type)
    for name in ("docx", "pdf"):
        FORMATS[name].renderer()(Source(job, iter(found), path), BytesIO())


TARGETS: Mapping[str, Callable[[Path], None]] = {"intake": intake, "split": split, "page": page, "exports": exports}


def _pages(path: Path, facts: FileFacts) -> None:
    if not facts.as_it_came:
        pages = range(min(facts.page_count, MOST_PAGES))
        split_file(path, facts.page_format, pages, lambda *_: None)


def main() -> None:
    target = TARGETS[sys.argv.pop(1)]
    PIL.Image.init()
    pdf.load()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "original"

        def one(data: bytes) -> None:
            path.write_bytes(data)
            with suppress(RequestError, PageError):  # all that a file may meet
                target(path)

        atheris.Setup(sys.argv, one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

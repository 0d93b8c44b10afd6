"""Any document becomes a file that opens, in every format, and each text of it is found there, its translations and named
fields, too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from export.renderers.pdf.bidi import has_right
from ocrchat.blocks import Block
from ocrchat.markdown import quoted
from ocrchat.pages import PageResult
from ocrchat.script import legible
from tests.unit.export.documents import Document, documents
from tests.unit.export.pdf_made import blank_pdf, opened, written
from tests.unit.export.pdf_made import rendered as pdf_of
from tests.unit.export.readers import bare, of_formula, read_csv, read_md, read_txt, without_bullet
from tests.unit.export.rendered import rendered

EXAMPLES = 200

READERS: dict[str, Callable[[bytes], str]] = {"txt": read_txt, "md": read_md, "csv": read_csv}
"""Opens a file and gives its text; raises where it is not what its format says."""


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_every_format_opens_and_has_the_text_of_every_block(blank: Path, document: Document) -> None:
    """The same documents in all formats, because making them takes most of the time."""
    job, pages = document
    assert_in_pdf(pages, blank, job.translate_to)
    blocks = [block for page in pages for block in page.blocks]
    named = [text for page in pages for field in page.fields for text in (field.name, field.value)]
    for name, read in READERS.items():
        found = bare(read(rendered(name, job, pages)))
        wanted = [*named, *texts_of(name, blocks), *translations_of(name, blocks)]
        missing = [text for text in wanted if bare(text.replace("'", "") if name == "csv" else text) not in found]
        assert (name, missing) == (name, [])


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was sent: as many pages as a document may have, with nothing on them."""
    return blank_pdf(tmp_path_factory.mktemp("sent") / "sent.pdf", 3)


def assert_in_pdf(pages: list[PageResult], sent: Path, language: str | None) -> None:
    """Line by line, as pages that have a text of their own get none. Words from the right are looked for sign by sign."""
    file = pdf_of(sent, "pdf", pages, language)
    assert_annotated(file, pages, language)
    made = written(file)
    found, signs = bare(made), Counter(bare(made))
    read = [page for page in pages if page.source != "text_layer"]
    wanted: Counter[str] = Counter()
    for text in (text for page in read for block in page.blocks for text in lines_of(block)):
        if has_right(text):
            wanted += Counter(bare(text))
        else:
            assert bare(text) in found, text
    assert wanted <= signs


def assert_annotated(file: bytes, pages: list[PageResult], language: str | None) -> None:
    document = opened(file)
    for page in pages:
        found = [(bare(one.info["title"]), bare(one.info["content"])) for one in document[page.index].annots()]
        wanted = [(field.name, field.value) for field in page.fields]
        for translated in (block.translated for block in page.blocks):
            text = (translated.table or translated).text if translated else ""
            if text.strip():
                wanted.append((f"Translation ({language})", text))
        assert found == [(bare(title), bare(text)) for title, text in wanted]


def lines_of(block: Block) -> list[str]:
    if block.lines:
        return [line.text for line in block.lines]
    if block.table is not None:
        return [line for cell in block.table.cells for line in cell.text.splitlines()]
    return block.text.splitlines()


def translations_of(name: str, blocks: list[Block]) -> Iterator[str]:
    found = [block.translated for block in blocks if block.translated]
    if name == "txt":  # a line of a table begins with a sign, too, but a cell of it does not
        found = [block if block.type == "table" else replace(block, text=in_lines(block.text)) for block in found]
    yield from texts_of(name, found)


def in_lines(text: str) -> str:
    lines = legible(text).strip("\n")
    return quoted(lines) if lines else ""


def texts_of(name: str, blocks: list[Block]) -> Iterator[str]:
    """What has to be found: texts that stand together in this format. Cells each stand for themselves."""
    for block in blocks:
        if block.table is not None:
            yield from (cell.text for cell in block.table.cells)
        elif block.type == "table":
            yield from re.split(r"[\t\n]", legible(block.text))
        elif name == "md" and block.type == "list":
            yield from map(without_bullet, legible(block.text).split("\n"))
        elif name == "md" and block.type == "formula":
            yield of_formula(block.text)
        else:
            yield block.text

"""Any document becomes a file that opens, in every format, and each text of it is found there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from ocrchat.pages import PageResult
from ocrchat.script import legible
from tests.unit.export.documents import Document, documents
from tests.unit.export.readers import bare, of_formula, read_csv, read_md, read_txt, without_bullet
from tests.unit.export.rendered import rendered

EXAMPLES = 200

READERS: dict[str, Callable[[bytes], str]] = {"txt": read_txt, "md": read_md, "csv": read_csv}
"""Opens a file and gives its text; raises where it is not what its format says."""


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_the_text_of_every_block_is_found_again(name: str, document: Document) -> None:
    job, pages = document
    found = bare(READERS[name](rendered(name, job, pages)))
    for text in texts_of(name, pages):
        assert bare(text.replace("'", "") if name == "csv" else text) in found


def texts_of(name: str, pages: list[PageResult]) -> Iterator[str]:
    """What has to be found: texts that stand together in this format. Cells each stand for themselves; CSV has nothing
    but tables if there are any."""
    blocks = [block for page in pages for block in page.blocks]
    tables = [block for block in blocks if block.type == "table"]
    for block in tables if name == "csv" and tables else blocks:
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

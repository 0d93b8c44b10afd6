"""Any document becomes a file that opens, in every format, and each text of it is found there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from hypothesis import HealthCheck, given, settings

from ocrchat.blocks import Block
from ocrchat.script import legible
from tests.unit.export.documents import Document, documents
from tests.unit.export.readers import bare, of_formula, read_csv, read_md, read_txt, without_bullet
from tests.unit.export.rendered import rendered

EXAMPLES = 200

READERS: dict[str, Callable[[bytes], str]] = {"txt": read_txt, "md": read_md, "csv": read_csv}
"""Opens a file and gives its text; raises where it is not what its format says."""


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_every_format_opens_and_has_the_text_of_every_block(document: Document) -> None:
    """The same documents in all formats, because making them takes most of the time."""
    job, pages = document
    blocks = [block for page in pages for block in page.blocks]
    for name, read in READERS.items():
        found = bare(read(rendered(name, job, pages)))
        missing = [text for text in texts_of(name, blocks) if bare(text) not in found]
        assert (name, missing) == (name, [])


def texts_of(name: str, blocks: list[Block]) -> Iterator[str]:
    """What has to be found: texts that stand together in this format. Cells each stand for themselves; CSV has nothing
    but tables if there are any, and its reader gives no apostrophes."""
    if name == "csv":
        tables = [block for block in blocks if block.type == "table"]
        yield from (text.replace("'", "") for text in texts_of("txt", tables or blocks))
        return
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

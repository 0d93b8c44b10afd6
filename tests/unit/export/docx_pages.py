"""Pages to export, and their Word file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from export.renderers.docx import render
from export.source import Source
from ocrchat.blocks import BBox, Block, BlockType, Cell, Line, Table
from ocrchat.pages import PageResult
from tests.unit.export.docx_read import Word
from tests.unit.export.jobs_made import JOB

BOX = (72.0, 72.0, 523.0, 86.0)  # of a line over the width of the text of an A4 page
ANNUAL_REPORT = replace(JOB, filename="Annual report.pdf")


def block(text: str, type: BlockType = "text", bbox: BBox = BOX, size: float = 11.0, **more: Any) -> Block:  # noqa: A002
    """One whose lines are as high as those of a font of `size` pt."""
    x0, y0, x1, _ = bbox
    line = Line(text, (x0, y0, x1, y0 + 1.2 * size), 0.9)
    return Block(type, text, bbox, 0.9, (line,), **more)


def table(rows: Sequence[Sequence[str]], header_rows: int = 0, bbox: BBox = BOX) -> Block:
    width = (bbox[2] - bbox[0]) / len(rows[0])
    cells = tuple(
        Cell(row, column, text, (bbox[0] + column * width, bbox[1], bbox[0] + (column + 1) * width, bbox[3]), 0.9)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    found = Table(len(rows), len(rows[0]), cells, header_rows)
    return Block("table", found.text, bbox, 0.9, table=found)


def page(*blocks: Block, index: int = 0, width: float = 595.0, height: float = 842.0, **more: Any) -> PageResult:
    return PageResult(index, width, height, "pt", "text_layer", tuple(blocks), **more)


def rendered(pages: Iterable[PageResult], original: Path | None = None, **job: Any) -> bytes:
    out = io.BytesIO()
    render(Source(replace(ANNUAL_REPORT, **job), iter(pages), original), out)
    return out.getvalue()


def word(*pages: PageResult, original: Path | None = None, **job: Any) -> Word:
    """The file of `pages`, checked."""
    found = Word.of(rendered(pages, original, **job))
    found.check()
    return found

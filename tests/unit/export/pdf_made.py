"""Jobs, pages and searchable PDFs for the tests of the pdf renderer."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pymupdf

from export.renderers import pdf
from export.renderers.pdf.bidi import has_right
from export.renderers.pdf.existing import FONT_NAME
from export.source import Source
from ocrchat.blocks import BBox, Block, Line, Word
from ocrchat.jobs import Job
from ocrchat.pages import PageFormat, PageResult, Unit
from tests.unit.export.jobs_made import JOB

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)


def job(name: str, page_format: PageFormat, page_count: int = 1) -> Job:
    return replace(
        JOB,
        filename=name,
        media_type="application/pdf" if page_format == "pdf" else f"image/{page_format}",
        page_format=page_format,
        as_it_came=page_format != "pdf" and page_count == 1,
        page_count=page_count,
    )


def words(text: str, bbox: BBox, *, from_the_right: bool = False) -> Line:
    """A line of words that share its width by their length, with a space's width between them. In a line from the right
    neighbours of another script stand from the left."""
    x0, y0, x1, y1 = bbox
    unit = (x1 - x0) / (len(text) or 1)
    turns = [[word for _, word in group] for _, group in groupby(
        ((from_the_right and has_right(word), word) for word in text.split(" ")), key=lambda pair: pair[0]
    )]  # fmt: skip
    found, at = [], 0
    for turn in turns:
        is_right = from_the_right and has_right(turn[0])
        whole = len(" ".join(turn))
        within = 0
        for word in turn:
            left = at + within
            if from_the_right:
                left = len(text) - at - (within + len(word) if is_right else whole - within)
            found.append(Word(word, (x0 + left * unit, y0, x0 + (left + len(word)) * unit, y1), 0.9))
            within += len(word) + 1
        at += whole + 1
    return Line(text, bbox, 0.9, tuple(found))


def page(
    lines: Sequence[Line],
    width: float = 595,
    height: float = 842,
    *,
    index: int = 0,
    unit: Unit = "pt",
    rotation: int = 0,
) -> PageResult:
    blocks = tuple(Block.of_lines([line]) for line in lines)
    return PageResult(index, width, height, unit, "cpu", blocks, rotation=rotation)


def rendered(
    original: Path, page_format: PageFormat, pages: Sequence[PageResult], language: str | None = None
) -> bytes:
    """`language` is that of translations."""
    out = io.BytesIO()
    made = replace(job(original.name, page_format, len(pages)), translate_to=language)
    pdf.render(Source(made, iter(pages), original), out)
    return out.getvalue()


def written(data: bytes) -> str:
    """All that the layers of a searchable PDF say, as it stands there: words of scripts from the right as they are
    seen."""
    document = opened(data)
    said = ""
    for sheet in document:
        for font in sheet.get_fonts():
            if font[4].startswith(FONT_NAME):
                (mapped,) = re.findall(r"/ToUnicode (\d+)", document.xref_object(font[0], compressed=True))
                pairs = re.findall(rb"<(\w{4})><(\w+)>", document.xref_stream(int(mapped)))
                signs = {int(code, 16): bytes.fromhex(sign.decode()).decode("utf-16-be") for code, sign in pairs}
                layer = document.xref_stream(sheet.get_contents()[0])
                for string in re.findall(rb"\(((?:[^\\)]|\\.)*)\)Tj", layer, re.DOTALL):
                    codes = re.sub(
                        rb"\\(.)", lambda escaped: b"\r" if escaped[1] == b"r" else escaped[1], string, flags=re.DOTALL
                    )
                    said += "".join(signs[code] for (code,) in struct.iter_unpack(">H", codes))
    return said


def opened(data: bytes) -> Any:
    document = pymupdf.open("pdf", data)
    assert not document.is_repaired
    return document


def blank_pdf(path: Path, page_count: int = 1, **page: float) -> Path:
    with pymupdf.open() as document:
        for _ in range(page_count):
            document.new_page(**page)
        document.save(path)
    return path

"""One page in, its result out: the text that the page carries if it can be trusted, else what its picture says."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ocrchat.blocks import BBox, Block
from ocrchat.language_table import Language
from ocrchat.languages import AUTO
from ocrchat.limits import LIMITS
from ocrchat.pages import PageResult, PageTask

from . import contents, images, markdown, naming, notices, pdf, pdf_tables, picture, text_layer
from .contents import Figure
from .raster import Raster
from .tables import Found


def read_page(data: bytes, task: PageTask) -> PageResult:
    """`data` is a PDF of one page or an image of one frame, as `task.format` says. Boxes are in pt for a PDF, in px of
    the upright image else. Raises PageUnreadable when the bytes cannot be read, PageTimedOut when reading takes longer
    than a page may, LanguageUnavailable when the pack of `task.language` is not installed."""
    deadline = time.monotonic() + LIMITS.page_read_s
    if task.format != "pdf":
        return _of_picture(task, images.decode(data, task.format), deadline, distrusted=False)
    with pdf.opened(data) as page:
        text = pdf.text_of(page)
        if text_layer.is_usable(text.facts) and _is_what_is_seen(page, text, deadline):
            content: _Digital | Raster = _Digital.of(page, text)
        else:
            content = pdf.render(page)
    if isinstance(content, _Digital):
        return _of_text_layer(task, content, deadline)
    return _of_picture(task, content, deadline, distrusted=text.facts.characters > 0)


def preload() -> None:
    """Loads what the first page would have to wait for: both decoders, and the engines that every page needs."""
    pdf.load()
    images.load()
    naming.load()
    picture.engines()


@dataclass(frozen=True, slots=True)
class _Digital:
    """All that is taken from a PDF page whose text layer is believed."""

    text: pdf.PageText
    found: Sequence[Found]
    pictures: Sequence[tuple[BBox, Raster]]

    @classmethod
    def of(cls, page: Any, text: pdf.PageText) -> _Digital:
        found = pdf_tables.find(page, [piece.line for piece in text.pieces])
        pictures = [(box, pdf.render(page, box)) for box in pdf.pictures(page, text)]
        return cls(text, found, pictures)


def _is_what_is_seen(page: Any, text: pdf.PageText, deadline: float) -> bool:
    """Whether some lines of a suspect text layer are read as they say."""
    if not text_layer.is_suspect(text.facts):
        return True
    pieces = text_layer.to_check(text.pieces)
    whole = "\n".join(piece.line.text for piece in text.pieces)
    boxes = [piece.line.bbox for piece in pieces]
    seen = picture.read_boxes(pdf.render(page), boxes, whole, picture.engines(), deadline)
    return seen is None or not text_layer.differs([piece.line.text for piece in pieces], seen)


def _of_text_layer(task: PageTask, digital: _Digital, deadline: float) -> PageResult:
    text = digital.text
    named = list(naming.name("\n".join(piece.line.text for piece in text.pieces)).languages)
    wanted = named[0].code if task.language == AUTO and named else task.language
    figures = [
        Figure(bbox, picture.read(raster, wanted, picture.engines(), deadline, may_turn=False))
        for bbox, raster in digital.pictures
    ]
    blocks = contents.of_text_layer(text.pieces, digital.found, figures, text.width, text.height)
    for figure in figures:
        named += figure.reading.languages
    warnings = (notices.BLANK,) if not blocks else ()
    page = PageResult(
        task.index, text.width, text.height, "pt", "text_layer", rotation=text.rotation, warnings=warnings
    )
    return _with_contents(page, blocks, named)


def _of_picture(task: PageTask, raster: Raster, deadline: float, *, distrusted: bool) -> PageResult:
    reading = picture.read(raster, task.language, picture.engines(), deadline)
    upright = reading.raster
    blocks = contents.of_reading(reading)
    turned = upright.rotation != raster.rotation
    warnings = notices.of_picture(reading, blocks, turned=turned, distrusted=distrusted)
    page = PageResult(
        task.index, upright.width, upright.height, upright.unit, "cpu", rotation=upright.rotation, warnings=warnings
    )
    return _with_contents(page, blocks, reading.languages)


def _with_contents(page: PageResult, blocks: Sequence[Block], languages: Sequence[Language]) -> PageResult:
    codes = tuple(dict.fromkeys(language.code for language in languages))
    return replace(
        page,
        blocks=tuple(blocks),
        text="\n\n".join(block.text for block in blocks if block.text),
        markdown=markdown.of_blocks(blocks),
        language=codes[0] if codes else None,
        languages=codes,
    )

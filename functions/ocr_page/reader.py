"""One page in, its result out: the text that the page carries if it can be trusted, else what its picture says."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ocrchat import markdown
from ocrchat.blocks import BBox, Block
from ocrchat.errors import PageTimedOut
from ocrchat.language_table import Language
from ocrchat.limits import LIMITS
from ocrchat.pages import PageResult, PageTask

from . import contents, images, naming, notices, pdf, pdf_pictures, pdf_tables, pdf_text, picture, text_layer
from .contents import Figure
from .pdf_text import PageText
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
        text = pdf_text.of_page(page)
        content = _Digital.of(page, text) if text_layer.is_usable(text.facts) else pdf.render(page)
    if isinstance(content, Raster):
        return _of_picture(task, content, deadline, distrusted=text_layer.is_wrong(text.facts))
    if content.doubted is not None and not _is_what_is_seen(text, content.doubted, deadline):
        return _of_picture(task, content.doubted, deadline, distrusted=True)
    return _of_text_layer(task, content, deadline)


def preload() -> None:
    """Loads what the first page would have to wait for: both decoders, and the engines that every page needs."""
    pdf.load()
    images.load()
    naming.load()
    picture.engines()


@dataclass(frozen=True, slots=True)
class _Digital:
    """All that is taken from a PDF page with a usable text layer; `doubted` is the page's picture, where the text must
    be compared with it first."""

    text: PageText
    found: Sequence[Found]
    pictures: Sequence[tuple[BBox, Raster]]
    doubted: Raster | None

    @classmethod
    def of(cls, page: Any, text: PageText) -> _Digital:
        found = pdf_tables.find(page, text)
        pictures = [(box, pdf.render(page, box)) for box in pdf_pictures.find(page, text)]
        is_doubted = text_layer.is_suspect(text.facts) or text_layer.may_be_outlines(text.facts)
        return cls(text, found, pictures, pdf.render(page) if is_doubted else None)


def _is_what_is_seen(text: PageText, raster: Raster, deadline: float) -> bool:
    """Whether some lines of a text layer are read as they say, and no text is seen beside it."""
    if text_layer.is_suspect(text.facts):
        lines = [piece.line for piece in text_layer.to_check(text.pieces)]
        seen = picture.read_again(raster, lines, picture.engines(), deadline)
        if text_layer.differs([line.text for line in lines], seen):
            return False
    if text_layer.may_be_outlines(text.facts):
        boxes = [raster.box(region.box) for region in picture.engines().detector.find(raster.pixels)]
        return text_layer.holds(text.pieces, boxes)
    return True


def _of_text_layer(task: PageTask, digital: _Digital, deadline: float) -> PageResult:
    text = digital.text
    named = list(naming.name("\n".join(piece.line.text for piece in text.pieces)).languages)
    around = named[0] if named else None
    figures = []
    warnings = []
    for bbox, raster in digital.pictures:
        try:
            reading = picture.read(raster, task.language, picture.engines(), deadline, may_turn=False, around=around)
        except PageTimedOut:  # the text, which is there, must not be lost for a picture
            warnings.append(notices.TRUNCATED)
            break
        figures.append(Figure(bbox, reading))
    blocks = contents.of_text_layer(text.pieces, digital.found, figures, text.width, text.height)
    for figure in figures:
        named += figure.reading.languages
    if not blocks:
        warnings.append(notices.BLANK)
    page = PageResult(
        task.index, text.width, text.height, "pt", "text_layer", rotation=text.rotation, warnings=tuple(warnings)
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

"""One page in, its result out: the text that the page carries if it can be trusted, else what its picture says."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ocrchat.blocks import Block
from ocrchat.limits import LIMITS
from ocrchat.pages import Notice, PageResult, PageTask

from . import images, layout, markdown, pdf, picture
from .picture import Reading
from .raster import Raster
from .text_layer import is_usable

BLANK = Notice("blank", "Nothing was found on this page")


def read_page(data: bytes, task: PageTask) -> PageResult:
    """`data` is a PDF of one page or an image of one frame, as `task.format` says. Boxes are in pt for a PDF, in px of
    the upright image else. Raises PageUnreadable when the bytes cannot be read, PageTimedOut when reading takes longer
    than a page may."""
    deadline = time.monotonic() + LIMITS.page_read_s
    if task.format == "pdf":
        with pdf.opened(data) as page:
            text = pdf.text_of(page)
            raster = None if is_usable(text.facts) else pdf.render(page)
        if raster is None:
            return _of_text_layer(task, text)
    else:
        raster = images.decode(data, task.format)
    return _of_picture(task, raster, deadline)


def preload() -> None:
    """Loads what the first page would have to wait for: both decoders, and the engines that every page needs."""
    pdf.load()
    images.load()
    picture.engines()


def _of_text_layer(task: PageTask, text: pdf.PageText) -> PageResult:
    blocks = layout.blocks_of(text.pieces, text.width, text.height)
    return PageResult(
        task.index,
        text.width,
        text.height,
        "pt",
        "text_layer",
        blocks=tuple(blocks),
        text=_plain(blocks),
        markdown=markdown.of_blocks(blocks),
        rotation=text.rotation,
    )


def _of_picture(task: PageTask, raster: Raster, deadline: float) -> PageResult:
    if raster.is_uniform:
        reading = Reading(raster, [])
    else:
        reading = picture.read(raster, task.language, picture.engines(), deadline)
    raster = reading.raster
    pieces = layout.recognised(raster.line(line) for line in reading.lines)
    blocks = [raster.in_place(block) for block in layout.blocks_of(pieces, raster.width, raster.height)]
    codes = tuple(language.code for language in reading.languages)
    return PageResult(
        task.index,
        raster.width,
        raster.height,
        raster.unit,
        "cpu",
        blocks=tuple(blocks),
        text=_plain(blocks),
        markdown=markdown.of_blocks(blocks),
        rotation=raster.rotation,
        language=codes[0] if codes else None,
        warnings=() if blocks else (BLANK,),
    )


def _plain(blocks: Sequence[Block]) -> str:
    return "\n\n".join(block.text for block in blocks if block.text)

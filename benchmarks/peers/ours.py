"""`ocr_page`, as the service runs it: no language told, nothing known about the page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .reading import Read, Reading, Request, SaidLine

if TYPE_CHECKING:
    from ocrchat.blocks import Line
    from ocrchat.pages import PageFormat, PageResult

FUNCTIONS = Path(__file__).parents[2] / "functions"
FORMATS: dict[str, PageFormat] = {
    ".pdf": "pdf",
    ".png": "png",
    ".jpg": "jpg",
    ".jpeg": "jpg",
    ".webp": "webp",
    ".gif": "gif",
    ".bmp": "bmp",
    ".tif": "tif",
    ".tiff": "tif",
}


def load() -> Read:
    sys.path.insert(0, str(FUNCTIONS))  # a function is imported from there, as on Lambda
    from ocr_page import reader
    from ocrchat.errors import PageError
    from ocrchat.pages import PageTask

    reader.preload()

    def read(request: Request) -> Reading:
        task = PageTask(0, FORMATS[request.path.suffix.lower()])
        try:
            return reading_of(reader.read_page(request.path.read_bytes(), task))
        except PageError as error:  # the service's own answer for such a page
            return Reading(failure=error.code)

    return read


def reading_of(page: PageResult) -> Reading:
    lines = [line for block in page.blocks for line in block.lines if line.text.strip()]
    return Reading(
        text=page.text,
        markdown=page.markdown,
        language=page.language,
        rotation=page.rotation,
        source=page.source,
        lines=tuple(SaidLine(line.confidence, _words(line)) for line in lines),
        warnings=tuple(warning.code for warning in page.warnings),
        failure=page.error.code if page.error else None,
    )


def _words(line: Line) -> tuple[tuple[str, float], ...]:
    """Those of a line that has none have its confidence."""
    if line.words:
        return tuple((word.text, word.confidence) for word in line.words)
    return tuple((word, line.confidence) for word in line.text.split())

"""One page of a PDF as MuPDF has it: opened, rendered, turned. Beside it, only the other pdf_*.py call PyMuPDF."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from ocrchat import confinement
from ocrchat.blocks import BBox
from ocrchat.errors import PageUnreadable
from ocrchat.limits import LIMITS

from .raster import Raster

DPI = 200.0  # what a page is rendered at
RENDER_PIXELS = 16_000_000  # 48 MB as RGB; a larger page is rendered at less than DPI. A4 at 200 dpi has 3.9 million
POINTS_PER_INCH = 72.0

Matrix = tuple[float, ...]
"""(a, b, c, d, e, f) as in ISO 32000-1, 8.3.3."""


@contextmanager
def opened(data: bytes) -> Iterator[Any]:
    """The first page of a PDF, a `pymupdf.Page`. Raises PageUnreadable for what MuPDF refuses, there or in the body
    of the `with`, which should hold nothing but calls of this module and of its kin. A page that takes more CPU than
    drawing may ends the process: nothing else can stop MuPDF."""
    pymupdf = load()
    try:
        with confinement.cpu_limit(LIMITS.page_draw_cpu_s), pymupdf.open(stream=data, filetype="pdf") as document:
            if document.needs_pass or document.page_count == 0:
                raise PageUnreadable
            yield document[0]
    except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase) as error:
        raise PageUnreadable from error


def render(page: Any, box: BBox | None = None) -> Raster:
    """The picture of `page`, or of a box of it, upright, its annotations and filled-in fields included."""
    import numpy as np

    pymupdf = load()
    clip = page.rect if box is None else pymupdf.Rect(box) & page.rect
    if clip.width <= 0 or clip.height <= 0:
        raise PageUnreadable
    scale = min(DPI / POINTS_PER_INCH, math.sqrt(RENDER_PIXELS / (clip.width * clip.height)))
    matrix = pymupdf.Matrix(scale, scale)
    pixmap = page.get_pixmap(matrix=matrix, colorspace=pymupdf.csRGB, alpha=False, clip=clip if box else None)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
    return Raster(pixels, clip.width, clip.height, "pt", page.rotation, scale)


@cache
def load() -> Any:
    """PyMuPDF, which by itself writes to the standard streams whatever it finds wrong with a file."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    return pymupdf


def turned(bbox: Iterable[float], matrix: Matrix) -> BBox:
    """A box on the page as it is turned; the matrix turns by right angles."""
    x0, y0, x1, y1 = bbox
    if matrix[:4] == (1.0, 0.0, 0.0, 1.0):
        return (x0 + matrix[4], y0 + matrix[5], x1 + matrix[4], y1 + matrix[5])
    a, b, c, d, e, f = matrix
    left, right = sorted((a * x0 + c * y0 + e, a * x1 + c * y1 + e))
    top, bottom = sorted((b * x0 + d * y0 + f, b * x1 + d * y1 + f))
    return (left, top, right, bottom)

"""What readers of PDF take from a page: Poppler's pdftotext, and PyMuPDF."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocrchat.blocks import BBox
from ocrchat.pages import PageResult

from .geometry import Size, upright

POPPLER, PYMUPDF = "pdftotext", "PyMuPDF"

_PAGE = re.compile(r"<page\b[^>]*>(.*?)</page>", re.DOTALL)
_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """A word with its box on the upright page, in the unit of the page that was read."""

    text: str
    bbox: BBox


@dataclass(frozen=True, slots=True)
class Extracted:
    """`text` is plain text, line by line; `words` come in the reader's order."""

    text: str
    words: tuple[Found, ...]


def by_pymupdf(path: Path, results: Sequence[PageResult]) -> list[Extracted]:
    """A page for each result, in their order."""
    import pymupdf

    with pymupdf.open(path) as document:
        found = []
        for result in results:
            page = document[result.index]
            turn = result.rotation if result.unit == "pt" else 0  # its boxes are those of the page before /Rotate
            size = (page.cropbox.width, page.cropbox.height)
            words = [(word[4], word[:4]) for word in page.get_text("words")]
            found.append(Extracted(page.get_text(), _placed(words, size, turn, result)))
        return found


def by_poppler(path: Path, results: Sequence[PageResult]) -> list[Extracted]:
    """A page for each result, in their order. Poppler's boxes are those of the page as it is shown."""
    import pymupdf

    plain = _pdftotext(path).split("\f")
    pages = _PAGE.findall(_pdftotext(path, "-bbox", "-cropbox"))
    with pymupdf.open(path) as document:
        found = []
        for result in results:
            page: Any = document[result.index]
            turn = (result.rotation - page.rotation) % 360 if result.unit == "pt" else 0
            words = [(html.unescape(text), tuple(map(float, box))) for *box, text in _WORD.findall(pages[result.index])]
            size = (page.rect.width, page.rect.height)
            found.append(Extracted(plain[result.index], _placed(words, size, turn, result)))
        return found


def _placed(words: Sequence[tuple[str, Any]], size: Size, turn: int, result: PageResult) -> tuple[Found, ...]:
    wanted = (result.width, result.height)
    return tuple(Found(text, upright(box, size, turn, wanted)) for text, box in words)


def _pdftotext(path: Path, *options: str) -> str:
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", *options, str(path), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout

"""The pages of the text sets, read by every engine in turn, page by page, so that all meet the same load."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.peers.process import Engine
from benchmarks.peers.reading import Reading, Request

from .metrics import Score
from .sets import Page


@dataclass(frozen=True, slots=True)
class PageRead:
    """What one engine made of one page. A page on which it failed has the score of an empty text."""

    page: Page
    engine: str
    reading: Reading
    score: Score


def read_pages(pages: Sequence[Page], engines: Iterable[Engine]) -> list[PageRead]:
    engines = list(engines)
    found: list[PageRead] = []
    for page in pages:
        tell(f"{page.set} {page.name}")
        found += [read_page(page, engine) for engine in engines]
    return found


def read_page(page: Page, engine: Engine) -> PageRead:
    reading = engine.read(Request(page.path, page.pack, page.turned))
    score = Score.of(page.truth, reading.text, fold_case=page.fold_case, unspaced=page.unspaced)
    return PageRead(page, engine.name, reading, score)


def tell(what: str) -> None:
    """A line of progress, apart from the report."""
    print(what, file=sys.stderr, flush=True)

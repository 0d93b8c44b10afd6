"""olmOCR-bench: its pages read by every engine, its unit tests run on what they write.

This reader is given the PDF of the page, as the service is, and once more the page's picture only, as its peers are:
some of these PDFs carry their text. Peers write no Markdown; their text stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.peers import MODEL, OCRMYPDF, OURS
from benchmarks.peers.process import Engine
from benchmarks.peers.reading import Reading, Request

from .olmocr import LEFT_OUT, UnitTest, tests_of
from .reading import tell

DPI = 200  # of the pictures
TESTS_FILE = "dataset.jsonl"
FROM_PICTURE = f"{OURS}, from the picture"


@dataclass(frozen=True, slots=True)
class TestedPage:
    """One engine on one page: which of its tests its Markdown passes. Those of a page that failed all fail."""

    pdf: str
    label: str
    reading: Reading
    results: tuple[tuple[UnitTest, bool], ...]


@dataclass(frozen=True, slots=True)
class BenchResult:
    pages: list[TestedPage]
    left_out: int


def run_tests(folder: Path, engines: Iterable[Engine], work: Path, limit: int | None = None) -> BenchResult:
    """`folder` holds the PDFs and `dataset.jsonl`; `limit` is of pages."""
    engines = list(engines)
    by_page: dict[tuple[str, int], list[UnitTest]] = {}
    left_out = 0
    for test in tests_of(folder / TESTS_FILE):
        if test.kind in LEFT_OUT:
            left_out += 1
        by_page.setdefault((test.pdf, test.page), []).append(test)
    found: list[TestedPage] = []
    for (pdf, number), tests in sorted(by_page.items())[:limit]:
        tell(f"olmocr_bench {pdf} {number}")
        run = [test for test in tests if test.kind not in LEFT_OUT]
        for label, reading in _readings(folder / pdf, number, engines, work):
            found.append(_tested(pdf, label, reading, run))
    return BenchResult(found, left_out)


def _tested(pdf: str, label: str, reading: Reading, tests: Sequence[UnitTest]) -> TestedPage:
    results = tuple((test, reading.failure is None and test.passes(reading.markdown)) for test in tests)
    return TestedPage(pdf, label, reading, results)


def _readings(pdf: Path, number: int, engines: Sequence[Engine], work: Path) -> list[tuple[str, Reading]]:
    page, picture = work / "page.pdf", work / "page.png"
    cut_out(pdf, number, page, picture)
    found: list[tuple[str, Reading]] = []
    for engine in engines:
        if engine.name in (OURS, OCRMYPDF, MODEL):
            found.append((engine.name, engine.read(Request(page))))
        if engine.name not in (OCRMYPDF, MODEL):
            label = FROM_PICTURE if engine.name == OURS else engine.name
            found.append((label, engine.read(Request(picture))))
    return found


def cut_out(pdf: Path, number: int, page: Path, picture: Path) -> None:
    """Page `number`, from 1, as a PDF of one page and as a PNG."""
    import pymupdf

    with pymupdf.open(pdf) as document:
        document.select([number - 1])
        document.save(page)
        document[0].get_pixmap(dpi=DPI).save(picture)


def pass_rates(pages: Iterable[TestedPage]) -> dict[str, dict[str, tuple[int, int]]]:
    """By engine and kind of test: how many passed, of how many."""
    rates: dict[str, dict[str, tuple[int, int]]] = {}
    for page in pages:
        kinds = rates.setdefault(page.label, {})
        for test, passed in page.results:
            right, total = kinds.get(test.kind, (0, 0))
            kinds[test.kind] = (right + passed, total + 1)
    return rates


def without_escapes(page: TestedPage) -> TestedPage:
    """The same page, its tests run on Markdown whose backslashes are undone: what they cost this reader."""
    import re

    plain = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", page.reading.markdown)
    reading = replace(page.reading, markdown=plain)
    return _tested(page.pdf, f"{page.label}, escapes undone", reading, [test for test, _ in page.results])

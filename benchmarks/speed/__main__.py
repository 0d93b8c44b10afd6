"""Measures what a page costs this reader and its peers:

    python -m benchmarks.speed --data DATA

CPU seconds a page, as ratios to `rapidocr` as shipped, whose models this reader runs: the engines take turns page by
page, each in its own process on one thread, so that a busy machine slows all of them alike. Times vary by a third from
run to run; trust the ratios.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median

from benchmarks import machine
from benchmarks.accuracy.reading import PageRead, read_pages
from benchmarks.accuracy.report import grouped, table
from benchmarks.accuracy.sets import TEXT_SETS, pages_of
from benchmarks.peers import LOADERS, OURS, RAPID, TESSERACT
from benchmarks.peers.process import Engine, EngineUnavailable

from .clocks import PARTS, load_timed
from .startup import Start, starts
from .text_layer import TextPage
from .text_layer import read_pages as read_text_pages

ENGINES = (OURS, RAPID, TESSERACT)
DEFAULT_SETS = "receipts,pages,layout,languages"
DEFAULT_LIMIT = 10  # pages of each set: ratios are steady by then
PACKAGES = ("rapidocr", "onnxruntime", "opencv-python-headless", "numpy", "pymupdf", "tesserocr")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the sets")
    parser.add_argument("--sets", default=DEFAULT_SETS, help=f"with commas between, of {','.join(TEXT_SETS)}")
    parser.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help="pages of each set, at most, evenly taken")
    parser.add_argument("--out", type=Path, help="a Markdown file")
    arguments = parser.parse_args()
    names = arguments.sets.split(",")
    if missing := [name for name in names if not (arguments.data / name).is_dir()]:
        parser.error(f"{arguments.data} has no folder {', '.join(missing)}")
    sets = [pages_of(arguments.data, name, arguments.limit) for name in names]
    started = starts()
    try:
        engines = [Engine(name, load_timed if name == OURS else LOADERS[name]) for name in ENGINES]
    except EngineUnavailable as error:
        raise SystemExit(str(error)) from error
    warm_up = next(page for pages in sets for page in pages)
    read_pages([warm_up], engines)
    reads = [read for pages in sets for read in read_pages(pages, engines)]
    peaks = {engine.name: engine.close() for engine in engines}
    report = whole(reads, peaks, started, read_text_pages(arguments.data / "pdfs"))
    if arguments.out is None:
        print(report)
    else:
        arguments.out.write_text(report + "\n")


def whole(
    reads: Sequence[PageRead], peaks: dict[str, float], started: Sequence[Start], texts: Sequence[TextPage] = ()
) -> str:
    return "\n\n".join(
        [
            "# Speed",
            machine.description(PACKAGES),
            "## A page",
            pages(reads),
            "## Where this reader's CPU goes",
            parts([read for read in reads if read.engine == OURS]),
            "## Pages whose own text is taken",
            text_pages(texts),
            "## Memory",
            table("engine|peak RSS MB >", [[name, f"{peak:.0f}"] for name, peak in peaks.items()]),
            "## Start",
            start(started),
        ]
    )


def pages(reads: Sequence[PageRead]) -> str:
    """CPU seconds a page by set and engine; the ratio is of the sums."""
    rows = []
    for name, group in grouped(reads, lambda read: read.page.set).items():
        cpu = {engine: sum(read.reading.cpu_s for read in its) for engine, its in _by_engine(group).items()}
        for engine, its in _by_engine(group).items():
            failed = sum(read.reading.failure is not None for read in its)
            slowest = max(read.reading.cpu_s for read in its)
            ratio = cpu[engine] / cpu[RAPID]
            rows.append(
                [
                    name,
                    len(its),
                    engine,
                    f"{cpu[engine] / len(its):.2f}",
                    f"{slowest:.2f}",
                    f"{ratio:.2f}",
                    failed or "",
                ]
            )
    return table("set|pages >|engine|CPU s a page >|slowest page >|of rapidocr's CPU >|failed >", rows)


def text_pages(texts: Sequence[TextPage]) -> str:
    """Medians, and of the pages' ratios to MuPDF's bare extraction."""
    rows = [
        [
            kind,
            len(group),
            f"{median(page.ours_ms for page in group):.1f}",
            f"{median(page.mupdf_ms for page in group):.1f}",
            f"{median(page.ours_ms / page.mupdf_ms for page in group):.1f}",
        ]
        for kind, group in grouped(texts, lambda page: page.kind).items()
    ]
    return table("|pages >|CPU ms a page >|MuPDF alone >|ratio >", rows)


def parts(reads: Sequence[PageRead]) -> str:
    """CPU seconds a page by part, and its share."""
    rows = []
    for name, group in grouped(reads, lambda read: read.page.set).items():
        total = mean(read.reading.cpu_s for read in group)
        spent = {part: mean(dict(read.reading.parts).get(part, 0.0) for read in group) for part in PARTS}
        spent["the rest"] = total - sum(spent.values())
        rows.append([name, f"{total:.2f}", *(f"{value:.2f} ({100 * value / total:.0f} %)" for value in spent.values())])
    heads = "|".join(f"{part} >" for part in (*PARTS, "the rest"))
    return table(f"set|CPU s a page >|{heads}", rows)


def start(started: Sequence[Start]) -> str:
    rows = [
        [item.what, f"{1000 * item.wall_s:.0f}", f"{1000 * item.cpu_s:.0f}", f"{item.peak_mb:.0f}"] for item in started
    ]
    return table("what|ms >|CPU ms >|peak RSS MB >", rows)


def _by_engine(reads: Sequence[PageRead]) -> dict[str, list[PageRead]]:
    return grouped(reads, lambda read: read.engine)


if __name__ == "__main__":
    main()

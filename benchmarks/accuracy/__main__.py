"""Measures this reader beside its peers on real pages with their truth:

    python -m benchmarks.accuracy --data DATA --out accuracy.md

    MODEL_NAME=... MODEL_API_KEY=... python -m benchmarks.accuracy --data DATA --tier vlm --most-pages 30

DATA holds a folder a set. Each engine runs in its own process on one thread; they take turns page by page, so that all
meet the same load of the machine. Peers are told the language, this reader is not. `--tier vlm` adds the tier that asks
a model, on the text sets and olmocr_bench, and says what that will cost before it starts. Prints the report, or writes
it to FILE.md with two plots and FILE.csv, a line a page and engine, beside it.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import machine
from benchmarks.peers import KEYS, LOADERS, MODEL, OURS, TESSERACT
from benchmarks.peers.model import configured
from benchmarks.peers.process import Engine, EngineUnavailable
from ocrchat.llm.settings import ModelSettingsInvalid
from ocrchat.tiers import DEFAULT_TIER, MODEL_TIER, TIERS

from . import plots, report
from .bench_pages import BenchResult, run_tests
from .costs import estimated, spent
from .pdfs import PdfRead, read_pdfs
from .reading import PageRead, read_pages, tell
from .sets import TEXT_SETS, Page, pages_of
from .turned import TurnedRead, read_turned, sample_of

OTHER_SETS = ("olmocr_bench", "turned", "pdfs")
SETS = (*TEXT_SETS, *OTHER_SETS)
SETS_HELP = f"with commas between: {', '.join(SETS)} (the default: all), or any other folder of images with their truth"
TURNED_ENGINES = frozenset({OURS, TESSERACT})
"""Four readings a page are long; of the peers Tesseract is the one that can be told to look for a turn."""

PACKAGES = (
    "rapidocr", "onnxruntime", "opencv-python-headless", "numpy", "pillow", "pymupdf", "tesserocr", "ocrmypdf",
    "rapidfuzz",
)  # fmt: skip


@dataclass(slots=True)
class Findings:
    """What there is to report; empty where a set was not asked for."""

    reads: list[PageRead] = field(default_factory=list)
    turned: list[TurnedRead] = field(default_factory=list)
    bench: BenchResult | None = None
    pdfs: list[PdfRead] = field(default_factory=list)
    peaks: dict[str, float] = field(default_factory=dict)
    minutes: float = 0.0

    def failures(self) -> Iterator[tuple[str, str, str]]:
        """Page, engine, why."""
        for read in (*self.reads, *(turned.read for turned in self.turned)):
            if read.reading.failure:
                yield f"{read.page.set} {read.page.path.name}", read.engine, read.reading.failure
        for page in self.bench.pages if self.bench else ():
            if page.reading.failure:
                yield f"olmocr_bench {page.pdf}", page.label, page.reading.failure
        for pdf in self.pdfs:
            for number, reading in enumerate(pdf.readings, start=1):
                if reading.failure:
                    yield f"pdfs {pdf.name}, page {number}", OURS, reading.failure


def main() -> None:
    arguments = parsed()
    started = time.monotonic()
    if arguments.tier == MODEL_TIER:
        agree(arguments)
    names = [KEYS[key] for key in arguments.engines] + [MODEL] * (arguments.tier == MODEL_TIER)
    try:
        engines = [Engine(name, LOADERS[name]) for name in names]
    except EngineUnavailable as error:
        raise SystemExit(str(error)) from error
    found = measure(arguments, engines)
    found.peaks = {engine.name: engine.close() for engine in engines}
    found.minutes = (time.monotonic() - started) / 60
    written = whole(found, arguments.out)
    if arguments.out is None:
        print(written)
        return
    arguments.out.write_text(written + "\n")
    write_pages(found.reads, arguments.out.with_suffix(".csv"))


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the sets")
    parser.add_argument("--sets", type=_list, default=list(SETS), help=SETS_HELP)
    parser.add_argument("--limit", type=int, help="pages of each set, at most, evenly taken")
    parser.add_argument("--engines", type=_list, default=list(KEYS), help=f"with commas between: {','.join(KEYS)}")
    parser.add_argument("--out", type=Path, help="a Markdown file; the plots and a CSV are written beside it")
    parser.add_argument("--tier", choices=list(TIERS), default=DEFAULT_TIER, help="vlm: a model is asked as well")
    parser.add_argument("--most-pages", type=int, default=30, help="that a model may be asked about")
    parser.add_argument("--most-usd", type=float, default=5.0, help="that this may be estimated to cost")
    arguments = parser.parse_args()
    if unknown := [key for key in arguments.engines if key not in KEYS]:
        parser.error(f"no engine named {', '.join(unknown)}: there are {', '.join(KEYS)}")
    if missing := [name for name in arguments.sets if name != "turned" and not (arguments.data / name).is_dir()]:
        parser.error(f"{arguments.data} has no folder {', '.join(missing)}")
    text_sets = [name for name in arguments.sets if name not in OTHER_SETS]
    arguments.pages = {name: pages_of(arguments.data, name, arguments.limit) for name in text_sets}
    if empty := [name for name, pages in arguments.pages.items() if not pages]:
        parser.error(f"no image with its truth beside it in {', '.join(empty)}")
    return arguments


def agree(asked: argparse.Namespace) -> None:
    """Says what asking a model will cost; raises SystemExit where that is more than was allowed, or no model is set."""
    try:
        model = configured()
    except ModelSettingsInvalid as error:
        raise SystemExit(str(error)) from error
    pages = [page for found in asked.pages.values() for page in found]
    pdfs = sorted((asked.data / "olmocr_bench").glob("*.pdf"))[: asked.limit] if "olmocr_bench" in asked.sets else []
    estimate = estimated(pages, len(pdfs), model.prices)
    tell(f"Asking a model: {estimate}")
    if estimate.pages > asked.most_pages:
        raise SystemExit(f"More than {asked.most_pages} pages: take fewer by --sets and --limit, or raise --most-pages")
    if estimate.usd > asked.most_usd:
        raise SystemExit(f"More than ${asked.most_usd:g}: take fewer pages, or raise --most-usd")


def _list(text: str) -> list[str]:
    return text.split(",")


def measure(asked: argparse.Namespace, engines: Sequence[Engine]) -> Findings:
    found = Findings()
    every_page: list[Page] = [page for pages in asked.pages.values() for page in pages]
    free = [engine for engine in engines if engine.name != MODEL]
    read_pages(every_page[:1], free)  # the first page of a process is slower
    found.reads = read_pages(every_page, engines)
    with tempfile.TemporaryDirectory(prefix="accuracy-") as folder:
        work = Path(folder)
        if "olmocr_bench" in asked.sets:
            found.bench = run_tests(asked.data / "olmocr_bench", engines, work, asked.limit)
        ours = next((engine for engine in engines if engine.name == OURS), None)
        if "pdfs" in asked.sets and ours is not None:
            found.pdfs = read_pdfs(asked.data, ours, work, asked.limit)
        if "turned" in asked.sets:
            chosen = [engine for engine in engines if engine.name in TURNED_ENGINES]
            found.turned = read_turned(sample_of(asked.data, asked.limit), chosen, found.reads, work)
    return found


def whole(found: Findings, out: Path | None) -> str:
    """The report. With `out`, plots are written beside it and shown in it."""
    parts = ["# Accuracy", machine.description(PACKAGES), f"Took {found.minutes:.1f} minutes."]
    languages = [read for read in found.reads if read.page.set == "languages"]
    if found.reads:
        parts += ["## Sets", report.HOW, _plot(found.reads, out, "sets"), report.overall(found.reads), _peaks(found)]
        parts.append(spent(read.reading for read in found.reads))
    if languages:
        parts += ["## Languages", report.languages_summary(languages), _plot(languages, out, "languages")]
        if any(read.engine == OURS for read in languages):
            parts.append(report.by_language(languages))
    if found.bench:
        parts += ["## olmOCR-bench", report.olmocr(found.bench)]
    if found.turned:
        parts += ["## Turned pages", report.turned(found.turned)]
    if found.pdfs:
        parts += ["## PDFs", report.pdfs(found.pdfs)]
    if any(read.engine == OURS for read in found.reads):
        parts += ["## Confidences of this reader", report.calibration(found.reads)]
    parts += ["## Failures", report.failures(found.failures())]
    return "\n\n".join(part for part in parts if part)


def _plot(reads: Sequence[PageRead], out: Path | None, what: str) -> str:
    if out is None:
        return ""
    path = out.with_name(f"{out.stem}-{what}.svg")
    draw = plots.plot_sets if what == "sets" else plots.plot_languages
    draw(reads, path)
    return f"![{what}]({path.name})"


def _peaks(found: Findings) -> str:
    return "Peak memory: " + ", ".join(f"{name} {peak:.0f} MB" for name, peak in found.peaks.items()) + "."


def write_pages(reads: Sequence[PageRead], path: Path) -> None:
    """A line a page and engine, to find what a change made better or worse."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("set page engine cer wer words_f1 bigrams_f1 cpu_s language rotation failure".split())
        for read in reads:
            score, said = read.score, read.reading
            numbers = (score.cer, score.wer, score.words_f1, score.bigrams_f1, said.cpu_s)
            row = [read.page.set, read.page.name, read.engine, *(f"{value:.4f}" for value in numbers)]
            writer.writerow([*row, said.language or "", said.rotation, said.failure or ""])


if __name__ == "__main__":
    main()

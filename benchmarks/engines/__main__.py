"""Compares the page reader with `rapidocr` as shipped, whose models it runs:

    python -m benchmarks.engines --data DATA --sets receipts,pages

DATA holds a folder a set with `<id>.(jpg|png)` and the truth in `<id>.gt.txt`. The engines take turns page by page, so
that both meet the same load of the machine. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import mean

from benchmarks.engines import engines, metrics
from benchmarks.engines.engines import OURS, STOCK, STOCK_IN_OUR_ORDER, Engine

CASE_INSENSITIVE = frozenset({"receipts"})  # whose truth is in capitals throughout
PACKAGES = ("rapidocr", "onnxruntime", "opencv-python-headless", "numpy", "pillow")


@dataclass(slots=True)
class Score:
    """One value a page."""

    cer: list[float] = field(default_factory=list)
    wer: list[float] = field(default_factory=list)
    words: list[float] = field(default_factory=list)

    def add(self, truth: str, text: str) -> None:
        self.cer.append(metrics.cer(truth, text))
        self.wer.append(metrics.wer(truth, text))
        self.words.append(metrics.words_f1(truth, text))

    def cells(self) -> str:
        return " | ".join(f"{100 * mean(values):.2f}" for values in (self.cer, self.wer, self.words))


@dataclass(frozen=True, slots=True)
class SetResult:
    name: str
    pages: int
    scores: dict[str, Score]
    our_cpu: list[float]
    stock_cpu: list[float]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the sets")
    parser.add_argument("--sets", default="receipts,pages", help="names of sets, with commas between")
    parser.add_argument("--limit", type=int, help="pages of each set, at most")
    arguments = parser.parse_args()
    sets = {name: images_of(arguments.data / name)[: arguments.limit] for name in arguments.sets.split(",")}
    empty = [name for name, pages in sets.items() if not pages]
    if empty:
        parser.error(f"no image with its truth beside it in: {', '.join(empty)}")
    first = next(iter(sets.values()))[0]
    ours, stock = Engine(engines.ours, first), Engine(engines.stock, first)
    results = [compare(name, pages, ours, stock) for name, pages in sets.items()]
    print(report(results, ours.close(), stock.close()))


def images_of(folder: Path) -> list[Path]:
    """The images of a set that have their truth beside them, by name."""
    images = (path for path in folder.iterdir() if path.suffix in (".jpg", ".png"))
    return sorted(path for path in images if truth_of(path).exists())


def truth_of(image: Path) -> Path:
    return image.with_name(image.stem + ".gt.txt")


def compare(name: str, pages: list[Path], ours: Engine, stock: Engine) -> SetResult:
    result = SetResult(name, len(pages), defaultdict(Score), [], [])
    fold = name in CASE_INSENSITIVE
    for page in pages:
        truth = metrics.normalised(truth_of(page).read_text(), fold_case=fold)
        for engine, cpu in ((ours, result.our_cpu), (stock, result.stock_cpu)):
            reading = engine.read(page)
            cpu.append(reading.cpu_s)
            for label, text in reading.texts.items():
                result.scores[label].add(truth, metrics.normalised(text, fold_case=fold))
    return result


def report(results: list[SetResult], our_peak: float, stock_peak: float) -> str:
    lines = [
        f"{os.cpu_count()} cores ({platform.machine()}), one thread an engine, Python {platform.python_version()}, "
        + ", ".join(f"{package} {version(package)}" for package in PACKAGES)
        + ".",
        "",
        "| set | pages | engine | CER % | WER % | words F1 % | CPU s a page | of rapidocr's CPU | peak RSS MB |",
        "|---|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    for result in results:
        our_cpu, stock_cpu = mean(result.our_cpu), mean(result.stock_cpu)
        costs = {
            OURS: f"{our_cpu:.2f} | {our_cpu / stock_cpu:.2f} | {our_peak:.0f}",
            STOCK: f"{stock_cpu:.2f} | 1.00 | {stock_peak:.0f}",
            STOCK_IN_OUR_ORDER: "| | ",
        }
        lines += [
            f"| {result.name} | {result.pages} | {label} | {result.scores[label].cells()} | {cost} |"
            for label, cost in costs.items()
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

"""Two pictures beside the report, as SVG: error and CPU by set, and the error in each language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.peers import OURS

from .reading import PageRead
from .report import grouped

MOST_SHOWN = 100.0  # % CER; what an engine cannot read at all would flatten the rest
ROW_CM = 0.42  # height of a language
CM_PER_INCH = 2.54
TICKS = (0, 1, 2, 5, 10, 20, 50, 100)  # % CER, on a scale that is even up to 1 and logarithmic above


def plot_sets(reads: Sequence[PageRead], path: Path) -> None:
    """CER and CPU seconds a page, a group of bars a set, a bar an engine."""
    plt = _pyplot()
    figure, (errors, costs) = plt.subplots(1, 2, figsize=(11, 4))
    sets = list(grouped(reads, lambda read: read.page.set))
    by_engine = grouped(reads, lambda read: read.engine)
    width = 0.8 / len(by_engine)
    for number, (engine, group) in enumerate(by_engine.items()):
        by_set = grouped(group, lambda read: read.page.set)
        places = [index + (number - (len(by_engine) - 1) / 2) * width for index in range(len(sets))]
        cer = [100 * mean(read.score.cer for read in by_set[name]) for name in sets]
        cpu = [mean(read.reading.cpu_s for read in by_set[name]) for name in sets]
        errors.bar(places, cer, width, label=engine)
        costs.bar(places, cpu, width, label=engine)
    errors.set_ylim(0, min(MOST_SHOWN, errors.get_ylim()[1]))
    for axes, title in ((errors, "CER, %"), (costs, "CPU, seconds a page")):
        axes.set_title(title)
        axes.set_xticks(range(len(sets)), sets)
        axes.spines[["top", "right"]].set_visible(False)
    errors.legend(frameon=False)
    _save(figure, path)


def plot_languages(reads: Sequence[PageRead], path: Path) -> None:
    """CER of each engine in each language, sorted by that of this reader."""
    plt = _pyplot()
    by_engine = grouped(reads, lambda read: read.engine)
    first = OURS if OURS in by_engine else next(iter(by_engine))
    names = [read.page.name for read in sorted(by_engine[first], key=lambda read: -read.score.cer)]
    figure, axes = plt.subplots(figsize=(8, 1.5 + len(names) * ROW_CM / CM_PER_INCH))
    for number, (engine, group) in enumerate(by_engine.items()):
        cer = {read.page.name: min(100 * read.score.cer, MOST_SHOWN) for read in group}
        # rings of different sizes, since many engines are equally right; the first one a point within them
        style = {"markersize": 4} if engine == first else {"markersize": 6 + 2 * number, "fillstyle": "none"}
        axes.plot([cer[name] for name in names], range(len(names)), "o", label=engine, **style)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_ylim(-1, len(names))
    axes.set_xlabel(f"CER, % (from {MOST_SHOWN:.0f} on as {MOST_SHOWN:.0f})")
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
    axes.set_xlim(left=-0.15)
    axes.grid(axis="x", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower center", ncols=len(by_engine), bbox_to_anchor=(0.5, 1))
    _save(figure, path)


def _pyplot() -> Any:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "benchmarks"  # the same numbers give the same file
    from matplotlib import pyplot as plt

    return plt


def _save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})

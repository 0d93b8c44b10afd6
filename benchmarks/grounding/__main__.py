"""Measures how well what a model writes is put on the page, with a model that writes the truth:

    python -m benchmarks.grounding --data DATA --out grounding.md

DATA holds a folder a set, as for `benchmarks.accuracy`; the truths of `receipts` and `layout` have boxes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median

from benchmarks import machine
from benchmarks.accuracy.report import grouped, table
from benchmarks.exports.goals import Goal, listed

from .again import asked_again
from .pages import TruePage, true_pages
from .scores import LEAST_OVERLAP, Scores, score, together
from .writing import Numbers

NOISE = 0.1
HALF = 0.5  # of the blocks, where confidence is to tell them
SEEDS = (1, 2, 3)
LIMIT = 10  # pages of a set
LEAST_GROUNDED, LEAST_AUC = 0.95, 0.9
NUMBERS: tuple[Numbers, ...] = ("named", "unnamed", "misnamed")
HEADS = (
    "set|lines|noise >|blocks >|grounded % >|IoU >|reachable >|below 0.8 % >|AUC >|AUC in a page >"
    "|ms, median >|ms, most >"
)


def main() -> None:
    asked = parsed()
    with tempfile.TemporaryDirectory(prefix="grounding-") as folder:
        pages = true_pages(asked.data, asked.cache or Path(folder), asked.limit)
    if not pages:
        raise SystemExit(f"{asked.data} has no pages with a truth")
    count = f"{len(pages)} pages, each written {len(SEEDS)} times, with other noise."
    head = ["# Grounding", machine.description(("rapidfuzz",)), count]
    whole = "\n\n".join([*head, *measure(pages)])
    if asked.out is None:
        print(whole)
    else:
        asked.out.write_text(whole + "\n")


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grounding", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the sets")
    parser.add_argument("--limit", type=int, default=LIMIT, help="pages of each set, at most, evenly taken")
    parser.add_argument("--cache", type=Path, help="a folder for what was read, so that a second run reads nothing")
    parser.add_argument("--out", type=Path, help="a Markdown file")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        parser.error(f"{asked.data} is no folder")
    return asked


def measure(pages: Sequence[TruePage]) -> list[str]:
    """The parts of the report."""
    rows = []
    goals: list[Goal] = []
    for numbers in NUMBERS:
        for noise, share in ((0.0, 0.0), (NOISE, 1.0), (NOISE, HALF)):
            name = f"{numbers}, {noise:.0%} noise in {share:.0%} of the blocks"
            every = []
            for kind, group in grouped(pages, lambda page: page.set).items():
                scores = together(score(page, noise, share, numbers, seed) for page in group for seed in SEEDS)
                every.append(scores)
                rows.append([kind, numbers, f"{noise:.0%} of {share:.0%}", *_cells(scores)])
            whole = together(every)
            rows.append(["**all**", numbers, f"{noise:.0%} of {share:.0%}", *_cells(whole)])
            goals += _goals(name, whole, halved=share == HALF)
    return ["## Goals", listed(goals), "## By set", table(HEADS, rows), *asked_again(pages, NUMBERS, SEEDS, NOISE)]


def _cells(scores: Scores) -> list[object]:
    boxed = bool(scores.overlaps)
    return [
        scores.blocks,
        f"{100 * scores.share_grounded:.1f}",
        f"{mean(scores.overlaps):.3f}" if boxed else "",
        f"{mean(scores.reachable):.3f}" if boxed else "",
        f"{100 * scores.share_below:.1f}" if boxed else "",
        "" if scores.auc is None else f"{scores.auc:.3f}",
        f"{mean(scores.page_aucs):.3f}" if scores.page_aucs else "",
        f"{median(scores.ms):.0f}",
        f"{max(scores.ms):.0f}",
    ]


def _goals(name: str, scores: Scores, *, halved: bool) -> list[Goal]:
    share = scores.share_grounded
    goals = [
        Goal(f"grounded: {name}", f"{LEAST_GROUNDED:.0%}", f"{100 * share:.1f} %", share >= LEAST_GROUNDED),
    ]
    if scores.overlaps:
        overlap = mean(scores.overlaps)
        goals.append(Goal(f"IoU: {name}", f"{LEAST_OVERLAP}", f"{overlap:.3f}", overlap >= LEAST_OVERLAP))
    if halved and scores.auc is not None:
        goals.append(Goal(f"AUC: {name}", f"{LEAST_AUC}", f"{scores.auc:.3f}", scores.auc >= LEAST_AUC))
    return goals


if __name__ == "__main__":
    main()

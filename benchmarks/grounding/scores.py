"""How well blocks are put on a page: how many are, how far their boxes are the true ones, how well confidence tells."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from benchmarks.exports.geometry import overlap
from ocrchat.blocks import BBox, is_in, middle_of, union
from vlm_page.grounding import ground
from vlm_page.written import numbered

from .pages import TrueBlock, TruePage
from .writing import Numbers, written

LEAST_OVERLAP = 0.8


@dataclass(frozen=True, slots=True)
class Scores:
    """Of some pages. `overlaps` are the IoU of blocks with a true box, `reachable` those of the cpu tier's words in it,
    which no grounding can better by much; `clean` and `noisy` the confidences of blocks written right and wrong; `ms`
    and `page_aucs` those of each page."""

    grounded: int = 0
    blocks: int = 0
    overlaps: tuple[float, ...] = ()
    reachable: tuple[float, ...] = ()
    clean: tuple[float, ...] = ()
    noisy: tuple[float, ...] = ()
    ms: tuple[float, ...] = ()
    page_aucs: tuple[float, ...] = ()

    @property
    def share_grounded(self) -> float:
        return self.grounded / self.blocks

    @property
    def auc(self) -> float | None:
        return auc(self.clean, self.noisy)

    @property
    def share_below(self) -> float:
        return mean(value < LEAST_OVERLAP for value in self.overlaps)


def auc(clean: Sequence[float], noisy: Sequence[float]) -> float | None:
    """How often a block that is written wrong is less sure than one that is written right; None without either."""
    if not clean or not noisy:
        return None
    ordered = sorted(noisy)
    wins = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in clean)
    return wins / (2 * len(clean) * len(noisy))


def together(scores: Iterable[Scores]) -> Scores:
    every = list(scores)

    def joined(name: str) -> tuple[float, ...]:
        return tuple(value for one in every for value in getattr(one, name))

    names = ("overlaps", "reachable", "clean", "noisy", "ms", "page_aucs")
    return Scores(
        sum(one.grounded for one in every), sum(one.blocks for one in every), *(joined(name) for name in names)
    )


def score(page: TruePage, noise: float, share: float, numbers: Numbers, seed: int) -> Scores:
    writing = written(page, noise, share, numbers, seed)
    reading = page.reading
    lines = numbered(reading)
    begin = time.process_time()
    grounded = ground(lines, writing.page, reading.width, reading.height)
    ms = 1000 * (time.process_time() - begin)
    boxed = [(true, block) for true, block in zip(page.blocks, grounded.blocks, strict=True) if true.bbox is not None]
    words = [word.bbox for line in lines for word in line.words]
    kinds: dict[bool, list[float]] = {True: [], False: []}
    for index, block in enumerate(grounded.blocks):
        kinds[index in writing.noisy].append(block.confidence)
    return Scores(
        sum(block.bbox_source != "estimated" for block in grounded.blocks),
        len(grounded.blocks),
        tuple(overlap(true.bbox, block.bbox) for true, block in boxed if true.bbox is not None),
        tuple(_reachable(true, words) for true, _ in boxed),
        tuple(kinds[False]),
        tuple(kinds[True]),
        (ms,),
        () if (within := auc(kinds[False], kinds[True])) is None else (within,),
    )


def _reachable(true: TrueBlock, words: Sequence[BBox]) -> float:
    box = true.bbox
    if box is None:
        return 0.0
    inside = [word for word in words if is_in(middle_of(word), box)]
    return overlap(box, union(inside)) if inside else 0.0

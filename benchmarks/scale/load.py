"""What comes: jobs of mixed sizes, at random times or all at once; the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

MIX = {1: 0.60, 3: 0.20, 10: 0.12, 50: 0.065, 300: 0.015}
"""Pages of a job -> share of the jobs. Assumed: most are single pages, most pages are in long ones."""

MEAN_PAGES = sum(pages * share for pages, share in MIX.items())


@dataclass(frozen=True, slots=True)
class Arrival:
    at: float
    pages: int


def poisson(pages_per_second: float, seconds: float, seed: int) -> list[Arrival]:
    chance = random.Random(seed)
    jobs_per_second = pages_per_second / MEAN_PAGES
    times, at = [], chance.expovariate(jobs_per_second)
    while at < seconds:
        times.append(at)
        at += chance.expovariate(jobs_per_second)
    return _jobs(times, chance)


def burst(pages_per_second: float, seconds: float, seed: int) -> list[Arrival]:
    """As many pages as that rate gives in so many seconds, all within the first second."""
    chance = random.Random(seed)
    number = max(1, round(pages_per_second * seconds / MEAN_PAGES))
    return _jobs(sorted(chance.random() for _ in range(number)), chance)


def _jobs(times: Sequence[float], chance: random.Random) -> list[Arrival]:
    """Sizes in the proportions of the mix, shuffled: drawn one by one, a few long jobs more or less would make another
    load of it."""
    bounds = [round(share * len(times)) for share in accumulate(MIX.values())]
    numbers = [end - begin for begin, end in pairwise([0, *bounds])]
    sizes = [pages for pages, number in zip(MIX, numbers, strict=True) for _ in range(number)]
    chance.shuffle(sizes)
    return [Arrival(at, pages) for at, pages in zip(times, sizes, strict=True)]

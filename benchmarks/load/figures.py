"""Statistics of what was measured. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist, fmean

CONFIDENCE = 0.95


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of them (0..1) do not exceed. Raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass(frozen=True, slots=True)
class Slope:
    """Of a straight line through points, with the bounds of its confidence interval."""

    value: float
    low: float
    high: float


def slope(points: Sequence[tuple[float, float]]) -> Slope:
    """By least squares. Raises ValueError for fewer than three points, or where x is the same in all.

    Memory moves in steps that last: what is left of neighbouring points beside the line is alike, and an interval that
    took them for independent would be too narrow. It is widened as for n (1 - r) / (1 + r) points, where r is the
    correlation of neighbours (Bartlett 1935).
    """
    if len(points) < 3:
        raise ValueError("a slope with an interval needs three points")
    xs, ys = zip(*points, strict=True)
    mean_x, mean_y = fmean(xs), fmean(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    if not spread:
        raise ValueError("all points have the same x")
    value = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    rests = [y - mean_y - value * (x - mean_x) for x, y in points]
    squares = sum(rest * rest for rest in rests)
    likeness = sum(one * next_ for one, next_ in pairwise(rests)) / squares if squares else 0.0
    likeness = min(max(likeness, 0.0), 0.99)
    widening = math.sqrt((1 + likeness) / (1 - likeness))
    error = math.sqrt(squares / (len(points) - 2) / spread) * widening
    reach = student(len(points) - 2) * error
    return Slope(value, value - reach, value + reach)


def student(freedom: int) -> float:
    """The two-sided quantile of Student's t for CONFIDENCE, within 2 % from four degrees of freedom on: the
    Cornish-Fisher expansion (Abramowitz and Stegun, 26.7.5)."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3

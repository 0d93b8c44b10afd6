"""What must hold, and whether it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.accuracy.report import table

LEAST_F1 = 0.99
MOST_CER = 0.01
LEAST_OVERLAP = 0.8
MOST_MS = {"pdf": 30.0, "txt": 10.0, "md": 10.0, "csv": 10.0, "docx": 10.0, "json": 10.0}
"""CPU a page, on 100 pages."""

MOST_MB = 1000.0
"""Of memory, for 1,000 pages."""

SIZE_FACTOR, SIZE_BYTES, SIZE_BYTES_A_PAGE = 1.05, 20_000, 2_000


@dataclass(frozen=True, slots=True)
class Goal:
    """`measured` says how it stands; `met` only where nothing at all misses it."""

    what: str
    wanted: str
    measured: str
    met: bool


def most_bytes(original: int, pages: int) -> float:
    """That a PDF made of an original of so many bytes may have."""
    return original * SIZE_FACTOR + SIZE_BYTES + SIZE_BYTES_A_PAGE * pages


def listed(goals: Iterable[Goal]) -> str:
    rows = [[goal.what, goal.wanted, goal.measured, "met" if goal.met else "**not met**"] for goal in goals]
    return table("goal|wanted|measured|", rows)

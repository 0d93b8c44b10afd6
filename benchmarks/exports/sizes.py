"""Section `size`: how much larger a searchable PDF is than what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.accuracy.report import grouped, table

from .goals import SIZE_BYTES, SIZE_BYTES_A_PAGE, SIZE_FACTOR, Goal, most_bytes
from .kinds import kind_of
from .peer import PeerRead
from .scans import Scan, searchable


@dataclass(frozen=True, slots=True)
class Sized:
    """Of one file; sizes in bytes."""

    kind: str
    name: str
    pages: int
    original: int
    ours: int

    @property
    def ratio(self) -> float:
        return self.ours / self.original

    @property
    def is_met(self) -> bool:
        return self.ours <= most_bytes(self.original, self.pages)


def measure(scans: Sequence[Scan], folder: Path) -> list[Sized]:
    return [
        Sized(
            kind_of(scan),
            f"{scan.set} {scan.name}",
            len(scan.pages),
            scan.path.stat().st_size,
            searchable(scan, folder).stat().st_size,
        )
        for scan in scans
    ]


def report(found: Sequence[Sized], peers: Sequence[PeerRead]) -> str:
    theirs = {peer.name: peer.ratio for peer in peers if not peer.failure}
    rows = []
    for kind, group in grouped(found, lambda one: one.kind).items():
        added = [(one.ours - one.original) / one.pages / 1000 for one in group]
        both = [one for one in group if one.name in theirs]
        beside = f"{median(theirs[one.name] for one in both):.3f} ({len(both)})" if both else ""
        ours = f"{median(one.ratio for one in both):.3f}" if both else ""
        ratios = [one.ratio for one in group]
        rows.append(
            [
                kind,
                len(group),
                f"{median(ratios):.3f}",
                f"{max(ratios):.3f}",
                f"{median(added):.1f}",
                f"{max(added):.1f}",
                f"{sum(one.is_met for one in group)} of {len(group)}",
                beside,
                ours,
            ]
        )
    heads = (
        "original|files >|ratio, median >|largest >|kB added a page, median >|largest >|within the goal >"
        "|OCRmyPDF's ratio (files) >|ours on those >"
    )
    parts = [table(heads, rows)]
    if large := [one for one in found if not one.is_met]:
        named = [[one.name, one.kind, one.pages, one.original, one.ours, f"{one.ratio:.3f}"] for one in large]
        parts.append(table("too large|original|pages >|bytes sent >|bytes given out >|ratio >", named))
    return "\n\n".join(parts)


def goals(found: Sequence[Sized]) -> list[Goal]:
    wanted = f"<= original x {SIZE_FACTOR} + {SIZE_BYTES // 1000} kB + {SIZE_BYTES_A_PAGE // 1000} kB a page"
    made = []
    for kind, group in grouped(found, lambda one: one.kind).items():
        held = sum(one.is_met for one in group)
        made.append(Goal(f"size: {kind}", wanted, f"{held} of {len(group)} files", held == len(group)))
    return made

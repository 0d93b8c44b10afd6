"""Section `memory`: the most that writing a long document takes, each format in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.accuracy.reading import tell
from benchmarks.accuracy.report import table
from export.formats import FORMATS

from .goals import MOST_MB, Goal
from .made import Made, pdf_of, tiff_of
from .scans import Scan
from .writing import write

PAGES = 1000
STATUS = Path("/proc/self/status")
KB_A_MB = 1000


@dataclass(frozen=True, slots=True)
class Peak:
    """In MB of resident memory; `before` is that of the process when it begins to write."""

    document: str
    format: str
    before_mb: float
    peak_mb: float
    cpu_s: float
    original: int
    bytes: int


def measure(scans: Sequence[Scan], folder: Path) -> list[Peak]:
    found = []
    for number in range(2):
        made = tiff_of(scans, PAGES, folder, grey=False) if number else pdf_of(scans, PAGES, folder)
        found += [
            _peak(made, name, folder) for name, kind in FORMATS.items() if not number or kind.original != "unused"
        ]
        made.original.unlink()
    return found


def _peak(made: Made, name: str, folder: Path) -> Peak:
    """Raises EOFError if the process dies."""
    tell(f"memory {made.name} {name}")
    out = folder / "out"
    context = get_context("spawn")  # a forked process would begin with our memory
    ours, theirs = context.Pipe()
    process = context.Process(target=_write, args=(theirs, made, name, out))
    process.start()
    theirs.close()
    before, peak, cpu = ours.recv()
    process.join()
    return Peak(made.name, name, before, peak, cpu, made.original.stat().st_size, out.stat().st_size)


def _write(pipe: Connection, made: Made, name: str, out: Path) -> None:
    before = _most_mb()
    write(made, name, out)
    pipe.send((before, _most_mb(), time.process_time()))


def _most_mb() -> float:
    """Of this process since it began (proc(5), VmHWM). What getrusage says begins with its parent's."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / KB_A_MB**2


def report(found: Sequence[Peak]) -> str:
    rows = [
        [
            peak.document,
            f"{peak.original / 1e6:.0f}",
            peak.format,
            f"{peak.before_mb:.0f}",
            f"{peak.peak_mb:.0f}",
            f"{peak.cpu_s:.1f}",
            f"{peak.bytes / 1e6:.1f}",
        ]
        for peak in found
    ]
    return table("document|MB >|format|MB at the start >|peak MB >|CPU s >|MB written >", rows)


def goals(found: Sequence[Peak]) -> list[Goal]:
    return [
        Goal(
            f"memory: {peak.format}, {peak.document}",
            f"< {MOST_MB:.0f} MB",
            f"{peak.peak_mb:.0f} MB",
            peak.peak_mb < MOST_MB,
        )
        for peak in found
    ]

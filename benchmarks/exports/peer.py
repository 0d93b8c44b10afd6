"""OCRmyPDF on the same scans: what PDF readers take from its file, beside its own sidecar text, and how large it is."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from benchmarks.accuracy import scripts
from benchmarks.accuracy.metrics import Score
from benchmarks.accuracy.reading import tell
from benchmarks.accuracy.report import grouped
from benchmarks.peers.ocrmypdf import RASTER_DPI
from benchmarks.peers.process import PATIENCE_S

from .kinds import has_text, kind_of
from .scans import Scan

NAMED = ("ara", "heb", "hin", "tha", "jpn", "kor")
"""Pages of `languages` that are always among the sample: scripts on which text layers differ."""


@dataclass(frozen=True, slots=True)
class PeerRead:
    """`scores` are those of what pdftotext and PyMuPDF extract, against the sidecar. `ratio`: of the size of its file
    and the original's. `failure` is why there is nothing."""

    name: str
    scores: tuple[Score, ...] = ()
    ratio: float = 0.0
    failure: str | None = None


def sample_of(scans: Sequence[Scan], limit: int) -> list[Scan]:
    """Half of them pages in the named languages, the rest files of one page without text, of each kind in turn."""
    named = [scan for scan in scans if scan.set == "languages" and scan.name in NAMED][: limit // 2]
    others = [scan for scan in scans if scan.set != "languages" and len(scan.pages) == 1 and not has_text(scan)]
    in_turn = zip_longest(*grouped(others, kind_of).values())
    return [*named, *[scan for scan in chain(*in_turn) if scan][: limit - len(named)]]


def read(scans: Sequence[Scan], program: str, folder: Path) -> list[PeerRead]:
    return [_read(scan, program, folder) for scan in scans]


def version(program: str) -> str:
    """Raises FileNotFoundError or CalledProcessError where it cannot be run."""
    done = subprocess.run([*shlex.split(program), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _read(scan: Scan, program: str, folder: Path) -> PeerRead:
    import pymupdf

    name = f"{scan.set} {scan.name}"
    tell(f"OCRmyPDF {name}")
    sidecar, made = folder / "sidecar.txt", folder / "peer.pdf"
    command = [*shlex.split(program), "-q", "--output-type", "pdf", "-O0", "--jobs", "1", "-l", scan.pack]
    if scan.format != "pdf":
        command += ["--image-dpi", str(RASTER_DPI)]
    command += ["--sidecar", str(sidecar), str(scan.path), str(made)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except subprocess.TimeoutExpired:
        return PeerRead(name, failure=f"no answer within {PATIENCE_S:.0f} s")
    if done.returncode:
        return PeerRead(name, failure=f"exit {done.returncode}: {(done.stderr.strip() or '?').splitlines()[-1]}")
    truth = sidecar.read_text()
    unspaced = scripts.is_unspaced(truth)
    plain = subprocess.run(["pdftotext", "-enc", "UTF-8", str(made), "-"], capture_output=True, text=True, check=True)
    with pymupdf.open(made) as document:
        texts = (plain.stdout, "".join(page.get_text() for page in document))
    scores = tuple(Score.of(truth, text, unspaced=unspaced) for text in texts)
    return PeerRead(name, scores, made.stat().st_size / scan.path.stat().st_size)

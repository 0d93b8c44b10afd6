"""Measures what finished jobs are downloaded as, on real pages:

    python -m benchmarks.exports --data DATA --out exports.md

DATA holds a folder a set. `text`: what pdftotext and PyMuPDF take from our PDFs, beside the job's lines. `size`: how
much larger they are than what was sent. `speed`, `memory`: of every format. OCRmyPDF is run on some of the scans.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import machine

from . import memory, peer, sizes, speed, text
from .goals import Goal, listed
from .made import group_4_scan, usable
from .peer import PeerRead
from .scans import Scan, scans_of

SECTIONS = ("text", "size", "speed", "memory")
PEER_LIMIT = 12  # pages: each takes it some ten seconds
FRAMES = 4  # of the TIFF that is made up
PACKAGES = ("pymupdf", "pillow", "python-docx", "lxml", "rapidfuzz")


def main() -> None:
    asked = parsed()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="exports-") as folder:
        work = Path(folder)
        scans = scans_of(asked.data, asked.cache or work / "cache", asked.limit)
        if not scans:
            raise SystemExit(f"{asked.data} has no scans")
        parts, goals = measure(asked, scans, work)
    minutes = (time.monotonic() - started) / 60
    head = ["# Exports", machine.description(PACKAGES), _programs(asked), f"Took {minutes:.1f} minutes."]
    whole = "\n\n".join([*head, "## Goals", listed(goals), *parts])
    if asked.out is None:
        print(whole)
    else:
        asked.out.write_text(whole + "\n")


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the sets")
    parser.add_argument("--sections", type=_list, default=list(SECTIONS), help=f"of {','.join(SECTIONS)}")
    parser.add_argument("--limit", type=int, help="files of each set, at most, evenly taken")
    parser.add_argument("--cache", type=Path, help="a folder for what was read, so that a second run reads nothing")
    parser.add_argument("--peer-limit", type=int, default=PEER_LIMIT, help="pages for OCRmyPDF; 0: do without it")
    parser.add_argument("--ocrmypdf", default=f"{sys.executable} -m ocrmypdf", help="how to run OCRmyPDF")
    parser.add_argument("--out", type=Path, help="a Markdown file")
    asked = parser.parse_args()
    if unknown := [name for name in asked.sections if name not in SECTIONS]:
        parser.error(f"no section {', '.join(unknown)}: there are {', '.join(SECTIONS)}")
    if not asked.data.is_dir():
        parser.error(f"{asked.data} is no folder")
    return asked


def _list(names: str) -> list[str]:
    return names.split(",")


def measure(asked: argparse.Namespace, scans: Sequence[Scan], work: Path) -> tuple[list[str], list[Goal]]:
    """The sections that were asked for, and their goals."""
    parts: list[str] = []
    goals: list[Goal] = []
    made = [group_4_scan(usable(scans)[:FRAMES], work)] if "size" in asked.sections else []
    peers = _peers(asked, [*made, *scans], work)
    if "text" in asked.sections:
        fidelities = text.measure(scans, work)
        parts += ["## Text of PDFs", text.report(fidelities, peers)]
        goals += text.goals(fidelities)
    if "size" in asked.sections:
        sized = sizes.measure([*made, *scans], work)
        parts += ["## Size of PDFs", sizes.report(sized, peers)]
        goals += sizes.goals(sized)
    if "speed" in asked.sections:
        costs = speed.measure(usable(scans), work)
        parts += ["## CPU", speed.report(costs)]
        goals += speed.goals(costs)
    if "memory" in asked.sections:
        peaks = memory.measure(usable(scans), work)
        parts += ["## Memory", memory.report(peaks)]
        goals += memory.goals(peaks)
    return parts, goals


def _peers(asked: argparse.Namespace, scans: Sequence[Scan], work: Path) -> list[PeerRead]:
    if not asked.peer_limit or not {"text", "size"} & set(asked.sections):
        return []
    try:
        peer.version(asked.ocrmypdf)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"OCRmyPDF cannot be run ({error}): install it, or pass --peer-limit 0") from error
    return peer.read(peer.sample_of(scans, asked.peer_limit), asked.ocrmypdf, work)


def _programs(asked: argparse.Namespace) -> str:
    poppler = subprocess.run(["pdftotext", "-v"], capture_output=True, text=True, check=False).stderr.splitlines()[0]
    return f"{poppler}, OCRmyPDF {peer.version(asked.ocrmypdf)}." if asked.peer_limit else f"{poppler}."


if __name__ == "__main__":
    main()

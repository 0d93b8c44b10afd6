"""Real PDFs through the service's own intake: each is read, or refused for a reason that its user is told."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.peers.ours import FUNCTIONS
from benchmarks.peers.process import Engine
from benchmarks.peers.reading import Reading, Request

from . import metrics, scripts
from .reading import tell

MOST_PAGES = 3  # of each file that has no truth; all pages of one that has


@dataclass(frozen=True, slots=True)
class PdfRead:
    """`refused` is the code of the error that the file as a whole got. `unread` are pages that could not be cut out.
    `words_f1` and `bigrams_f1` compare with the truth, without the marks of Markdown; None where there is none."""

    name: str
    pages: int
    refused: str | None
    readings: tuple[Reading, ...] = ()
    unread: int = 0
    words_f1: float | None = None
    bigrams_f1: float | None = None

    @property
    def sources(self) -> str:
        counts = Counter(reading.source or "failed" for reading in self.readings)
        return ", ".join(name if count == 1 else f"{count} {name}" for name, count in counts.items())

    @property
    def notes(self) -> str:
        """Warnings and failures of its pages."""
        notes = [note for reading in self.readings for note in (*reading.warnings, reading.failure) if note]
        if self.unread:
            notes.append(f"{self.unread} pages could not be cut out")
        return ", ".join(dict.fromkeys(notes))


def read_pdfs(data: Path, ours: Engine, work: Path, limit: int | None = None) -> list[PdfRead]:
    files = sorted((data / "pdfs").glob("*.pdf"))[:limit]
    found: list[PdfRead] = []
    for file in files:
        tell(f"pdfs {file.name}")
        truth = data / "pdfs_md" / f"{file.stem.rpartition('__')[2]}.md"
        found.append(read_pdf(file, truth.read_text() if truth.exists() else None, ours, work))
    return found


def read_pdf(file: Path, truth: str | None, ours: Engine, work: Path) -> PdfRead:
    if str(FUNCTIONS) not in sys.path:
        sys.path.insert(0, str(FUNCTIONS))
    from ocrchat.errors import OcrChatError
    from submit import intake, splitter

    paths: list[Path] = []

    def write(index: int, data: bytes) -> None:
        paths.append(work / f"{index}.pdf")
        paths[-1].write_bytes(data)

    try:
        facts = intake.inspect_file(file)
        wanted = range(facts.page_count if truth else min(facts.page_count, MOST_PAGES))
        failed = splitter.split_file(file, facts.page_format, wanted, write)
    except OcrChatError as error:
        return PdfRead(file.name, 0, error.code)
    readings = tuple(ours.read(Request(path)) for path in paths)
    for path in paths:
        path.unlink()
    result = PdfRead(file.name, facts.page_count, None, readings, len(failed))
    return result if truth is None else _compared(result, truth)


def _compared(read: PdfRead, truth: str) -> PdfRead:
    text = "\n\n".join(reading.text for reading in read.readings)
    plain = without_marks(truth)
    score = metrics.Score.of(plain, text, unspaced=scripts.is_unspaced(plain))
    return PdfRead(read.name, read.pages, read.refused, read.readings, read.unread, score.words_f1, score.bigrams_f1)


def without_marks(markdown: str) -> str:
    """Markdown as text: without comments, signs of headings and lists, the rules and pipes of tables."""
    text = re.sub(r"<!--.*?-->", " ", markdown, flags=re.DOTALL)
    text = re.sub(r"^\s*(#{1,6}|[-*+])\s+", "", text, flags=re.MULTILINE)
    text = re.sub(r"^[|\s:-]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", text.replace("|", " "))


def median_ms(reads: list[PdfRead], source: str) -> float | None:
    """Median CPU time in ms of the pages that were read from `source`."""
    times = [1000 * reading.cpu_s for read in reads for reading in read.readings if reading.source == source]
    return median(times) if times else None

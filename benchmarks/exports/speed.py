"""Section `speed`: CPU a page in each format, the formats taking turns."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from benchmarks.accuracy.reading import tell
from benchmarks.accuracy.report import table
from export.formats import FORMATS

from .goals import MOST_MS, Goal
from .made import Made, pdf_of, tiff_of
from .scans import Scan
from .writing import write

PAGES = 100
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """`ms` is CPU a page of each round, `parsing_ms` the part of its JSON, which is in it; `characters` a page has, and
    of `figures`, which docx cuts out of the original, there are so many."""

    document: str
    format: str
    ms: tuple[float, ...]
    parsing_ms: float
    bytes: int
    characters: float
    figures: int


def measure(scans: Sequence[Scan], folder: Path) -> list[Cost]:
    documents = [
        pdf_of(scans, PAGES, folder),
        tiff_of(scans, PAGES, folder, grey=False),
        tiff_of(scans, PAGES, folder, grey=True),
    ]
    found = []
    for number, made in enumerate(documents):
        needing = [name for name, kind in FORMATS.items() if number == 0 or kind.original != "unused"]
        found += _of_document(made, needing, folder)
        made.original.unlink()
    return found


def _of_document(made: Made, names: Sequence[str], folder: Path) -> list[Cost]:
    out = folder / "out"
    for name in names:
        write(made, name, out)  # imports, and what else happens once
    characters = mean(len(page.text) for page in made.pages())
    figures = sum(block.type == "figure" for page in made.pages() for block in page.blocks)
    times: dict[str, list[float]] = {name: [] for name in names}
    parsing, sizes = [], {}
    for number in range(ROUNDS):
        tell(f"speed {made.name}, round {number + 1}")
        parsing.append(_parsing_ms(made))
        for name in names:
            begin = time.process_time()
            write(made, name, out)
            times[name].append(1000 * (time.process_time() - begin) / made.page_count)
            sizes[name] = out.stat().st_size
    return [
        Cost(made.name, name, tuple(times[name]), median(parsing), sizes[name], characters, figures) for name in names
    ]


def _parsing_ms(made: Made) -> float:
    begin = time.process_time()
    for _ in made.pages():
        pass
    return 1000 * (time.process_time() - begin) / made.page_count


def report(found: Sequence[Cost]) -> str:
    rows = [
        [
            cost.document,
            cost.format,
            f"{median(cost.ms):.1f}",
            f"{min(cost.ms):.1f} to {max(cost.ms):.1f}",
            f"{cost.parsing_ms:.1f}",
            f"{cost.bytes / 1e6:.1f}",
        ]
        for cost in found
    ]
    note = (
        f"CPU of the process, median of {ROUNDS} rounds, with the parsing of the pages' results, which is also given "
        "alone; `json` parses less. Each format has been written once before. A page has "
        f"{mean(cost.characters for cost in found):.0f} characters; a document has {found[0].figures} figures, which "
        "docx would have to cut out."
    )
    return f"{table('document|format|CPU ms a page >|rounds >|of it parsing >|MB written >', rows)}\n\n{note}"


def goals(found: Sequence[Cost]) -> list[Goal]:
    return [
        Goal(
            f"speed: {cost.format}, {cost.document}",
            f"<= {MOST_MS[cost.format]:.0f} ms CPU a page",
            f"{median(cost.ms):.1f} ms",
            median(cost.ms) <= MOST_MS[cost.format],
        )
        for cost in found
    ]

"""Section `text`: what PDF readers take from our PDF, beside the job's lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from benchmarks.accuracy import scripts
from benchmarks.accuracy.metrics import Score
from benchmarks.accuracy.report import grouped, table
from ocrchat.blocks import Line
from ocrchat.pages import PageResult
from ocrchat.script import runs_from_the_right

from .extraction import POPPLER, PYMUPDF, Extracted, by_poppler, by_pymupdf
from .goals import LEAST_F1, LEAST_OVERLAP, MOST_CER, Goal
from .kinds import texts_of
from .likeness import Difference, of_lines, of_places, overlaps, words_f1
from .peer import NAMED, PeerRead
from .scans import Scan, searchable

READERS = (POPPLER, PYMUPDF)
SHOWN = 25  # of the pages that miss a goal

HOW = """\
The truth is the job's lines as they stand in its result, hyphens at their ends included. Words F1: over the page, in
any order. CER: line by line. Of PyMuPDF both are of its plain text. pdftotext's plain text orders columns and rows by
an analysis of its own, and joins words that were hyphenated, which is not the layer's doing: its CER is that of the
words whose middle is in a line's box (`-bbox`), and the F1 of those words is given beside the plain one. `-bbox` writes
what runs from the right as it is seen: the CER of such pages is that of plain text, and so is that F1. Overlap: median
over the words of intersection over union with the extracted word of the same letters; a word that is not found counts
as 0. In tables the mean over pages. A page whose own text was distrusted keeps it beside the layer, so that readers
find both: such pages are counted apart, and are no part of the goals. Pages are called by the number of their file in
its set."""


@dataclass(frozen=True, slots=True)
class Fidelity:
    """Of one page in one reader. `plain` is of its plain text, `placed_f1` of its words; `overlap` is None for a page
    of which no word's place is known."""

    set: str
    page: str
    reader: str
    own_text: bool
    plain: Score
    placed_f1: float
    lines: Difference
    overlap: float | None

    @property
    def misses(self) -> list[str]:
        found = []
        if self.plain.words_f1 < LEAST_F1:
            found.append("F1")
        if self.lines.rate > MOST_CER:
            found.append("CER")
        if self.overlap is not None and self.overlap < LEAST_OVERLAP:
            found.append("overlap")
        return found


def measure(scans: Sequence[Scan], folder: Path) -> list[Fidelity]:
    return [one for scan in scans for one in _of_scan(scan, folder)]


def _of_scan(scan: Scan, folder: Path) -> list[Fidelity]:
    path = searchable(scan, folder)
    texts = {POPPLER: by_poppler(path, scan.layered), PYMUPDF: by_pymupdf(path, scan.layered)}
    had_text = texts_of(scan)
    found = []
    for number, page in enumerate(scan.layered):
        name = scan.name if len(scan.pages) == 1 else f"{scan.name}, page {page.index + 1}"
        for reader in READERS:
            own_text = had_text[page.index]
            found.append(_of_page(scan.set, name, reader, page, texts[reader][number], own_text=own_text))
    return found


def _of_page(name: str, page: str, reader: str, result: PageResult, text: Extracted, *, own_text: bool) -> Fidelity:
    lines = [line for block in result.blocks for line in block.lines if line.text.strip()]
    truth = "\n".join(line.text for line in lines)
    unspaced = scripts.is_unspaced(truth)
    plain = Score.of(truth, text.text, unspaced=unspaced)
    if reader == POPPLER and not runs_from_the_right([truth]):
        placed_f1 = words_f1(truth, " ".join(word.text for word in text.words), unspaced=unspaced)
        difference = of_places(lines, text.words, unspaced=unspaced)
    else:
        placed_f1 = plain.words_f1
        difference = of_lines((line.text for line in lines), text.text.splitlines(), unspaced=unspaced)
    return Fidelity(name, page, reader, own_text, plain, placed_f1, difference, _overlap(lines, text))


def _overlap(lines: Sequence[Line], text: Extracted) -> float | None:
    found = overlaps(lines, text.words)
    return median(found) if found else None


def report(found: Sequence[Fidelity], peers: Sequence[PeerRead]) -> str:
    ours = [one for one in found if not one.own_text]
    parts = [HOW, _sets(ours)]
    if kept := [one for one in found if one.own_text]:
        parts += ["### Pages that keep a text of their own", _pages(kept)]
    if missed := sorted((one for one in ours if one.misses), key=lambda one: (one.placed_f1, -one.lines.rate)):
        left = f"\n\nAnd {len(missed) - SHOWN} more." if len(missed) > SHOWN else ""
        parts += ["### Pages that miss a goal, worst first", _pages(missed[:SHOWN]) + left]
    if languages := [one for one in ours if one.set == "languages"]:
        parts += ["### Languages", _languages(languages)]
    if peers:
        parts += ["### OCRmyPDF on some of these", _beside(ours, peers)]
    return "\n\n".join(parts)


def goals(found: Sequence[Fidelity]) -> list[Goal]:
    ours = [one for one in found if not one.own_text]
    made = []
    for reader, pages in grouped(ours, lambda one: one.reader).items():
        plain = [one.plain.words_f1 for one in pages]
        made.append(_at_least(f"{reader}: words F1 of plain text", LEAST_F1, plain))
        if reader == POPPLER:
            made.append(_at_least(f"{reader}: words F1 of words (`-bbox`)", LEAST_F1, [one.placed_f1 for one in pages]))
        rates = [one.lines.rate for one in pages]
        held = sum(rate <= MOST_CER for rate in rates)
        measured = _measured(held, rates, max(rates))
        made.append(Goal(f"{reader}: CER by line", f"<= {MOST_CER}, each page", measured, held == len(rates)))
        known = [one.overlap for one in pages if one.overlap is not None]
        if known:
            made.append(_at_least(f"{reader}: overlap of words", LEAST_OVERLAP, known))
    return made


def _at_least(what: str, least: float, values: Sequence[float]) -> Goal:
    held = sum(value >= least for value in values)
    return Goal(what, f">= {least}, each page", _measured(held, values, min(values)), held == len(values))


def _measured(held: int, values: Sequence[float], worst: float) -> str:
    return f"{held} of {len(values)} pages; mean {mean(values):.4f}, worst {worst:.4f}"


def _sets(found: Sequence[Fidelity]) -> str:
    rows = []
    for (name, reader), group in grouped(found, lambda one: (one.set, one.reader)).items():
        missed = sum(bool(one.misses) for one in group)
        rows.append([name, len(group), reader, *_means(group), f"{missed or ''}"])
    return table(
        "set|pages >|reader|F1 plain >|F1 words >|CER % >|lines the same % >|overlap >|pages with a miss >", rows
    )


def _means(group: Sequence[Fidelity]) -> list[str]:
    known = [one.overlap for one in group if one.overlap is not None]
    same, lines = sum(one.lines.same for one in group), sum(one.lines.lines for one in group)
    return [
        f"{mean(one.plain.words_f1 for one in group):.4f}",
        f"{mean(one.placed_f1 for one in group):.4f}",
        f"{100 * mean(one.lines.rate for one in group):.2f}",
        f"{100 * same / max(lines, 1):.1f}",
        f"{mean(known):.3f}" if known else "",
    ]


def _pages(found: Sequence[Fidelity]) -> str:
    rows = [[f"{one.set} {one.page}", one.reader, *_means([one]), ", ".join(one.misses)] for one in found]
    return table("page|reader|F1 plain >|F1 words >|CER % >|lines the same % >|overlap >|misses", rows)


def _languages(found: Sequence[Fidelity]) -> str:
    rows = []
    for page, both in grouped(found, lambda one: one.page).items():
        cells = [
            cell for one in both for cell in (f"{one.plain.words_f1:.3f}", f"{100 * one.lines.rate:.2f}", _of(one))
        ]
        rows.append([f"**{page}**" if page in NAMED else page, *cells])
    heads = "|".join(f"{reader} F1 >|CER % >|overlap >" for reader in READERS)
    return table(f"page|{heads}", rows)


def _of(one: Fidelity) -> str:
    return "" if one.overlap is None else f"{one.overlap:.2f}"


def _beside(found: Sequence[Fidelity], peers: Sequence[PeerRead]) -> str:
    by_name = grouped(found, lambda one: f"{one.set} {one.page}")
    rows: list[list[object]] = []
    for peer in peers:
        ours = [_scores(one.plain) for one in by_name.get(peer.name, [])] or ["", ""]
        theirs = [peer.failure, ""] if peer.failure else [_scores(score) for score in peer.scores]
        rows.append([peer.name, *ours, *theirs])
    heads = "|".join(f"{whose}, {reader} >" for whose in ("ours", "OCRmyPDF") for reader in READERS)
    note = (
        "F1 of words / of pairs of characters without regard to spaces, of plain text. Each file against its own "
        "maker's text: ours against the job's lines, OCRmyPDF's against its sidecar."
    )
    return f"{table(f'page|{heads}', rows)}\n\n{note}"


def _scores(score: Score) -> str:
    return f"{score.words_f1:.3f} / {score.bigrams_f1:.3f}"

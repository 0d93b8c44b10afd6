"""The tables of the report, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import mean
from typing import TypeVar

from benchmarks.peers import OURS, TESSERACT

from .bench_pages import BenchResult, TestedPage, pass_rates, without_escapes
from .calibration import Judged, bins, calibration_error, judged
from .languages import ACCEPTED, is_right
from .metrics import Score
from .pdfs import PdfRead, median_ms
from .reading import PageRead
from .turned import SHARE, TURNS, TurnedRead

T = TypeVar("T")
K = TypeVar("K")

GOOD = 0.05  # a language whose CER is below it can be used as it is

HOW = """\
Means over the pages of a set. This reader is told nothing of a page; Tesseract and OCRmyPDF are told its language;
rapidocr knows one setting. A page on which an engine failed counts as read empty. Receipts are compared without regard
to case, languages written without spaces without regard to spaces. OCRmyPDF's CPU holds the start of two programs and
the making of a PDF, Tesseract's the loading of the pack where the language changes."""


def table(heads: str, rows: Iterable[Sequence[object]]) -> str:
    """`heads` are divided by |; columns whose head ends with > are aligned to the right."""
    names = heads.split("|")
    rule = "|".join("--:" if name.endswith(">") else "---" for name in names)
    lines = [f"| {' | '.join(name.strip(' >') for name in names)} |", f"|{rule}|"]
    lines += [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join(lines)


def overall(reads: Sequence[PageRead]) -> str:
    """A row a set and engine."""
    rows = []
    for (name, engine), group in grouped(reads, lambda read: (read.page.set, read.engine)).items():
        failed = sum(read.reading.failure is not None for read in group)
        cpu = mean(read.reading.cpu_s for read in group)
        rows.append([name, len(group), engine, *_scores([read.score for read in group]), f"{cpu:.2f}", failed or ""])
    return table("set|pages >|engine|CER % >|WER % >|words F1 % >|bigrams F1 % >|CPU s a page >|failed >", rows)


def by_language(reads: Sequence[PageRead]) -> str:
    """A row a page of the set `languages` that this reader read, its worst first."""
    by_page = grouped(reads, lambda read: read.page.name)
    ours = sorted((read for read in reads if read.engine == OURS), key=lambda read: -read.score.cer)
    rows = [[read.page.name, *_language_cells(read), *_tesseract_cells(by_page[read.page.name])] for read in ours]
    return table("page|this reader CER % >|words F1 % >|CPU s >|language said|Tesseract's pack|its CER % >", rows)


def _language_cells(ours: PageRead) -> list[str]:
    said = ours.reading.language
    answer = said or "-"
    if is_right(ours.page.name, said) is False:
        answer = f"**{said}**, not {ACCEPTED[ours.page.name].split()[0]}"
    return [_percent(ours.score.cer), _percent(ours.score.words_f1), f"{ours.reading.cpu_s:.2f}", answer]


def _tesseract_cells(group: Sequence[PageRead]) -> list[str]:
    read = next((read for read in group if read.engine == TESSERACT), None)
    return [read.page.pack, _percent(read.score.cer)] if read else ["", ""]


def languages_summary(reads: Sequence[PageRead]) -> str:
    lines = []
    for engine, group in grouped(reads, lambda read: read.engine).items():
        good = sum(read.score.cer < GOOD for read in group)
        lines.append(f"{engine}: CER below {_percent(GOOD)} % on {good} of {len(group)} pages.")
    answers = [is_right(read.page.name, read.reading.language) for read in reads if read.engine == OURS]
    lines.append(
        f"Language: {answers.count(True)} right, {answers.count(False)} wrong, {answers.count(None)} not said."
    )
    return " ".join(lines)


def turned(reads: Sequence[TurnedRead]) -> str:
    rows = []
    for engine, group in grouped(reads, lambda read: read.read.engine).items():
        lost = [mean([read.lost for read in group if read.turn == turn] or [float("nan")]) for turn in TURNS]
        said = [read.righted for read in group if read.righted is not None]
        failed = sum(read.read.reading.failure is not None for read in group)
        rows.append(
            [
                engine,
                len(group) // len(TURNS),
                *(f"{100 * value:.1f}" for value in lost),
                f"{sum(said)} of {len(said)}" if said else "-",
                f"{mean(read.read.reading.cpu_s for read in group):.2f}",
                failed or "",
            ]
        )
    turns = "|".join(f"{turn:.0f}° >" for turn in TURNS)
    note = f"Points of words F1 lost against the upright page; one page in {SHARE} of each set, each turned clockwise."
    worst = sorted((read for read in reads if read.read.engine == OURS), key=lambda read: -read.lost)[:8]
    named = [f"{read.read.page.set} {read.read.page.name} {read.turn:.0f}° {100 * read.lost:.0f}" for read in worst]
    worst_line = f"Our largest losses: {'; '.join(named)}." if named else ""
    heads = f"engine|pages >|{turns}|rotation right|CPU s a page >|failed >"
    return "\n\n".join(part for part in (note, table(heads, rows), worst_line) if part)


def olmocr(result: BenchResult) -> str:
    """Pass rates by engine and kind, and what our Markdown fails."""
    ours = [page for page in result.pages if page.label == OURS]
    rates = pass_rates([*result.pages, *map(without_escapes, ours)])
    kinds = sorted({kind for counts in rates.values() for kind in counts})
    rows = []
    for label, counts in rates.items():
        right, total = (sum(pair[index] for pair in counts.values()) for index in (0, 1))
        cells = ["{} of {}".format(*counts[kind]) if kind in counts else "" for kind in kinds]
        rows.append([label, *cells, f"{right} of {total}", _percent(right / total) if total else ""])
    heads = f"engine|{'|'.join(f'{kind} >' for kind in kinds)}|all >|% >"
    left_out = f"{result.left_out} tests of formulas are left out."
    failed = _failed_tests(ours)
    return "\n\n".join([left_out, table(heads, rows), f"This reader fails: {failed or 'none'}."])


def _failed_tests(pages: Iterable[TestedPage]) -> str:
    return ", ".join(f"{test.name} ({test.kind})" for page in pages for test, passed in page.results if not passed)


def pdfs(reads: Sequence[PdfRead]) -> str:
    rows: list[list[object]] = []
    for read in reads:
        if read.refused:
            rows.append([read.name, "", f"refused: {read.refused}", *[""] * 5])
            continue
        times = ", ".join(f"{1000 * reading.cpu_s:.0f}" for reading in read.readings)
        characters = sum(len(reading.text) for reading in read.readings)
        truth = [_percent(value) if value is not None else "" for value in (read.words_f1, read.bigrams_f1)]
        rows.append([read.name, read.pages, read.sources, times, characters, *truth, read.notes])
    heads = "file|pages >|source|CPU ms a page >|characters >|words F1 % >|bigrams F1 % >|notes"
    medians = [
        f"{name}: {value:.1f} ms"
        for name, source in (("text layer", "text_layer"), ("picture", "cpu"))
        if (value := median_ms(list(reads), source)) is not None
    ]
    return f"{table(heads, rows)}\n\nMedian CPU time of a page, by source: {', '.join(medians)}."


def calibration(reads: Iterable[PageRead]) -> str:
    """Of this reader's pages that were read from a picture."""
    ours = [read for read in reads if read.engine == OURS and read.reading.source == "cpu"]
    by_set = {
        name: [judged(read.page, read.reading.lines) for read in group]
        for name, group in grouped(ours, lambda read: read.page.set).items()
    }
    pages = [page for group in by_set.values() for page in group]
    parts = [
        _reliability("words", [item for page in pages for item in page.words]),
        _reliability("lines", [item for page in pages for item in page.lines]),
    ]
    rows = []
    for name, group in by_set.items():
        words, lines = ([item for page in group for item in getattr(page, what)] for what in ("words", "lines"))
        rows.append([name, *_calibration_cells(words), *_calibration_cells(lines)])
    heads = "set|words >|calibration error % >|right % >|lines >|calibration error % >|right % >"
    return "\n\n".join([*parts, table(heads, rows)])


def _calibration_cells(items: Sequence[Judged]) -> list[str]:
    if not items:
        return ["0", "", ""]
    return [f"{len(items)}", _percent(calibration_error(items)), _percent(mean(right for _, right in items))]


def _reliability(what: str, items: Sequence[Judged]) -> str:
    if not items:
        return f"No {what} with a confidence."
    rows = [
        [f"{held.low:g} to {held.high:g}", held.count, _percent(held.confidence), _percent(held.right)]
        for held in bins(items)
    ]
    error = _percent(calibration_error(items))
    return f"Expected calibration error of {what}: {error} %.\n\n" + table(
        f"confidence|{what} >|mean confidence % >|right % >", rows
    )


def failures(said: Iterable[tuple[str, str, str]]) -> str:
    """Page, engine and why, of all readings that failed."""
    rows = [[page, engine, why.replace("|", "\\|")[:200]] for page, engine, why in said]
    return table("page|engine|why", rows) if rows else "None."


def grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    groups: dict[K, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _scores(scores: Sequence[Score]) -> list[str]:
    return [
        _percent(mean(values))
        for values in (
            [score.cer for score in scores],
            [score.wer for score in scores],
            [score.words_f1 for score in scores],
            [score.bigrams_f1 for score in scores],
        )
    ]


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"

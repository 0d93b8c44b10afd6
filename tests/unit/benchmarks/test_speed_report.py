"""Where CPU time is counted, and that failures are told."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks.accuracy import report
from benchmarks.accuracy.__main__ import Findings
from benchmarks.accuracy.metrics import Score
from benchmarks.accuracy.reading import PageRead
from benchmarks.accuracy.sets import Page
from benchmarks.peers import OURS, RAPID
from benchmarks.peers.reading import Reading
from benchmarks.speed import __main__ as speed
from benchmarks.speed.clocks import Clock, part_of

PAGE = Page("receipts", "one", Path("one.jpg"), "truth", "eng", fold_case=True, unspaced=False)


def read(engine: str, **facts: object) -> PageRead:
    return PageRead(PAGE, engine, Reading(**facts), Score(0.5, 1.0, 0.25, 0.5))  # type: ignore[arg-type]


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_part_within_a_part_is_counted_once() -> None:
    clock = Clock()
    with clock.running("outer"):
        burn(0.005)
        with clock.running("inner"):
            burn(0.005)
    assert set(clock.seconds) == {"outer"}
    assert clock.seconds["outer"] >= 0.01


def test_a_part_that_raises_is_counted_and_over() -> None:
    clock = Clock()
    with pytest.raises(ValueError, match="stop"), clock.running("one"):
        raise ValueError("stop")
    with clock.running("two"):
        burn(0.002)
    assert set(clock.seconds) == {"one", "two"}


@pytest.mark.parametrize(
    ("model", "part"),
    [
        ("/models/PP-OCRv6_det_small.onnx", "detector"),
        (Path("/models/PP-OCRv6_rec_small.onnx"), "recogniser"),
        ("/models/orientation.onnx", "other networks"),
        (b"the network itself", "other networks"),
    ],
)
def test_a_network_is_known_by_its_file(model: object, part: str) -> None:
    assert part_of(model) == part


def test_ratios_are_to_rapidocr() -> None:
    lines = speed.pages([read(OURS, cpu_s=0.5), read(RAPID, cpu_s=2.0)]).splitlines()
    assert "| receipts | 1 | this reader | 0.50 | 0.50 | 0.25 |  |" in lines


def test_what_no_clock_saw_is_the_rest() -> None:
    reads = [read(OURS, cpu_s=1.0, parts=(("detector", 0.25), ("recogniser", 0.5)))]
    assert (
        speed.parts(reads)
        .splitlines()[-1]
        .endswith("| 0.25 (25 %) | 0.50 (50 %) | 0.00 (0 %) | 0.00 (0 %) | 0.25 (25 %) |")
    )


def test_a_failure_is_counted_and_named() -> None:
    reads = [read(OURS, text="truth"), read(RAPID, failure="its process ended")]
    assert report.overall(reads).splitlines()[-1].endswith("| 1 |")
    assert list(Findings(reads=reads).failures()) == [("receipts one.jpg", RAPID, "its process ended")]


def test_a_wrong_language_is_shown_with_the_right_one() -> None:
    page = Page("languages", "nob", Path("nob.jpg"), "truth", "nor", fold_case=False, unspaced=False)
    wrong = PageRead(page, OURS, Reading(language="da"), Score(0.0, 0.0, 1.0, 1.0))
    assert "**da**, not no" in report.by_language([wrong])
    assert "0 right, 1 wrong, 0 not said" in report.languages_summary([wrong])

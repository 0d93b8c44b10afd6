"""What counts as met."""

from __future__ import annotations

import pytest

from benchmarks.accuracy.metrics import Score
from benchmarks.exports import sizes, text
from benchmarks.exports.extraction import PYMUPDF
from benchmarks.exports.goals import most_bytes
from benchmarks.exports.likeness import Difference
from benchmarks.exports.sizes import Sized
from benchmarks.exports.text import Fidelity


def page(*, f1: float = 1.0, edits: int = 0, overlap: float | None = 0.9, own_text: bool = False) -> Fidelity:
    return Fidelity(
        "receipts", "1", PYMUPDF, own_text, Score(0.0, 0.0, f1, f1), f1, Difference(edits, 100, 1, 1), overlap
    )


def test_a_pdf_may_be_a_twentieth_larger_and_have_room_for_its_text() -> None:
    assert most_bytes(1_000_000, 3) == pytest.approx(1_076_000)


def test_a_file_at_the_limit_is_met_and_one_above_is_not() -> None:
    assert Sized("PDF", "1", 1, 100_000, 127_000).is_met
    assert not Sized("PDF", "1", 1, 100_000, 127_001).is_met


def test_one_file_that_is_too_large_misses_the_goal_of_its_kind_alone() -> None:
    files = [Sized("PDF", "1", 1, 10, 10), Sized("PDF", "2", 1, 10, 99_999), Sized("PNG", "3", 1, 10, 10)]
    assert {goal.what: goal.met for goal in sizes.goals(files)} == {"size: PDF": False, "size: PNG": True}


def test_what_a_page_misses_is_named() -> None:
    assert page().misses == []
    assert page(f1=0.98, edits=2, overlap=0.7).misses == ["F1", "CER", "overlap"]


def test_the_limits_themselves_are_met() -> None:
    assert page(f1=0.99, edits=1, overlap=0.8).misses == []


def test_a_page_without_known_places_misses_no_place() -> None:
    assert page(overlap=None).misses == []


def test_one_page_misses_the_goal_of_all() -> None:
    met = {goal.what: goal.met for goal in text.goals([page(), page(edits=2)])}
    assert met == {
        "PyMuPDF: words F1 of plain text": True,
        "PyMuPDF: CER by line": False,
        "PyMuPDF: overlap of words": True,
    }


def test_the_worst_page_is_told() -> None:
    cer = next(goal for goal in text.goals([page(edits=3), page(edits=7)]) if "CER" in goal.what)
    assert "0 of 2 pages" in cer.measured
    assert "worst 0.0700" in cer.measured


def test_pages_that_keep_a_text_of_their_own_are_no_part_of_the_goals() -> None:
    assert all(goal.met for goal in text.goals([page(), page(f1=0.1, edits=90, own_text=True)]))

"""What is found to be wrong with an answer by looking at it, and at what was read surely."""

from __future__ import annotations

import pytest

from ocrchat.llm.port import Answer, Stop, Usage
from tests.unit.vlm_page.made import line
from vlm_page import faults

LINES = [line("Invoice 4711 of Acme", 0), line("Total 215.00 USD", 1), line("scribble note", 2, 0.5)]


def said(text: str, stop: Stop = "end") -> Answer:
    return Answer(text, stop, Usage())


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (said("fine"), None),
        (said("", "refusal"), "refused"),
        (said("The first half of", "length"), "cut_off"),
        (said("The page says " + "and so on " * 200, "length"), "repeats"),
        (said("The page says " + "and so on " * 200), "repeats"),
    ],
)
def test_the_form_of_an_answer(answer: Answer, kind: str | None) -> None:
    found = faults.of_form(answer)
    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    "text",
    ["", "Chapter 1 " + "." * 500, "Name: " + "_ " * 300, "no no no", "1 2 3 4 5 6 7 8 9 10 " * 3, "x" * 50],
)
def test_what_is_no_loop(text: str) -> None:
    assert not faults.is_loop(text)


@pytest.mark.parametrize(
    "repeated", ["a", "und ", "The total is 12.00 EUR. ", "line\n" * 3, "x" * 40 + " " + "y" * 200]
)
def test_what_is_a_loop(repeated: str) -> None:
    assert faults.is_loop("It begins well. " + repeated * 300)


def test_only_what_was_read_surely_counts_as_left_out() -> None:
    assert faults.share_left_out(LINES, [2]) == 0.0
    assert faults.share_left_out(LINES, [0, 1]) == 1.0
    assert 0.5 < faults.share_left_out(LINES, [0]) < 0.6
    assert faults.share_left_out([], []) == 0.0


def test_numbers_that_were_read_surely_are_looked_for_in_any_order_and_form() -> None:
    assert faults.absent_numbers(LINES, ["total: USD 215,00", "INVOICE №4711 — of “Acme”"]) == ()


def test_a_number_that_only_the_second_reader_saw_is_named() -> None:
    assert faults.absent_numbers(LINES, ["Invoice 4711 of Acme", "Total 999.00 USD"]) == ("215.00",)
    twice = [line("10 10", 0)]
    assert faults.absent_numbers(twice, ["10"]) == ("10",)
    assert faults.absent_numbers([line("10 10", 0, 0.5)], ["11"]) == ()


def test_how_much_of_a_page_is_sure() -> None:
    assert faults.sure_share([]) == 0.0
    assert faults.sure_share(LINES[:2]) == 1.0
    assert 0.6 < faults.sure_share(LINES) < 0.9


def test_missing_lines_are_named_as_ranges() -> None:
    assert "1-3, 7, 9-10" in faults.incomplete([3, 1, 2, 7, 9, 10]).complaint
    assert len(faults.incomplete(list(range(1, 2000, 2))).complaint) < 200

"""What is found to be wrong with an answer by looking at it, and at what was read surely."""

from __future__ import annotations

import pytest

from ocrchat.llm.port import Answer, Stop, Usage
from tests.unit.vlm_page.made import line
from vlm_page import faults
from vlm_page.written import WrittenBlock

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


@pytest.mark.parametrize(("times", "is_loop"), [(1, True), (20, True), (200, False), (400, False)])
def test_what_the_page_says_as_often_is_no_loop(times: int, is_loop: bool) -> None:
    lines = [line("0.00 EUR", row) for row in range(times)]
    assert faults.is_loop_on(lines, "\n".join(["0.00 EUR"] * 300)) == is_loop


def test_a_line_is_left_out_as_much_as_it_was_read() -> None:
    assert faults.share_left_out(LINES, []) == 0.0
    assert faults.share_left_out(LINES, [0, 1, 2]) == 1.0
    assert 0.1 < faults.share_left_out(LINES, [2]) < 0.2
    assert faults.share_left_out([*LINES, line("noise of a picture", 3, 0.3)], [3]) == 0.0
    assert faults.share_left_out([], []) == 0.0


def test_only_what_was_read_surely_can_be_lost() -> None:
    assert faults.share_lost(LINES, [2]) == 0.0
    assert faults.share_lost(LINES, [0, 1]) == 1.0
    assert 0.5 < faults.share_lost(LINES, [0]) < 0.6
    assert faults.share_lost([], []) == 0.0


@pytest.mark.parametrize(
    ("block", "is_mathematical"),
    [
        (WrittenBlock("formula", "x + y"), True),
        (WrittenBlock("text", r"where $\alpha$ is small"), True),
        (WrittenBlock("text", "an area of $x^2$"), True),
        (WrittenBlock("text", "Coffee $4.50\nTea $3.00"), False),
        (WrittenBlock("text", "from $4.50 to $8.00, see a_b"), False),
    ],
)
def test_a_price_is_no_formula(block: WrittenBlock, is_mathematical: bool) -> None:
    assert faults.is_mathematical(block) == is_mathematical


def test_how_much_of_a_page_is_sure() -> None:
    assert faults.sure_share([]) == 0.0
    assert faults.sure_share(LINES[:2]) == 1.0
    assert 0.6 < faults.sure_share(LINES) < 0.9


def test_missing_lines_are_named_as_ranges() -> None:
    assert "1-3, 7, 9-10" in faults.incomplete([3, 1, 2, 7, 9, 10]).complaint
    assert len(faults.incomplete(list(range(1, 2000, 2))).complaint) < 200

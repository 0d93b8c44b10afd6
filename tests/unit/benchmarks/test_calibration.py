"""Whether confidences are what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy.calibration import bins, calibration_error, judged
from benchmarks.accuracy.sets import Page
from benchmarks.peers.reading import SaidLine


def page(truth: str, *, unspaced: bool = False, fold_case: bool = False) -> Page:
    return Page("set", "page", Path("page.png"), truth, "eng", fold_case, unspaced)


def test_confidences_that_are_true_have_no_error() -> None:
    assert calibration_error([(0.75, True)] * 3 + [(0.75, False)]) == pytest.approx(0)


def test_an_error_is_weighted_by_how_much_is_said_with_it() -> None:
    items = [(1.0, False), (0.5, True), (0.5, False), (1.0, True)]
    assert calibration_error(items) == pytest.approx(0.5 * 0.5)


def test_a_confidence_of_one_is_in_the_last_bin() -> None:
    (only,) = bins([(1.0, True), (0.95, False)])
    assert (only.low, only.high, only.count, only.right) == (0.95, 1.0, 2, 0.5)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_every_confidence_is_in_one_bin(items: list[tuple[float, bool]]) -> None:
    assert sum(held.count for held in bins(items)) == len(items)
    assert 0 <= calibration_error(items) <= 1


def said(*words: str, confidence: float = 1.0) -> SaidLine:
    return SaidLine(confidence, tuple((word, confidence) for word in words))


def right(items: list[tuple[float, bool]]) -> list[bool]:
    return [answer for _, answer in items]


def test_a_word_is_right_where_it_stands_in_the_truth() -> None:
    line = SaidLine(0.8, (("to", 0.9), ("he", 0.4), ("or", 0.8), ("not", 1.0)))
    found = judged(page("to be or not"), [line])
    assert found.words == [(0.9, True), (0.4, False), (0.8, True), (1.0, True)]
    assert found.lines == [(0.8, False)]


def test_lines_in_another_order_are_as_right() -> None:
    truth = page("the left column of a page\nand the right column")
    found = judged(truth, [said("and", "the", "right", "column"), said("the", "left", "column", "of", "a", "page")])
    assert right(found.words) == [True] * 10
    assert right(found.lines) == [True, True]


@pytest.mark.parametrize("wrong", ["cat", "cats.", "Cats"])
def test_a_word_is_right_as_a_whole_only(wrong: str) -> None:
    found = judged(page("it rains cats and dogs"), [said("it", "rains", wrong, "and", "dogs")])
    assert right(found.words) == [True, True, False, True, True]


def test_words_run_together_are_wrong_and_their_neighbours_right() -> None:
    found = judged(page("one two three four"), [said("one", "twothree", "four")])
    assert right(found.words) == [True, False, True]


def test_case_does_not_count_where_the_truth_is_in_capitals() -> None:
    assert right(judged(page("TOTAL 9.50", fold_case=True), [said("Total", "9.50")]).words) == [True, True]


def test_characters_are_judged_where_there_are_no_spaces() -> None:
    line = SaidLine(0.8, (("人人生", 0.9), ("面自由", 0.7)))
    found = judged(page("第一条 人人生而自由", unspaced=True), [line])
    assert found.words == [(0.9, True)] * 3 + [(0.7, False), (0.7, True), (0.7, True)]


@pytest.mark.parametrize("truth", ["", "text"])
def test_what_is_not_there_is_wrong_and_what_is_empty_is_not_judged(truth: str) -> None:
    found = judged(page(truth), [said("%%%%", "####"), said("\u200f")])
    assert right(found.words) == [False, False]
    assert right(found.lines) == [False]


@given(st.lists(st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=6), min_size=1, max_size=6))
def test_the_truth_itself_is_right_in_every_word(lines: list[list[str]]) -> None:
    truth = "\n".join(" ".join(line) for line in lines)
    found = judged(page(truth), [said(*line) for line in lines])
    assert all(right(found.words))
    assert len(found.words) == sum(map(len, lines))

"""Whether confidences are what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy.calibration import bins, calibration_error, judged_lines, judged_words
from benchmarks.accuracy.sets import Page
from tests.unit.benchmarks import needs


def page(truth: str, *, unspaced: bool = False, fold_case: bool = False) -> Page:
    return Page("set", "page", Path("page.png"), truth, "eng", fold_case, unspaced)


def right(judged: list[tuple[float, bool]]) -> list[bool]:
    return [answer for _, answer in judged]


def test_confidences_that_are_true_have_no_error() -> None:
    assert calibration_error([(0.75, True)] * 3 + [(0.75, False)]) == pytest.approx(0)


def test_an_error_is_weighted_by_how_much_is_said_with_it() -> None:
    judged = [(1.0, False), (0.5, True), (0.5, False), (1.0, True)]
    assert calibration_error(judged) == pytest.approx(0.5 * 0.5)


def test_a_confidence_of_one_is_in_the_last_bin() -> None:
    (only,) = bins([(1.0, True), (0.95, False)])
    assert (only.low, only.high, only.count, only.right) == (0.95, 1.0, 2, 0.5)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_every_confidence_is_in_one_bin(judged: list[tuple[float, bool]]) -> None:
    assert sum(held.count for held in bins(judged)) == len(judged)
    assert 0 <= calibration_error(judged) <= 1


@needs.rapidfuzz
def test_a_word_is_right_where_it_stands_in_the_truth() -> None:
    judged = judged_words(page("to be or not"), [("to", 0.9), ("he", 0.4), ("or", 0.8), ("not", 1.0)])
    assert judged == [(0.9, True), (0.4, False), (0.8, True), (1.0, True)]


@needs.rapidfuzz
def test_a_long_word_out_of_order_is_right_once_a_short_one_is_not() -> None:
    truth = page("column one goes on here and then another as it is")
    said = [*[(word, 1.0) for word in ["and", "then", "another", "as", "it", "is"]], ("column", 1.0), ("column", 1.0)]
    assert right(judged_words(truth, said)) == [True] * 7 + [False]
    assert right(judged_words(page("a b c d e f"), [(word, 1.0) for word in "bcdefa"]))[-1] is False


@needs.rapidfuzz
def test_characters_are_judged_where_there_are_no_spaces() -> None:
    judged = judged_words(page("人人生而自由", unspaced=True), [("人人生", 0.9), ("面自由", 0.7)])
    assert judged == [(0.9, True)] * 3 + [(0.7, False), (0.7, True), (0.7, True)]


@pytest.mark.parametrize(
    ("line", "stands"), [("not to be", True), ("not to b", False), ("NOT TO BE", False), ("to be or", True)]
)
def test_a_line_is_right_when_all_of_its_words_stand_together(line: str, stands: bool) -> None:
    assert right(judged_lines(page("to be or\nnot to be"), [(line, 1.0)])) == [stands]


def test_a_line_without_a_character_is_not_judged() -> None:
    assert judged_lines(page("text"), [(" ", 0.5)]) == []

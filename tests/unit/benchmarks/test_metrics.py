"""How far a text is from the truth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy import metrics, scripts
from benchmarks.accuracy.metrics import Score


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("\u201cfine\u201d \u2018print\u2019", "\"fine\" 'print'"),
        ("1990\u20131995 \u2212 5", "1990-1995 - 5"),
        ("\ufb01ne", "fine"),
        ("a\u00a0 b\n\nc\t", "a b c"),
        ("\u200fשלום\u200e", "שלום"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_writings_that_mean_the_same_are_the_same(text: str, same: str) -> None:
    assert metrics.normalised(text) == metrics.normalised(same)


def test_case_counts_unless_it_is_folded() -> None:
    assert metrics.normalised("Total") != metrics.normalised("TOTAL")
    assert metrics.normalised("Total", fold_case=True) == metrics.normalised("TOTAL", fold_case=True)


def test_error_rates_are_edits_by_the_length_of_the_truth() -> None:
    score = Score.of("one two three four", "one two tree")
    assert score.cer == pytest.approx(6 / 18)
    assert score.wer == pytest.approx(2 / 4)


def test_words_in_another_order_keep_their_f1_and_lose_their_cer() -> None:
    score = Score.of("left column right column", "right column left column")
    assert score.words_f1 == 1
    assert score.cer > 0.3


def test_spaces_do_not_count_in_a_language_without_them() -> None:
    score = Score.of("本国语言", "本国 语 言", unspaced=True)
    assert (score.cer, score.wer, score.words_f1, score.bigrams_f1) == (0, 0, 1, 1)


def test_nothing_read_is_an_error_of_one() -> None:
    score = Score.of("some text", "")
    assert (score.cer, score.wer, score.words_f1, score.bigrams_f1) == (1, 1, 0, 0)


def test_an_empty_page_read_as_empty_is_without_error() -> None:
    score = Score.of("", " \n")
    assert (score.cer, score.wer, score.words_f1, score.bigrams_f1) == (0, 0, 1, 1)


@given(st.text(), st.text())
def test_scores_stay_in_their_ranges(truth: str, text: str) -> None:
    score = Score.of(truth, text)
    assert score.cer >= 0
    assert score.wer >= 0
    assert 0 <= score.words_f1 <= 1
    assert 0 <= score.bigrams_f1 <= 1


@given(st.text(min_size=2))
def test_the_truth_itself_is_without_error(truth: str) -> None:
    score = Score.of(truth, truth)
    assert (score.cer, score.wer, score.words_f1, score.bigrams_f1) == (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("text", "unspaced", "pack"),
    [
        ("Plain English", False, "eng"),
        ("人人生而自由", True, "chi_sim"),
        ("すべての人間は、生れながらにして自由", True, "jpn"),
        ("모든 인간은 태어날 때부터 자유로우며", False, "kor"),
        ("มนุษย์ทั้งหลายเกิดมามีอิสระ", True, "tha"),
        ("Все люди рождаются", False, "rus"),
        ("An English page with 一 字", False, "eng"),
        ("12.50 %", False, "eng"),
        ("", False, "eng"),
    ],
)
def test_the_script_says_whether_there_are_spaces_and_which_pack_is_right(text: str, unspaced: bool, pack: str) -> None:
    assert scripts.is_unspaced(text) is unspaced
    assert scripts.pack_of(text) == pack

"""From an engine's score to the share of words that are right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_page.recognisers import confidence, ppocr, tesseract
from ocr_page.recognisers.port import RecognisedLine, RecognisedWord

BOX = (0.0, 0.0, 10.0, 5.0)
ENGINES = (ppocr.NAME, tesseract.NAME)
scores = st.floats(0, 1)


def line(engine: str, *words: tuple[str, float]) -> RecognisedLine:
    mean = sum(score for _, score in words) / max(len(words), 1)
    parts = tuple(RecognisedWord(BOX, text, score) for text, score in words)
    return RecognisedLine(BOX, " ".join(text for text, _ in words), mean, parts, engine)


@pytest.mark.parametrize("engine", ENGINES)
@given(one=scores, other=scores)
def test_a_surer_word_is_never_less_likely_right(engine: str, one: float, other: float) -> None:
    scale = confidence.SCALES[engine]
    low, high = sorted((one, other))
    assert 0 <= confidence.share_right(low, scale) <= confidence.share_right(high, scale) < 1


@pytest.mark.parametrize("engine", ENGINES)
def test_a_scale_goes_from_end_to_end_and_rises(engine: str) -> None:
    scale = confidence.SCALES[engine]
    assert (scale[0], scale[-1][0]) == ((0.0, 0.0), 1.0)
    assert list(scale) == sorted(set(scale))
    assert [share for _, share in scale] == sorted(share for _, share in scale)
    for score, share in scale:
        assert confidence.share_right(score, scale) == pytest.approx(share)


def test_between_two_points_lies_a_straight_line() -> None:
    scale = ((0.0, 0.0), (0.5, 0.1), (1.0, 0.9))
    assert confidence.share_right(0.75, scale) == pytest.approx(0.5)
    assert confidence.share_right(0.25, scale) == pytest.approx(0.05)


@pytest.mark.parametrize("score", [-1.0, -0.001])
def test_scores_beyond_the_scale_are_taken_for_its_ends(score: float) -> None:
    scale = confidence.SCALES[ppocr.NAME]
    assert confidence.share_right(score, scale) == 0.0
    assert confidence.share_right(1 - score, scale) == scale[-1][1]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_line_is_as_likely_as_the_characters_of_its_words(engine: str) -> None:
    found = confidence.calibrated(line(engine, ("sure", 1.0), ("unsure", 0.5)))
    sure, unsure = (word.confidence for word in found.words)
    assert sure > unsure
    assert found.confidence == pytest.approx((4 * sure + 6 * unsure) / 10)
    assert [word.text for word in found.words] == ["sure", "unsure"]
    assert confidence.likelihood(line(engine, ("sure", 1.0), ("unsure", 0.5))) == found.confidence


def test_no_line_is_never_right() -> None:
    assert confidence.likelihood(None) == 0.0
    assert confidence.likelihood(line(ppocr.NAME)) == 0.0


def test_the_same_score_means_something_else_from_another_engine() -> None:
    one, other = (confidence.likelihood(line(engine, ("word", 0.9))) for engine in ENGINES)
    assert one < other


@pytest.mark.parametrize("engine", ENGINES)
def test_a_line_of_a_low_score_is_no_text(engine: str) -> None:
    least = confidence.LEAST_SCORE[engine]
    assert confidence.is_text(line(engine, ("word", least)))
    assert not confidence.is_text(line(engine, ("word", least - 0.01)))

"""Words that a text layer runs together."""

from __future__ import annotations

from ocr_page import thin_spaces
from ocr_page.thin_spaces import Sign

SIZE = 10.0
WIDE = 5.0  # a letter


def signs(text: str, gap: float, tracking: float = 0.0) -> list[Sign]:
    """Letters side by side, `gap` pt wide where `text` has a bar, a real space where it has one."""
    found, x = [], 0.0
    for sign in text:
        if sign == "|":
            x += gap
            continue
        found.append(Sign(sign, (x, 0.0, x + WIDE, SIZE)))
        x += WIDE + tracking
    return found


def said(text: str, gap: float, tracking: float = 0.0) -> list[str]:
    return [word for word, _ in thin_spaces.words(signs(text, gap, tracking), SIZE)]


def test_a_gap_of_an_eighth_of_the_size_divides_words() -> None:
    assert said("Composition|of|the|data", 1.25) == ["Composition", "of", "the", "data"]


def test_kerning_divides_nothing() -> None:
    assert said("Av|atar", 0.5) == ["Avatar"]


def test_letters_that_are_set_apart_stay_one_word() -> None:
    assert said("HEADING", 0.0, tracking=1.5) == ["HEADING"]


def test_spaces_that_are_there_divide_as_well() -> None:
    assert said("one two|three", 1.25) == ["one", "two", "three"]


def test_a_word_has_the_box_of_its_letters() -> None:
    (_, first), (_, second) = thin_spaces.words(signs("abcd|e", 2.0), SIZE)
    assert first == (0.0, 0.0, 20.0, SIZE)
    assert second == (22.0, 0.0, 27.0, SIZE)


def test_a_line_without_signs_has_no_words() -> None:
    assert thin_spaces.words([], SIZE) == []


def test_only_long_runs_of_letters_are_doubtful() -> None:
    assert thin_spaces.is_doubtful("CompositionofthepretrainingdataforOLMo2")
    assert not thin_spaces.is_doubtful("https://example.org/a-long-address-of-a-page/2024")
    assert not thin_spaces.is_doubtful("Geschwindigkeit")

"""How lines and words of a PDF page are held against those that were read."""

from __future__ import annotations

from benchmarks.exports.extraction import Found
from benchmarks.exports.likeness import (
    Difference,
    in_order,
    line_of,
    of_lines,
    of_places,
    overlaps,
    spaced_words,
    words_f1,
)
from ocrchat.blocks import BBox, Line, Word


def line(text: str, top: float = 0.0, *, parts: list[str] | None = None) -> Line:
    """Ten high, ten wide a character, its words placed by their characters."""
    words, at = [], 0
    for part in parts if parts is not None else text.split():
        start = text.index(part, at)
        at = start + len(part)
        words.append(Word(part, (10.0 * start, top, 10.0 * at, top + 10), 1.0))
    return Line(text, (0.0, top, 10.0 * len(text), top + 10), 1.0, tuple(words))


def found(text: str, left: float, top: float = 0.0) -> Found:
    return Found(text, (left, top, left + 10 * len(text), top + 10))


def test_words_count_in_whatever_order() -> None:
    assert words_f1("one two", "two one", unspaced=False) == 1.0
    assert words_f1("one two", "one too", unspaced=False) == 0.5


def test_characters_are_the_words_of_languages_without_spaces() -> None:
    assert words_f1("日本語", "日 本 語", unspaced=True) == 1.0


def test_lines_that_are_there_cost_nothing_in_whatever_order() -> None:
    assert of_lines(["one", "two"], ["two", "one"], unspaced=False) == Difference(0, 6, 2, 2)


def test_a_line_is_held_against_the_one_nearest_to_it() -> None:
    assert of_lines(["abcd", "wxyz"], ["wxyy", "abcc"], unspaced=False) == Difference(2, 8, 0, 2)


def test_an_extracted_line_stands_for_one_line_only() -> None:
    assert of_lines(["total", "total"], ["total"], unspaced=False) == Difference(5, 10, 1, 2)


def test_a_line_out_of_nowhere_costs_all_its_characters() -> None:
    assert of_lines(["one"], ["one", "ghost"], unspaced=False) == Difference(5, 3, 1, 1)


def test_a_page_without_lines_has_an_error_for_each_character_that_is_found() -> None:
    assert of_lines([], ["ab"], unspaced=False).rate == 2.0
    assert of_lines([], [], unspaced=False).rate == 0.0


def test_words_are_held_against_the_line_that_they_stand_in() -> None:
    truth = [line("one two"), line("six", 20)]
    words = [found("six", 0, 20), found("two", 40), found("one", 0)]
    assert of_places(truth, words, unspaced=False) == Difference(0, 10, 2, 2)


def test_a_word_in_no_line_costs_its_characters() -> None:
    assert of_places([line("one")], [found("one", 0), found("ghost", 0, 90)], unspaced=False) == Difference(5, 3, 1, 1)


def test_a_word_that_is_lost_costs_its_characters_and_the_space() -> None:
    assert of_places([line("one two")], [found("one", 0)], unspaced=False) == Difference(4, 7, 0, 1)


def test_a_word_in_two_lines_goes_to_that_of_the_word_it_covers() -> None:
    upper, lower = line("one two", 0), line("six ten", 4)
    assert line_of((0, 3, 30, 13), [upper, lower]) == 1
    assert line_of((0, 1, 30, 11), [upper, lower]) == 0
    assert line_of((0, 50, 30, 60), [upper, lower]) is None


def test_words_of_a_line_that_runs_from_the_right_go_to_the_left() -> None:
    boxes: list[BBox] = [(60.0, 0.0, 90.0, 10.0), (0.0, 0.0, 30.0, 10.0)]
    first, last = (Word(text, box, 1.0) for text, box in zip(["אבג", "דהו"], boxes, strict=True))
    truth = Line("אבג דהו", (0, 0, 90, 10), 1.0, (first, last))
    words = [Found("דהו", boxes[1]), Found("אבג", boxes[0])]
    assert [word.text for word in in_order(truth, words)] == ["אבג", "דהו"]


def test_words_of_a_line_that_runs_up_go_up() -> None:
    first, last = Word("up", (0, 50, 10, 70), 1.0), Word("on", (0, 20, 10, 40), 1.0)
    truth = Line("up on", (0, 20, 10, 70), 1.0, (first, last))
    words = [Found("on", last.bbox), Found("up", first.bbox)]
    assert [word.text for word in in_order(truth, words)] == ["up", "on"]


def test_a_word_that_is_not_found_covers_nothing() -> None:
    assert overlaps([line("one two")], [found("one", 0)]) == [1.0, 0.0]


def test_of_words_alike_the_one_at_the_place_counts() -> None:
    assert overlaps([line("no no")], [found("no", 0), found("no", 30)]) == [1.0, 1.0]


def test_words_count_whose_letters_come_as_they_are_seen() -> None:
    assert overlaps([line("אבג")], [found("גבא", 0)]) == [1.0]


def test_words_without_a_space_between_are_one() -> None:
    assert spaced_words(line("日本語 です", parts=["日本", "語", "です"])) == [
        ("日本語", (0, 0, 30, 10)),
        ("です", (40, 0, 60, 10)),
    ]


def test_what_stands_between_words_without_a_space_belongs_to_both() -> None:
    assert spaced_words(line("one-two", parts=["one", "two"])) == [("one-two", (0, 0, 70, 10))]


def test_a_word_that_the_text_does_not_hold_is_left_out() -> None:
    truth = Line("one", (0, 0, 30, 10), 1.0, (Word("one", (0, 0, 30, 10), 1.0), Word("not", (40, 0, 70, 10), 1.0)))
    assert spaced_words(truth) == [("one", (0, 0, 30, 10))]

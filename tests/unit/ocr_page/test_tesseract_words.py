"""Words of a line, made of Tesseract's text and of its table."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_page.recognisers import spacing
from ocr_page.recognisers.tesseract import BIDI_CONTROLS, _composed

SIGNS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x10FFF, exclude_categories=("Cs", "Cc", "Z")))
WORD = SIGNS.filter(lambda text: text.split() == [text])


def table(*entries: tuple[str, int, int, float]) -> str:
    """Tesseract's rows for words with their left edge, width and confidence in percent, after one for the line."""
    rows = ["4\t1\t1\t1\t1\t0\t0\t0\t900\t40\t-1\t"]
    rows += [
        f"5\t1\t1\t1\t1\t{number}\t{left}\t0\t{width}\t40\t{confidence}\t{text}"
        for number, (text, left, width, confidence) in enumerate(entries, 1)
    ]
    return "\n".join(rows) + "\n"


def in_row(parts: list[str]) -> str:
    return table(*((part, 10 * place, 9, 50.0 + place % 40) for place, part in enumerate(parts)))


def test_a_word_is_where_its_entry_is() -> None:
    (first, second) = spacing.words("two words\n", table(("two", 0, 30, 90.0), ("words", 40, 60, 80.0)))
    assert (first.text, first.start, first.end, first.confidence) == ("two", 0, 30, 0.9)
    assert (second.text, second.start, second.end, second.confidence) == ("words", 40, 100, 0.8)


def test_signs_of_thai_are_joined_to_what_stands_without_spaces() -> None:
    entries = table(("ภา", 0, 20, 90.0), ("ษา", 20, 20, 60.0), ("ไทย", 40, 30, 90.0))
    (word,) = spacing.words("ภาษาไทย\n", entries)
    assert (word.text, word.start, word.end) == ("ภาษาไทย", 0, 70)
    assert word.confidence == pytest.approx((2 * 0.9 + 2 * 0.6 + 3 * 0.9) / 7)


def test_words_that_share_an_entry_stay_one() -> None:
    found = spacing.words("ab cd ef\n", table(("abc", 0, 30, 90.0), ("d", 30, 10, 50.0), ("ef", 60, 20, 80.0)))
    assert [word.text for word in found] == ["ab cd", "ef"]
    assert (found[0].start, found[0].end) == (0, 40)


def test_words_from_the_right_keep_their_order_and_their_places() -> None:
    found = spacing.words("שלום עולם\n", table(("שלום", 60, 40, 90.0), ("עולם", 0, 50, 90.0)))
    assert [(word.text, word.start, word.end) for word in found] == [("שלום", 60, 100), ("עולם", 0, 50)]


def test_a_text_that_goes_on_after_its_table_keeps_its_last_word() -> None:
    (word,) = spacing.words("abcdef\n", table(("abc", 0, 30, 90.0)))
    assert (word.text, word.start, word.end) == ("abcdef", 0, 30)


def test_a_negative_confidence_counts_as_none() -> None:
    (word,) = spacing.words("a\n", table(("a", 0, 10, -1.0)))
    assert word.confidence == 0.0


@pytest.mark.parametrize("text", ["", "\n", "  \n"])
def test_no_text_has_no_words(text: str) -> None:
    assert spacing.words(text, table()) == []


@given(st.lists(WORD, min_size=1, max_size=8), st.data())
def test_the_signs_of_the_words_are_the_signs_of_the_text(wanted: list[str], data: st.DataObject) -> None:
    """However the table divides them."""
    signs = "".join(wanted)
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(signs) - 1)), max_size=10)))
    edges = [0, *(cut for cut in cuts if cut < len(signs)), len(signs)]
    parts = [signs[start:end] for start, end in pairwise(edges)]
    found = spacing.words(" ".join(wanted) + "\n", in_row(parts))
    assert " ".join(word.text for word in found).split() == wanted
    assert min(word.start for word in found) == 0
    assert max(word.end for word in found) == 10 * (len(parts) - 1) + 9
    for word in found:
        assert 0 <= word.start < word.end
        assert 0.5 <= word.confidence <= 0.9
    assert [word.start for word in found] == sorted(word.start for word in found)


@given(st.lists(WORD, min_size=1, max_size=8), st.lists(WORD, min_size=1, max_size=8))
def test_no_sign_is_lost_where_the_table_says_something_else(wanted: list[str], parts: list[str]) -> None:
    found = spacing.words(" ".join(wanted) + "\n", in_row(parts))
    kept = " ".join(word.text for word in found).split()
    assert kept == wanted[: len(kept)]
    assert len("".join(kept)) >= min(len("".join(wanted)), len("".join(parts)))


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("นํา", "นำ"),
        ("ນໍາ", "ນຳ"),
        ("e\u0301", "é"),
        ("தமிழ்\u200c", "தமிழ்"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
    ids=["Thai am", "Lao am", "an accent", "a joiner that joins nothing", "a joiner that joins"],
)
def test_signs_are_spelled_in_one_way(read: str, wanted: str) -> None:
    assert _composed(read) == wanted


def test_marks_that_only_steer_direction_are_left_out() -> None:
    assert "\u200fשלום\u202c\u200e".translate(BIDI_CONTROLS) == "שלום"

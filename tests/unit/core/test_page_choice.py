"""Which pages of a file are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat import page_choice
from ocrchat.errors import ParameterInvalid


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1", "1"),
        ("1-3,7", "1-3,7"),
        (" 7 , 1-3 ", "1-3,7"),
        ("5,3,4", "3-5"),
        ("7+1-3", "1-3,7"),
        ("2-4,3-9,1", "1-9"),
        ("007", "7"),
        ("4,4,4-4", "4"),
    ],
)
def test_a_choice_has_one_form(text: str, choice: str) -> None:
    assert page_choice.parsed(text) == choice


NONE = [
    "0",
    "0-3",
    "3-1",
    "a",
    "1-",
    "-1",
    "1,2,",
    "1;2",
    "1-2-3",
    ",",
    "1" * 7,
    "1.5",
    "\u0661",
    ",".join(["1"] * 101),
]


@pytest.mark.parametrize("text", NONE)
def test_a_choice_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ParameterInvalid, match="like `1-3,7`"):
        page_choice.parsed(text)


@pytest.mark.parametrize(
    ("choice", "pages", "chosen"),
    [(None, 4, None), ("1-4", 4, None), ("1-9", 4, None), ("1", 1, None), ("2-9", 4, "2-4"), ("1,3-4", 4, "1,3-4")],
)
def test_a_choice_is_cut_to_the_file(choice: str | None, pages: int, chosen: str | None) -> None:
    assert page_choice.chosen(choice, pages) == chosen


@pytest.mark.parametrize(("choice", "pages", "says"), [("5", 4, "page 5.*4 pages"), ("1,3", 1, "page 3.*1 page$")])
def test_a_choice_beyond_the_file_is_refused_with_its_pages(choice: str, pages: int, says: str) -> None:
    with pytest.raises(ParameterInvalid, match=says):
        page_choice.chosen(choice, pages)


@given(st.sets(st.integers(0, 400), min_size=1, max_size=100))
def test_the_pages_of_a_choice_are_those_that_were_asked_for(pages: set[int]) -> None:
    choice = page_choice.parsed(",".join(str(page + 1) for page in pages))
    assert list(page_choice.indexes(choice, len(pages))) == sorted(pages)
    assert [page for run in page_choice.runs(sorted(pages)) for page in run] == sorted(pages)


def test_without_a_choice_all_pages_are_meant() -> None:
    assert page_choice.indexes(None, 3) == range(3)
    assert page_choice.runs(range(3)) == [range(3)]

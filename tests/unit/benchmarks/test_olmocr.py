"""The unit tests of olmOCR-bench: what passes and what does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy import olmocr
from benchmarks.accuracy.olmocr import UnitTest, starts

TABLE = "| Item | Price |\n|---|---|\n| Tea | 1.50 |\n| Cake | 3.20 |\n"


def passes(kind: str, markdown: str, **fields: Any) -> bool:
    return UnitTest("test", "a.pdf", 1, kind, fields).passes(markdown)


def test_a_text_is_present_whatever_its_line_breaks_quotes_and_emphasis() -> None:
    assert passes("present", "He said \u201c**yes**,\nshe _agreed_\u201d \u2014 so", text='"yes, she agreed" - so')


def test_so_many_characters_may_differ() -> None:
    assert not passes("present", "the quick brwn fox jumps", text="quick brown fox")
    assert passes("present", "the quick brwn fox jumps", text="quick brown fox", max_diffs=2)
    assert not passes("present", "the qick brwn fax jumps", text="quick brown fox", max_diffs=2)


def test_case_counts_unless_the_test_says_otherwise() -> None:
    assert not passes("present", "MASTER BATH", text="Master Bath")
    assert passes("present", "MASTER BATH", text="Master Bath", case_sensitive=False)


def test_a_page_number_may_stand_anywhere_but_at_the_end() -> None:
    text = "In 17 cases of 20 this was found to be so on that very day"
    assert passes("absent", text, text="17", last_n=20)
    assert not passes("absent", text + "\n\n17", text="17", last_n=20)
    assert not passes("absent", text, text="17", first_n=10, last_n=10)


@pytest.mark.parametrize("markdown", ["", "\n", " "])
def test_on_an_empty_page_everything_is_absent_and_nothing_present(markdown: str) -> None:
    assert passes("absent", markdown, text="a running head")
    assert not passes("present", markdown, text="a running head")


@pytest.mark.parametrize(
    ("markdown", "right"),
    [
        ("first part and second part", True),
        ("second part and first part", False),
        ("second part, first part, second part", True),
        ("first part only", False),
        ("", False),
    ],
)
def test_one_text_stands_somewhere_before_another(markdown: str, right: bool) -> None:
    assert passes("order", markdown, before="first part", after="second part") is right


def test_order_allows_differences_too() -> None:
    assert passes("order", "flrst part, second par", before="first part", after="second part", max_diffs=1)


@pytest.mark.parametrize(
    ("fields", "right"),
    [
        ({"cell": "1.50"}, True),
        ({"cell": "1.60"}, False),
        ({"cell": "1.50", "left": "Tea", "down": "3.20", "up": "Price"}, True),
        ({"cell": "1.50", "left": "Cake"}, False),
        ({"cell": "1.50", "right": "Tea"}, False),
        ({"cell": "3.20", "top_heading": "Price", "left_heading": "Cake"}, True),
        ({"cell": "3.20", "top_heading": "Item"}, False),
        ({"cell": "3.2O", "max_diffs": 1}, True),
        ({"cell": "X", "max_diffs": 1}, False),
    ],
)
def test_a_cell_and_its_surroundings(fields: dict[str, Any], right: bool) -> None:
    assert passes("table", TABLE, **fields) is right


def test_any_cell_with_the_text_will_do_and_any_table() -> None:
    twice = TABLE + "\n<table><tr><td>Tea</td><td>2.00</td></tr></table>"
    assert passes("table", twice, cell="Tea", right="2.00")
    assert passes("table", twice, cell="Tea", right="1.50")


def test_without_a_table_no_cell_is_found() -> None:
    assert not passes("table", "Tea 1.50", cell="Tea")


def test_formulas_are_not_run() -> None:
    with pytest.raises(ValueError, match="not run"):
        passes("math", "$x$", math="x")


def test_tests_are_read_line_by_line(tmp_path: Path) -> None:
    rows = [
        {"pdf": "a.pdf", "page": 2, "id": "one", "type": "present", "text": "x", "max_diffs": 2},
        {"pdf": "b.pdf", "page": 1, "id": "two", "type": "math", "math": "x"},
    ]
    file = tmp_path / "dataset.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    one, two = olmocr.tests_of(file)
    assert (one.name, one.pdf, one.page, one.kind, one.max_diffs) == ("one", "a.pdf", 2, "present", 2)
    assert (two.kind, two.max_diffs) == ("math", 0)


def distance(one: str, other: str) -> int:
    if not one or not other:
        return len(one) + len(other)
    return min(
        distance(one[1:], other) + 1, distance(one, other[1:]) + 1, distance(one[1:], other[1:]) + (one[0] != other[0])
    )


@given(st.text("ab", min_size=1, max_size=3), st.text("abc", max_size=5), st.integers(0, 1))
def test_starts_are_all_places_where_something_near_enough_begins(wanted: str, text: str, max_diffs: int) -> None:
    expected = [
        start
        for start in range(len(text) + 1)
        if any(distance(wanted, text[start:end]) <= max_diffs for end in range(start, len(text) + 1))
    ]
    assert starts(wanted, text, max_diffs) == expected

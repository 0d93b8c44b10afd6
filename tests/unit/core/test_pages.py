"""Page results and what they are made of."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat.blocks import Block, Line, Word, union, weighted_confidence
from ocrchat.errors import PageCrashed
from ocrchat.pages import Notice, PageResult

numbers = st.floats(0, 3000).map(lambda value: round(value, 2))
boxes = st.tuples(numbers, numbers, numbers, numbers)
sure = st.floats(0, 1).map(lambda value: round(value, 4))
words = st.builds(Word, st.text(), boxes, sure)
lines = st.builds(Line, st.text(), boxes, sure, st.lists(words, max_size=3).map(tuple))
blocks = st.builds(
    Block, st.sampled_from(["heading", "text", "table"]), st.text(), boxes, sure, st.lists(lines, max_size=3).map(tuple)
)
notices = st.builds(Notice, st.text(), st.text())
results = st.builds(
    PageResult,
    index=st.integers(0, 5000),
    width=numbers,
    height=numbers,
    unit=st.sampled_from(["pt", "px"]),
    source=st.sampled_from(["text_layer", "cpu", "vlm"]),
    blocks=st.lists(blocks, max_size=3).map(tuple),
    text=st.text(),
    markdown=st.text(),
    rotation=st.sampled_from([0, 90, 180, 270]),
    language=st.none() | st.text(),
    languages=st.lists(st.text(), max_size=3).map(tuple),
    warnings=st.lists(notices, max_size=2).map(tuple),
    error=st.none() | notices,
)


@given(results)
def test_a_result_survives_its_way_through_json(result: PageResult) -> None:
    assert PageResult.from_json(json.loads(json.dumps(result.as_json(words=True)))) == result


def test_a_result_from_before_there_were_several_languages_has_none() -> None:
    data = PageResult(0, 1, 1, "px", "cpu", language="de").as_json(words=True)
    del data["languages"]
    assert PageResult.from_json(data).languages == ()


def test_lines_and_words_are_shown_only_on_request() -> None:
    page = PageResult(0, 1, 1, "px", "cpu", (Block.of_lines([Line("a", (0, 0, 1, 1), 1.0)]),))
    assert "lines" not in page.as_json(words=False)["blocks"][0]
    assert page.as_json(words=True)["blocks"][0]["lines"][0]["words"] == []


def test_confidence_is_weighted_by_characters() -> None:
    assert weighted_confidence([("aaa", 1.0), ("b", 0.2)]) == pytest.approx(0.8)
    assert weighted_confidence([("", 1.0)]) is None


def test_a_block_of_lines_has_their_text_box_and_confidence() -> None:
    block = Block.of_lines([Line("ab", (10, 10, 20, 20), 1.0), Line("cd", (5, 30, 15, 40), 0.5)])
    assert block.text == "ab\ncd"
    assert block.bbox == union([(10, 10, 20, 20), (5, 30, 15, 40)]) == (5, 10, 20, 40)
    assert block.confidence == pytest.approx(0.75)


def test_a_page_that_could_not_be_read_says_why_and_has_no_text() -> None:
    page = PageResult.unread(3, PageCrashed())
    assert page.error is not None
    assert (page.error.code, page.text, page.mean_confidence) == ("page_crashed", "", None)


def test_a_box_of_what_is_no_number_does_not_cost_the_page() -> None:
    line = Line("text", (1.0, 2.0, 3.0, 4.0), 0.5)
    data = json.loads(json.dumps(line.as_json()).replace("3.0", "NaN").replace("4.0", "1e999"))
    assert Line.from_json(data).bbox == (1.0, 2.0, 0.0, 0.0)

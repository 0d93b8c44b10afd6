"""From a model's text to what it wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vlm_page.made import answer, block
from vlm_page.answers import MOST_BLOCKS, MOST_CELLS, AnswerInvalid, parse

SIZE = (400.0, 500.0)


def parsed(text: str) -> Any:
    return parse(text, 2.0, SIZE)


def test_an_answer_is_taken_apart() -> None:
    cells = [[{"text": " a ", "row_span": 1, "column_span": 2, "is_header": True}]]
    page = parsed(
        answer(
            block("Title", [1], "heading", level=9),
            block("ignored", [2, 3], "table", rows=cells),
            block("note", [], box=[10, 20, 110, 60]),
            fields=[{"name": " total ", "value": " 12.00 ", "lines": [4]}],
        )
    )
    heading, table, note = page.blocks
    assert (heading.type, heading.text, heading.level, heading.lines) == ("heading", "Title", 6, (1,))
    assert table.text == ""
    assert (table.rows[0][0].text, table.rows[0][0].column_span, table.rows[0][0].is_header) == ("a", 2, True)
    assert note.box == (5.0, 10.0, 55.0, 30.0)  # px are twice the page's unit
    assert [(field.name, field.value, field.lines) for field in page.fields] == [("total", "12.00", (4,))]
    assert page.language == "en"


@pytest.mark.parametrize("around", ["```json\n{}\n```", "Of course!\n{}\nAnything else?"])
def test_words_around_the_json_are_passed_over(around: str) -> None:
    assert parsed(around.replace("{}", answer(block("a", [1])))).blocks[0].text == "a"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot see a page.",
        "{",
        "[]",
        "null",
        answer(block("a", [1]))[:-5],
        '{"page": "a"}',
        '{"blocks": [{"type": "poem", "text": "a"}]}',
        '{"blocks": [{"type": "text", "text": 5}]}',
        '{"blocks": [{"type": "text", "text": "a", "lines": ["x"]}]}',
        answer(*[block("a", [])] * (MOST_BLOCKS + 1)),
        answer(block("", [], "table", rows=[[{"text": ""}] * (MOST_CELLS + 1)])),
        answer(block("", [], "table", rows=[[{"text": "", "row_span": 0}]])),
        answer(block("", [], "table", rows=[[{"text": "", "column_span": 10**9}]])),
        '{"blocks": ' + "[" * 100_000,
    ],
)
def test_what_is_not_of_the_form_is_refused(text: str) -> None:
    with pytest.raises(AnswerInvalid):
        parsed(text)


def test_what_is_wrong_is_told_without_the_text_of_the_page() -> None:
    with pytest.raises(AnswerInvalid) as wrong:
        parsed(answer(block("secret", [1], "poem-about-secrets")))
    assert "secret" not in str(wrong.value)


def test_control_characters_and_half_characters_are_taken_out() -> None:
    page = parsed(json.dumps({"blocks": [{"type": "text", "text": "a\x00b\x1b[2J\r\nc\td\ud800"}]}))
    assert page.blocks[0].text == "ab[2J\nc\td\ufffd"


@pytest.mark.parametrize("box", [[0, 0, 0, 0], [900, 10, 950, 20], [1e308, 0, 1e308, 5]])
def test_a_box_that_is_none_on_the_page_is_no_box(box: list[float]) -> None:
    assert parsed(answer(block("a", [], box=box))).blocks[0].box is None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["blocks", "type", "text", "lines", "box", "rows", "language", "fields", "name", "value"]), inner), max_leaves=20))  # fmt: skip
def test_any_json_is_either_taken_or_refused(data: Any) -> None:
    try:
        page = parsed(json.dumps(data))
    except AnswerInvalid:
        return
    assert all(block.type for block in page.blocks)

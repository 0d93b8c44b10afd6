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
    cells = [[{"text": " a ", "column_span": 2}], [], [{"text": "b"}, {"text": "c", "row_span": 1}]]
    page = parsed(
        answer(
            block("Title", [1], "heading", level=9),
            block("", [2, 3], "table", rows=cells, header_rows=1),
            block("note", [], box=[10, 20, 110, 60]),
            fields=[{"name": " total ", "value": " 12.00 ", "lines": [4]}],
        )
    )
    heading, table, note = page.blocks
    assert (heading.type, heading.text, heading.level, heading.lines) == ("heading", "Title", 6, (1,))
    assert table.text == ""
    assert (table.rows[0][0].text, table.rows[0][0].column_span, table.rows[0][0].is_header) == ("a", 2, True)
    assert [cell.text for cell in table.rows[1]] == ["b", "c"]
    assert not table.rows[1][0].is_header
    assert note.box == (5.0, 10.0, 55.0, 30.0)  # px are twice the page's unit
    assert [(field.name, field.value, field.lines) for field in page.fields] == [("total", "12.00", (4,))]
    assert page.language == "en"


def test_text_beside_the_cells_of_a_table_is_a_block_of_its_own() -> None:
    page = parsed(answer(block("Table 1: prices", [1, 2], "table", rows=[[{"text": "5"}]])))
    assert [(one.type, one.text, one.rows is None) for one in page.blocks] == [
        ("text", "Table 1: prices", True),
        ("table", "", False),
    ]


def test_cells_are_a_table_whatever_the_block_is_called_and_a_table_without_any_is_its_text() -> None:
    page = parsed(answer(block("", [1], "text", rows=[[{"text": "5"}]]), block("a\tb", [2], "table", rows=[[]])))
    assert [(one.type, one.text) for one in page.blocks] == [("table", ""), ("table", "a\tb")]


def test_what_was_not_asked_for_is_passed_over() -> None:
    said = answer(
        block("a", [1], translation="T"),
        block("", [2], "table", rows=[[{"text": "b", "translation": "U"}]]),
        fields=[{"name": "x", "value": "y", "lines": []}],
    )
    page = parse(said, 1.0, SIZE, translates=False, has_fields=False)
    assert page.fields == ()
    assert page.blocks[0].translation is None
    assert page.blocks[1].rows is not None
    assert page.blocks[1].rows[0][0].translation is None


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
    shown = "a\u202eb\u200bc\u2028d\ufffe\u200d\u200f"
    assert parsed(answer(block(shown, [1]))).blocks[0].text == "abc\nd\u200d\u200f"


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

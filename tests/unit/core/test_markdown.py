"""How a page looks as Markdown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat import markdown
from ocrchat.blocks import Block, BlockType, Field


def block(text: str, kind: BlockType = "text", level: int | None = None) -> Block:
    return Block(kind, text, (0, 0, 1, 1), 1.0, level=level)


@pytest.mark.parametrize(
    ("line", "escaped"),
    [
        ("plain text, 42.50 (net)!", "plain text, 42.50 (net)!"),
        ("# no heading", "\\# no heading"),
        ("- no list", "\\- no list"),
        ("+ no list", "\\+ no list"),
        ("1. no list", "1\\. no list"),
        ("12) no list", "12\\) no list"),
        ("1.5 litres", "1.5 litres"),
        ("===", "\\==="),
        ("*bold* _it_ `code`", "\\*bold\\* \\_it\\_ \\`code\\`"),
        ("[a](http://b)", "\\[a](http://b)"),
        ("<script>", "\\<script>"),
        ("a | b", "a \\| b"),
        ("C:\\temp", "C:\\\\temp"),
        ("&lt;", "\\&lt;"),
        ("> no quotation", "\\> no quotation"),
        ("-5.00 & more", "-5.00 & more"),
        ("    no code", "no code"),
        ("~~~", "\\~\\~\\~"),
        ("-:", "\\-:"),
        (":-", "\\:-"),
        ("-- -", "\\-- -"),
        ("[x] no task", "\\[x] no task"),
        ("[1]: no definition", "\\[1]: no definition"),
        ("[^1] no footnote", "\\[^1] no footnote"),
        ("[a", "\\[a"),
        ("a](http://b) goes on", "a](http://b) goes on"),
        ("* no list", "\\* no list"),
    ],
)
def test_text_cannot_become_markup(line: str, escaped: str) -> None:
    assert markdown.escape(line) == escaped


@pytest.mark.parametrize(
    "line", ["as shown in [12, 13]", "snake_case_name", "p < 0.05", "2 * 3", "a -> b", "50% & more"]
)
def test_what_cannot_become_markup_is_left_as_it_is(line: str) -> None:
    assert markdown.escape(line) == line


def test_a_sign_at_the_end_of_a_heading_is_kept() -> None:
    assert markdown.of_blocks([block("Notes on #", "heading", 1)]) == "# Notes on \\#"


def test_blocks_are_divided_by_a_blank_line() -> None:
    assert markdown.of_blocks([block("a\nb"), block("c")]) == "a\nb\n\nc"


@pytest.mark.parametrize(("level", "signs"), [(1, "#"), (3, "###"), (6, "######"), (None, "##")])
def test_a_heading_takes_one_line(level: int | None, signs: str) -> None:
    assert markdown.of_blocks([block("On\nOCR", "heading", level)]) == f"{signs} On OCR"


def test_a_list_has_one_line_an_item() -> None:
    assert markdown.of_blocks([block("• one\n– two * three\n* four", "list")]) == "- one\n- two * three\n- four"


def test_numbers_of_a_list_stay() -> None:
    assert markdown.of_blocks([block("3. three\n4.四\n5. # five", "list")]) == "3. three\n4. 四\n5. \\# five"


def test_letters_of_a_list_stay_in_its_text() -> None:
    assert markdown.of_blocks([block("(a) one\nb. two\n7) seven", "list")]) == "- (a) one\n- b. two\n- 7\\) seven"


def test_running_heads_and_feet_are_left_out() -> None:
    blocks = [block("12", "header"), block("text"), block("Page 3", "footer")]
    assert markdown.of_blocks(blocks) == "text"


def test_a_block_without_text_leaves_no_gap() -> None:
    assert markdown.of_blocks([block("a"), block(" \n", "figure"), block("b")]) == "a\n\nb"


@given(st.lists(st.text("-+*#>=123.) ab|<&_\n•", min_size=1), max_size=4), st.sampled_from(["text", "list", "heading"]))
def test_no_text_becomes_other_markup(texts: list[str], kind: BlockType) -> None:
    """What begins a line is ours: nothing for text, a dash or a number for an item, signs for a heading."""
    begins = {"text": r"(?![#>]|[-+*] |\d+[.)] )", "list": r"(?:- |\d+\. )(?![#>]|[-+*] |\d+[.)] )", "heading": "#"}[
        kind
    ]
    for line in markdown.of_blocks([block(text, kind) for text in texts]).split("\n"):
        assert line in ("", markdown.NEXT_LIST) or re.match(begins, line + " ")


def test_a_translation_is_a_quotation_with_the_structure_of_its_block() -> None:
    found = [
        replace(block("Tea", "heading", 1), translation="Thé"),
        replace(block("one\ntwo"), translation="un\ndeux"),
        replace(block("1. a\n3. b", "list"), translation="1. c\n3. d"),
    ]
    assert markdown.of_blocks(found).split("\n\n") == [
        "# Tea",
        "> # Thé",
        "one\ntwo",
        "> un\n> deux",
        "1. a",
        markdown.NEXT_LIST,
        "3. b",
        f"> 1. c\n>\n> {markdown.NEXT_LIST}\n>\n> 3. d",
    ]


def test_lists_with_a_translation_between_them_need_no_other_sign() -> None:
    found = [replace(block("- a", "list"), translation="- b"), block("- c", "list")]
    assert markdown.of_blocks(found) == "- a\n\n> - b\n\n- c"


def test_what_has_no_text_in_the_other_language_has_no_quotation() -> None:
    assert markdown.of_blocks([replace(block("a"), translation=" \n"), replace(block("b"), translation="")]) == "a\n\nb"


def test_fields_are_a_table_before_the_blocks() -> None:
    fields = [Field("total", "12.00 €", (0, 0, 1, 1), 1.0, "lines"), Field("a|b", "c\nd", (0, 0, 1, 1), 1.0, "lines")]
    assert markdown.of_blocks([block("text")], fields) == (
        "| Field | Value |\n| --- | --- |\n| total | 12.00 € |\n| a\\|b | c d |\n\ntext"
    )
    assert markdown.of_blocks([], fields[:1]) == "| Field | Value |\n| --- | --- |\n| total | 12.00 € |"

"""How a page looks as Markdown."""

from __future__ import annotations

import pytest

from ocr_page import markdown
from ocrchat.blocks import Block


def block(text: str, kind: str = "text") -> Block:
    return Block("heading" if kind == "heading" else "text", text, (0, 0, 1, 1), 1.0)


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
    ],
)
def test_text_cannot_become_markup(line: str, escaped: str) -> None:
    assert markdown.escape(line) == escaped


def test_blocks_are_divided_by_a_blank_line() -> None:
    assert markdown.of_blocks([block("a\nb"), block("c")]) == "a\nb\n\nc"


def test_a_heading_takes_one_line() -> None:
    assert markdown.of_blocks([block("On\nOCR", "heading")]) == "## On OCR"

"""What a model says is shown without anything that leads or loads, and names no page without proof."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chat.model_answers import ANSWER_CHARACTERS
from chat.prose import REMOVED, presentable

QUOTED = frozenset({"https://acme.example/terms", "billing@acme.example", "invoice.pdf"})


def shown(text: str, *pages: int) -> str:
    return presentable(text, set(pages), QUOTED.__contains__)


@pytest.mark.parametrize(
    "text",
    [
        "The total is **$42**, due on March 3 (p. 1).",
        "- drawings\n- models",
        "| Item | Price |\n|---|---|\n| Bolt | 4.20 |",
        "1 < 2 and 3 > 2; x <3; 1.250,00 EUR at 12.30; e.g. the U.S.; A/B.",
        "合計は4,200円です (p. 1)。",
        "See https://acme.example/terms, or write to billing@acme.example.",
        "It came as invoice.pdf.",
        "[x] paid, [ ] open, [illegible]",
        "Node.js, README.md, report.pdf and main.py; 3.m/s, etc.and p.m.tomorrow, it.So Dr.Smith",
        "Version 1.2.3.4 in 10.0.0.0/8",
        "合計は4,200円です。OK",
    ],
)
def test_what_is_harmless_stays(text: str) -> None:
    assert shown(text, 1) == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("See [the terms](https://evil.example/?q=secret).", "See the terms."),
        ("![](https://evil.example/a.png?q=secret)Hello", "Hello"),
        ("[![logo](https://e.example/a.png)](https://e.example (title))!", "logo!"),
        ("\\![logo\\](https://e.example)", "logo"),
        ("<img src=https://e.example/a.png>Hello<br/>", "Hello"),
        ("&lt;img src=x onerror=alert(1)&gt;Hello", "Hello"),
        ("&amp;lt;b&amp;gt;Hello", "Hello"),
        ("<<b>script>alert(1)", "alert(1)"),
        ("<img src=x onerror=alert(1) ", "< img src=x onerror=alert(1)"),
        ("Hello<!-- https://e.example -->", "Hello"),
        ("<https://e.example/x>", REMOVED),
        ("Go to https://e.example/x?a=b.", f"Go to {REMOVED}."),
        ("Go to //e.example/x", f"Go to {REMOVED}"),
        ("Go to WWW.E.EXAMPLE, or e.example!", f"Go to {REMOVED}, or {REMOVED}!"),
        ("Write to me@e.example", f"Write to {REMOVED}"),
        ("javascript:alert(1)", REMOVED + ")"),
        ("[a]: https://e.example\n\n[a]", f"[a] : {REMOVED}\n\n[a]"),
        ("http\\://e.example", REMOVED),
        ("https://acme.example/terms?q=secret", REMOVED),
        ("A\x00\x1b[31mB\ud800", "A[31mB\ufffd"),
        ("if x <y and z> w then", "if x < y and z> w then"),
        ("<x-tag onload=a>b", "< x-tag onload=a>b"),
        ("See Evil.Com/x?q=1.", f"See {REMOVED}."),
        ("foo.xn--p1ai/x or foo.xn--p1ai", f"{REMOVED} or {REMOVED}"),
        ("evil。com/x, evil．com, evil｡com", f"{REMOVED}, {REMOVED}, {REMOVED}"),
        ("пример.рф", REMOVED),
        ("1.2.3.4/x?secret 1.2.3.4:80", f"{REMOVED} {REMOVED}"),
        ("3.m/evil.com", f"3.m/{REMOVED}"),
        ("a." * 30 + "evil.com", REMOVED),
        ("main.py/x", REMOVED),
    ],
)
def test_what_leads_or_loads_goes(text: str, wanted: str) -> None:
    assert shown(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Paid (p. 1).", "Paid (p. 1)."),
        ("Paid (p. 3).", "Paid."),
        ("Paid (p. 1, 3).", "Paid (p. 1)."),
        ("Paid (pp. 1–3).", "Paid (p. 1, 2)."),
        ("Paid [page 2].", "Paid (p. 2)."),
        ("払った（p. 3）。", "払った。"),
        ("Paid (p. 999999999999).", "Paid (p. 999999999999)."),
        ("Paid (p. 1) (p. 4)", "Paid (p. 1)"),
    ],
)
def test_markers_name_cited_pages_only(text: str, wanted: str) -> None:
    assert shown(text, 1, 2) == wanted


PARTS = st.sampled_from(
    ["[", "]", "(", ")", "!", "<", ">", "a", "img src=x", "/", ":", "\\", "&lt;", "&amp;", "&#33;", "`", "\n", " ", '"',
     "https://e.example/", "www.e.example", "[a]:", "](", "![", "<!--", "-->", "javascript:", "me@e.example"]
)  # fmt: skip


@given(st.lists(PARTS | st.text(max_size=3), max_size=30).map("".join))
def test_whatever_it_writes_nothing_is_rendered_that_leads_or_loads(text: str) -> None:
    made = shown(text, 1)
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(made)
    assert not re.search(r"<(?:a|img|script|iframe|link|style|svg|object)\b|<!--", rendered), (made, rendered)


@given(st.lists(PARTS | st.text(max_size=3), max_size=30).map("".join))
def test_whatever_it_writes_no_address_is_left_that_the_document_has_not(text: str) -> None:
    assert not re.search(r"//e\.example|\bwww\.|\bjavascript:|\bme@e\.example\b", shown(text)), shown(text)


@pytest.mark.parametrize(
    "part",
    [
        "[",
        "<!--",
        "a.",
        "a-",
        "![x](",
        "(p. 1 ",
        "<a",
        "\\",
        "&amp;",
        "x@",
        "x+",
        "a",
        "a.b-",
        " ",
        "\t",
        "a\u3002",
        "1.1.1.1",
        ".",
    ],
)
def test_a_text_made_to_be_slow_is_not(part: str) -> None:
    """The test would run into its time limit if every sign were compared with every other."""
    assert shown(part * (ANSWER_CHARACTERS // len(part)) + "!")

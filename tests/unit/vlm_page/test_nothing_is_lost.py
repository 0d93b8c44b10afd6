"""Whatever a model answers, what is surely printed is in the result, and what is not printed is not, or a warning says
so."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocrchat.blocks import Line
from ocrchat.errors import PageError, PageUnverified
from ocrchat.pages import PageResult, PageTask
from tests.unit.vlm_page.made import answer, block, line, prepared
from tests.unit.vlm_page.scripted import Scripted
from vlm_page.asked import Asked
from vlm_page.page import read_prepared

PRINTED = [
    "the",
    "deposit",
    "shall",
    "not",
    "be",
    "returned",
    "to",
    "tenant",
    "unless",
    "landlord",
    "objects",
    "in",
    "writing",
    "total",
    "12.00",
    "-125.00",
    "1,250",
    "5",
    "480",
    "Springfield",
    "4711",
    "invoice",
    "2026-11-21",
    "EUR",
    "of",
    "a",
]
MADE_UP = ["zorgon", "blivet", "quux", "999.00", "7", "mumble", "crumpet", "spangle"]

some_lines = (
    st.lists(st.sampled_from(PRINTED), min_size=1, max_size=7)
    .map(" ".join)
    .filter(lambda text: sum(map(str.isalnum, text)) > 1)
)
pages = st.lists(some_lines, min_size=1, max_size=8).map(
    lambda texts: [line(text, row) for row, text in enumerate(texts)]
)


@st.composite
def some_text(draw: st.DrawFn, lines: Sequence[Line]) -> str:
    """Lines of the page, some of their words lost, doubled, or followed by others."""
    chosen = draw(st.lists(st.sampled_from(lines), max_size=4))
    words = [word for one in chosen for word in one.text.split()]
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(words)))
        words[at:at] = draw(st.lists(st.sampled_from([*MADE_UP, *PRINTED]), max_size=5))
    for _ in range(draw(st.integers(0, 3))):
        if words:
            del words[draw(st.integers(0, len(words) - 1))]
    return " ".join(words)


@st.composite
def some_block(draw: st.DrawFn, lines: Sequence[Line]) -> dict[str, Any]:
    numbers = draw(st.lists(st.integers(0, len(lines) + 1), max_size=5))
    kind = draw(st.sampled_from(["heading", "text", "list", "formula", "figure", "footer", "table"]))
    if kind != "table":
        return block(draw(some_text(lines)), numbers, kind)
    cell = some_text(lines).map(
        lambda text: {"text": text, "row_span": 1, "column_span": 1, "is_header": False, "translation": None}
    )
    return block("", numbers, kind, rows=draw(st.lists(st.lists(cell, max_size=3), max_size=3)))


def read(lines: Sequence[Line], blocks: Sequence[dict[str, Any]]) -> PageResult:
    return read_prepared(prepared(lines), PageTask(0, "png"), Asked(Scripted(answer(*blocks))), math.inf)


def words_of(*texts: str) -> Counter[str]:
    return Counter(word for text in texts for word in text.split())


@given(st.data())
@settings(max_examples=150)
def test_without_a_warning_the_result_has_the_words_of_the_page(data: st.DataObject) -> None:
    lines = data.draw(pages)
    blocks = data.draw(st.lists(some_block(lines), max_size=4))
    try:
        page = read(lines, blocks)
    except PageError:
        return
    if not page.warnings:
        assert words_of(page.text) == words_of(*(one.text for one in lines))


@given(st.data())
@settings(max_examples=300)
def test_a_small_change_to_a_right_answer_is_told_or_undone(data: st.DataObject) -> None:
    lines = data.draw(pages)
    blocks = [block(one.text, [number]) for number, one in enumerate(lines, start=1)]
    for _ in range(data.draw(st.integers(1, 2))):
        words = blocks[data.draw(st.integers(0, len(blocks) - 1))]["text"].split()
        at = data.draw(st.integers(0, len(words)))
        cut = data.draw(st.integers(0, 3))
        words[at : at + cut] = data.draw(st.lists(st.sampled_from([*MADE_UP, *PRINTED]), max_size=3))
        blocks[data.draw(st.integers(0, len(blocks) - 1))]["text"] = " ".join(words)
    try:
        page = read(lines, blocks)
    except PageError:
        return
    if not page.warnings:
        assert words_of(page.text) == words_of(*(one.text for one in lines))


@pytest.mark.parametrize("kind", ["text", "formula", "table"])
@given(st.data())
@settings(max_examples=100)
def test_a_block_that_is_not_written_takes_no_line_with_it(kind: str, data: st.DataObject) -> None:
    """Nor does one that names its lines and says something else; of a formula what it may stand for is told."""
    lines = data.draw(pages)
    numbers = range(1, len(lines) + 1)
    blocks = [block(one.text, [number]) for number, one in zip(numbers, lines, strict=True)]
    kept = [one for one in blocks if data.draw(st.booleans())]
    if data.draw(st.booleans()):
        cells = [[{"text": "zzq", "row_span": 1, "column_span": 1, "is_header": False}]]
        other = block("" if kind == "table" else "zzq xxv", numbers, kind, rows=cells if kind == "table" else None)
        kept.insert(data.draw(st.integers(0, len(kept))), other)
    try:
        page = read(lines, kept)
    except PageUnverified:
        return
    told = " ".join(warning.message for warning in page.warnings)
    lost = words_of(*(one.text for one in lines)) - words_of(page.text)
    assert all(kind == "formula" and f"“{word}”" in told for word in lost)


def test_a_page_of_which_nothing_is_written_is_not_empty() -> None:
    with pytest.raises(PageUnverified):
        read([line("the deposit shall be returned", 0)], [])

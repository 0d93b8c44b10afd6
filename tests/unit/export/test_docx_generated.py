"""Whatever stands on pages, the file opens and all of it is found again."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import docx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocrchat.blocks import Block, BlockType, Cell, Table
from ocrchat.pages import PageResult
from tests.unit.export.documents import boxes, documents
from tests.unit.export.docx_pages import rendered
from tests.unit.export.docx_read import Word

LETTERS = "אבגדשלוםالعربية١٢٣हिन्दीไทย中文かなカナ한국어ĞİşñéЖдΩἈ\u0301\u0323\u05b8\u064b😀👩\u200d👩\U0001d54f\U00020000\uf0b7"
texts = st.one_of(
    st.text(st.sampled_from(LETTERS + " \t\n\x0b\x85"), max_size=60),
    st.lists(st.sampled_from(["(b) ", "\uf0b7 ", "3.\t", "07. ", "x"]), max_size=8).map(
        lambda markers: "\n".join(f"{marker}item" for marker in markers)
    ),
    st.sampled_from(["Table 1. Of something", "Figure 3: " + "אב " * 5000, "12", "page 1 of 9"]),
)
SIZES = ((595.0, 842.0), (842.0, 595.0), (3000.0, 20.0), (0.0, 0.0))
LANGUAGES = (None, "en", "ar", "he", "zh", "ja", "hi", "de", "zh-Hant-vert", "xx")


@st.composite
def wide_tables(draw: st.DrawFn) -> Block:
    """Of more columns than Word has."""
    cells = tuple(Cell(0, column, draw(texts), (0.0, 0.0, 0.0, 0.0), 0.5) for column in range(70))
    table = Table(1, 70, cells, draw(st.integers(0, 1)))
    return Block("table", table.text, draw(boxes()), 0.5, table=table)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Texts that Word has something of its own for, as blocks of any type."""
    if draw(st.integers(0, 5)) == 0:
        return draw(wide_tables())
    kind, text = draw(st.sampled_from(get_args(BlockType))), draw(texts)
    return Block(kind, text, draw(boxes()), 0.5, translation=draw(st.none() | texts))


@st.composite
def pages(draw: st.DrawFn) -> list[PageResult]:
    """Those of any document, with more blocks among theirs, of sizes and languages that Word treats differently."""
    found = []
    for result in draw(documents(most_pages=4))[1]:
        width, height = draw(st.sampled_from(SIZES))
        among = draw(st.permutations((*result.blocks, *draw(st.lists(blocks(), max_size=3)))))
        language = draw(st.sampled_from(LANGUAGES))
        found.append(replace(result, width=width, height=height, blocks=tuple(among), language=language))
    return found


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(
    pages(),
    st.lists(st.sampled_from(["en", "ar", "zh", "ja", "th"]), max_size=2),
    st.sampled_from(["fr", "ar", "ja", "ko", "xx"]),
)
def test_the_file_opens_and_nothing_is_dropped(shown: list[PageResult], languages: list[str], other: str) -> None:
    data = rendered(shown, detected_languages=tuple(languages), translate_to=other)
    docx.Document(io.BytesIO(data))
    found = Word.of(data)
    found.check()
    body = squeezed(found.text_of(found.body))
    running = [squeezed(found.text_of(part)) for kind in ("header", "footer") for part in found.heads(kind)]
    for text in (text for result in shown for field in result.fields for text in (field.name, field.value)):
        assert squeezed(text) in body
    said = [block for result in shown for block in result.blocks]
    for block in (*said, *(block.translated for block in said if block.translated)):
        for text in all_texts(block):
            assert text in body or has_number(text, running), (block, body)


def all_texts(block: Block) -> Sequence[str]:
    if block.table is not None and block.table.columns <= 63:
        return [squeezed(cell.text) for cell in block.table.cells]
    if block.type in ("table", "list"):
        return [squeezed(part) for part in re.split("[\t\n\r\x0b\x0c\x85\u2028\u2029]", block.text)]
    return [squeezed(block.text)]


def has_number(text: str, running: Sequence[str]) -> bool:
    """Whether `text` stands in a head or a foot, but for the page's number, whose field shows 1 until Word counts."""
    digits: Any = re.compile(r"\d+")
    return any(digits.sub("0", text) in digits.sub("0", part) for part in running)


def squeezed(text: str) -> str:
    """Without blanks and what XML cannot hold; Symbol's bullets are those of Unicode."""
    text = re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
    text = re.sub(r"[\x00-\x1f\x7f-\x9f]|\s", "", text)
    return text.replace("\uf0b7", "•").replace("\uf0a7", "▪")

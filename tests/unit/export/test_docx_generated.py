"""Whatever stands on pages, the file opens and all of it is found again."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any, get_args

import docx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocrchat.blocks import Block, BlockType, Cell, Table
from ocrchat.pages import PageResult
from tests.unit.export.docx_pages import page, rendered
from tests.unit.export.docx_read import Word

SCRIPTS = (
    "abc XYZ 019 .,;()-–•*&<>\"'\t\n\r\x0b\x0c\u2028\x00\x08\x1b\x85\ud800\udfff\ufffe\uffff\u00ad\u200e\u200f\u202e"
)
LETTERS = "אבגדשלוםالعربية١٢٣हिन्दीไทย中文かなカナ한국어ĞİşñéЖдΩἈ\u0301\u0323\u05b8\u064b😀👩\u200d👩\U0001d54f\U00020000\uf0b7"
texts = st.one_of(
    st.text(st.sampled_from(SCRIPTS + LETTERS), max_size=60),
    st.text(max_size=30),
    st.lists(
        st.sampled_from(["1. ", "2. ", "(a) ", "(b) ", "iv) ", "• ", "- ", "\uf0b7 ", "3.\t", "07. ", "x"]), max_size=8
    ).map(lambda markers: "\n".join(f"{marker}item" for marker in markers)),
    st.sampled_from(["x" * 100_000, "Table 1. Of something", "Figure 3: " + "אב " * 5000, "12", "page 1 of 9"]),
)
lengths = st.floats(-50, 900)
boxes = st.tuples(lengths, lengths, lengths, lengths).map(
    lambda box: (min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]) + 1, max(box[1], box[3]) + 1)
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Of cells with spans that cover each place once."""
    rows, columns = draw(st.integers(1, 5)), draw(st.sampled_from([1, 2, 3, 4, 70]))
    free = [[True] * columns for _ in range(rows)]
    cells = []
    for row in range(rows):
        for column in range(columns):
            if not free[row][column]:
                continue
            across = down = 1
            if columns < 70:
                across = draw(st.integers(1, 3))
                while not (column + across <= columns and all(free[row][column : column + across])):
                    across -= 1
                down = draw(st.integers(1, min(3, rows - row)))
            for covered in range(row, row + down):
                free[covered][column : column + across] = [False] * across
            cells.append(Cell(row, column, draw(texts), draw(boxes), 0.5, down, across))
    return Table(rows, columns, tuple(cells), draw(st.integers(0, rows)))


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    kind: BlockType = draw(st.sampled_from(get_args(BlockType)))
    level = draw(st.none() | st.integers(1, 6)) if kind == "heading" else None
    if kind == "table" and draw(st.booleans()):
        table = draw(tables())
        return Block("table", table.text, draw(boxes), 0.5, table=table)
    return Block(kind, draw(texts), draw(boxes), 0.5, level=level)


@st.composite
def pages(draw: st.DrawFn) -> list[PageResult]:
    sizes = draw(
        st.lists(st.sampled_from([(595.0, 842.0), (842.0, 595.0), (3000.0, 20.0), (0.0, 0.0)]), min_size=1, max_size=4)
    )
    languages = st.sampled_from([None, "en", "ar", "he", "zh", "ja", "hi", "de", "zh-Hant-vert", "xx"])
    return [
        page(*draw(st.lists(blocks(), max_size=5)), index=index, width=width, height=height, language=draw(languages))
        for index, (width, height) in enumerate(sizes)
    ]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(pages(), st.lists(st.sampled_from(["en", "ar", "zh", "ja", "th"]), max_size=2))
def test_the_file_opens_and_nothing_is_dropped(shown: list[PageResult], languages: list[str]) -> None:
    data = rendered(shown, detected_languages=tuple(languages))
    docx.Document(io.BytesIO(data))
    found = Word.of(data)
    found.check()
    body = squeezed(found.text_of(found.body))
    running = [squeezed(found.text_of(part)) for kind in ("header", "footer") for part in found.heads(kind)]
    for block in (block for result in shown for block in result.blocks):
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

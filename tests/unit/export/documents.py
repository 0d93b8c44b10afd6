"""Finished jobs of every kind, for the tests of all formats: each type of block, pages without any, translations, named
fields, and text that holds whatever a reader may find or a file may carry."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy, composite

from ocrchat import markdown
from ocrchat.blocks import BBox, Block, BlockType, BoxSource, Cell, Field, Line, Table, Word, weighted_confidence
from ocrchat.errors import PageLost
from ocrchat.jobs import Job
from ocrchat.pages import Notice, PageResult
from tests.unit.export.jobs_made import JOB

Document = tuple[Job, list[PageResult]]

TYPES: tuple[BlockType, ...] = (
    *("text", "text", "heading", "list", "table", "table", "formula", "figure", "header", "footer"),
)
"""As often as they are drawn."""

LONG_LINE = 100_000  # characters
SIDES = (595.28, 841.89)  # of a page in pt

WORDS = (  # noqa: SIM905 - as a list it takes a line each
    "Invoice naïve Straße e\u0301te\u0301 q\u0323\u0307\u0300\u0316 Zalgo\u0310\u0334\u0351\u0349 "
    "東京都 データ 한국어 ｆｕｌｌ 𠮷野家 𝔘𝔫𝔦 שלום עולם مرحبا بالعالم हिन्दी ไทย မြန်မာ "
    "🙂 👩\u200d👩\u200d👧\u200d👦 🇩🇪 👍🏽 1\ufe0f\u20e3 \U0001f3f4\U000e0067\U000e0062\U000e007f "
    "\u202eevil\u202c \u2067abc\u2069 \u200fx\u200e \u2066\u202e soft\u00adhyphen zero\u200bwidth \ufeff"
).split(" ")
"""Of many scripts; emoji of several characters; marks that set, and do not set back, the direction."""

CONTROLS = tuple(map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFFF9, 0xFFFE, 0xFFFF, 0x1FFFF]))
SURROGATES = ("\ud800", "\udbff", "\udc00", "\udfff")

MARKUP = (  # noqa: SIM905
    r"# a¦## b #¦- c¦+ d¦* e¦1. f¦2) g¦> h¦===¦---¦***¦___¦```¦~~~¦    code¦a | b¦|---|---¦[a](javascript:b)¦![a](b)¦"
    r"[a]: http://b¦[^1]¦[^1]: a¦[ ]¦[x] y¦<http://c>¦<script>alert(1)</script>¦<!-- a¦-->¦--!>¦]]>¦<?x¦</table>¦<b¦"
    r"&amp;¦&#0;¦&lt;b&gt;¦$a$¦$$b$$¦$5 and $6¦\$c$¦$`d`$¦\(e\)¦\¦a\¦`¦``¦*a*¦__b__¦~~c~~¦~d~¦:smile:¦@a¦#1¦"
    r"www.example.com¦http://example.com/?a=b&c=d¦a@example.com¦a  ¦<br>¦{{ a }}¦{% b %}¦"
    r"=1+1¦+1¦-1¦@SUM(A1)¦=cmd|' /C calc'!A0¦＝1+1¦＋a¦－b¦＠c¦'=a¦a,b¦;¦-5,00¦1,234.50¦-¦+¦.¦"
    r'"¦""¦"a",¦%PDF¦endstream¦(a¦\) Tj¦w:p¦/Type¦_x000D_¦%s¦'
).split("¦")
"""What stands for something else than itself in one of the formats."""

characters = st.characters(codec="utf-8") | st.sampled_from(CONTROLS + SURROGATES)
wild = st.text(characters, max_size=12)
odd = st.builds("a{}b".format, st.sampled_from(CONTROLS + SURROGATES * 5))
words = st.one_of(st.sampled_from(WORDS), st.sampled_from(MARKUP), st.sampled_from(WORDS), odd, wild)
lines = st.lists(words, max_size=6).map(" ".join)
long_lines = st.builds(
    lambda word, gap: ((word + gap) * LONG_LINE)[:LONG_LINE], st.sampled_from(WORDS), st.sampled_from(["", " "])
)
texts = st.lists(lines, max_size=4).map("\n".join)
FORMULAS = (
    "E = mc^2",
    r"\frac{a}{b}",
    "$x_1$",
    r"$$\int_0^1 f$$",
    r"\[a\]",
    "a_{$b$}",
    r"\text{5 \$}",
    "x\\",
    "a\n\nb",
    "∑ aᵢ",
)
formulas = st.one_of(st.sampled_from(FORMULAS), texts)
markers = st.sampled_from(["• ", "- ", "* ", "1. ", "2. ", "7) ", "(a) ", "b. ", "iv. ", "‣ ", ""])
items = st.lists(st.builds(str.__add__, markers, lines), min_size=1, max_size=4).map("\n".join)
confidences = st.floats(0, 1).map(lambda value: round(value, 4))
sources = st.sampled_from(get_args(BoxSource))
languages = st.sampled_from(["fr", "ar", "ja", "ko"])
sometimes = st.booleans()
notices = st.builds(Notice, st.just("low_confidence"), st.just("Little of it is sure"))


@composite
def boxes(draw: DrawFn) -> BBox:
    """On the page, with some area, but for a few: an empty one, and one that reaches over the edge."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from([(0.0, 0.0, 0.0, 0.0), (-20.0, -5.0, 900.0, 900.0), (50.0, 60.0, 50.0, 60.0)]))
    left, top = draw(st.integers(0, 500)), draw(st.integers(0, 800))
    return (left, top, left + draw(st.integers(1, 90)), top + draw(st.integers(1, 40)))


@composite
def lines_of(draw: DrawFn, text: str) -> tuple[Line, ...]:
    """The lines of `text`, one below the other, with words or without; or none, where the reader knows blocks only."""
    kind = draw(st.sampled_from(["words", "words", "lines", "none"]))
    if kind == "none":
        return ()
    left, top, right, bottom = draw(boxes())
    confidence = draw(confidences)
    found = text.split("\n")
    height = (bottom - top) / len(found)
    made = []
    for number, line in enumerate(found):
        y0, y1 = top + number * height, top + (number + 1) * height
        said = line.split() if kind == "words" else []
        width = (right - left) / max(1, len(said))
        placed = tuple(
            Word(word, (left + at * width, y0, left + (at + 1) * width, y1), confidence) for at, word in enumerate(said)
        )
        made.append(Line(line, (left, y0, right, y1), confidence, placed))
    return tuple(made)


@composite
def tables(draw: DrawFn, text: SearchStrategy[str] = texts) -> Table:
    """Cells cover each place exactly once; some span."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            high, wide = draw(st.sampled_from([(1, 1), (1, 1), (1, 1), (1, 2), (2, 1), (2, 2)]))
            high, wide = min(high, rows - row), min(wide, columns - column)
            if any((row, column + further) in taken for further in range(wide)):
                wide = 1
            taken |= {(row + down, column + right) for down in range(high) for right in range(wide)}
            cells.append(Cell(row, column, draw(text), draw(boxes()), draw(confidences), high, wide))
    return Table(rows, columns, tuple(cells), draw(st.integers(0, rows)))


@composite
def blocks(draw: DrawFn, translated: SearchStrategy[bool] = sometimes) -> Block:
    """One of any type; a table with its cells, or, as of a reader that finds none, without."""
    kind = draw(st.sampled_from(TYPES))
    bbox, confidence = draw(boxes()), draw(confidences)
    source = draw(st.none() | sources)
    if kind == "table" and draw(st.integers(0, 3)):
        table = draw(tables())
        if draw(translated):
            table = replace(
                table, cells=tuple(replace(cell, translation=draw(st.none() | texts)) for cell in table.cells)
            )
        translation = table.translated.text if table.translated else None
        placed = draw(lines_of(table.text))
        return Block("table", table.text, bbox, confidence, placed, None, table, translation, source)
    written = {"list": items, "formula": formulas, "heading": lines, "table": st.lists(lines).map("\t".join)}
    text = draw(long_lines if draw(st.integers(0, 39)) == 17 else written.get(kind, texts))
    translation = draw(written.get(kind, texts)) if draw(translated) else None
    level = draw(st.none() | st.integers(1, 6)) if kind == "heading" else None
    return Block(kind, text, bbox, confidence, draw(lines_of(text)), level, None, translation, source)


fields = st.builds(Field, texts, texts, boxes(), confidences, sources)


@composite
def pages(draw: DrawFn, index: int, translated: SearchStrategy[bool]) -> PageResult:
    """With blocks, without any, or not read at all."""
    kind = draw(st.sampled_from(["read", "read", "read", "read", "blank", "unread"]))
    if kind == "unread":
        return PageResult.unread(index, PageLost())
    found = tuple(draw(st.lists(blocks(translated), min_size=1, max_size=5))) if kind == "read" else ()
    named = tuple(draw(st.lists(fields, max_size=2)))
    width, height = SIDES
    return PageResult(
        index,
        width,
        height,
        draw(st.sampled_from(["pt", "px"])),
        draw(st.sampled_from(["text_layer", "cpu", "vlm"])),
        found,
        "\n\n".join(block.text for block in found if block.text),
        markdown.of_blocks(found, named),
        draw(st.sampled_from([0, 90, 180, 270])),
        draw(st.sampled_from([None, "en", "ar", "ja"])),
        warnings=tuple(draw(st.lists(notices, max_size=1))),
        fields=named,
    )


@composite
def documents(draw: DrawFn, most_pages: int = 3) -> Document:
    """A job that is done, and its pages in order."""
    count = draw(st.integers(1, most_pages))
    language = draw(st.none() | languages)
    translated = sometimes if language else st.just(False)
    found = [draw(pages(index, translated)) for index in range(count)]
    filename = draw(st.sampled_from(["a.pdf", "Überweisung 東京.PDF", "..", "\ud800\x00<a>.tif"]))
    return of_pages(found, filename, language), found


def of_pages(found: list[PageResult], filename: str = "a.pdf", language: str | None = None) -> Job:
    """The job whose pages these are; `language` is that of translations."""
    confidence = weighted_confidence((block.text, block.confidence) for page in found for block in page.blocks)
    unread = sum(page.error is not None for page in found)
    return replace(
        JOB,
        filename=filename,
        page_count=len(found),
        mean_confidence=confidence,
        unread_pages=unread,
        translate_to=language,
    )

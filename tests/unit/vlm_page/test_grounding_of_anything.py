"""Whatever a model writes over whatever lines, each block has its place and its text."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocrchat.blocks import BBox, Block, Line, Word
from vlm_page.grounding import ground
from vlm_page.grounding.spelling import DOUBT_LEFT
from vlm_page.written import WrittenBlock, WrittenCell, WrittenField, WrittenPage

WIDTH, HEIGHT = 600.0, 800.0

some_text = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="ab 1,.-\n", max_size=40),
    st.sampled_from(
        [
            "Total",
            "12.00",
            "Total 12.00",
            "• one item",
            "exam-",
            "example",
            "世界人权宣言",
            "ปฏิญญาสากล",
            "שלום עולם",
            "ﬁne",
        ]
    ),
)
coordinate = st.floats(min_value=-50, max_value=900, allow_nan=False)
boxes = st.builds(
    lambda x, y, width, height: (x, y, x + width, y + height),
    coordinate, coordinate, st.floats(0, 300), st.floats(0, 40),
)  # fmt: skip
confidences = st.floats(0, 1)


@st.composite
def some_lines(draw: st.DrawFn) -> list[Line]:
    lines = []
    for text in draw(st.lists(some_text, max_size=8)):
        words = tuple(Word(word, draw(boxes), draw(confidences)) for word in text.split())
        lines.append(Line(text, draw(boxes), draw(confidences), words if draw(st.booleans()) else ()))
    return lines


numbers = st.lists(st.integers(-2, 12), max_size=5).map(tuple)
cells = st.builds(
    WrittenCell, some_text, st.integers(-1, 5), st.integers(-1, 10**9), st.booleans(), st.none() | some_text
)
rows = st.lists(st.lists(cells, max_size=4).map(tuple), max_size=4).map(tuple)
prose = st.builds(
    WrittenBlock,
    st.sampled_from(["heading", "text", "list", "formula", "figure", "header", "footer"]),
    some_text,
    numbers,
    st.none() | st.integers(-1, 9),
    st.none(),
    st.none() | some_text,
)
tables = st.builds(lambda lines, its: WrittenBlock("table", "", lines, rows=its), numbers, st.none() | rows)
pages = st.builds(
    WrittenPage,
    st.lists(prose | tables, max_size=6).map(tuple),
    st.lists(st.builds(WrittenField, st.just("total"), some_text, numbers), max_size=3).map(tuple),
)


def boxes_in(block: Block) -> list[BBox]:
    found = [block.bbox]
    for line in block.lines:
        found += [line.bbox, *(word.bbox for word in line.words)]
    if block.table is not None:
        found += [cell.bbox for cell in block.table.cells]
    return found


def confidences_in(block: Block) -> list[float]:
    found = [block.confidence]
    for line in block.lines:
        found += [line.confidence, *(word.confidence for word in line.words)]
    if block.table is not None:
        found += [cell.confidence for cell in block.table.cells]
    return found


def is_on_the_page(box: BBox) -> bool:
    x0, y0, x1, y1 = box
    return all(map(math.isfinite, box)) and 0 <= x0 <= x1 <= WIDTH and 0 <= y0 <= y1 <= HEIGHT


def signs(text: str) -> list[str]:
    return sorted("".join(text.split()))


@given(some_lines(), pages)
@settings(max_examples=500)
def test_boxes_are_on_the_page_and_confidences_are_probabilities(lines: list[Line], page: WrittenPage) -> None:
    grounded = ground(lines, page, WIDTH, HEIGHT)
    for block in grounded.blocks:
        assert all(map(is_on_the_page, boxes_in(block)))
        assert all(0 <= value <= 1 for value in confidences_in(block))
        assert block.bbox_source in ("lines", "alignment", "estimated")
    for field in grounded.fields:
        assert is_on_the_page(field.bbox)
        assert 0 <= field.confidence <= 1
    assert grounded.agreement is None or 0 <= grounded.agreement <= 1
    assert all(0 <= index < len(lines) for index in grounded.missing)
    assert all(0 <= index < len(page.blocks) for index in grounded.unmatched)


@given(some_lines(), pages)
@settings(max_examples=300)
def test_all_that_was_written_is_there_in_its_order(lines: list[Line], page: WrittenPage) -> None:
    grounded = ground(lines, page, WIDTH, HEIGHT)
    assert len(grounded.blocks) == len(page.blocks)
    for written, block in zip(page.blocks, grounded.blocks, strict=True):
        said = "".join(cell.text for row in written.rows or () for cell in row) or written.text
        assert signs(block.text) == signs(said)
        if block.lines:
            words = "".join(word.text for line in block.lines for word in line.words)
            added = len(signs(words)) - len(signs(said))
            assert 0 <= added <= words.count("-")  # hyphens that stand at the ends of lines
            assert set(signs(said)) <= set(signs(words))
    assert [field.value for field in grounded.fields] == [field.value for field in page.fields]


@given(some_lines(), pages)
@settings(max_examples=200)
def test_a_table_covers_each_place_once(lines: list[Line], page: WrittenPage) -> None:
    for block in ground(lines, page, WIDTH, HEIGHT).blocks:
        if block.table is None:
            continue
        places = [
            (cell.row + row, cell.column + column)
            for cell in block.table.cells
            for row in range(cell.row_span)
            for column in range(cell.column_span)
        ]
        assert sorted(places) == [(r, c) for r in range(block.table.rows) for c in range(block.table.columns)]
        assert [(c.row, c.column) for c in block.table.cells] == sorted((c.row, c.column) for c in block.table.cells)


letters = st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=8)


@st.composite
def read_page(draw: st.DrawFn) -> list[list[Line]]:
    """Paragraphs of lines of words, no word twice."""
    words = iter(draw(st.lists(letters, min_size=4, max_size=60, unique_by=lambda word: word.casefold())))
    paragraphs: list[list[Line]] = []
    y = 10.0
    while row := [word for _, word in zip(range(draw(st.integers(1, 6))), words, strict=False)]:
        placed = tuple(
            Word(word, (10.0 + 90 * index, y, 90.0 + 90 * index, y + 10), draw(confidences))
            for index, word in enumerate(row)
        )
        line = Line(" ".join(row), (10.0, y, 90.0 * len(row), y + 10), 0.5, placed)
        if not paragraphs or draw(st.booleans()):
            paragraphs.append([])
        paragraphs[-1].append(line)
        y += 12
    return paragraphs


@given(read_page(), st.booleans())
@settings(max_examples=200)
def test_what_is_written_as_it_was_read_halves_the_doubt(paragraphs: list[list[Line]], named: bool) -> None:
    lines = [line for paragraph in paragraphs for line in paragraph]
    numbers = iter(range(1, len(lines) + 1))
    written = []
    for paragraph in paragraphs:
        its = tuple(next(numbers) for _ in paragraph)
        written.append(WrittenBlock("text", " ".join(line.text for line in paragraph), its if named else ()))
    grounded = ground(lines, WrittenPage(tuple(written)), WIDTH, HEIGHT)
    assert grounded.agreement == 1
    assert not grounded.unmatched
    assert not grounded.missing
    for block, paragraph in zip(grounded.blocks, paragraphs, strict=True):
        assert [line.bbox for line in block.lines] == [line.bbox for line in paragraph]
        read = [word for line in paragraph for word in line.words]
        said = [word for line in block.lines for word in line.words]
        assert [word.text for word in said] == [word.text for word in read]
        likely = [1 - DOUBT_LEFT * (1 - word.confidence) for word in read]
        assert [word.confidence for word in said] == pytest.approx(likely)
        assert block.bbox_source == ("lines" if named else "alignment")
        assert replace(block, lines=()).text == " ".join(line.text for line in paragraph)

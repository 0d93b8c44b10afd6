from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.passages import Passage, passages_of
from chat.sentences import PASSAGE_CHARACTERS, sentences
from ocrchat.blocks import Block, BlockType, Cell, Field, Line, Table
from ocrchat.pages import PageResult

from .made import HEIGHT, LINE, WIDTH, block, is_within, page, table


def texts(*found: dict[str, Any]) -> list[str]:
    return [passage.text for passage in passages_of(found)]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("It rains. It pours!  Does it stop? No.", ["It rains.", "It pours!", "Does it stop?", "No."]),
        ("Mr. J. Smith owes $ 1.50 to Dr. Lee. He paid.", ["Mr. J. Smith owes $ 1.50 to Dr. Lee.", "He paid."]),
        ("See e.g. page 3. and so on.", ["See e.g. page 3. and so on."]),
        ("3. The contractor pays. (b). The client waits.", ["3. The contractor pays.", "(b). The client waits."]),
        ("Am 3. Mai kam er z.B. nach Bonn. Dort blieb er.", ["Am 3. Mai kam er z.B. nach Bonn.", "Dort blieb er."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("今天下雨。明天呢？好！", ["今天下雨。", "明天呢？", "好！"]),
        ("「雨です。」と言った。終わり。", ["「雨です。」", "と言った。", "終わり。"]),
        ("यह एक है। वह दो है।", ["यह एक है।", "वह दो है।"]),
        ("ما هذا؟ كتاب. وقلم", ["ما هذا؟", "كتاب.", "وقلم"]),
        ("یہ ایک ہے۔ وہ دو ہے۔", ["یہ ایک ہے۔", "وہ دو ہے۔"]),
        ("ሰላም።ደህና፧", ["ሰላም።", "ደህና፧"]),
        ("ဟုတ်ကဲ့။ မဟုတ်ဘူး။", ["ဟုတ်ကဲ့။", "မဟုတ်ဘူး။"]),
        ("Բարև։ Ինչպես ես։", ["Բարև։", "Ինչպես ես։"]),
        (" \t ", []),
    ],
)
def test_sentences_end_where_those_of_their_script_end(line: str, wanted: list[str]) -> None:
    assert [line[start:end] for start, end in sentences(line)] == wanted


def test_a_long_sentence_is_cut_behind_a_clause() -> None:
    clause = "and whoever signs this agreement pays for the goods, "
    found = [text for start, end in sentences(clause * 20) for text in [(clause * 20)[start:end]]]
    assert all(len(text) <= PASSAGE_CHARACTERS and text.endswith("goods,") for text in found)


def test_a_megabyte_without_an_end_becomes_passages_that_can_be_quoted() -> None:
    for character in ("a", ".", "word ", "字", '."'):
        line = character * (1_000_000 // len(character))
        assert max(end - start for start, end in sentences(line)) <= PASSAGE_CHARACTERS


def test_a_sentence_has_the_box_of_the_lines_it_stands_on() -> None:
    paragraph = block("The rent is due on the", "first day. The depos-", "it is refunded later.", top=100)
    paragraph = Block.of_lines(paragraph.lines, text="The rent is due on the first day. The deposit is refunded later.")
    first, second = passages_of([page(paragraph)])
    assert (first.text, first.bbox) == ("The rent is due on the first day.", (10, 100, 590, 100 + 2 * LINE))
    assert (second.text, second.bbox) == ("The deposit is refunded later.", (10, 100 + LINE, 590, 100 + 3 * LINE))


def test_where_the_lines_do_not_say_the_text_a_sentence_has_the_box_of_its_block() -> None:
    paragraph = block("Something else", "altogether", text="One. Two.")
    assert [passage.bbox for passage in passages_of([page(paragraph)])] == [paragraph.bbox] * 2


def test_rows_of_a_table_know_their_headings_and_their_boxes() -> None:
    found = list(passages_of([page(block("Prices", kind="heading"), table([["Item", "Price"], ["Tea", "2.50"]]))]))
    assert [(passage.kind, passage.text) for passage in found] == [
        ("heading", "Prices"),
        ("heading", "Item\tPrice"),
        ("row", "Tea\t2.50"),
    ]
    assert found[2].context == "Item\tPrice Prices"
    assert found[2].bbox == (0, LINE, WIDTH, 2 * LINE)


def test_a_cell_that_reaches_down_belongs_to_all_its_rows() -> None:
    boxes = [(0, 0, 300, 40), (300, 0, 600, 20), (300, 20, 600, 40)]
    cells = (
        Cell(0, 0, "Rent", boxes[0], 1, row_span=2),
        Cell(0, 1, "May", boxes[1], 1),
        Cell(1, 1, "June", boxes[2], 1),
    )
    grid = Table(2, 2, cells)
    found = list(passages_of([page(Block("table", grid.text, (0, 0, 600, 40), 1, table=grid))]))
    assert "Rent" not in found[1].text
    assert "Rent" in found[1].context


def test_a_paragraph_knows_the_heading_over_it() -> None:
    found = list(passages_of([page(block("Payment", kind="heading"), block("Within 45 days."))]))
    assert [passage.context for passage in found] == ["", "Payment"]


def test_items_of_a_list_are_passages_of_their_own() -> None:
    assert texts(page(block("• hard hats", "• safety vests", kind="list"))) == ["• hard hats", "• safety vests"]


def test_what_has_the_value_of_a_field_is_found_by_its_name() -> None:
    total = Field("total_amount", "42.00", (0, 0, 1, 1), 1.0, "lines")
    (passage,) = passages_of([page(block("RM 42.00"), fields=[total])])
    assert passage.context == "total amount"


def test_numbers_and_pages_count_on_over_the_document() -> None:
    found = list(passages_of([page(block("One. Two.")), page(index=1), page(block("Three."), index=2)]))
    assert [(passage.number, passage.page) for passage in found] == [(0, 0), (1, 0), (2, 2)]


def _numbers() -> st.SearchStrategy[float]:
    return st.floats(-1000, 2000) | st.sampled_from([float("nan"), float("inf"), float("-inf")])


def _boxes() -> st.SearchStrategy[tuple[float, float, float, float]]:
    return st.tuples(_numbers(), _numbers(), _numbers(), _numbers())


TYPES: list[BlockType] = ["heading", "text", "list", "table", "formula", "figure", "header", "footer"]
TEXTS = st.text(max_size=300) | st.text("ab1. \t\n。।-\u00ad", max_size=1200)
BLOCKS = st.builds(
    lambda kind, text, bbox, lines: Block(kind, text, bbox, 0.5, tuple(Line(said, box, 0.5) for said, box in lines)),
    st.sampled_from(TYPES),
    TEXTS,
    _boxes(),
    st.lists(st.tuples(TEXTS, _boxes()), max_size=3),
)


@given(st.lists(BLOCKS, max_size=5))
def test_passages_of_any_page_are_verbatim_and_cover_it_and_lie_on_it(blocks: list[Block]) -> None:
    text = "\n\n".join(block.text for block in blocks if block.text)
    made = PageResult(0, WIDTH, HEIGHT, "pt", "cpu", tuple(blocks), text).as_json(words=True)
    found: list[Passage] = list(passages_of([made]))
    assert all(passage.text in text for passage in found)
    assert "".join("".join(passage.text.split()) for passage in found) == "".join(text.split())
    assert all(is_within(passage.bbox, made) for passage in found)
    assert all(passage.text and len(passage.text) <= PASSAGE_CHARACTERS for passage in found)

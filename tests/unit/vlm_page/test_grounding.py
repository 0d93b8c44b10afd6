"""Where the words that a model writes are put, and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocrchat.blocks import Block, Line, Word
from vlm_page.grounding import Grounded, ground
from vlm_page.grounding.spelling import MOST_DIFFERING, UNREAD
from vlm_page.written import WrittenBlock, WrittenField, WrittenPage

from .read_pages import AGREED, HEIGHT, SURE, WIDTH, line, lines, row


def grounded(read: Sequence[Line], *blocks: WrittenBlock, fields: Sequence[WrittenField] = ()) -> Grounded:
    return ground(read, WrittenPage(blocks, tuple(fields)), WIDTH, HEIGHT)


def text(said: str, *named: int) -> WrittenBlock:
    return WrittenBlock("text", said, named)


def words(block: Block) -> list[Word]:
    return [word for its in block.lines for word in its.words]


def sureness(block: Block, said: str) -> float:
    return next(word.confidence for word in words(block) if word.text == said)


def test_a_block_stands_on_the_lines_that_it_names() -> None:
    (block,) = grounded(lines("one two", "three four", "five"), text("three four five", 2, 3)).blocks
    assert block.bbox == (0, 20, 100, 50)
    assert block.bbox_source == "lines"
    assert block.confidence == AGREED
    assert [its.text for its in block.lines] == ["three four", "five"]
    assert words(block)[1] == Word("four", (60, 20, 100, 30), AGREED)


def test_a_block_that_names_wrong_lines_stands_where_its_text_does() -> None:
    read = lines("Dear Madam", "we thank you for your letter", "of last week")
    (block,) = grounded(read, text("we thank you for your letter of last week", 1)).blocks
    assert block.bbox_source == "alignment"
    assert block.bbox == (0, 20, 280, 50)


def test_blocks_in_another_order_are_found() -> None:
    read = lines("alpha beta gamma", "delta epsilon", "zeta eta theta", "iota kappa lambda")
    page = grounded(read, *(text(read[number].text) for number in (2, 0, 3, 1)))
    assert [block.bbox[1] for block in page.blocks] == [40, 0, 60, 20]
    assert not page.missing
    assert page.agreement == 1


def test_columns_that_were_read_as_one_are_told_apart_by_words() -> None:
    read = lines(
        "The quick brown   Mary had a little",
        "fox jumps over    lamb its fleece was",
        "the lazy dog      white as snow",
    )
    left = text("The quick brown fox jumps over the lazy dog")
    right = text("Mary had a little lamb its fleece was white as snow")
    first, second = grounded(read, left, right).blocks
    assert first.bbox == (0, 0, 150, 50)
    assert second.bbox == (180, 0, 370, 50)


def test_a_word_that_a_hyphen_divides_stands_on_both_lines() -> None:
    (block,) = grounded(lines("this is an exam-", "ple of it"), text("this is an example of it")).blocks
    assert [its.text for its in block.lines] == ["this is an exam-", "ple of it"]
    assert block.text == "this is an example of it"
    assert block.confidence == AGREED


@pytest.mark.parametrize("named", [(), (1, 3)])
def test_what_stands_twice_is_found_twice_in_order(named: tuple[int, ...]) -> None:
    read = lines("Total", "12.00", "Total", "15.00")
    blocks = [text("Total"), text("12.00"), text("Total"), text("15.00")]
    if named:
        blocks[0], blocks[2] = text("Total", 1), text("Total", 3)
    assert [block.bbox[1] for block in grounded(read, *blocks).blocks] == [0, 20, 40, 60]


def test_what_is_written_once_more_has_no_place_unless_it_names_one() -> None:
    read = lines("Terms and conditions", "apply to all orders")
    said = [text("Terms and conditions"), text("apply to all orders")]
    page = grounded(read, *said, text("Terms and conditions"))
    assert page.unmatched == (2,)
    assert page.blocks[2].bbox_source == "estimated"
    assert page.blocks[2].confidence == UNREAD
    said[0] = text("Terms and conditions", 1)
    named = grounded(read, *said, text("Terms and conditions", 1))
    assert named.unmatched == ()
    assert named.blocks[0].bbox == named.blocks[2].bbox == row(0, 20)


def test_lines_that_nothing_says_are_missing() -> None:
    page = grounded(lines("one two three", "four five six", "***", "seven eight"), text("one two three seven eight"))
    assert page.missing == (1,)
    assert page.agreement == pytest.approx(2 * 21 / (21 + 32))


def test_a_page_without_lines_is_estimated_and_has_no_agreement() -> None:
    page = grounded([], text("all of it"), WrittenBlock("figure", ""))
    assert page.agreement is None
    assert page.unmatched == (0,)
    assert [block.bbox for block in page.blocks] == [(0, 0, WIDTH, HEIGHT)] * 2


@pytest.mark.parametrize(
    ("said", "read"), [("1,250.00", "1,260.00"), ("1,250.00", "1.250,00"), ("12.50", "1250"), ("-5", "5"), ("A4", "A5")]
)
def test_another_number_is_another_word(said: str, read: str) -> None:
    (block,) = grounded(lines(f"in all {read} EUR"), text(f"in all {said} EUR")).blocks
    assert sureness(block, said) < 0.2
    assert sureness(block, "EUR") == pytest.approx(AGREED)


@pytest.mark.parametrize(
    ("said", "read"),
    [("Total:", "TOTAL"), ("ﬁne", "fine"), ("é", "e\u0301"), ("10–12", "10-12"), ("١٢", "12"), ("x²", "x2")],
)
def test_the_same_word_in_another_form_is_as_sure(said: str, read: str) -> None:
    (block,) = grounded(lines(f"before {read} after"), text(f"before {said} after")).blocks
    assert sureness(block, said) == pytest.approx(AGREED)


def test_where_the_reader_was_unsure_nobody_knows() -> None:
    its = line("Dear Mr", sure=SURE)
    read = Line("Dear Mr Snnih", (0, 0, 130, 10), 0.8, (*its.words, Word("Snnih", (80, 0, 130, 10), 0.3)))
    (block,) = grounded([read], text("Dear Mr Smith")).blocks
    assert words(block)[-1] == Word("Smith", (80, 0, 130, 10), MOST_DIFFERING)


def test_a_word_that_was_not_read_stands_between_those_that_were() -> None:
    its = line("one    three")
    (block,) = grounded([its], text("one two three")).blocks
    assert words(block)[1] == Word("two", (30, 0, 70, 10), UNREAD)


def test_handwriting_stands_on_the_unsure_lines_that_it_names() -> None:
    read = [*lines("Dear Sir", "uue lhavk yn", "for yoor lehtr"), line("Yours", y=60)]
    read[1:3] = [line(its.text, y=its.bbox[1], sure=0.3) for its in read[1:3]]
    page = grounded(read, text("Dear Sir", 1), text("My brother came home", 2, 3), text("Yours", 4))
    block = page.blocks[1]
    assert page.unmatched == (1,)
    assert block.bbox == (0, 20, 140, 50)
    assert block.bbox_source == "lines"
    assert block.confidence == MOST_DIFFERING
    assert {its.bbox[1] for its in block.lines} == {20, 40}
    assert page.missing == ()


def test_a_sure_line_is_not_the_place_of_what_it_does_not_say() -> None:
    page = grounded(lines("Invoice number", "Date of delivery"), text("My brother came home", 1))
    assert page.blocks[0].bbox_source == "estimated"
    assert page.missing == (0, 1)


def test_a_formula_stands_on_the_line_that_it_names() -> None:
    formula = WrittenBlock("formula", r"\sum_{i=0}^{n} \frac{a_i}{b_i} = \infty", (2,))
    page = grounded(
        lines("we see that", "Zk ao bi", "which ends it"), text("we see that"), formula, text("which ends it")
    )
    assert page.blocks[1].bbox == row(1, 8)
    assert page.blocks[1].bbox_source == "lines"


def test_a_block_that_nothing_says_takes_the_room_between_its_neighbours() -> None:
    read = [line("above all else"), line("below all else", y=200)]
    page = grounded(read, text("above all else"), text("a note by hand"), text("below all else"))
    assert page.blocks[1].bbox == (0, 10, 140, 200)


def test_a_block_that_nothing_says_takes_the_lines_that_no_block_does() -> None:
    read = [line("above all else"), line("qvxz", y=100, x=50), line("below all else", y=200)]
    page = grounded(read, text("above all else"), text("a note by hand"), text("below all else"))
    assert page.blocks[1].bbox == (50, 100, 90, 110)
    assert page.blocks[1].bbox_source == "estimated"


def test_text_without_spaces_is_compared_sign_by_sign() -> None:
    read = lines("世界人权宣言序言", "鉴于对人类家庭")
    (block,) = grounded(read, text("世界人权宣言序言鉴于对入类家庭")).blocks
    assert [its.text for its in block.lines] == ["世界人权宣言序言", "鉴于对入类家庭"]
    assert block.lines[0].confidence == pytest.approx(AGREED)
    assert 0.8 < block.lines[1].confidence < AGREED


def test_text_that_runs_from_the_right_lies_from_the_right() -> None:
    whole = Word("שלוםעולם", (100, 0, 180, 10), SURE)
    (block,) = grounded([Line("שלוםעולם", whole.bbox, SURE, (whole,))], text("שלום עולם")).blocks
    assert [word.bbox for word in words(block)] == [(140, 0, 180, 10), (100, 0, 140, 10)]


def test_lines_without_words_are_divided_by_signs() -> None:
    (block,) = grounded([Line("one three", (0, 0, 90, 10), SURE)], text("one three")).blocks
    assert [word.bbox for word in words(block)] == [(0, 0, 30, 10), (40, 0, 90, 10)]


def test_bullets_that_were_not_read_stand_at_the_start_of_their_items() -> None:
    said = WrittenBlock("list", "• first thing\n• second thing", translation="• Erstes\n• Zweites")
    (block,) = grounded(lines("first thing", "second thing"), said).blocks
    assert [its.text for its in block.lines] == ["• first thing", "• second thing"]
    assert block.translation == "• Erstes\n• Zweites"


def test_a_figure_without_text_is_where_its_labels_are() -> None:
    page = grounded(
        lines("some text here", "axis x", "axis y"), text("some text here"), WrittenBlock("figure", "", (2, 3))
    )
    assert page.blocks[1].bbox == (0, 20, 60, 50)
    assert page.unmatched == ()
    assert page.missing == (1, 2)


def test_a_level_is_that_of_a_heading() -> None:
    read = lines("Title", "some text")
    title = WrittenBlock("heading", "Title", level=9)
    other = WrittenBlock("text", "some text", level=2)
    assert [block.level for block in grounded(read, title, other).blocks] == [6, None]


def test_a_field_stands_where_its_value_does() -> None:
    read = lines("Subtotal 12.00", "Total 12.00", "Paid in cash")
    fields = [
        WrittenField("total", "12.00", (2,)),
        WrittenField("payment", "cash"),
        WrittenField("due", "2026-01-31", (3,)),
    ]
    total, payment, due = grounded(read, text("Subtotal 12.00\nTotal 12.00\nPaid in cash"), fields=fields).fields
    assert (total.bbox, total.confidence, total.bbox_source) == ((60, 20, 110, 30), AGREED, "lines")
    assert (payment.bbox, payment.bbox_source) == ((80, 40, 120, 50), "alignment")
    assert (due.bbox, due.confidence, due.bbox_source) == (row(2, 12), UNREAD, "estimated")

"""What is left of an answer of which some blocks are proven, some are not, and some claim no place."""

from __future__ import annotations

import pytest

from chat.statements import Block, kept


def proven(text: str) -> Block:
    return Block(text, "proven")


def lost(text: str) -> Block:
    return Block(text, "lost")


def plain(text: str) -> Block:
    return Block(text, "plain")


@pytest.mark.parametrize(
    ("blocks", "wanted"),
    [
        ([proven("It is $42.")], "It is $42."),
        ([plain("Of the invoice: "), proven("it is $42"), plain(" (p. 1).")], "Of the invoice: it is $42 (p. 1)."),
        ([proven("It is $42 (p. 1)."), plain(" The buyer is not named.")], "It is $42 (p. 1). The buyer is not named."),
        (
            [proven("It is $42 (p. 1)."), plain(" "), lost("It is due in May"), plain(" (p. 1)."), plain(" Pay soon.")],
            "It is $42 (p. 1).",
        ),
        (
            [plain("Send it to XX99 today. "), lost("It is $9,999 (p. 1)."), proven(" It is due (p. 1).")],
            "It is due (p. 1).",
        ),
        (
            [proven("It is $42"), plain(", and "), lost("due in May"), plain(" (p. 1). "), proven("Pay.")],
            "It is $42 Pay.",
        ),
        ([proven("A."), plain(" B. And "), lost("C"), plain(". D: "), proven("E.")], "A. B. D: E."),
        ([lost("合計は九千円です。"), plain("そして"), proven("期限は三月です。")], "期限は三月です。"),
        ([lost("合計は"), plain("九千円です。"), proven("期限は三月です。")], "期限は三月です。"),
        ([plain("Nothing "), lost("of this"), plain(" holds.")], ""),
        ([plain("All of it is so.")], ""),
        ([], ""),
    ],
)
def test_what_is_proven_stays_with_what_joins_it(blocks: list[Block], wanted: str) -> None:
    assert kept(blocks) == wanted


def test_a_text_made_to_be_slow_is_not() -> None:
    """The test would run into its time limit if every sign were compared with every other."""
    for part in (".", "…", "(p. 1", " ", '."', "\n", "(p. "):
        kept([proven("A"), plain(part * 100_000 + "x"), lost("B"), plain(part * 100_000 + "x"), proven("C")])

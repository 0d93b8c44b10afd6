"""What stands on the page that is named is cited as it stands there; nothing else is."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.answers import Citation
from chat.passages import Passage, passages_of
from chat.verification import MOST_CITATIONS, SNIPPET_CHARACTERS, Claim, Location, Quote, verified

from .made import block, is_within, page, pages, table

INVOICE = [
    page(block("Invoice 17", kind="heading"), block("The total is 1,042.50 EUR. It is due on 3 March.")),
    page(block("Le café “Étoile” est fermé."), table([["Item", "Price"], ["Bolt M8", "4.20"]]), index=1),
    page(block("東京都は日本の首都である。人口は多い。"), block("ห้ามสูบบุหรี่ในอาคาร"), index=2),
]
PASSAGES = list(passages_of(INVOICE))


def snippets(*claims: Claim, passages: Sequence[Passage] = PASSAGES) -> list[tuple[int, str]]:
    return [(citation.page, citation.snippet) for citation in verified(claims, passages)]


@pytest.mark.parametrize(
    ("quote", "wanted"),
    [
        (Quote(1, "The total is 1,042.50 EUR."), [(1, "The total is 1,042.50 EUR.")]),
        (Quote(1, "total  is\n1,042.50"), [(1, "The total is 1,042.50 EUR.")]),
        (Quote(1, "1,042.50 EUR. It is due"), [(1, "The total is 1,042.50 EUR."), (1, "It is due on 3 March.")]),
        (Quote(2, 'Le cafe\u0301 "Étoile"'), [(2, "Le café “Étoile” est fermé.")]),
        (Quote(2, "Bolt M8 4.20"), [(2, "Bolt M8\t4.20")]),
        (Quote(2, "Ｂｏｌｔ\u00a0M8"), [(2, "Bolt M8\t4.20")]),
        (Quote(3, "日本の 首都"), [(3, "東京都は日本の首都である。")]),
        (Quote(3, "ห้าม สูบบุหรี่"), [(3, "ห้ามสูบบุหรี่ในอาคาร")]),
        (Quote(3, "สูบบุหรี่"), [(3, "ห้ามสูบบุหรี่ในอาคาร")]),
    ],
)
def test_a_quote_is_cited_as_the_page_has_it(quote: Quote, wanted: list[tuple[int, str]]) -> None:
    assert snippets(quote) == wanted


@pytest.mark.parametrize(
    "quote",
    [
        Quote(1, "The total is 1,042.51 EUR."),
        Quote(1, "The sum is 1,042.50 EUR."),
        Quote(1, "the total is 1,042.50 eur."),
        Quote(1, "The total is … EUR."),
        Quote(1, "1042.50"),
        Quote(1, "042.50"),
        Quote(1, "he total i"),
        Quote(1, "1,042.5"),
        Quote(1, "The total is 1,042"),
        Quote(2, "Le cafe"),
        Quote(2, "Bolt M8 4.20 4.20"),
        Quote(3, "首都日本"),
        Quote(3, "ห้ามส"),
        Quote(1, ""),
        Quote(1, " \u200b\u00ad "),
        Quote(0, "Nothing"),
        Quote(-2, "Nothing"),
    ],
)
def test_what_does_not_stand_there_is_dropped(quote: Quote) -> None:
    assert snippets(quote) == []


def test_a_quote_goes_to_the_one_other_page_that_it_stands_on() -> None:
    assert snippets(Quote(3, "The total is 1,042.50 EUR.")) == [(1, "The total is 1,042.50 EUR.")]
    assert snippets(Quote(99, "Bolt M8")) == [(2, "Bolt M8\t4.20")]


def test_a_quote_that_stands_on_several_other_pages_is_dropped() -> None:
    twice = list(passages_of(pages("Paid in full.", "Nothing here.", "Paid in full.")))
    assert snippets(Quote(2, "Paid in full."), passages=twice) == []
    assert snippets(Quote(3, "Paid in full."), passages=twice) == [(3, "Paid in full.")]


def test_a_word_or_two_show_something_only_where_they_stand_once() -> None:
    page_of_words = list(passages_of(pages("The cat sleeps. The dog has 42 bones, 17 of them old. The 42 are his.")))
    assert snippets(Quote(1, "The"), passages=page_of_words) == []
    assert snippets(Quote(1, "42"), passages=page_of_words) == []
    assert [page for page, _ in snippets(Quote(1, "17"), passages=page_of_words)] == [1]


def test_a_quote_does_not_reach_over_passages_that_were_left_out() -> None:
    first, _, third = passages = list(passages_of(pages("One is here. Two is there. Three is nowhere.")))
    assert len(snippets(Quote(1, "One is here. Two is there."), passages=passages)) == 2
    assert snippets(Quote(1, "One is here. Three is nowhere."), passages=[first, third]) == []


def test_the_box_is_that_of_the_passage() -> None:
    rent = block("The rent is due on", "the first day.", text="The rent is due on the first day.", top=100)
    found = list(passages_of([page(rent, block("Signed.", top=300))]))
    citations = verified([Quote(1, "due on the first"), Quote(1, "Signed.")], found)
    assert [citation.bbox for citation in citations] == [(10, 100, 590, 140), (10, 300, 590, 320)]
    assert {citation.unit for citation in citations} == {"pt"}


# --- locations ------------------------------------------------------------------------------------------------------


def test_blocks_that_are_named_with_their_text_are_cited() -> None:
    named = [passage for passage in PASSAGES if passage.page == 0][1:3]
    said = "The total is 1,042.50 EUR.It is due on 3 March."
    wanted = [(1, "The total is 1,042.50 EUR."), (1, "It is due on 3 March.")]
    assert snippets(Location(named, said)) == wanted
    assert snippets(Location(named, said.replace(".It", ".\nIt"))) == wanted


@pytest.mark.parametrize("text", ["", "The total is 1,042.50 EUR.", "The total is 9. It is due on 3 March.", "Hello"])
def test_blocks_whose_text_is_not_what_the_server_says_are_dropped(text: str) -> None:
    named = [passage for passage in PASSAGES if passage.page == 0][1:3]
    assert snippets(Location(named, text)) == []


# --- how many, and how long -----------------------------------------------------------------------------------------


def test_each_passage_is_cited_once_in_the_order_of_the_claims() -> None:
    claims = [Quote(2, "Bolt M8"), Quote(1, "It is due on 3 March."), Quote(2, "Bolt M8 4.20"), Quote(1, "due on 3")]
    assert snippets(*claims) == [(2, "Bolt M8\t4.20"), (1, "It is due on 3 March.")]


def test_of_too_many_each_claim_keeps_its_first_passage() -> None:
    sentences = [f"Sentence number {number} stands here." for number in range(30)]
    found = list(passages_of(pages(" ".join(sentences), "The other page says more.")))
    whole = Location(found[:30], "".join(sentences))
    cited = snippets(whole, Quote(2, "The other page says more."), passages=found)
    assert len(cited) == MOST_CITATIONS
    assert cited == [*((1, sentence) for sentence in sentences[: MOST_CITATIONS - 1]), (2, "The other page says more.")]


def test_what_a_claim_begins_with_is_kept_though_another_has_reached_over_it() -> None:
    sentences = [f"Sentence number {number} stands here." for number in range(30)]
    found = list(passages_of(pages(" ".join(sentences))))
    cited = snippets(Location(found, "".join(sentences)), Quote(1, sentences[20]), passages=found)
    assert cited == [(1, sentence) for sentence in [*sentences[: MOST_CITATIONS - 1], sentences[20]]]


def test_a_long_passage_is_cut_at_the_end_of_a_word_from_where_the_quote_begins() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    passage = Passage(0, 0, text, (0, 0, 1, 1), "pt", "sentence")
    ((_, beginning),) = snippets(Location([passage], text), passages=[passage])
    ((_, middle),) = snippets(Quote(1, "word77 word78"), passages=[passage])
    assert beginning.startswith("word0 word1 ")
    assert middle.startswith("word77 word78 ")
    for snippet in (beginning, middle):
        assert SNIPPET_CHARACTERS - 10 < len(snippet) <= SNIPPET_CHARACTERS
        assert set(snippet.split()) <= set(text.split())


# --- anything -------------------------------------------------------------------------------------------------------

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("ab ab1.\u0301\u00ad\n字"))


@given(st.data(), st.lists(TEXTS.filter(str.strip), min_size=1, max_size=4))
def test_whatever_is_claimed_what_is_cited_stands_on_its_page(data: st.DataObject, texts: list[str]) -> None:
    made: list[dict[str, Any]] = pages(*texts)
    passages = list(passages_of(made))
    parts = st.sampled_from(texts).flatmap(
        lambda text: st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(
            lambda ends: text[min(ends) : max(ends)]
        )
    )
    words = parts | TEXTS | parts.map(lambda text: unicodedata.normalize("NFKD", text).upper())
    quotes = st.builds(Quote, st.integers(-1, 6), words)
    named = st.lists(st.sampled_from(passages), max_size=3) if passages else st.just([])
    claims = data.draw(st.lists(quotes | st.builds(Location, named, words), max_size=20))
    check(verified(claims, passages), made)


@given(TEXTS.filter(str.strip))
def test_a_page_can_be_quoted_whole(text: str) -> None:
    passages = list(passages_of(pages(text)))
    whole = Quote(1, "\n".join(passage.text for passage in passages))
    has_words = any(map(str.isalnum, unicodedata.normalize("NFKC", text)))
    if has_words:
        assert verified([whole], passages)


def check(citations: Sequence[Citation], made: Sequence[dict[str, Any]]) -> None:
    """Each snippet is text of the page, sign by sign, and its box on the page."""
    assert len(citations) <= MOST_CITATIONS
    for citation in citations:
        cited = made[citation.page - 1]
        assert citation.snippet
        assert citation.snippet in cited["text"]
        assert len(citation.snippet) <= SNIPPET_CHARACTERS
        assert all(map(math.isfinite, citation.bbox))
        assert is_within(citation.bbox, cited)

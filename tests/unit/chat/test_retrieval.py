from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.passages import passages_of
from chat.retrieval import Index, build, searching, storing
from chat.retrieval.folding import tokens

from .made import block, page, pages, table

Indexed = Callable[..., Index]


@pytest.fixture
def indexed(tmp_path: Path) -> Iterator[Indexed]:
    """Makes the index of pages of one paragraph each, or of page results."""
    opened: list[Index] = []

    def of(*texts: str, found: list[dict[str, object]] | None = None) -> Index:
        path = tmp_path / f"{len(opened)}.sqlite"
        build(passages_of(pages(*texts) if found is None else found), path)
        opened.append(Index.open(path))
        return opened[-1]

    yield of
    for index in opened:
        index.close()


def best(index: Index, question: str) -> int:
    """The 1-based number of the page that is ranked first; 0 where none is."""
    ranked = index.pages_ranked(question)
    return ranked[0][0] + 1 if ranked else 0


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The invoice total is $42.", "What is the total of the invoice?"),
        ("Payment is made within 45 days.", "When do they have to pay?"),
        ("Le résumé de la séance", "Où est le resume de la seance ?"),
        ("Es gelten die Bedingungen der Straße.", "Welche Bedingung gilt in der STRASSE?"),
        ("Права человека защищены законом.", "Какими законами защищены права?"),
        ("το θεμέλιο της ελευθερίας", "Ποιο είναι το θεμέλιο της ΕΛΕΥΘΕΡΙΑΣ;"),
        ("甘肃的侵蚀沟道条数占40.3%", "甘肃的侵蚀沟有多少？"),
        ("日本語は縦に書かれていた。", "日本語はどう書かれていましたか。"),
        ("보험금은 고객에게 지급된다.", "보험금을 누가 받나요?"),
        ("สิทธิมนุษยชนเป็นของทุกคน", "ใครมีสิทธิมนุษยชน"),
        ("حقوق الإنسان يحميها القانون", "ما الذي يحمي الحقوق بقانون؟"),
        ("רבי יהודה הנשיא ערך את המשנה", "מי ערך משנה?"),
        ("मानव अधिकारों की रक्षा", "मानव अधिकार क्या हैं?"),
        ("ສິດທິມະນຸດ", "ສິດທິມະນຸດແມ່ນຫຍັງ"),
        ("The amount is 1,250.00", "Where does 1250 stand?"),
        ("Write to anna@example.org", "Which e-mail address is given?"),
        ("Part XRT83L30IV is listed", "What is xrt83l30iv?"),
        ("CAS 108-78-1", "What has the number 108-78-1?"),
    ],
)
def test_a_question_finds_its_page_in_any_script(indexed: Indexed, text: str, question: str) -> None:
    index = indexed("Nothing of it stands here.", "漢字とかな。", text, "Слова совсем другие.", "مرحبا بكم")
    assert best(index, question) == 3


def test_a_word_that_few_passages_have_counts_more(indexed: Indexed) -> None:
    assert best(indexed("The rent.", "The rent.", "The rent.", "The deposit."), "rent or deposit?") == 4


def test_a_row_is_found_by_the_heading_of_its_columns(indexed: Indexed) -> None:
    prices = page(table([["Item", "Price"], ["Tea", "2.50"]]))
    stock = page(table([["Item", "Stock"], ["Tea", "7"]]), index=1)
    (hit,) = indexed(found=[prices, stock]).search("What is the price of tea?", 1)
    assert hit.passage.text == "Tea\t2.50"


def test_a_paragraph_is_found_by_the_heading_over_it(indexed: Indexed) -> None:
    law = page(block("Arbitration", kind="heading"), block("It takes place in Bonn."))
    assert indexed(found=[law, *pages("", "It takes place.")[1:]]).search("arbitration place", 1)[0].passage.text == (
        "It takes place in Bonn."
    )


def test_a_question_that_goes_on_is_found_with_the_words_of_the_one_before(indexed: Indexed) -> None:
    index = indexed("The lease is due in May.", "The loan is due in June.")
    assert index.pages_ranked("And when is it due?", ["What does the loan cost?"])[0][0] == 1
    assert index.pages_ranked("And when is it due?", ["What does the lease cost?"])[0][0] == 0


def test_what_has_nothing_of_the_question_is_no_hit(indexed: Indexed) -> None:
    index = indexed("The rent is due.")
    assert index.search("Quantum chromodynamics?", 5) == []
    assert index.pages_ranked("") == []


def test_an_index_gives_back_the_passages_that_it_was_built_of(tmp_path: Path) -> None:
    found = list(passages_of(pages("One. Two \ud800 and \x00.", "Three. 四。")))
    build(found, tmp_path / "index")
    index = Index.open(tmp_path / "index")
    assert index.passages(0, 99) == found
    assert index.around(found[1], 1) == found[:2]
    assert index.total_characters == sum(len(passage.text) for passage in found)
    index.close()


def test_an_index_of_a_document_without_text_finds_nothing(indexed: Indexed) -> None:
    index = indexed(found=[page()])
    assert (index.total_characters, index.search("anything", 3)) == (0, [])


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index"
    path.write_bytes(b"no database at all, but long enough for one to be looked for" * 20)
    with pytest.raises(sqlite3.DatabaseError):
        Index.open(path)


def test_an_index_of_another_version_is_refused(tmp_path: Path) -> None:
    build(passages_of(pages("One.")), tmp_path / "index")
    with sqlite3.connect(tmp_path / "index") as database:
        database.execute("PRAGMA user_version = 999")
    with pytest.raises(sqlite3.DatabaseError, match="999"):
        Index.open(tmp_path / "index")


def test_building_anew_replaces_the_file_with_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "index"
    written = []
    for _ in range(2):
        build(passages_of(pages("One. Two.", "Three.")), path)
        written.append(path.read_bytes())
    assert written[0] == written[1]


def test_an_index_is_at_most_three_times_as_large_as_the_text(tmp_path: Path) -> None:
    letters = "abcdefghijklmnopqrst"
    words = [f"{one}{two}{three}{one}a" for one in letters for two in letters for three in letters]
    lines = [" ".join(words[(17 * n + 613 * k) % len(words)] for k in range(12)) for n in range(6000)]
    found = pages(*(". ".join(lines[n : n + 30]) for n in range(0, len(lines), 30)))
    build(passages_of(found), tmp_path / "index")
    assert (tmp_path / "index").stat().st_size <= 3 * sum(len(page["text"]) for page in found)


def test_a_search_for_what_stands_in_every_row_is_bounded(indexed: Indexed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_POSTINGS", 10)
    index = indexed(found=[page(block(*(f"total {number}" for number in range(500))))])
    assert {hit.passage.number for hit in index.search("total", 99)} <= set(range(13))


def test_the_best_page_has_a_hit_though_another_has_better_ones(
    indexed: Indexed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_RESCORED", 1)
    together = page(block("rent deposit"))
    scattered = page(
        block(
            *[
                "rent",
                "x",
                "x",
                "x",
                "deposit",
                "x",
                "x",
                "x",
                "landlord",
                "x",
                "x",
                "x",
                "tenant",
                "x",
                "x",
                "x",
                "pets",
            ]
        ),
        index=1,
    )
    ranking = indexed(found=[together, scattered]).rank("rent deposit landlord tenant pets")
    assert [page for page, _ in ranking.pages] == [1, 0]
    assert {hit.passage.page for hit in ranking.hits} == {0, 1}


QUESTIONS = st.text(max_size=200) | st.text("\"'*(){}^:-+ NEAR OR AND NOT own context%_\\;漢字", max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=QUESTIONS, text=st.text(max_size=200))
def test_no_question_and_no_text_make_a_search_fail(tmp_path: Path, question: str, text: str) -> None:
    build(passages_of(pages(text, question, "own context")), tmp_path / "any")
    index = Index.open(tmp_path / "any")
    assert all(hit.score > 0 for hit in index.search(question, 5, [text]))
    index.close()


@given(st.text(max_size=200))
def test_tokens_are_such_that_they_can_be_quoted_and_divided_by_blanks(text: str) -> None:
    for token in tokens(text):
        assert token
        assert not any(character.isspace() or character in "\"'\x00" for character in token)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=120) | st.text("ab1-/.@_:+ 漢كé\t", max_size=60))
def test_every_token_of_a_text_is_found_in_its_index(tmp_path: Path, text: str) -> None:
    """The tokenizer of the database must neither divide nor drop one, nor the quotes around it be broken by it."""
    build(passages_of(pages(text)), tmp_path / "any")
    stored = storing.Stored(tmp_path / "any")
    for passage in stored.passages(0, 99):
        assert all(passage.number in stored.having(token, "own", 99) for token in tokens(passage.text))
    stored.close()

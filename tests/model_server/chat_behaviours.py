"""How a model behaves that is asked about a document: well, or in one of the ways in which answers cannot be believed.
Each behaves so whether places are named by citations or by quotes in JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tests.model_server.behaviours import ORDER, Asked, Behaviour, Reply, Said
from tests.model_server.chats import ChatRequest, NoChat, Place, answer_in_json, best_place, chat_of, place_of


def answers(words: str = "") -> Behaviour:
    """With the sentence or row that has most words in common with the question, and the place of it. `words` is what it
    says when it is asked for words to search with."""

    def behave(asked: Asked) -> Reply:
        try:
            chat = chat_of(asked.body)
        except NoChat:
            return Said(words)
        place = best_place(chat)
        if place is None:
            return said(chat, chat.not_said, [])
        return said(chat, f"It says: {place.text} (p. {place.number}).", [place])

    return behave


def answers_that(text: str, *places: tuple[int, int]) -> Behaviour:
    """With this text, and these places: the position of a page in the request, and that of a part of it, from 0."""

    def behave(asked: Asked) -> Reply:
        chat = chat_of(asked.body)
        return said(chat, text, [place_of(chat, *place) for place in places])

    return behave


def lies(change: Callable[[Place], Place]) -> Behaviour:
    """It answers well, but names another place than the one that it has it from."""

    def behave(asked: Asked) -> Reply:
        chat = chat_of(asked.body)
        place = best_place(chat) or place_of(chat, 0, 0)
        return said(chat, f"It says: {place.text} (p. {place.number}).", [change(place)])

    return behave


def invents_places() -> Behaviour:
    """Pages and blocks that there are none of, with a text that stands nowhere."""
    return lies(lambda place: Place(900, 7, 9, "The parties agree to what is set out below.", 901))


def invents_blocks() -> Behaviour:
    """Of a page that there is."""
    return lies(lambda place: replace(place, first=5000, end=5001, text="Nothing of this is there."))


def misquotes() -> Behaviour:
    """Text that does not stand where it says."""
    return lies(lambda place: replace(place, text="This was never written anywhere."))


def paraphrases_quotes() -> Behaviour:
    """The words of the page in another order."""
    return lies(lambda place: replace(place, text=" ".join(sorted(place.text.split(), reverse=True))))


def names_another_page(by: int = 1) -> Behaviour:
    """The right words, but another page: the next one."""
    return lies(lambda place: replace(place, page=place.page + by, number=place.number + by))


def cites_nothing() -> Behaviour:
    def behave(asked: Asked) -> Reply:
        chat = chat_of(asked.body)
        place = best_place(chat) or place_of(chat, 0, 0)
        return said(chat, f"It says: {place.text} (p. {place.number}).", [])

    return behave


def obeys_the_document(cites: bool = False) -> Behaviour:
    """It takes an order that stands in the document for its user's; `cites`: and names the place of the order."""

    def behave(asked: Asked) -> Reply:
        chat = chat_of(asked.body)
        for page, shown in enumerate(chat.pages):
            for part, text in enumerate(shown.parts):
                if order := ORDER.search(text):
                    written = (order["quoted"] or order["plain"]).strip()
                    return said(chat, written, [place_of(chat, page, part)] if cites else [])
        return answers()(asked)

    return behave


def said(chat: ChatRequest, text: str, places: Sequence[Place]) -> Said:
    """In the form that the request wants. All of a text with places is one cited block."""
    if not chat.cites:
        return Said(answer_in_json(text, places, answerable=text != chat.not_said))
    cited = {"citations": [place.citation for place in places]} if places else {}
    return Said.of_blocks([{"type": "text", "text": text, **cited}])


LIARS: Mapping[str, Callable[[], Behaviour]] = {
    "invents places": invents_places,
    "invents blocks": invents_blocks,
    "misquotes": misquotes,
    "paraphrases quotes": paraphrases_quotes,
    "cites nothing": cites_nothing,
}
"""Whose answers have nothing that can be proven."""

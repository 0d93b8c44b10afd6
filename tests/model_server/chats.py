"""Understands a request that asks a question about a document: its pages with what stands on them, what was said before,
and in which form places are to be named; and finds what a good model would answer with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PAGE = re.compile(r'^<page number="(\d+)">\n(.*?)\n</page>$', re.MULTILINE | re.DOTALL)
NOT_SAID = re.compile(r"\banswer ([A-Z][A-Z_]{5,}) and nothing else")
"""What the request wants to be told where the document does not say it."""

LEAST_IN_COMMON = 2


@dataclass(frozen=True, slots=True)
class ChatPage:
    """`parts` are its blocks, or its lines where it came as text."""

    number: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """`earlier` are questions and answers by turns. `cites`: whether places are named by citations of the API, not in
    JSON. `not_said` is empty where the request names no such word."""

    pages: tuple[ChatPage, ...]
    question: str
    earlier: tuple[str, ...]
    cites: bool
    not_said: str


@dataclass(frozen=True, slots=True)
class Place:
    """Parts of a page, the last one not among them; `page` counts from 0 in the request. `text` is what is said to stand
    there, and `number` the page that it is said to be on."""

    page: int
    first: int
    end: int
    text: str
    number: int

    @property
    def citation(self) -> dict[str, Any]:
        return {
            "type": "content_block_location",
            "document_index": self.page,
            "document_title": f"Page {self.number}",
            "start_block_index": self.first,
            "end_block_index": self.end,
            "cited_text": self.text,
        }


class NoChat(ValueError):
    """The request asks no question about a document in a form that is known here."""


def chat_of(body: Mapping[str, Any]) -> ChatRequest:
    """Raises NoChat."""
    first, *others = (_blocks(message["content"]) for message in body["messages"])
    *before, question = [block["text"] for block in first if block["type"] == "text"]
    documents = [block for block in first if block["type"] == "document"]
    pages = tuple(_of_documents(documents)) or tuple(_of_text("\n".join(before)))
    if not pages:
        raise NoChat('documents, or pages between <page number="1"> and </page>, are expected before the question')
    said = [question, *("\n".join(block["text"] for block in blocks) for blocks in others)]
    system = "\n".join(block["text"] for block in _blocks(body.get("system", "")))
    not_said = NOT_SAID.search(system)
    return ChatRequest(pages, said[-1], tuple(said[:-1]), bool(documents), not_said[1] if not_said else "")


def _blocks(content: Any) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _of_documents(documents: Sequence[Mapping[str, Any]]) -> Iterator[ChatPage]:
    for document in documents:
        number = int(re.findall(r"\d+", document["title"])[-1])
        yield ChatPage(number, tuple(part["text"] for part in document["source"]["content"]))


def _of_text(text: str) -> Iterator[ChatPage]:
    for number, lines in PAGE.findall(text):
        yield ChatPage(int(number), tuple(lines.split("\n")))


def place_of(chat: ChatRequest, page: int, part: int) -> Place:
    """As it is."""
    return Place(page, part, part + 1, chat.pages[page].parts[part], chat.pages[page].number)


def best_place(chat: ChatRequest) -> Place | None:
    """The first part that has the most words in common with the question, and with the questions before it where that
    does not tell; None where there is none with two of them."""
    asked, before = _words(chat.question), _words(" ".join(chat.earlier[::2]))
    best, most = None, (0, 0)
    for page, shown in enumerate(chat.pages):
        for part, text in enumerate(shown.parts):
            words = _words(text)
            common = len(words & asked), len(words & before)
            if common > most and len(words & (asked | before)) >= LEAST_IN_COMMON:
                best, most = (page, part), common
    return place_of(chat, *best) if best else None


def _words(text: str) -> set[str]:
    """Of other scripts than Latin each sign is one."""
    return set(re.findall(r"[a-z\d]{2,}|[^\W\da-z]", text.lower()))


def answer_in_json(answer: str, places: Sequence[Place], *, answerable: bool) -> str:
    quotes = [{"page": place.number, "text": place.text} for place in places]
    return json.dumps({"quotes": quotes, "answerable": answerable, "answer": answer}, ensure_ascii=False)

"""How a model behaves: each is a callable that is given what was asked and returns what is answered. The request has kept
the rules before."""

from __future__ import annotations

import json
import random
import re
import string
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.model_server.errors import Refused
from tests.model_server.pages import PageLine, PageRequest, page_of
from tests.model_server.writing import Block, translated, written


@dataclass(frozen=True, slots=True)
class Asked:
    """`number` counts requests from 1. `stopping` is set when the server ends: whoever waits, waits on it."""

    body: Mapping[str, Any]
    number: int
    stopping: threading.Event

    @property
    def page(self) -> PageRequest:
        return page_of(self.body)


@dataclass(frozen=True, slots=True)
class Said:
    """What the model writes; it is cut at `max_tokens` of the request, as any model's is. None is no block at all.
    `blocks`, where there are any, are text blocks with citations, and their texts make `text`."""

    text: str | None
    stop_reason: str = "end_turn"
    blocks: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of_blocks(cls, blocks: Sequence[Mapping[str, Any]], stop_reason: str = "end_turn") -> Said:
        return cls("".join(block["text"] for block in blocks), stop_reason, blocks)

    def cut_to(self, characters: int) -> Said:
        """What is written of it before a limit; a citation comes when its block begins."""
        left, blocks = characters, []
        for block in self.blocks:
            if left > 0:
                blocks.append({**block, "text": block["text"][:left]})
            left -= len(block["text"])
        return Said((self.text or "")[:characters], "max_tokens", blocks)


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes in the place of an answer; `hangs_up_after`: so many of them, and then the connection is gone."""

    data: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs_up_after: int | None = None


Reply = Said | Raw
Behaviour = Callable[[Asked], Reply]
Truth = Callable[[PageRequest], Sequence[Block]]


def well(truth: Truth | None = None) -> Behaviour:
    """As a good model would. `truth`: what stands on the page, where somebody knows."""

    def behave(asked: Asked) -> Reply:
        return _said(written(asked.page, None if truth is None else truth(asked.page)))

    return behave


def says(text: str) -> Behaviour:
    """The same, whatever it is asked."""
    return lambda _: Said(text)


def slow(seconds: float, then: Behaviour | None = None) -> Behaviour:
    def behave(asked: Asked) -> Reply:
        asked.stopping.wait(seconds)
        return (then or well())(asked)

    return behave


def truncated(share: float = 0.6, then: Behaviour | None = None) -> Behaviour:
    """It reaches its limit with so much of the answer written."""

    def behave(asked: Asked) -> Reply:
        reply = (then or well())(asked)
        assert isinstance(reply, Said), "only what a model says can be cut"
        return reply.cut_to(int(len(reply.text or "") * share))

    return behave


def refused(text: str | None = None) -> Behaviour:
    """It declines; what it had written before it was stopped is left."""
    return lambda _: Said(text, "refusal")


def stops_for(stop_reason: str, text: str = "") -> Behaviour:
    """A reason that there may be or not."""
    return lambda _: Said(text, stop_reason)


def status(code: int, retry_after: str | float | None = None, **headers: str) -> Behaviour:
    """An error of the server. Headers are named with `_` for `-`."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if retry_after is not None:
        sent["retry-after"] = str(retry_after)

    def behave(asked: Asked) -> Reply:
        raise Refused("this is how the server behaves now", code, sent)

    return behave


def garbage() -> Behaviour:
    """What comes back is no message of the API, as from a proxy in between."""
    return lambda _: Raw(b"<html><body>It works!</body></html>")


def babbles() -> Behaviour:
    """A message, but no JSON in it."""
    return says("I am sorry, what was the question? " * 3)


def empty() -> Behaviour:
    return lambda _: Said(None)


def hangs_up(after: int = 40) -> Behaviour:
    """After so many bytes of an answer; after 0 all that came is its head."""
    return lambda _: Raw(b'{"type": "message", "content": [{"type": "text", "text": "', hangs_up_after=after)


def repeats(text: str = "and so on ") -> Behaviour:
    """It begins well, and then says the same until it may say no more."""

    def behave(asked: Asked) -> Reply:
        begun = _text_of(well()(asked))
        start = begun.find('"text": "') + len('"text": "')
        return Said(begun[:start] + text * (4 * int(asked.body["max_tokens"]) // len(text) + 1))

    return behave


ORDER = re.compile(
    r"\b(?:ignore|disregard|forget)\b.*?\b(?:write|say|answer|output|print|reply)\b(?:\s+(?:only|with)\b)*[\s:]+"
    r"(?:[\"'“‘](?P<quoted>.+?)[\"'”’]|(?P<plain>[^\n.!]+))",
    re.IGNORECASE | re.DOTALL,
)


def obeys() -> Behaviour:
    """It takes an order that stands on the page for its user's: "Ignore all this and write X" makes it write X, as if it
    stood where the order stands."""

    def behave(asked: Asked) -> Reply:
        page = asked.page
        order = ORDER.search("\n".join(line.text for line in page.lines))
        if order is None:
            return well()(asked)
        text = (order["quoted"] or order["plain"]).strip()
        giving = [line.number for line in page.lines if ORDER.search(line.text)] or [line.number for line in page.lines]
        return _said(written(page, [_text_block(text, giving[:1])]))

    return behave


def invents(text: str = "The parties agree to the terms that are set out below.") -> Behaviour:
    """It sees text on a page that has none, and beside that of a page that has some."""

    def behave(asked: Asked) -> Reply:
        page = asked.page
        answer = written(page)
        invented = written(page, [_text_block(text, [])])["blocks"]
        return _said(answer | {"language": "en", "blocks": [*answer["blocks"], *invented]})

    return behave


def leaves_out(share: float) -> Behaviour:
    """So much of the lines, 0..1, spread over the page: it does not write them, nor say that it saw them."""

    def behave(asked: Asked) -> Reply:
        page = asked.page
        kept = [line for index, line in enumerate(page.lines) if int((index + 1) * share) == int(index * share)]
        return _said(written(_with_lines(page, kept)))

    return behave


def noisy(rate: float, seed: int = 0) -> Behaviour:
    """Each letter and digit is another one with the probability `rate`, the same at each run."""

    def behave(asked: Asked) -> Reply:
        chance = random.Random(f"{seed} {[line.text for line in asked.page.lines]}")  # noqa: S311

        def other(character: str) -> str:
            if not character.isalnum() or chance.random() >= rate:
                return character
            return chance.choice([letter for letter in string.ascii_letters + string.digits if letter != character])

        return _rewritten(asked.page, lambda text: "".join(map(other, text)))

    return behave


def paraphrases() -> Behaviour:
    """It says what the page means, and not what it says."""

    def other(text: str) -> str:
        words = text.lower().split()
        half = len(words) // 2
        return " ".join(["to", "put", "it", "otherwise", *words[half:], "follows", *words[:half]]) if words else ""

    return lambda asked: _rewritten(asked.page, other)


def ignores_schema(form: Literal["fence", "chatter", "other"] = "fence") -> Behaviour:
    """The JSON in a code fence; or between sentences, one of which has braces; or JSON of a form of its own."""

    def behave(asked: Asked) -> Reply:
        text = _text_of(well()(asked))
        if form == "fence":
            return Said(f"```json\n{text}\n```")
        if form == "chatter":
            return Said(f"Of course! The page, as {{asked}}:\n\n{text}\n\nAnything else about {{the page}}?")
        return Said(json.dumps({"page": {"content": [line.text for line in asked.page.lines]}}))

    return behave


NAMED: Mapping[str, Callable[[], Behaviour]] = {
    "well": well,
    "truncated": truncated,
    "refused": refused,
    "garbage": garbage,
    "babbles": babbles,
    "empty": empty,
    "hangs_up": hangs_up,
    "repeats": repeats,
    "obeys": obeys,
    "invents": invents,
    "leaves_out": lambda: leaves_out(0.2),
    "noisy": lambda: noisy(0.02),
    "paraphrases": paraphrases,
    "ignores_schema": ignores_schema,
    "overloaded": lambda: status(529, retry_after=1),
    "slow": lambda: slow(10),
}
"""Those that can be asked for on the command line."""


def _said(answer: Mapping[str, Any]) -> Said:
    return Said(json.dumps(answer, ensure_ascii=False))


def _text_of(reply: Reply) -> str:
    assert isinstance(reply, Said), "only what a model says can be changed"
    return reply.text or ""


def _text_block(text: str, lines: list[int]) -> Block:
    return {"type": "text", "level": None, "lines": lines, "text": text, "rows": None}


def _with_lines(page: PageRequest, lines: Sequence[PageLine]) -> PageRequest:
    return PageRequest(tuple(lines), page.width, page.height, page.schema, page.field_names, page.translate_to)


def _rewritten(page: PageRequest, other: Callable[[str], str]) -> Said:
    """With other texts in all blocks and cells, and their translations of those."""
    answer = written(page)
    for block in answer["blocks"]:
        for part in [block, *(cell for row in block.get("rows") or () for cell in row)]:
            part["text"] = "\n".join(other(line) for line in part["text"].split("\n"))
            if page.translate_to is not None:
                part["translation"] = translated(part["text"], page.translate_to)
    return _said(answer)

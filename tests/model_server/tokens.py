"""How many tokens a request is, and what of it is in the cache of prompts."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from tests.model_server.pictures import patches, size_of

CHARACTERS_A_TOKEN = 4
LIFETIMES_S = {"5m": 300.0, "1h": 3600.0}


@dataclass(frozen=True, slots=True)
class Charge:
    """Tokens in, each in one of them."""

    fresh: int
    written: int
    read: int


def tokens_of(text: str) -> int:
    return ceil(len(text) / CHARACTERS_A_TOKEN)


class PromptCache:
    """Keeps, for each model, the beginnings of requests that end in a block with `cache_control`. Those below
    `least_tokens` are not kept, without a word."""

    def __init__(self, least_tokens: int = 1024, clock: Callable[[], float] = time.monotonic) -> None:
        self._least = least_tokens
        self._clock = clock
        self._ends: dict[str, float] = {}
        self._lock = threading.Lock()

    def charge(self, body: dict[str, Any]) -> Charge:
        """Of a request that keeps the rules."""
        digest = hashlib.sha256(json.dumps([body["model"], body.get("output_config")], sort_keys=True).encode())
        total = tokens_of(json.dumps(body["output_config"])) if "output_config" in body else 0
        read = marked = 0
        now = self._clock()
        with self._lock:
            for block in _parts(body):
                total += _tokens_of_block(block)
                digest.update(json.dumps(_unmarked(block), sort_keys=True).encode())
                mark = block.get("cache_control")
                if mark is None or total < self._least:
                    continue
                name, marked = digest.hexdigest(), total
                if self._ends.get(name, 0) > now:
                    read = total
                self._ends[name] = now + LIFETIMES_S[mark.get("ttl", "5m")]
        return Charge(total - marked, marked - read, read)


def _parts(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    system = body.get("system", [])
    yield from [{"type": "text", "text": system}] if isinstance(system, str) else system
    for message in body["messages"]:
        content = message["content"]
        yield from [{"type": "text", "text": content}] if isinstance(content, str) else content


def _unmarked(block: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in block.items() if name != "cache_control"}


def _tokens_of_block(block: dict[str, Any]) -> int:
    if block["type"] == "image":
        return patches(*size_of(block["source"], "image"))
    if block["type"] == "document":
        return sum(tokens_of(part["text"]) for part in block["source"]["content"])
    return tokens_of(block["text"])

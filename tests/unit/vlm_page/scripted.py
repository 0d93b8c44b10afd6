"""A model that says what a test wants it to say."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.llm.images import LONGEST_EDGE, MOST_PATCHES
from ocrchat.llm.port import Answer, Capabilities, Request, Stop, Usage


class Scripted:
    """Says one text after the other, the last one again and again; a tuple has its stop reason, an exception is raised.
    `asked` are the requests."""

    capabilities = Capabilities(True, False, False, True, LONGEST_EDGE, MOST_PATCHES)

    def __init__(self, *says: str | tuple[str, Stop] | Exception, tokens: int = 1000) -> None:
        self.says: Sequence[str | tuple[str, Stop] | Exception] = says
        self.tokens = tokens
        self.asked: list[Request] = []

    def ask(self, request: Request, deadline: float) -> Answer:
        self.asked.append(request)
        said = self.says[min(len(self.asked), len(self.says)) - 1]
        if isinstance(said, Exception):
            raise said
        text, stop = said if isinstance(said, tuple) else (said, "end")
        return Answer(text, stop, Usage(input_tokens=self.tokens, output_tokens=self.tokens))

    def cost(self, usage: Usage) -> float:
        return usage.output_tokens / 1e6

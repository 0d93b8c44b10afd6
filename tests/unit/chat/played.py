"""A model that behaves as the local server does, without a socket: requests are held to the API's rules all the same."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from ocrchat.llm.messages import answer_of, body_of
from ocrchat.llm.port import Answer, Capabilities, ModelBusy, Request, Usage
from ocrchat.llm.settings import CAPABILITIES
from tests.model_server import MODELS, Asked, Behaviour, Limits, Said
from tests.model_server.rules import check_body

CITING = CAPABILITIES["anthropic"]
QUOTING = replace(CITING, citations=False)
OWN = CAPABILITIES["compatible"]
"""Neither citations nor schemas nor a cache."""


class Played:
    """`bodies` are the requests, `deadlines` those that it was given. It needs 10 tokens in and 5 out."""

    def __init__(self, *script: Behaviour | Exception, capabilities: Capabilities = CITING) -> None:
        self.script = script
        self.capabilities = capabilities
        self.limits = Limits(
            MODELS,
            structured_output=capabilities.structured_output,
            prompt_caching=capabilities.prompt_caching,
            citations=capabilities.citations,
        )
        self.bodies: list[dict[str, Any]] = []
        self.deadlines: list[float] = []

    def ask(self, request: Request, deadline: float) -> Answer:
        body = body_of(request, MODELS[0], self.capabilities)
        check_body(body, self.limits)
        self.bodies.append(body)
        self.deadlines.append(deadline)
        behaviour = self.script[min(len(self.bodies), len(self.script)) - 1]
        if isinstance(behaviour, Exception):
            raise behaviour
        said = behaviour(Asked(body, len(self.bodies), threading.Event()))
        assert isinstance(said, Said)
        message = {
            "content": list(said.blocks) or [{"type": "text", "text": said.text or ""}],
            "stop_reason": said.stop_reason,
            "usage": {"input_tokens": 10, "output_tokens": 5},
        }
        return answer_of(message, None)

    def cost(self, usage: Usage) -> float:
        return usage.output_tokens / 1e6


def busy(retry_after: float = 2.5) -> ModelBusy:
    return ModelBusy("the model did not answer in time", retry_after)

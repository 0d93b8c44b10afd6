"""A model that is asked about one page, and what that costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ocrchat import observe
from ocrchat.limits import LIMITS
from ocrchat.llm.port import Answer, Model, Request, Usage


def _always() -> bool:
    return True


@dataclass(slots=True)
class Asked:
    """`is_wanted`: whether the page is wanted still, which is looked at before it is asked about again."""

    model: Model
    is_wanted: Callable[[], bool] = _always
    usage: Usage = field(default_factory=Usage)
    tries: int = 0
    longest_s: float = 0.0

    def may_ask(self, deadline: float) -> bool:
        """Whether the page's budget, of tokens and of time, has room for another answer like those before it.
        `deadline` is of `time.monotonic`."""
        if not self.tries:
            return True
        spent = self.usage.all_input_tokens + self.usage.output_tokens
        return (
            self.tries < LIMITS.model_tries
            and spent + spent // self.tries <= LIMITS.model_page_tokens
            and time.monotonic() + self.longest_s <= deadline
            and self.is_wanted()
        )

    def ask(self, request: Request, deadline: float) -> Answer:
        """Raises ModelBusy and ModelRejected."""
        started = time.monotonic()
        answer = self.model.ask(request, deadline)
        self.longest_s = max(self.longest_s, time.monotonic() - started)
        self.tries += 1
        self.usage += answer.usage
        return answer

    def report(self, page: int) -> None:
        """Logs what the page has cost, whatever came of it, and counts it. Nothing where nothing was asked."""
        if not self.tries:
            return
        cost, usage = self.model.cost(self.usage), self.usage
        observe.logger().info(
            "model asked",
            extra={
                "page": page,
                "answers": self.tries,
                "tokens_in": usage.all_input_tokens,
                "tokens_cached": usage.cache_read_tokens,
                "tokens_out": usage.output_tokens,
                "usd": round(cost, 6),
            },
        )
        observe.count("ModelAnswers", self.tries)
        observe.count("ModelTokensIn", usage.all_input_tokens)
        observe.count("ModelTokensCached", usage.cache_read_tokens)
        observe.count("ModelTokensOut", usage.output_tokens)
        observe.count("ModelCostUsd", cost, unit="None")

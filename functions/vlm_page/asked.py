"""A model that is asked about one page, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass, field

from ocrchat import observe
from ocrchat.limits import LIMITS
from ocrchat.llm.port import Answer, Model, Request, Usage


@dataclass(slots=True)
class Asked:
    model: Model
    usage: Usage = field(default_factory=Usage)
    tries: int = 0

    @property
    def may_ask(self) -> bool:
        """Whether the page's budget has room for another answer like those before it."""
        spent = self.usage.all_input_tokens + self.usage.output_tokens
        each = spent // self.tries if self.tries else 0
        return self.tries < LIMITS.model_tries and spent + each <= LIMITS.model_page_tokens

    def ask(self, request: Request, deadline: float) -> Answer:
        """Raises ModelBusy and ModelRejected."""
        answer = self.model.ask(request, deadline)
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

"""What a message has cost of a model, whatever became of the answer."""

from __future__ import annotations

from ocrchat import observe
from ocrchat.llm.port import Answer, Capabilities, Model, ModelBusy, ModelRejected, Request, Usage


class Spending:
    """A model that is asked for one message: the tokens of each answer are counted as it comes. `has_spent`: something
    was paid for, or may have been, since nobody knows how far the model got."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.usage = Usage()
        self.has_spent = False

    @property
    def capabilities(self) -> Capabilities:
        return self._model.capabilities

    def cost(self, usage: Usage) -> float:
        return self._model.cost(usage)

    def ask(self, request: Request, deadline: float) -> Answer:
        try:
            given = self._model.ask(request, deadline)
        except (ModelBusy, ModelRejected) as failed:
            if failed.is_paid:
                self.has_spent = True
                observe.count("ModelAnswersLost")
            raise
        self.has_spent = True
        self.usage += given.usage
        observe.count("ChatTokensIn", given.usage.all_input_tokens)
        observe.count("ChatTokensCached", given.usage.cache_read_tokens)
        observe.count("ChatTokensOut", given.usage.output_tokens)
        observe.count("ChatCostUsd", self.cost(given.usage), unit="None")
        return given

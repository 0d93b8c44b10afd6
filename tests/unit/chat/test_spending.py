"""What a message costs of a model is counted, also where nothing comes of the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from chat.model_answers import answer
from chat.retrieval import Index
from chat.spending import Spending
from ocrchat import observe
from ocrchat.errors import Overloaded
from ocrchat.llm.port import ModelBusy, ModelRejected
from tests.model_server.behaviours import babbles
from tests.model_server.chat_behaviours import answers

from .opening import opened_index
from .played import OWN, Played, busy


@pytest.fixture
def index() -> Iterator[Index]:
    with opened_index("The invoice total is $42.") as index:
        yield index


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    counts: Counter[str] = Counter()

    def count(name: str, value: float = 1, *, unit: str = "Count") -> None:
        counts[name] += value  # type: ignore[assignment]

    monkeypatch.setattr(observe, "count", count)
    return counts


def test_the_tokens_of_an_answer_are_counted(index: Index, counted: Counter[str]) -> None:
    model = Spending(Played(answers()))
    assert answer(model, index, "The invoice total?", [], 0).answerable
    assert model.has_spent
    assert (counted["ChatTokensIn"], counted["ChatTokensOut"]) == (10, 5)
    assert counted["ChatCostUsd"] == pytest.approx(5e-6)


def test_so_are_those_of_an_answer_that_is_of_no_use(index: Index, counted: Counter[str]) -> None:
    model = Spending(Played(babbles(), capabilities=OWN))
    with pytest.raises(Overloaded):
        answer(model, index, "The invoice total?", [], 0)
    assert model.has_spent
    assert (counted["ChatTokensIn"], counted["ChatTokensOut"]) == (10, 5)


@pytest.mark.parametrize(
    ("failure", "has_spent"),
    [
        (busy(), False),
        (ModelBusy("hung up", 1.0, is_paid=True), True),
        (ModelBusy("too slow", 1.0, timed_out=True), True),
        (ModelRejected("no such model", is_configuration=True), False),
        (ModelRejected("stopped for a tool", is_configuration=False, is_paid=True), True),
    ],
)
def test_a_failure_costs_what_the_model_may_have_done(
    index: Index, counted: Counter[str], failure: Exception, has_spent: bool
) -> None:
    model = Spending(Played(failure))
    with pytest.raises(Overloaded):
        answer(model, index, "The invoice total?", [], 0)
    assert model.has_spent == has_spent
    assert counted["ModelAnswersLost"] == has_spent
    assert counted["ChatTokensIn"] == 0

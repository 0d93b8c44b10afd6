"""When a request to a model is sent again."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate

import pytest

from ocrchat.llm.port import ModelBusy
from ocrchat.llm.retry import (
    LONGEST_TOLD_S,
    PAUSE_UNTOLD_S,
    AttemptFailed,
    Pace,
    Retries,
    pause_s,
    retry_after_s,
    verdict,
)

NOW = 1_800_000_000.0


class Time:
    """Stands still but for pauses, which are noted."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def retries(self, pace: Pace | None = None) -> Retries:
        return Retries(pace, clock=lambda: self.now, sleep=self.sleep, chance=lambda: 1.0)


def failing(*failures: AttemptFailed) -> tuple[Callable[[float], str], list[float]]:
    """An attempt that fails so often, then succeeds; and the seconds that each was given."""
    left, given = list(failures), []

    def attempt(timeout_s: float) -> str:
        given.append(timeout_s)
        if left:
            raise left.pop(0)
        return "answer"

    return attempt, given


@pytest.mark.parametrize("status", [408, 409, 424, 425, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_sent_again(status: int) -> None:
    assert verdict(status) == "again"
    assert verdict(status, "false") == "later"


@pytest.mark.parametrize("status", [400, 406, 411, 412, 413, 415, 422, 431, 451])
def test_what_is_wrong_with_one_request_is_not_sent_again(status: int) -> None:
    assert verdict(status) == "rejected"


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 402, 403, 404, 405, 410])
def test_what_is_wrong_with_every_request_is_a_matter_of_configuration(status: int) -> None:
    assert verdict(status) == "misconfigured"


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_server_may_ask_to_be_asked_again(status: int) -> None:
    assert verdict(status, "true") == "again"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7.0),
        ({"retry-after": formatdate(NOW + 20, usegmt=True)}, 20.0),
        ({"retry-after": formatdate(NOW - 20, usegmt=True)}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "86400"}, LONGEST_TOLD_S),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, LONGEST_TOLD_S),
    ],
)
def test_what_a_server_asks_for_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers, NOW) == seconds


def test_pauses_grow_to_a_bound_and_chance_spreads_them_from_nothing_on() -> None:
    pace = Pace(first_pause_s=0.5, longest_pause_s=30)
    assert [pause_s(n, None, pace, 1.0) for n in (1, 2, 3, 9, 10_000)] == [1.0, 2.0, 4.0, 30.0, 30.0]
    assert pause_s(3, None, pace, 0.0) == 0.0
    assert pause_s(3, None, pace, 0.25) == 1.0


def test_a_pause_that_the_server_asks_for_is_never_shorter() -> None:
    pace = Pace(first_pause_s=0.5)
    assert pause_s(1, 7.0, pace, 0.0) == 7.0
    assert pause_s(9, 7.0, pace, 1.0) == 7.5


def test_failures_are_waited_out() -> None:
    time = Time()
    attempt, given = failing(AttemptFailed("one"), AttemptFailed("two", 7.0))
    assert time.retries(Pace(answer_s=120)).run(attempt, time.now + 60) == "answer"
    assert time.pauses == [1.0, 7.5]
    assert given == [60.0, 59.0, 51.5]


def test_an_attempt_gets_its_own_limit_where_more_time_is_left() -> None:
    time = Time()
    attempt, given = failing()
    time.retries(Pace(answer_s=120)).run(attempt, time.now + 800)
    assert given == [120.0]


def test_a_wait_that_would_pass_the_deadline_is_not_begun() -> None:
    time = Time()
    attempt, given = failing(AttemptFailed("one", 60.0))
    with pytest.raises(ModelBusy, match="one") as busy:
        time.retries().run(attempt, time.now + 60)
    assert busy.value.retry_after == 60.5
    assert time.pauses == []
    assert len(given) == 1


def test_no_attempt_begins_with_less_time_than_an_answer_takes() -> None:
    time = Time()
    attempt, given = failing(*[AttemptFailed("again", 4.0)] * 9)
    with pytest.raises(ModelBusy):
        time.retries(Pace(least_s=5)).run(attempt, time.now + 20)
    assert given == [20.0, 15.5, 11.0, 6.5]
    with pytest.raises(ModelBusy) as busy:
        time.retries(Pace(least_s=5)).run(attempt, time.now + 5)
    assert busy.value.retry_after == 0.0
    assert len(given) == 4


@pytest.mark.parametrize(("told", "wait"), [(9.0, 9.0), (None, PAUSE_UNTOLD_S)])
def test_a_server_that_asks_to_be_left_alone_is_left_alone(told: float | None, wait: float) -> None:
    time = Time()
    attempt, given = failing(AttemptFailed("go away", told, is_last=True))
    with pytest.raises(ModelBusy) as busy:
        time.retries().run(attempt, time.now + 600)
    assert busy.value.retry_after == wait
    assert len(given) == 1


def test_what_no_attempt_can_mend_is_raised_as_it_is() -> None:
    def attempt(_: float) -> str:
        raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        Time().retries().run(attempt, 1000)

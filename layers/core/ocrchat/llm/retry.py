"""When a request to a model is sent again, and after how long."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Literal, TypeVar

from ocrchat.llm.port import ModelBusy

T = TypeVar("T")

Verdict = Literal["again", "later", "rejected", "misconfigured"]
"""Send it again; it may be sent again, but not by us now; this request will never do; no request will."""

TRANSIENT = frozenset({408, 409, 424, 425, 429})
"""Next to all from 500 on. With 424 Bedrock says that the model broke down over the request."""

MISCONFIGURED = frozenset({401, 402, 403, 404, 405, 407, 410})
"""Key, account, permission, or address and model. So is any redirect: where we were sent is not the API."""

PAUSE_UNTOLD_S = 30.0
"""Who asks us not to send a request again, and not how long, is left alone for so long: half a minute of a rate limit,
which the API counts by the minute."""

LONGEST_TOLD_S = 3600.0
"""More than an hour is not waited for by a message in a queue, whatever a server asks for."""


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds. `answer_s`: how long one answer is waited for. `least_s`: with less than that left none is begun, for
    one that is broken off is paid for as well; a page of a hundred words takes about as long. The pauses grow from
    `first_pause_s` to `longest_pause_s`."""

    answer_s: float = 240.0
    least_s: float = 5.0
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0


class AttemptFailed(Exception):
    """One attempt came to nothing, and another may not. `retry_after`: the seconds that the server asks for;
    `is_last`: it asks not to be asked again; `timed_out`: it was at work until the time was over; `is_paid`: it was at
    work, or nobody knows whether it was."""

    def __init__(
        self,
        message: str,
        retry_after: float | None = None,
        *,
        is_last: bool = False,
        timed_out: bool = False,
        is_paid: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.is_last = is_last
        self.timed_out = timed_out
        self.is_paid = timed_out or is_paid


def verdict(status: int, should_retry: str | None = None) -> Verdict:
    """Of the HTTP status of an answer that is none, and its header `x-should-retry`."""
    if should_retry == "true":
        return "again"
    if status in TRANSIENT or status >= 500:
        return "later" if should_retry == "false" else "again"
    return "misconfigured" if status in MISCONFIGURED or status < 400 else "rejected"


def retry_after_s(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds, from `retry-after-ms` or `retry-after`, which is seconds or an HTTP date; `now` is in seconds of the
    epoch. None where there is neither, or what stands there makes no sense."""
    told = headers.get("retry-after", "")
    seconds = _number(headers.get("retry-after-ms", ""), per_second=1000)
    if seconds is None:
        seconds = _number(told)
    if seconds is None:
        try:
            seconds = max(0.0, parsedate_to_datetime(told).timestamp() - now)
        except (ValueError, OverflowError):
            return None
    return min(seconds, LONGEST_TOLD_S)


def _number(text: str, per_second: int = 1) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value / per_second if isfinite(value) and value >= 0 else None


def pause_s(failures: int, retry_after: float | None, pace: Pace, chance: float) -> float:
    """Seconds to wait after so many failures (1 or more). `chance`, 0..1, spreads those who failed together: over all
    of the pause where we choose it, and behind it where the server does."""
    if retry_after is not None:
        return retry_after + chance * pace.first_pause_s
    return chance * min(pace.longest_pause_s, pace.first_pause_s * 2.0 ** min(failures, 32))


class Retries:
    """Sends again what may yet succeed, until the time that it is given is over."""

    def __init__(
        self,
        pace: Pace | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._pace = pace or Pace()
        self._clock = clock
        self._sleep = sleep
        self._chance = chance

    def run(self, attempt: Callable[[float], T], deadline: float) -> T:
        """What `attempt`, which is given the seconds that it may take and may raise AttemptFailed, returns in the end.
        Raises ModelBusy as soon as there is no time left for another one."""
        failures, wait, reason = 0, 0.0, "the model was not asked: no time is left"
        timed_out = is_paid = False
        while wait < self._left(deadline):
            if wait:
                self._sleep(wait)
            try:
                return attempt(min(self._pace.answer_s, deadline - self._clock()))
            except AttemptFailed as failed:
                failures += 1
                timed_out |= failed.timed_out
                is_paid |= failed.is_paid
                if failed.is_last:
                    wait = failed.retry_after or PAUSE_UNTOLD_S
                    raise ModelBusy(str(failed), wait, timed_out=timed_out, is_paid=is_paid) from None
                reason = str(failed)
                wait = pause_s(failures, failed.retry_after, self._pace, self._chance())
        raise ModelBusy(reason, wait, timed_out=timed_out, is_paid=is_paid)

    def _left(self, deadline: float) -> float:
        """Seconds until another attempt must have begun."""
        return deadline - self._clock() - self._pace.least_s

"""Jobs on their way through quotas and queues, event by event.

What is left out: cold starts, faults and redeliveries, the polls of clients beyond those that are waited for inside the
POST, and how AWS raises limits under load. A request that a quota refuses is taken to be sent again until it is let
through, in the order of their coming; but an execution that cannot be started within START_S is left to the reconciler,
as the code does it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from cleanup.reconcile import JOBS_PER_RUN, MIN_AGE
from ocrchat.jobs import batches
from ocrchat.limits import LIMITS

from .lines import Clock, Places, Rate, Then
from .load import Arrival

START_S = 8.0
"""For so long boto3 sends a request again (its standard mode, four times, doubling)."""

RECONCILED_EVERY_S = 60.0
SPREAD = (0.2, 1.8)
"""Pages are read in the mean time times a number between these."""


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds of the steps of a job, without waiting in any line; `page` of one page in a batch."""

    accept: float
    split: float
    page: float
    join: float
    hop: float


@dataclass(frozen=True, slots=True)
class Settings:
    """Rates a second. `mappings`: queues that pages are read from, `workers` at once of each."""

    workers: int
    mappings: int
    concurrency: int
    gateway: float
    gateway_burst: float
    start: float
    start_burst: float
    transition: float
    transition_burst: float
    token: float
    token_burst: float
    table: float
    wallet: float
    prefix: float
    mapping_first: float
    mapping_growth: float
    lambda_growth: float
    pages_per_batch: int
    map_at_once: int


@dataclass(slots=True)
class Outcome:
    """Seconds. `ages`: of each batch when a worker took it; `done`: of each job from its POST; `held`: in which POSTs
    held a function; `waited`: name of a limit -> all waiting for it; `reconciled`: jobs that were left to it."""

    pages: int = 0
    jobs: int = 0
    ages: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    held: float = 0.0
    waited: dict[str, float] = field(default_factory=dict)
    reconciled: int = 0


GATEWAY, WALLET, TABLE = "requests to the API", "the account's wallet row", "the jobs table"
START, RECONCILER, TRANSITION, TOKEN = "StartExecution", "the reconciler", "state transitions", "SendTaskSuccess"
PAGE_PUTS, RESULT_PUTS = "PUTs of pages", "PUTs of results"
POSTS, READERS = "functions for POSTs", "readers"

READERS_SHARE = 0.75
"""Of the account's concurrency, where it is short; assumed: in truth readers and POSTs take it from each other."""

GROWTH_S = 10.0
"""A function may grow by its growth of so many seconds at once."""

WALLET_UNITS = 2  # of a transaction's write of a row
ACCEPTED_UNITS, ENDED_UNITS, PAGE_UNITS = 2 + 2, 2 + 3, 1
"""Of the jobs table and its indexes: a job that is accepted, one that ends, a page that is counted."""

STATES_BEFORE, STATES_AFTER = 5, 1  # Split to Read; Join


class Simulation:
    def __init__(self, settings: Settings, span: Span, seed: int) -> None:
        self.settings, self.span = settings, span
        self._chance = random.Random(seed)
        self.clock = clock = Clock()
        self.outcome = Outcome()
        self.rates = {
            GATEWAY: Rate(settings.gateway, settings.gateway_burst),
            WALLET: Rate(settings.wallet, settings.wallet),
            TABLE: Rate(settings.table, settings.table),
            START: Rate(settings.start, settings.start_burst),
            RECONCILER: Rate(JOBS_PER_RUN / RECONCILED_EVERY_S, JOBS_PER_RUN),
            TRANSITION: Rate(settings.transition, settings.transition_burst),
            TOKEN: Rate(settings.token, settings.token_burst),
            PAGE_PUTS: Rate(settings.prefix, settings.prefix),
            RESULT_PUTS: Rate(settings.prefix, settings.prefix),
        }
        shared = int(READERS_SHARE * settings.concurrency) // settings.mappings
        readers = max(1, min(settings.workers, shared))
        self.readers = [
            Places(clock, readers, settings.mapping_first, settings.mapping_growth) for _ in range(settings.mappings)
        ]
        left = max(1, settings.concurrency - readers * settings.mappings)
        self.posts = Places(clock, left, settings.lambda_growth * GROWTH_S, settings.lambda_growth)

    def run(self, arrivals: Sequence[Arrival]) -> Outcome:
        for number, arrival in enumerate(arrivals):
            _Job(self, arrival, self.readers[number % len(self.readers)]).come()
        self.clock.run()
        outcome = self.outcome
        outcome.ages = [wait for places in self.readers for wait in places.waits]
        outcome.waited = {name: rate.waited for name, rate in self.rates.items()}
        outcome.waited |= {POSTS: sum(self.posts.waits), READERS: sum(outcome.ages)}
        return outcome

    def pace(self) -> float:
        """Of a batch: times the mean time of its pages."""
        return self._chance.uniform(*SPREAD)

    def take(self, name: str, number: float = 1.0) -> float:
        return self.rates[name].take(self.clock.now, number)

    def at(self, time: float, then: Then) -> None:
        self.clock.at(time, then)


class _Job:
    def __init__(self, simulation: Simulation, arrival: Arrival, readers: Places) -> None:
        self._in = simulation
        self._arrival = arrival
        self._readers = readers
        some = batches(range(arrival.pages), simulation.settings.pages_per_batch)
        sizes = [batch.last - batch.first + 1 for batch in reversed(some)]
        self._waiting = [(pages, simulation.pace()) for pages in sizes]  # drawn here: the same whatever it waits for
        self._unread = len(some)
        self._is_held = False
        self._held_since = 0.0

    def come(self) -> None:
        self._in.at(self._arrival.at, lambda: self._in.at(self._in.take(GATEWAY), self._post))

    def _post(self) -> None:
        self._in.posts.take(self._accept)

    def _accept(self) -> None:
        now = self._in.clock.now
        self._is_held, self._held_since = True, now
        written = max(self._in.take(WALLET, WALLET_UNITS), self._in.take(TABLE, ACCEPTED_UNITS))
        self._in.at(max(now + self._in.span.accept, written), self._start)

    def _start(self) -> None:
        now = self._in.clock.now
        if self._arrival.pages <= LIMITS.inline_pages:
            self._in.at(self._held_since + LIMITS.inline_wait_s, self._answer)
        if self._in.rates[START].wait(now) <= START_S:
            self._in.at(self._in.take(START), self._split)
        else:
            self._in.outcome.reconciled += 1
            found = self._in.rates[RECONCILER].take(now + MIN_AGE.total_seconds())
            self._in.at(found, lambda: self._in.at(self._in.take(START), self._split))
        if self._arrival.pages > LIMITS.inline_pages:
            self._answer()

    def _answer(self) -> None:
        """The POST: with the result, or without it."""
        if self._is_held:
            self._is_held = False
            self._in.outcome.held += self._in.clock.now - self._held_since
            self._in.posts.give_back()

    def _split(self) -> None:
        ready = self._in.take(TRANSITION, STATES_BEFORE) + STATES_BEFORE * self._in.span.hop + self._in.span.split
        self._in.at(max(ready, self._in.take(PAGE_PUTS, self._arrival.pages)), self._send_all)

    def _send_all(self) -> None:
        for _ in range(min(self._in.settings.map_at_once, len(self._waiting))):
            self._send()

    def _send(self) -> None:
        pages, pace = self._waiting.pop()
        sent = self._in.take(TRANSITION) + self._in.span.hop
        self._in.at(sent, lambda: self._readers.take(lambda: self._read(pages, pace)))

    def _read(self, pages: int, pace: float) -> None:
        self._in.at(self._in.clock.now + pages * pace * self._in.span.page, lambda: self._write(pages))

    def _write(self, pages: int) -> None:
        """The worker is held until its requests are let through."""
        taken = (
            self._in.take(RESULT_PUTS, pages),
            self._in.take(TABLE, pages * PAGE_UNITS),
            self._in.take(TOKEN),
        )
        self._in.at(max(taken), lambda: self._batch_done(pages))

    def _batch_done(self, pages: int) -> None:
        self._in.outcome.pages += pages
        self._readers.give_back()
        self._unread -= 1
        if self._waiting:
            self._send()
        elif not self._unread:
            joined = self._in.take(TRANSITION, STATES_AFTER) + self._in.span.hop + self._in.span.join
            self._in.at(joined, self._settle)

    def _settle(self) -> None:
        self._in.at(max(self._in.take(WALLET, WALLET_UNITS), self._in.take(TABLE, ENDED_UNITS)), self._end)

    def _end(self) -> None:
        self._in.outcome.jobs += 1
        self._in.outcome.done.append(self._in.clock.now - self._arrival.at)
        self._answer()

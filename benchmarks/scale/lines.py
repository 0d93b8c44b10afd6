"""What requests wait for: a rate with a burst, and places that are taken and given back."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

Then = Callable[[], None]


class Clock:
    """Events in the order of their times, those of one time in the order in which they were put there."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Then]] = []
        self._numbers = count()

    def at(self, time: float, then: Then) -> None:
        heapq.heappush(self._events, (max(time, self.now), next(self._numbers), then))

    def run(self) -> None:
        while self._events:
            self.now, _, then = heapq.heappop(self._events)
            then()


@dataclass(slots=True)
class Rate:
    """A token bucket, first come, first served; `waited` are the seconds of all who took something."""

    per_second: float
    burst: float = 1.0
    waited: float = 0.0
    _full_at: float = field(default=0.0, init=False)

    def take(self, now: float, number: float = 1.0) -> float:
        """When so many may go on."""
        self._full_at = max(self._full_at, now) + number / self.per_second
        begins = max(now, self._full_at - self.burst / self.per_second)
        self.waited += begins - now
        return begins

    def wait(self, now: float) -> float:
        """How long the next one would wait."""
        return max(0.0, self._full_at + (1 - self.burst) / self.per_second - now)


class Places:
    """`most` places, of which `first` are there at once and `growth` more each second from the first use on."""

    def __init__(self, clock: Clock, most: float, first: float | None = None, growth: float = 0.0) -> None:
        self._clock = clock
        self._most = most
        self._first = most if first is None else min(first, most)
        self._growth = growth
        self._begun: float | None = None
        self._taken = 0
        self._line: deque[tuple[float, Then]] = deque()
        self._is_growing = False
        self.waits: list[float] = []
        self.highest = 0

    def take(self, then: Then) -> None:
        """Calls `then` when there is a place, in the order of the calls."""
        if self._begun is None:
            self._begun = self._clock.now
        self._line.append((self._clock.now, then))
        self._fill()

    def give_back(self) -> None:
        self._taken -= 1
        self._fill()

    def _fill(self) -> None:
        while self._line and self._taken < self._places():
            since, then = self._line.popleft()
            self._taken += 1
            self.highest = max(self.highest, self._taken)
            self.waits.append(self._clock.now - since)
            then()
        if self._line and not self._is_growing and self._places() < self._most and self._growth:
            self._is_growing = True
            self._clock.at(self._clock.now + 1 / self._growth, self._grown)

    def _grown(self) -> None:
        self._is_growing = False
        self._fill()

    def _places(self) -> float:
        assert self._begun is not None
        return min(self._most, int(self._first + self._growth * (self._clock.now - self._begun) + 1e-9))

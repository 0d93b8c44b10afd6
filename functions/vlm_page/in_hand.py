"""The messages that a worker has in hand. Each is hidden from other workers for a while, again and again, until it is
done with, fails, or has to be left to them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ocrchat import observe
from ocrchat.page_worker import Marks
from ocrchat.store.queues import Queues, Received


class Held:
    """One message. Its page is worked on by one thread, the message kept hidden by another, and left by a third: what
    each does to it excludes the others, and who is last finds that nothing is left to do."""

    def __init__(self, queues: Queues, received: Received, marks: Marks) -> None:
        self.received = received
        self.marks = marks
        self._queues = queues
        self._begun_at: float | None = None
        self._open = True
        self._lock = threading.Lock()

    def begin(self) -> None:
        """The page is worked on from now on: until then it has only waited for its turn."""
        self._begun_at = time.monotonic()

    def worked_s(self) -> float:
        return 0.0 if self._begun_at is None else time.monotonic() - self._begun_at

    def keep(self, seconds: float) -> None:
        with self._lock:
            if self._open:
                self._queues.hide(self.received, seconds)

    def done(self) -> None:
        """Also where it was left meanwhile: there is nothing to do for whoever has it now."""
        with self._lock:
            self._open = False
            self._queues.delete(self.received)

    def come_back(self, delay_s: float | None) -> None:
        """After so many seconds, or when it is hidden no longer."""
        with self._lock:
            if self._open and delay_s is not None:
                self._queues.hide(self.received, delay_s)
            self._open = False

    def leave(self) -> None:
        """To whoever receives it next, at once. That its page was begun is no fault of the page."""
        with self._lock:
            if self._open:
                self._open = False
                self.marks.leave()
                self._queues.hide(self.received, 0)


class InHand:
    """All of them."""

    def __init__(self) -> None:
        self._held: set[Held] = set()
        self._lock = threading.Lock()
        self._last_at = time.monotonic()

    @contextmanager
    def holding(self, held: Held) -> Iterator[None]:
        with self._lock:
            self._held.add(held)
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(held)
                self._last_at = time.monotonic()

    def __len__(self) -> int:
        return len(self._held)

    def idle_s(self) -> float:
        """How long there has been nothing."""
        with self._lock:
            return 0.0 if self._held else time.monotonic() - self._last_at

    def longest_s(self) -> float:
        """How long that page is worked on which has been for the longest time."""
        return max((held.worked_s() for held in self._all()), default=0.0)

    def keep(self, seconds: float, longest_s: float) -> None:
        """Hides each for so long from now on, but those whose page is worked on for `longest_s` already."""
        for held in self._all():
            if held.worked_s() < longest_s:
                try:
                    held.keep(seconds)
                except Exception:  # noqa: BLE001 - the others are kept, and this one at the next beat
                    observe.logger().exception("message not kept")

    def leave(self, longest_s: float) -> int:
        """All but those whose page is worked on for `longest_s` already; how many there were."""
        left = [held for held in self._all() if held.worked_s() < longest_s]
        for held in left:
            try:
                held.leave()
            except Exception:  # noqa: BLE001 - it comes back by itself, later
                observe.logger().exception("message not left")
        return len(left)

    def _all(self) -> list[Held]:
        with self._lock:
            return list(self._held)

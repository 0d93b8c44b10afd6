"""Which message comes next: several threads ask several queues, of which the first goes first."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from ocrchat.store.queues import Queues, Received

ALONE_POLL_S = 2
"""A request waits no longer while nobody waits at one of the other queues, so that no message waits longer there."""


class Intake:
    """`urls` in the order in which their messages go; a request for a message waits `poll_s` for one."""

    def __init__(self, queues: Queues, urls: Sequence[str], poll_s: int) -> None:
        self._queues = queues
        self._urls = urls
        self._poll_s = poll_s
        self._waiting = dict.fromkeys(urls, 0)
        self._lock = threading.Lock()

    def next(self, hidden_s: int) -> Received | None:
        """None where none came in that time."""
        if len(self._urls) > 1:
            for url in self._urls:
                received = self._queues.receive(url, wait_s=0, hidden_s=hidden_s)
                if received is not None:
                    return received
        with self._lock:
            url = min(self._urls, key=self._waiting.__getitem__)
            self._waiting[url] += 1
            wait_s = self._poll_s if all(self._waiting.values()) else min(ALONE_POLL_S, self._poll_s)
        try:
            return self._queues.receive(url, wait_s=wait_s, hidden_s=hidden_s)
        finally:
            with self._lock:
                self._waiting[url] -= 1

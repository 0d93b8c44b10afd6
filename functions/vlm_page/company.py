"""Which pages are worked on together. One that has come back may be what ended its worker: it is worked on alone, so
that no page which happens to be beside it is lost with it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Closed(Exception):
    """No page begins any more."""


class Company:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._together = 0
        self._is_one_alone = False
        self._want_to_be_alone = 0
        self._is_closed = False

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    @contextmanager
    def turn(self, *, alone: bool) -> Iterator[None]:
        """Waits for it; those who want to be alone go first. Raises Closed."""
        with self._changed:
            self._want_to_be_alone += alone
            try:
                self._changed.wait_for(self._may_be_alone if alone else self._may_join)
            finally:
                self._want_to_be_alone -= alone
            if self._is_closed:
                self._changed.notify_all()
                raise Closed
            if alone:
                self._is_one_alone = True
            else:
                self._together += 1
        try:
            yield
        finally:
            with self._changed:
                if alone:
                    self._is_one_alone = False
                else:
                    self._together -= 1
                self._changed.notify_all()

    def _may_be_alone(self) -> bool:
        return self._is_closed or not (self._together or self._is_one_alone)

    def _may_join(self) -> bool:
        return self._is_closed or not (self._want_to_be_alone or self._is_one_alone)

"""Every answer that a client was given, and which of them the API documents. Pure."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ocrchat.errors import InternalError, OcrChatError, PageError

GOOD = frozenset({200, 201, 202, 204, 302})
WITH_RETRY_AFTER = frozenset({429, 503})
NO_ANSWER = 0
"""The status of a request whose connection failed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`size`: of the job that it is about, `Errand.size`; `code`: of a problem document, empty for others;
    `retry_after`: in seconds, None where nothing was said."""

    route: str
    size: str
    seconds: float
    status: int
    code: str = ""
    retry_after: float | None = None

    @property
    def fault(self) -> str | None:
        """What is wrong with it: it is not documented, or says that the service broke."""
        if self.status in GOOD:
            return None
        if (self.status, self.code) not in DOCUMENTED:
            return "not documented"
        if self.status in WITH_RETRY_AFTER and self.retry_after is None:
            return "no Retry-After"
        return None


def _documented(base: type[OcrChatError]) -> Iterator[tuple[int, str]]:
    for kind in base.__subclasses__():
        if not issubclass(kind, PageError | InternalError):
            yield kind.status, kind.code
            yield from _documented(kind)


DOCUMENTED = frozenset(_documented(OcrChatError))
"""Statuses and codes that a client must be ready for; a 500 is an answer by collapse."""


@dataclass(slots=True)
class Log:
    """Of all clients, from their threads."""

    answers: list[Answer] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, answer: Answer) -> None:
        with self._lock:
            self.answers.append(answer)

    def refused(self) -> Counter[tuple[int, str]]:
        """Answers other than good ones, by status and code."""
        return Counter((answer.status, answer.code) for answer in self.answers if answer.status not in GOOD)

    def faults(self) -> Counter[tuple[str, int, str, str]]:
        """By route, status, code, and what is wrong."""
        return Counter(
            (answer.route, answer.status, answer.code, answer.fault) for answer in self.answers if answer.fault
        )

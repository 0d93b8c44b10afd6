"""More clients than the service can serve, under low limits: who is refused is told when to come back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load import clients
from benchmarks.load.answers import Log
from benchmarks.load.books import Books, judged
from benchmarks.load.clients import Outcome
from benchmarks.load.planning import HOLDERS, Client, Errand
from infra.local.service import Service

CLIENTS, JOBS = 40, 2

INVOCATIONS = 26
"""Of all functions together at once, and as few as a service can be started with, which calls each function once:
fewer than clients that wait in a POST, and each job needs some more."""

PLANS = json.dumps(
    {
        "anonymous": {"pages": 100_000, "requests_per_minute": 40, "concurrent_jobs": 3},
        "free": {"pages": 100_000, "requests_per_minute": 10},
        "paid": {"pages": 0, "requests_per_minute": 20},
    }
)


@dataclass(frozen=True, slots=True)
class Withstood:
    log: Log
    outcomes: list[Outcome]
    books: Books


def measure() -> Withstood:
    planned = [
        Client(number, HOLDERS[number % len(HOLDERS)], (Errand(1, "digital"), Errand(5, "digital")) * (JOBS // 2))
        for number in range(CLIENTS)
    ]
    log = Log()
    with TemporaryDirectory() as state, Service(0, Path(state), invocations=INVOCATIONS, Plans=PLANS) as service:
        outcomes = clients.run(service, planned, log)
        return Withstood(log, outcomes, judged(service))

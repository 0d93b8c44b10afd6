"""How long one page of somebody who pays takes while a long queue of others' pages waits."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median

from benchmarks.load.answers import Log
from benchmarks.load.clients import Visitor, token_of
from benchmarks.load.planning import Errand
from infra.local.service import Service
from ocrchat.jobs import PAGES_PER_BATCH

PAGE = Errand(1, "scanned")
CROWD = Errand(50, "scanned")
CROWD_JOBS = 10
"""500 pages, in batches of PAGES_PER_BATCH, with the last ones of each job alone."""


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds from POST to done, by turn. `left`: the pages of the crowd that were not read at the end. `batch_s`: what
    one of the crowd's batches took beside the priority pages."""

    alone: list[float]
    beside: list[float]
    left: int
    batch_s: float

    @property
    def longer_s(self) -> float:
        return median(self.beside) - median(self.alone)


def measure(service: Service, turns: int) -> Waited:
    """The crowd's jobs are deleted in the end."""
    log = Log()
    with (
        Visitor(service.url, token_of(service, "paid"), log) as payer,
        Visitor(service.url, token_of(service, "free"), log) as crowd,
    ):
        payer.carry_out(PAGE, "paid")
        alone = [payer.carry_out(PAGE, "paid").seconds for _ in range(turns)]
        jobs = [crowd.submit(CROWD)[0] for _ in range(CROWD_JOBS)]
        _until_read(crowd, jobs, 1)
        started, before = time.monotonic(), _read(crowd, jobs)
        beside = [payer.carry_out(PAGE, "paid").seconds for _ in range(turns)]
        took, now = time.monotonic() - started, _read(crowd, jobs)
        for job in jobs:
            crowd.ask("DELETE", CROWD.size, "DELETE", f"/api/v1/ocr/{job['uuid']}/")
    workers = int(service.stack.parameters["CpuConcurrency"])
    batch_s = took * workers * PAGES_PER_BATCH / max(1, now - before)
    return Waited(alone, beside, CROWD.pages * CROWD_JOBS - now, batch_s)


def _until_read(crowd: Visitor, jobs: list[dict[str, object]], pages: int) -> None:
    while _read(crowd, jobs) < pages:
        time.sleep(0.5)


def _read(crowd: Visitor, jobs: list[dict[str, object]]) -> int:
    """Pages of these jobs that are read."""
    found = (crowd.ask("poll", CROWD.size, "GET", f"/api/v1/ocr/{job['uuid']}/").json() for job in jobs)
    return sum(int(job["progress"]["done"]) for job in found)

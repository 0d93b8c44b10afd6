"""The reconciler: jobs whose execution died or never started are started again, and ended when that does not help.

It looks at unsettled jobs alone, by an index that holds nothing else, and asks the state machine about each. Nothing
that a worker wrote is lost by a new attempt: pages that have a result are not read again.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from ocrchat import observe
from ocrchat.jobs import JOIN_TIME, Job, next_step
from ocrchat.store.functions import Functions
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.workflow import Workflow

MIN_AGE = timedelta(seconds=60)
"""Younger jobs may be between their row and their execution, which submit writes one after the other."""

JOBS_PER_RUN = 500
"""Bounds one run, by the rate at which executions may be asked about; the next run begins with other shards."""

RUN_S = 240.0


@dataclass(frozen=True, slots=True)
class Reconciler:
    """`join` names the function that ends a job."""

    jobs: JobsTable
    workflow: Workflow
    functions: Functions
    join: str

    def run(self, now: datetime, min_age: timedelta = MIN_AGE) -> dict[str, int]:
        """How many jobs were running, started, restarted, joined, abandoned; errors are left to the next run."""
        outcomes: Counter[str] = Counter()
        until, oldest_s = time.monotonic() + RUN_S, 0.0
        for number, job in enumerate(self.jobs.unsettled(now - min_age)):
            oldest_s = max(oldest_s, (now - job.created_at).total_seconds())
            if number == JOBS_PER_RUN or time.monotonic() > until:
                observe.logger().warning("more unsettled jobs than one run looks at")
                break
            observe.logger().set_correlation_id(job.uuid)
            try:
                outcomes[self._mend(job, now)] += 1
            except Exception:  # noqa: BLE001 - one job that cannot be mended now must not keep the others waiting
                observe.logger().exception("not mended")
                observe.count("JobsNotMended")
                outcomes["errors"] += 1
        observe.count("OldestUnsettled", oldest_s, unit="Seconds")
        return dict(outcomes)

    def _mend(self, job: Job, now: datetime) -> str:
        step = next_step(job.stalled)
        if step == "restart":
            state = self.workflow.state(job)
            if state == "running":
                return "running"
            if state == "none":  # nothing was tried yet: the attempt is as good as new
                self.workflow.start(job)
                observe.count("JobsStarted")
                return "started"
        elif job.attempt_at is not None and now - job.attempt_at < JOIN_TIME:
            return "running"
        return self._next_attempt(job, now)

    def _next_attempt(self, job: Job, now: datetime) -> str:
        raised = self.jobs.raise_attempt(job, self.jobs.progress_of([job.uuid])[job.uuid].done, now)
        if raised is None:
            return "running"
        step = next_step(raised.stalled)
        observe.logger().warning("mended", extra={"attempt": raised.attempt, "step": step})
        if step == "restart":
            self.workflow.start(raised)
            observe.count("JobsRestarted")
            return "restarted"
        payload = {"job": raised.uuid, "attempt": raised.attempt, "abandon": step == "abandon"}
        self.functions.start(self.join, payload)
        observe.count("JobsEndedByReconciler")
        if step == "abandon":
            observe.count("JobsAbandoned")
        return "joined" if step == "join" else "abandoned"

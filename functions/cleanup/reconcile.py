"""The reconciler: jobs whose execution died or never started are started again, and ended after the last attempt.

It looks at unsettled jobs alone, by an index that holds nothing else, and asks the state machine about each. Nothing
that a worker wrote is lost by a new attempt: pages that have a result are not read again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ocrchat import observe
from ocrchat.jobs import MAX_ATTEMPTS, Job
from ocrchat.store.functions import Functions
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.workflow import Workflow

MIN_AGE = timedelta(seconds=60)
"""Younger jobs may be between their row and their execution, which submit writes one after the other."""

JOBS_PER_RUN = 2000
"""Bounds one run; the next one goes on with what is left, oldest first."""


@dataclass(frozen=True, slots=True)
class Reconciler:
    """`join` names the function that ends a job."""

    jobs: JobsTable
    workflow: Workflow
    functions: Functions
    join: str

    def run(self, now: datetime, min_age: timedelta = MIN_AGE) -> dict[str, int]:
        """Returns how many jobs were running, restarted, ended."""
        outcomes: Counter[str] = Counter()
        for number, job in enumerate(self.jobs.unsettled(now - min_age)):
            if number == JOBS_PER_RUN:
                observe.logger().warning("more unsettled jobs than one run looks at")
                break
            outcomes[self._mend(job)] += 1
        return dict(outcomes)

    def _mend(self, job: Job) -> str:
        observe.logger().set_correlation_id(job.uuid)
        if self.workflow.is_running(job):
            return "running"
        if job.attempt >= MAX_ATTEMPTS:
            self.functions.start(self.join, {"job": job.uuid, "attempt": job.attempt})
            observe.count("JobsEndedByReconciler")
            return "ended"
        if not self.jobs.raise_attempt(job):
            return "running"
        self.workflow.start(replace(job, attempt=job.attempt + 1))
        observe.count("JobsRestarted")
        observe.logger().info("restarted", extra={"attempt": job.attempt + 1})
        return "restarted"

"""The second sweep of deleted jobs: what a worker wrote after the first one and could not take back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from ocrchat import observe
from ocrchat.store.bucket import Bucket
from ocrchat.store.jobs_table import JobsTable

SWEEPS_PER_RUN = 200
"""Bounds one run: four lists a job, and rarely anything to delete."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    jobs: JobsTable
    bucket: Bucket

    def run(self, now: datetime) -> dict[str, int]:
        """How many jobs were swept; errors are left to the next run."""
        outcomes: Counter[str] = Counter()
        for number, job in enumerate(self.jobs.to_sweep(now)):
            if number == SWEEPS_PER_RUN:
                observe.logger().warning("more deleted jobs than one run sweeps")
                break
            try:
                self.bucket.delete_job(job.uuid)
                self.jobs.swept(job)
                outcomes["swept"] += 1
            except Exception:  # noqa: BLE001 - one job that cannot be swept now must not keep the others waiting
                observe.logger().exception("not swept", extra={"job": job.uuid})
                observe.count("JobsNotSwept")
                outcomes["sweep_errors"] += 1
        return dict(outcomes)

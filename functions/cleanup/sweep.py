"""What is deleted when its time has come: the file that was sent, some hours after its job has ended; the results, when
they expire; and what was written for a deleted job after it was deleted, by a worker that then died.
"""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from ocrchat import observe
from ocrchat.jobs import Job, has_expired
from ocrchat.store.bucket import Bucket
from ocrchat.store.chats_table import ChatsTable
from ocrchat.store.drop_folder import DropFolder
from ocrchat.store.jobs_table import JobsTable

AT_ONCE = 8
SWEEP_S = 100.0
"""Bounds one run, which comes every minute: some thousands of jobs. Lifecycle rules stand behind it."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    jobs: JobsTable
    bucket: Bucket
    chats: ChatsTable
    drop_folder: DropFolder

    def run(self, now: datetime) -> dict[str, int]:
        """How many jobs were swept; errors are left to the next run."""
        outcomes: Counter[str] = Counter()
        until = time.monotonic() + SWEEP_S
        due = self.jobs.due(now)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sweep") as pool:
            while some := list(islice(due, AT_ONCE)):
                outcomes.update(pool.map(lambda job: self._swept(job, now), some))
                if time.monotonic() > until:
                    observe.logger().warning("more jobs are due than one run sweeps")
                    break
        return dict(outcomes)

    def _swept(self, job: Job, now: datetime) -> str:
        try:
            if job.status == "deleted" or has_expired(job, now):
                self.bucket.delete_job(job.uuid)
                self.chats.delete_job(job.uuid)
                if job.drop is not None:
                    self.drop_folder.delete_results(job.uuid, job.drop.key, with_status=True)
                self.jobs.swept(job, None)
            else:
                self.bucket.delete_original(job.uuid)
                self.jobs.swept(job, job.expires_at)
        except Exception:  # noqa: BLE001 - one job that cannot be swept now must not keep the others waiting
            observe.logger().exception("not swept", extra={"job": job.uuid})
            observe.count("JobsNotSwept")
            return "sweep_errors"
        return "swept"

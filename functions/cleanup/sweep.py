"""What is deleted when its time has come: the file that was sent, some hours after its job has ended; the results with
all that was made of them, when they expire; what was written for a deleted job after it was deleted, by a worker that
then died; and what was sent to an upload that nobody submitted.
"""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from ocrchat import observe
from ocrchat.jobs import Job, is_over
from ocrchat.store.bucket import Bucket
from ocrchat.store.chats_table import ChatsTable
from ocrchat.store.drop_folder import DropFolder
from ocrchat.store.due_index import Due, DueIndex
from ocrchat.tiers import MODEL_TIER

AT_ONCE = 8
RUN_S = 240.0
"""Bounds one run, which comes every minute: where more is due than one sweeps, some runs go on beside each other, each
through the shards in an order of its own."""

ROWS_PER_RUN = 10_000

SWEPT = {"original": "Originals", "result": "Results", "deleted": "DeletedJobs", "upload": "Uploads"}
"""What became of a row, and what is counted as swept."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    index: DueIndex
    bucket: Bucket
    chats: ChatsTable
    drop_folder: DropFolder

    def run(self, now: datetime) -> dict[str, int]:
        """How many rows were swept, by what that was; `elsewhere` by another run. Errors are left to the next one."""
        outcomes: Counter[str] = Counter()
        until, late_s = time.monotonic() + RUN_S, 0.0
        due = self.index.due(now)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sweep") as pool:
            while some := list(islice(due, AT_ONCE)):
                late_s = max(late_s, *((now - row.since).total_seconds() for row in some))
                outcomes.update(pool.map(lambda row: self._swept(row, now), some))
                if time.monotonic() > until or outcomes.total() >= ROWS_PER_RUN:
                    observe.logger().warning("more is due than one run sweeps")
                    break
        for outcome, what in SWEPT.items():
            observe.count(f"{what}Swept", outcomes[outcome])
        observe.count("JobsNotSwept", outcomes["error"])
        observe.count("OldestOverdue", late_s, unit="Seconds")
        return dict(outcomes)

    def _swept(self, due: Due, now: datetime) -> str:
        try:
            return self._sweep(due, now)
        except Exception:  # noqa: BLE001 - one that cannot be swept now must not keep the others waiting
            observe.logger().exception("not swept", extra={"row": due.pk})
            return "error"

    def _sweep(self, due: Due, now: datetime) -> str:
        """The objects first, the row after them: whoever dies in between leaves the row due."""
        job = due.job
        if job is None:
            self.bucket.delete_incoming(due.id)
            return "upload" if self.index.forget(due) else "elsewhere"
        if not is_over(job, now):
            self._delete_what_was_sent(job)
            return "original" if self.index.done(due, job.expires_at) else "elsewhere"
        observe.count("ObjectsSwept", self.bucket.delete_job(job.uuid))
        self.chats.delete_job(job.uuid)
        if job.drop is not None:
            self.drop_folder.delete_results(job.uuid, job.drop.key, with_status=True)
        if not self.index.done(due, None):
            return "elsewhere"
        return "deleted" if job.status == "deleted" else "result"

    def _delete_what_was_sent(self, job: Job) -> None:
        """And its pages, which a join that died after it had ended the job has left."""
        self.bucket.delete_original(job.uuid)
        self.bucket.delete_pages(job.uuid, job.indexes, job.page_format)
        if job.tier == MODEL_TIER:
            self.bucket.delete_prepared(job.uuid, job.indexes)

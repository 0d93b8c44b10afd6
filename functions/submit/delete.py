"""Deleting a job: a tombstone first, which stops whoever still works on it, then everything that it wrote."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from ocrchat import observe
from ocrchat.accounts import Caller
from ocrchat.drop_status import of_job
from ocrchat.drops import Drop
from ocrchat.errors import JobNotFound, Overloaded
from ocrchat.jobs import Job, Progress, readable_by, uuid_of
from ocrchat.store.bucket import Bucket
from ocrchat.store.chats_table import ChatsTable
from ocrchat.store.drop_folder import DropFolder
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.metering import Metering
from ocrchat.store.workflow import Workflow

CHATS_S = 10.0
"""What deleting conversations may take of the request's half minute: some thousands. A job may have any number."""

TRIES = 5
"""A job changes a few times in its life, each time once: it ends, or its next attempt begins."""


@dataclass(frozen=True, slots=True)
class Deletion:
    jobs: JobsTable
    metering: Metering
    bucket: Bucket
    chats: ChatsTable
    workflow: Workflow
    drop_folder: DropFolder

    def delete(self, uuid: str, caller: Caller) -> None:
        """Safe to repeat: what an earlier one left is swept. Raises JobNotFound, also for a job of somebody else.

        What a worker writes at this moment it takes back itself, once it sees the tombstone; what a worker that dies
        leaves is found by the second sweep, and so are conversations that there is no time for: nobody sees them any
        more.
        """
        job = self._buried(uuid, caller)
        self.workflow.stop(job)
        self.bucket.delete_job(job.uuid)
        is_all = self.chats.delete_job(job.uuid, time.monotonic() + CHATS_S)
        if job.drop is not None:
            self._recall(job.uuid, job.drop)
        observe.logger().info("deleted", extra={"job": job.uuid, "all_conversations": is_all})

    def _recall(self, uuid: str, drop: Drop) -> None:
        """What was delivered goes, too, and the file beside it says why."""
        self.drop_folder.delete_results(uuid, drop.key, with_status=False)
        tombstone = self.jobs.get(uuid)
        if tombstone is not None:
            self.drop_folder.put_status(of_job(tombstone, drop, datetime.now(UTC)))

    def _buried(self, uuid: str, caller: Caller) -> Job:
        """The job as it was when its tombstone took its place. Paid are the pages that have a result, which are counted
        anew: the counter of its progress counts twice what had to be sent twice."""
        known = uuid_of(uuid)
        for _ in range(TRIES):
            job, progress = self.jobs.get_with_progress(known) if known else (None, Progress())
            if job is None or not readable_by(job, caller.account):
                raise JobNotFound
            if job.status == "deleted":
                return job
            done = 0 if job.settled else self.bucket.count_page_results(job.uuid)
            if self.metering.cancel(job, done - progress.unread, datetime.now(UTC)):
                observe.count("JobsDeleted")
                return job
        raise Overloaded

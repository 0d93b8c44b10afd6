"""Objects that nobody owns: of a job that never got a row, because its request died in between, or that has none any
more; or written for a job that was over by then. Found by a walk over the bucket.

It goes folder by folder: one request lists a thousand jobs, whatever the number of their objects, and ten more read
their rows.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ocrchat import observe
from ocrchat.jobs import is_over
from ocrchat.store.bucket import INCOMING, JOB_FOLDERS, Bucket
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.uploads_table import UploadsTable

from .outcomes import count_outcomes
from .walk import Walk

SAFE_AGE = timedelta(hours=12)
"""Younger objects are left: their row may come yet. A request has 29 s for that, the steps of a deleted job six hours
and a half; the rest is for an operator who has restored the table from a backup and finds its last hours missing."""

RUN_S = 180.0
FOLDERS = (*JOB_FOLDERS, INCOMING)

MOST_MISSING = 100
MOST_SHARE = 0.5
"""Of the jobs in one list: where more than both have no row, it is the table that is not the bucket's, or not whole,
and nothing of them is deleted. Requests that die leave a few in a day."""

METRICS = {"orphans": "OrphansDeleted", "objects": "OrphanObjectsDeleted"}

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Orphans:
    jobs: JobsTable
    uploads: UploadsTable
    bucket: Bucket
    walk: Walk

    def run(self, now: datetime, *, anew: bool = False) -> dict[str, int]:
        """How many `owners` were looked at, how many of these `orphans` had objects deleted, and how many `objects`."""
        outcomes: Counter[str] = Counter()
        until = time.monotonic() + RUN_S
        place = self.walk.place(now, anew=anew)
        while place is not None:
            folder, after = place.get("folder", FOLDERS[0]), place.get("after", "")
            ids, behind = self.bucket.owners(folder, after)
            outcomes.update(self._delete_orphans(folder, [one for one in ids if _ID.fullmatch(one)], now))
            place = {"folder": folder, "after": behind} if behind else first_of(folder_after(folder))
            if not self.walk.save(place) or time.monotonic() > until:
                break
        count_outcomes(outcomes, METRICS)
        return dict(outcomes)

    def _delete_orphans(self, folder: str, ids: Sequence[str], now: datetime) -> Counter[str]:
        outcomes = Counter(owners=len(ids))
        for one in self._orphans(folder, ids, now):
            if objects := self.bucket.delete_older(folder, one, now - SAFE_AGE):
                outcomes.update(orphans=1, objects=objects)
                observe.logger().info("orphan deleted", extra={"folder": folder, "owner": one, "objects": objects})
        return outcomes

    def _orphans(self, folder: str, ids: Sequence[str], now: datetime) -> list[str]:
        """Those whose objects nobody owns. An upload's row goes with what was sent for it."""
        if folder == INCOMING:
            known = self.uploads.known(ids)
            return [one for one in ids if one not in known]
        jobs = self.jobs.get_many(ids)
        if is_doubtful(len(ids) - len(jobs), len(ids)):
            observe.logger().error("too many jobs without a row", extra={"folder": folder, "first": ids[0]})
            observe.count("OrphansDoubted", len(ids) - len(jobs))
            return []
        return [one for one in ids if is_over(jobs.get(one), now)]


def is_doubtful(missing: int, owners: int) -> bool:
    """Whether more jobs have no row than there can be without one."""
    return missing > MOST_MISSING and missing > MOST_SHARE * owners


def folder_after(folder: str) -> str | None:
    """The next one; the first for one that there is no more, None after the last."""
    following = dict(zip(FOLDERS, (*FOLDERS[1:], None), strict=True))
    return following.get(folder, FOLDERS[0])


def first_of(folder: str | None) -> dict[str, str] | None:
    """The place where a folder begins."""
    return None if folder is None else {"folder": folder}

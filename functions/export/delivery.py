"""Brings the results of what was dropped into the bucket to where its owner fetches them, and writes beside them what
became of it. Safe to repeat, and done twice as a rule: when the job has ended, and a quarter of an hour after it was
accepted, for the case that the first message was lost."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ocrchat import observe, wiring
from ocrchat.drop_status import of_job, replaces
from ocrchat.drops import Drop
from ocrchat.errors import OcrChatError, Overloaded
from ocrchat.jobs import Job, has_expired
from ocrchat.pages import Notice
from ocrchat.store.deliveries import LATER_S, Delivery
from ocrchat.store.drop_folder import DropFolder
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.queues import Queues

from .files import Files, rendered_files
from .formats import FORMATS

WAITED_S = 20.0
"""For files that are being made, before the message is put back: most take less than a second."""

GIVEN_UP_AFTER = timedelta(hours=1)
"""From when it could have been brought: then it is brought without the files that could not be made."""

FIRST_DELAY_S, LONGEST_DELAY_S = 30.0, 900.0
"""Between two tries for files that are being made, doubled each time."""

LONGEST_WAIT_S = 21_600.0
"""Between two looks at a job that has not ended; the first are LATER_S apart, and then twice as long each time. With
the receives that the queue allows, a job is waited for for two days."""


class NotYet(Exception):
    """The message has to come again, `first_s` seconds later the first time, at most `longest_s` each time."""

    def __init__(self, why: str, first_s: float, longest_s: float) -> None:
        self.first_s, self.longest_s = first_s, longest_s
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Courier:
    jobs: JobsTable
    folder: DropFolder
    files: Files

    def bring(self, delivery: Delivery) -> str:
        """What became of it: the status that is told; `known` where it is told already, `superseded` where another
        object was put under the key since, `gone` where nothing is known of the job. Raises NotYet."""
        job = self.jobs.get(delivery.job)
        drop = delivery.drop or (job.drop if job else None)
        if job is None or drop is None:
            return "gone"
        now = datetime.now(UTC)
        if not job.settled:
            self.folder.put_status(of_job(job, drop, now, seen_running=True))
            raise NotYet("the job has not ended", LATER_S, LONGEST_WAIT_S)
        there, status = self.folder.status(drop.key), of_job(job, drop, now)
        if status["status"] != "done":  # what was brought before it was deleted, by whoever died then
            self.folder.delete_results(job.uuid, drop.key, with_status=False)
        if not replaces(status, there):
            return "superseded"
        if delivery.drop is None and there is not None and _says_the_same(there, status, drop):
            return "known"
        if status["status"] == "done":
            status = self._deliver(job, drop, now)
        return str(status["status"]) if self.folder.put_status(status) else self._make_way(job, drop)

    def _deliver(self, job: Job, drop: Drop, now: datetime) -> dict[str, Any]:
        """The status to tell. Raises NotYet."""
        made, problems = self._made(job, drop, now)
        formats = {
            name: self.folder.deliver(key, drop, name, job.uuid, FORMATS[name].media_type) for name, key in made.items()
        }
        then = self.jobs.get(job.uuid)
        if then is None or not _has_result(then, datetime.now(UTC)):  # deleted meanwhile: nothing may be left of it
            self.folder.delete_results(job.uuid, drop.key, with_status=False)
            raise NotYet("the job was deleted while it was brought", 0, 0)
        return of_job(job, drop, now, formats=formats, problems=problems)

    def _made(self, job: Job, drop: Drop, now: datetime) -> tuple[dict[str, str], list[Notice]]:
        """(format -> key of the file, why others are not made). All are begun before the first is waited for."""
        made: dict[str, str] = {}
        failed: dict[str, OcrChatError] = {}
        for until in (0.0, time.monotonic() + WAITED_S):
            for name in drop.formats:
                if name in made:
                    continue
                try:
                    key = self.files.key(job, name, until)
                except OcrChatError as error:
                    failed[name] = error
                else:
                    failed.pop(name, None)
                    if key is not None:
                        made[name] = key
        missing = {name: failed.get(name) or Overloaded() for name in drop.formats if name not in made}
        could_be = max(job.settled_at or now, drop.dropped_at)
        if any(error.retryable for error in missing.values()) and now - could_be < GIVEN_UP_AFTER:
            raise NotYet("files are not made yet", FIRST_DELAY_S, LONGEST_DELAY_S)
        notices = [Notice(error.code, f"`{name}` was not made: {error.detail}") for name, error in missing.items()]
        return {name: made[name] for name in drop.formats if name in made}, notices

    def _make_way(self, job: Job, drop: Drop) -> str:
        """Another object was put under the key while the results of this one were brought, perhaps over its own."""
        there = self.folder.status(drop.key)
        later = self.jobs.get(there["uuid"]) if there and there.get("uuid") else None
        if later is None or later.drop is None or later.uuid == job.uuid:
            return "superseded"
        return self.bring(Delivery(later.uuid, later.drop)) if later.settled else "superseded"


def work_off(courier: Courier, queues: Queues, record: Mapping[str, Any]) -> str | None:
    """A message of the queue: what became of it, None where it has to come again."""
    delivery = Delivery.parse(record["body"])
    observe.logger().set_correlation_id(delivery.job)
    try:
        outcome = courier.bring(delivery)
    except NotYet as reason:
        receives = int(record["attributes"]["ApproximateReceiveCount"])
        seconds = _delay(reason, receives)
        observe.logger().info("not delivered yet", extra={"cause": str(reason), "seconds": seconds})
        observe.count("DeliveriesDelayed")
        queues.delay(record["eventSourceARN"], record["receiptHandle"], seconds)
        return None
    observe.count(f"Deliveries{outcome.capitalize()}")
    return outcome


def courier() -> Courier:
    return Courier(wiring.jobs_table(), wiring.drop_folder(), rendered_files())


def _says_the_same(there: Mapping[str, Any], status: Mapping[str, Any], drop: Drop) -> bool:
    """That file is not only about the same end: what was asked for lies there, too."""
    if (there.get("uuid"), there["status"]) != (status["uuid"], status["status"]):
        return False
    return status["status"] != "done" or set(drop.formats) <= set(there.get("formats") or ())


def _has_result(job: Job, now: datetime) -> bool:
    return job.status == "done" and not has_expired(job, now)


def _delay(reason: NotYet, receives: int) -> float:
    doubled = min(reason.first_s * 2.0 ** min(receives - 1, 30), reason.longest_s)
    return doubled * random.uniform(1.0, 1.25)  # noqa: S311 - no secret

"""Objects that customers drop into the bucket: each is accepted as a request of its account would be, on the same ways.

S3 may say more than once that an object was put, and this may end at any line. Until the object is gone the message
comes again, and finds the job by its uuid, which is made of the object: so nothing is read or paid twice, and the last
steps, which are done anew, are the same each time.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ocrchat import observe
from ocrchat.accounts import Caller
from ocrchat.drop_status import of_job, options_of, refused
from ocrchat.drops import Drop, Event, account_of, check_key, events_in, is_folder, job_uuid, next_uuid
from ocrchat.errors import FileEmpty, IdempotencyKeyInUse, OcrChatError, OutOfPages, Overloaded, ParameterInvalid
from ocrchat.jobs import Job, has_expired
from ocrchat.plans import Plan, Plans
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.deliveries import Deliveries
from ocrchat.store.drop_folder import DropChanged, DropFolder, Found
from ocrchat.store.idempotency import Replayed
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.queues import Queues

from .accept import Acceptance, Order
from .drop_options import fields_of, usual_formats
from .parameters import clean_filename
from .plan_limits import check_size
from .sources import Source, Stored

MOST_RECEIVES = 40
"""The last time that a message waits for room. With the delays below that is after nine hours."""

FIRST_DELAY_S, LONGEST_DELAY_S = 15.0, 900.0
"""Between two tries, doubled each time."""


@dataclass(frozen=True, slots=True)
class DroppedFile(Source):
    drop: Drop
    folder: DropFolder

    def check(self, plan: Plan) -> None:
        if not self.drop.size:
            raise FileEmpty
        check_size(plan, self.drop.size)

    def fingerprint(self) -> str:
        return f"drop {self.drop.etag}"

    def store(self, caller: Caller, uuid: str) -> Stored:  # noqa: ARG002
        """Raises DropChanged."""
        self.folder.copy_to_original(self.drop, uuid)
        return Stored(clean_filename(self.drop.key), self.drop.size, self.drop)


@dataclass(frozen=True, slots=True)
class Drops:
    desk: Acceptance
    folder: DropFolder
    accounts: AccountsTable
    balances: BalancesTable
    jobs: JobsTable
    deliveries: Deliveries
    plans: Plans

    def take(self, event: Event, *, is_last: bool) -> str:
        """What became of it: `accepted`, `known`, `refused`; `gone` where that object lies there no more, `folder`
        where it is none. Raises what passes (`OcrChatError.retryable`), unless this is the last time."""
        found = self.folder.find(event.key)
        if found is None or found.drop.etag != event.etag:  # what was put in its place has an event of its own
            return "gone"
        if is_folder(event.key, found.drop.size):
            return "folder"
        drop, options = found.drop, None
        try:
            check_key(drop.key)
            caller = self._caller(drop)
            order, drop = self._asked(found)
            options = options_of(order, drop)
            return self._accept(caller, order, drop)
        except DropChanged:
            return "gone"
        except OcrChatError as error:
            if error.retryable and not is_last:
                raise
            self._refuse(drop, error, options)
            return "refused"

    def _caller(self, drop: Drop) -> Caller:
        account = self.accounts.get(account_of(drop.key) or "")
        if account is None:
            raise ParameterInvalid(
                "`key`: no such account; after drop/ comes the id that GET /api/v1/account/ tells, and a slash",
                parameter="key",
            )
        return Caller(account.id, account.id, self.plans.of(account.plan))

    def _asked(self, found: Found) -> tuple[Order, Drop]:
        if not found.is_readable:
            raise ParameterInvalid(
                "`object`: it is archived, or encrypted with a key of KMS: put it with SSE-S3, in another class",
                parameter="object",
            )
        fields, formats = fields_of(found.metadata, found.unreadable_metadata)
        order = self.desk.order(fields)
        return order, replace(found.drop, formats=formats or usual_formats(order.tool))

    def _accept(self, caller: Caller, order: Order, drop: Drop) -> str:
        uuid, job = self._known(order, drop)
        outcome = "known" if job else "accepted"
        if job is None:
            self.balances.limit_requests(caller.holder, caller.plan, datetime.now(UTC))
            job = self._new(caller, order, drop, uuid)
        self._finish(job, drop)
        return outcome

    def _known(self, order: Order, drop: Drop) -> tuple[str, Job | None]:
        """The uuid of the object's job, and the job if there is one. One without a result, which was made of an object
        that was put before, is followed by another."""
        uuid = job_uuid(drop, asdict(order))
        job = self.jobs.get(uuid)
        if job is not None and _has_no_result(job) and job.created_at < drop.dropped_at:
            uuid = next_uuid(uuid, drop)
            job = self.jobs.get(uuid)
        return uuid, job

    def _new(self, caller: Caller, order: Order, drop: Drop, uuid: str) -> Job:
        try:
            accepted = self.desk.accept(caller, DroppedFile(drop, self.folder), order, f"drop:{uuid}", uuid)
        except IdempotencyKeyInUse as error:  # the same event, told twice, at this moment
            raise Overloaded from error
        job = self.jobs.get(uuid) if isinstance(accepted, Replayed) else accepted.job
        if job is None:
            raise Overloaded
        return job

    def _finish(self, job: Job, drop: Drop) -> None:
        """What has to be sure before the object may go: without it the message finds nothing when it comes again."""
        again = None if drop == job.drop else drop
        if job.settled:
            self.deliveries.soon(job, again)
        else:
            self.folder.put_status(of_job(job, drop, datetime.now(UTC)))
            self.deliveries.later(job, again)
        self.folder.consume(drop)

    def _refuse(self, drop: Drop, error: OcrChatError, options: Mapping[str, Any] | None) -> None:
        if error.retryable or isinstance(error, OutOfPages):
            error.detail += "; then drop the file again"
        observe.logger().warning("drop refused", extra={"code": error.code, "account": account_of(drop.key)})
        self.folder.put_status(refused(drop, error, options, datetime.now(UTC)))


def work_off(drops: Drops, queues: Queues, record: Mapping[str, Any]) -> str | None:
    """A message of the queue: what became of it, None where it has to come again."""
    receives = int(record["attributes"]["ApproximateReceiveCount"])
    outcome = "empty"
    try:
        for event in events_in(record["body"]):
            outcome = drops.take(event, is_last=receives >= MOST_RECEIVES)
            observe.count(f"Drops{outcome.capitalize()}")
    except OcrChatError as error:
        seconds = _delay(error.retry_after or 0, receives)
        observe.logger().info("drop delayed", extra={"code": error.code, "seconds": seconds, "receives": receives})
        observe.count("DropsDelayed")
        queues.delay(record["eventSourceARN"], record["receiptHandle"], seconds)
        return None
    return outcome


def _has_no_result(job: Job) -> bool:
    return job.status in ("failed", "deleted") or has_expired(job, datetime.now(UTC))


def _delay(least: float, receives: int) -> float:
    doubled = min(FIRST_DELAY_S * 2.0 ** min(receives - 1, 30), LONGEST_DELAY_S)
    return max(least, doubled) * random.uniform(1.0, 1.25)  # noqa: S311 - no secret

"""The books: what a job costs is taken when it is accepted and settled when it ends, each in one transaction with the
job's own row, so that no crash can lie between the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ocrchat import observe
from ocrchat.errors import OutOfPages, Overloaded, RateLimited
from ocrchat.jobs import Job, Settlement
from ocrchat.metering import Entry, Standing, rate_limit_headers, shortfall, source_of
from ocrchat.plans import Plan
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.transaction import NotWritten, Write, write

RACES = 10
"""How often somebody else may have taken what was there when it was looked at, before the service is called busy."""

BUSY_S = 10
"""Retry-After where too many jobs run."""


class Metering:
    def __init__(self, client: Any, jobs: JobsTable, balances: BalancesTable) -> None:
        self._client = client
        self._jobs = jobs
        self._balances = balances

    def check(self, holder: str, plan: Plan, cost: int, at: datetime) -> Standing:
        """What the holder has, if a job of that cost could be accepted now. Raises OutOfPages and RateLimited."""
        return self._enough(plan, self._balances.standing(holder, plan, at), cost, at)

    def _enough(self, plan: Plan, standing: Standing, cost: int, at: datetime) -> Standing:
        if source_of(plan, standing, cost, at) is None:
            raise _out_of_pages(plan, standing, cost, at)
        if standing.running >= plan.concurrent_jobs:
            raise RateLimited(
                f"{plan.concurrent_jobs} jobs are running, as many as may at once: wait until one has ended", BUSY_S
            )
        return standing

    def accept(
        self, job: Job, plan: Plan, also: Sequence[Write] = (), seen: Standing | None = None
    ) -> tuple[Job, Standing]:
        """Writes the job, paid for, with `also` in the same transaction; returns it with its source, and what is left.
        `seen` is what was there a moment ago. Raises OutOfPages, RateLimited, and NotWritten where a condition of
        `also` does not hold."""
        at = job.created_at
        for _ in range(RACES):
            standing = seen or self._balances.standing(job.holder, plan, at)
            if seen is None:  # what was seen may be of yesterday: it is good to accept by, and not to refuse by
                self._enough(plan, standing, job.cost, at)
            seen = None
            source = source_of(plan, standing, job.cost, at)
            if source is None or standing.running >= plan.concurrent_jobs:
                continue
            paid = replace(job, source=source)
            entry = Entry(f"{job.uuid}#reserve", job.created_at, "reserve", source, -job.cost, job.uuid)
            reservation = self._balances.reserve(job.holder, plan, entry)
            try:
                write(self._client, [self._jobs.creation(paid), *reservation, *also])
            except NotWritten as refusal:
                if "job" in refusal.names:  # a uuid is drawn for one job: this one, whose answer was lost
                    return self._jobs.get(job.uuid) or paid, standing.less(job.cost, source)
                if not refusal.names <= {"wallet", "bucket"}:
                    raise
            else:
                return paid, standing.less(job.cost, source)
        raise Overloaded

    def check_charge(self, holder: str, plan: Plan, cost: int, at: datetime) -> Standing:
        """What the holder has, if so much could be taken now. Raises OutOfPages."""
        standing = self._balances.standing(holder, plan, at)
        if source_of(plan, standing, cost, at) is None:
            raise _out_of_pages(plan, standing, cost, at)
        return standing

    def charge(
        self, holder: str, plan: Plan, cost: int, message: str, job: str, at: datetime, also: Sequence[Write]
    ) -> Standing | None:
        """Takes what a message about a job costs, in one transaction with `also`; returns what is left, None where it
        costs nothing. `message` names it. Raises OutOfPages, and NotWritten where a condition of `also` does not
        hold."""
        if not cost:
            write(self._client, also)
            return None
        for _ in range(RACES):
            standing = self.check_charge(holder, plan, cost, at)
            source = source_of(plan, standing, cost, at)
            assert source is not None  # noqa: S101 - it was checked
            entry = Entry(message, at, "chat", source, -cost, job)
            try:
                write(self._client, [*also, *self._balances.charge(holder, plan, entry)])
            except NotWritten as refusal:
                if not refusal.names <= {"wallet", "bucket"}:
                    raise
            else:
                return standing.spent(cost, source)
        raise Overloaded

    def settle(
        self, job: Job, settlement: Settlement, result_bytes: int, at: datetime, expiries: Sequence[datetime]
    ) -> bool:
        """Ends the job and gives back what it did not deliver, once; False if it had ended, was deleted, or a newer
        attempt runs."""
        ending = self._jobs.ending(job, settlement, result_bytes, at, expiries)
        return self._refunded(job, settlement.unread_pages, at, ending)

    def cancel(self, job: Job, done: int, at: datetime) -> bool:
        """Puts a record without content in the job's place and, if it runs, gives back the pages that were not read;
        `done` are those that were, as their readers say. False if the job is not any more as it was seen."""
        unread = job.page_count - max(0, min(done, job.page_count))
        if job.settled:
            return self._written([self._jobs.tombstone(job, job.unread_pages, at)])
        return self._refunded(job, unread, at, self._jobs.tombstone(job, unread, at))

    def _refunded(self, job: Job, pages: int, at: datetime, ending: Write) -> bool:
        """Ends the job and gives back what these pages have cost; False where the job has ended otherwise."""
        entry = Entry(f"{job.uuid}#settle", at, "settle", job.source, pages * job.price, job.uuid)
        if not self._written([ending, *self._balances.settle(job.holder, entry)]):
            return False
        if entry.credits:
            observe.count("CreditsRefunded", entry.credits)
        return True

    def _written(self, writes: Sequence[Write]) -> bool:
        try:
            write(self._client, writes)
        except NotWritten as refusal:
            if "job" not in refusal.names:
                raise
            return False
        return True


def _out_of_pages(plan: Plan, standing: Standing, cost: int, at: datetime) -> OutOfPages:
    members = shortfall(plan, standing, cost, at)
    if plan.pages:
        left = max(0, plan.pages - standing.used)
        what = f"{cost} pages are needed and {left} of this {plan.period}'s {plan.pages} are left"
    else:
        what = f"{cost} credits are needed and {standing.balance} are left"
    how = {
        "anonymous": "create a free account for more",
        "free": "wait for the next month or buy credits",
        "paid": "buy credits",
    }[plan.name]
    refusal = OutOfPages(f"{what}: {how}", **members)
    refusal.headers = rate_limit_headers(plan, standing, at)
    return refusal

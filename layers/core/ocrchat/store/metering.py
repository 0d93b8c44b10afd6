"""The books: what a job costs is taken when it is accepted and settled when it ends, each in one transaction with the
job's own row, so that no crash can lie between the two. What a message costs is held before it is answered, so that
nobody has more answered at once than there are credits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from ocrchat import observe
from ocrchat.errors import OutOfPages, Overloaded, RateLimited
from ocrchat.jobs import Job, Settlement
from ocrchat.metering import HOLD, Entry, Hold, Standing, rate_limit_headers, shortfall, source_of
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
        return self._enough(plan, self._standing(holder, plan, at), cost, at)

    def _standing(self, holder: str, plan: Plan, at: datetime) -> Standing:
        """What the holder has, once that has come back which is held for messages whose process has died."""
        standing = self._balances.standing(holder, plan, at)
        lost = [hold for hold in standing.holds if at - hold.at > HOLD]
        for hold in lost:
            self.release(holder, hold, at)
        return self._balances.standing(holder, plan, at) if lost else standing

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
            standing = seen or self._standing(job.holder, plan, at)
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

    def check_message(self, holder: str, plan: Plan, cost: int, at: datetime) -> None:
        """Raises OutOfPages where so much could not be held now."""
        standing = self._standing(holder, plan, at)
        if source_of(plan, standing, cost, at) is None:
            raise _out_of_pages(plan, standing, cost, at, "message")

    def hold(self, holder: str, plan: Plan, cost: int, message: str, job: str, at: datetime) -> tuple[Hold, Standing]:
        """Takes what a message about a job costs before it is answered; returns that, and what is left. `message` names
        it. Raises OutOfPages."""
        for _ in range(RACES):
            standing = self._standing(holder, plan, at)
            source = source_of(plan, standing, cost, at)
            if source is None:
                raise _out_of_pages(plan, standing, cost, at, "message")
            hold = Hold(message, at, source, cost, job)
            entry = Entry(message, at, "chat", source, -cost, job)
            try:
                write(self._client, self._balances.hold(holder, plan, hold, entry))
            except NotWritten as refusal:
                if not refusal.names <= {"wallet", "bucket"}:
                    raise
            else:
                return hold, standing.spent(cost, source)
        raise Overloaded

    def answered(self, holder: str, hold: Hold | None, answer: Sequence[Write]) -> None:
        """Writes the answer of a message, and spends what it holds; None where it costs nothing. Raises NotWritten
        where a condition of `answer` does not hold, or the hold, `hold`, was released."""
        write(self._client, [*answer, self._balances.keep(holder, hold)] if hold else answer)

    def release(self, holder: str, hold: Hold, at: datetime) -> bool:
        """Gives back what a message held that was not answered; False if it holds nothing any more."""
        entry = Entry(f"{hold.message}#back", at, "chat", hold.source, hold.credits, hold.job, "not answered")
        return self._written(self._balances.release(holder, hold, entry), "hold")

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
            return self._written([self._jobs.tombstone(job, job.unread_pages, at)], "job")
        return self._refunded(job, unread, at, self._jobs.tombstone(job, unread, at))

    def _refunded(self, job: Job, pages: int, at: datetime, ending: Write) -> bool:
        """Ends the job and gives back what these pages have cost; False where the job has ended otherwise."""
        entry = Entry(f"{job.uuid}#settle", at, "settle", job.source, pages * job.price, job.uuid)
        if not self._written([ending, *self._balances.settle(job.holder, entry)], "job"):
            return False
        if entry.credits:
            observe.count("CreditsRefunded", entry.credits)
        return True

    def _written(self, writes: Sequence[Write], deciding: str) -> bool:
        """False where the condition of the write of that name does not hold."""
        try:
            write(self._client, writes)
        except NotWritten as refusal:
            if deciding not in refusal.names:
                raise
            return False
        return True


def _out_of_pages(
    plan: Plan, standing: Standing, cost: int, at: datetime, thing: Literal["file", "message"] = "file"
) -> OutOfPages:
    members = shortfall(plan, standing, cost, at)
    if plan.pages:
        left = max(0, plan.pages - standing.used)
        unit, there_are = "pages", f"{left} of this {plan.period}'s {plan.pages} are left"
        if standing.balance > 0:
            there_are += f", and {standing.balance} credits"
    else:
        unit, there_are = "credits", f"{max(0, standing.balance)} are left"
    needed = f"A message costs {cost} {unit}" if thing == "message" else f"{cost} {unit} are needed"
    how = {
        "anonymous": "create a free account for more",
        "free": "wait for the next month or buy credits",
        "paid": "buy credits",
    }[plan.name]
    refusal = OutOfPages(f"{needed} and {there_are}: {how}", **members)
    refusal.headers = rate_limit_headers(plan, standing, at)
    return refusal

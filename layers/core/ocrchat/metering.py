"""What is counted, and against what: periods, sources and ledger entries. Pure decisions; the books are kept by
`store.metering`.

Pages are paid for in credits: from the pages of the period that the plan gives if they cover the whole job, else from
the credits that were bought, which do not expire. A job is reserved whole when it is accepted; what was not delivered
comes back when it ends:

    reserve  -credits        in one transaction with the job
    settle   +credits of the pages that were not read, 0 for none        in one transaction with its end
    grant    +credits        given by an operator
    purchase +credits        bought, in one transaction with the record of the payment
    refund   -credits        taken back with the money of a purchase, or given again with it
    dispute  -credits        withheld as long as a bank disputes a payment, or given again
    chat     -credits        of a message about a job, where it has a price: before it is answered, in one transaction
                             with the hold on them
    chat     +credits        of a message that was not answered, with the end of its hold

What was taken back may have been spent: then the balance is below zero, which pays for nothing, and the next purchase
fills it up. The pages of the period go on.

Entries of the source `credits` add up to the balance; those of a period, to minus what is used of it. The audit
(`functions/cleanup/audit.py`) looks whether they do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from ocrchat.plans import Period, Plan

CREDITS = "credits"
"""The source of what an account has bought."""

Kind = Literal["reserve", "settle", "grant", "chat", "purchase", "refund", "dispute"]


HOLD = timedelta(seconds=60)
"""How long a message may hold its credits: longer than a request can take, which API Gateway ends after 30 s."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What was taken for a message that is being answered: kept with its answer, else released. One that is older than
    HOLD belongs to a process that died. `message` names it."""

    message: str
    at: datetime
    source: str
    credits: int
    job: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a holder has: `balance` in credits, `used` of the pages of the period, and how many of its jobs are not
    finished. `holds` are in neither."""

    balance: int
    used: int
    running: int
    holds: tuple[Hold, ...] = ()

    def less(self, cost: int, source: str) -> Standing:
        """After a job of that cost was accepted."""
        return replace(self.spent(cost, source), running=self.running + 1)

    def spent(self, cost: int, source: str) -> Standing:
        if source == CREDITS:
            return replace(self, balance=self.balance - cost)
        return replace(self, used=self.used + cost)


@dataclass(frozen=True, slots=True)
class Wallet:
    """All that a holder's rows say: `balance` in credits, how many jobs are `running`, and of each period what is
    `used` of its pages."""

    balance: int
    running: int
    used: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. `credits` are taken (negative) or given; `source` is what they belong to: `credits`, or
    a period such as 2026-11 or 2026-11-21."""

    id: str
    at: datetime
    kind: Kind
    source: str
    credits: int
    job: str | None = None
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        at = self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {
            "id": self.id,
            "at": at,
            "kind": self.kind,
            "source": self.source,
            "credits": self.credits,
            "job": self.job,
            "reason": self.reason,
        }

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Entry:
        return cls(
            values["id"],
            datetime.fromisoformat(values["at"]),
            values["kind"],
            values["source"],
            values["credits"],
            values.get("job"),
            values.get("reason"),
        )


def period_name(period: Period, at: datetime) -> str:
    """`2026-11-21` or `2026-11`, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d" if period == "day" else "%Y-%m")


def resets_at(period: Period, at: datetime) -> datetime:
    """When the next period begins, in UTC."""
    start = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "day":
        return start + timedelta(days=1)
    return (start.replace(day=1) + timedelta(days=32)).replace(day=1)


def period_seconds(period: Period, at: datetime) -> int:
    """How long the period is that `at` lies in."""
    end = resets_at(period, at)
    begin = end - timedelta(days=1) if period == "day" else (end - timedelta(days=1)).replace(day=1)
    return int((end - begin).total_seconds())


def source_of(plan: Plan, standing: Standing, cost: int, at: datetime) -> str | None:
    """What a job of that cost is paid from; None where nothing covers it. First what would be lost at the end of the
    period."""
    if standing.used + cost <= plan.pages or not cost:
        return period_name(plan.period, at)
    return CREDITS if standing.balance >= cost else None


def shortfall(plan: Plan, standing: Standing, cost: int, at: datetime) -> dict[str, object]:
    """The members of a 402 that say what there is and what would be needed. Where a plan has no pages of its own,
    `cap` is the balance, of which nothing is used."""
    if not plan.pages:
        cap = max(0, standing.balance)
        return {"used": 0, "cap": cap, "required": cost, "resets_at": None, "balance": standing.balance}
    return {
        "used": standing.used,
        "cap": plan.pages,
        "required": cost,
        "resets_at": resets_at(plan.period, at).isoformat().replace("+00:00", "Z"),
        "balance": standing.balance,
    }


def rate_limit_headers(plan: Plan, standing: Standing, at: datetime) -> dict[str, str]:
    """`RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10, counted in pages of the cpu tier:
    `q` are given in `w` seconds, `r` are left for `t` seconds more. Bought credits have no window."""
    policies, left = [], []
    if plan.pages:
        seconds = max(0, int((resets_at(plan.period, at) - at).total_seconds()))
        policies.append(f'"pages";q={plan.pages};w={period_seconds(plan.period, at)}')
        left.append(f'"pages";r={max(0, plan.pages - standing.used)};t={seconds}')
    if standing.balance > 0 or not plan.pages:
        credits_ = max(0, standing.balance)
        policies.append(f'"credits";q={credits_}')
        left.append(f'"credits";r={credits_}')
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(left)}

"""The account and its ledger as JSON."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ocrchat.accounts import Account
from ocrchat.errors import ParameterInvalid
from ocrchat.jobs import iso
from ocrchat.metering import Entry, Standing, period_name, resets_at
from ocrchat.plans import Plan


def account_view(account: Account, plan: Plan, standing: Standing, now: datetime) -> dict[str, Any]:
    return {
        "account": account.id,
        "email": account.email,
        "plan": asdict(plan),
        **_standing(plan, standing, now),
        "running": standing.running,
        "concurrent_jobs": plan.concurrent_jobs,
        "created_at": iso(account.created_at),
    }


def usage_view(
    entries: list[Entry], after: str | None, plan: Plan, standing: Standing, now: datetime
) -> Mapping[str, Any]:
    return {
        "data": [entry.as_json() for entry in entries],
        "has_more": after is not None,
        "after": None if after is None else _cursor(after),
        **_standing(plan, standing, now),
    }


def _standing(plan: Plan, standing: Standing, now: datetime) -> dict[str, Any]:
    """`used` of `cap` pages of the period, where the plan gives any; `balance` are credits, which do not expire."""
    return {
        "balance": standing.balance,
        "period": period_name(plan.period, now),
        "used": standing.used,
        "cap": plan.pages,
        "resets_at": iso(resets_at(plan.period, now)) if plan.pages else None,
    }


def _cursor(place: str) -> str:
    """A place in the ledger in characters that need no escape in a URL."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_of(cursor: str) -> str:
    """Raises ParameterInvalid for what no page has ended with."""
    try:
        place = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise _no_cursor() from error
    if not 1 <= len(place.encode()) <= 1024:  # a range key of DynamoDB
        raise _no_cursor()
    return place


def _no_cursor() -> ParameterInvalid:
    return ParameterInvalid("`after` is what the page before ended with", parameter="after")

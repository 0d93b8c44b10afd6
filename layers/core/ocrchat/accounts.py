"""Accounts and their tokens. Who has an account is told by its e-mail address, or by the operator who made it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from ocrchat.errors import ParameterInvalid
from ocrchat.plans import Plan, PlanName

MOST_TOKENS = 20
"""Tokens that one account may have at a time."""

LONGEST_NAME = 80
FIRST_TOKEN = "default"  # noqa: S105 - its name

LINK_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Account:
    """`email` is None for an account that an operator made without one. Times are UTC."""

    id: str
    email: str | None
    plan: PlanName
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf something is done. `account` is None for an anonymous caller; `holder` is whom requests and pages
    are counted against."""

    holder: str
    account: str | None
    plan: Plan
    is_session: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """`hash`: the digest of the token. `last_used` is exact to ten minutes, None for a token that was never used."""

    id: str
    name: str
    hash: str
    version: int
    created_at: datetime
    last_used: datetime | None = None


def token_name(text: str) -> str:
    """What its owner calls a token: visible characters. Raises ParameterInvalid."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(name) <= LONGEST_NAME or any(unicodedata.category(c)[0] == "C" for c in name):
        raise ParameterInvalid(f"`name` is 1 to {LONGEST_NAME} visible characters", parameter="name")
    return name

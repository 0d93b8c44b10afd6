"""Plans and prices: the one table that limits, metering, 402 answers, `GET /api/v1/pricing/` and the docs use.

The setting PLANS overrides it: JSON such as `{"free": {"pages": 500}, "prices": {"vlm": 8}}`; `packs` in it are all
that there are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, get_args

from ocrchat.limits import LIMITS, MB
from ocrchat.tiers import TIERS

PlanName = Literal["anonymous", "free", "paid"]
Period = Literal["day", "month"]
CHAT = "chat"
"""The name of the price of a message about a document."""

Queue = Literal["standard", "priority"]

MOST = 1_000_000_000
"""No number of the table is larger: DynamoDB and JSON hold them all exactly."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`pages` are those of a `period` in UTC, counted as pages of the cpu tier, which are used before credits; 0 for a
    plan that lives on credits alone. `concurrent_jobs` are those that are not finished. Hours count from the end of a
    job: of its result, and of the file that was sent. `chat_messages_per_day` are those that are answered in a day of
    UTC, or that a model was paid for in vain."""

    name: PlanName
    title: str
    period: Period
    pages: int
    file_pages: int
    file_bytes: int
    requests_per_minute: int
    uploads_per_hour: int
    concurrent_jobs: int
    queue: Queue
    result_hours: int
    original_hours: int
    chat_messages_per_day: int


_DEFAULTS = (
    Plan("anonymous", "Without an account", "day", 100, 50, 25 * MB, 120, 20, 50, "standard", 24, 24, 0),
    Plan("free", "Free account", "month", 500, 100, 50 * MB, 300, 60, 100, "standard", 24 * 7, 24, 50),
    Plan(
        "paid",
        "With credits",
        "month",
        500,  # as many as a free account: who buys loses nothing
        LIMITS.file_pages,
        LIMITS.file_bytes,
        1200,
        1000,
        1000,
        "priority",
        24 * 30,
        24,
        1000,
    ),
)


@dataclass(frozen=True, slots=True)
class Pack:
    """Credits that are sold together. `cents` are in the smallest unit of the currency, which is one of ISO 4217 in
    small letters, as Stripe has it."""

    credits: int
    cents: int
    currency: str = "usd"


PACKS = (Pack(1_000, 500), Pack(10_000, 4_000), Pack(100_000, 30_000))

MOST_PACKS = 10
LEAST_CENTS, MOST_CENTS = 50, 99_999_999
"""What Stripe takes of a card in US dollars: docs.stripe.com/currencies, minimum and maximum charge amounts."""

AT_MOST = {
    "file_pages": LIMITS.file_pages,
    "file_bytes": LIMITS.file_bytes,
    "result_hours": 24 * 90,  # the template's lifecycle rules delete a little later, whatever a plan says
    "original_hours": 24 * 30,
}
_AT_LEAST_ONE = frozenset(
    {
        "file_pages",
        "file_bytes",
        "requests_per_minute",
        "concurrent_jobs",
        "result_hours",
        "original_hours",
    }
)


class PlansInvalid(ValueError):
    """The setting PLANS is not what it must be; the message says where."""


@dataclass(frozen=True, slots=True)
class Plans:
    """`prices`: credits for a page of each tier, and for a message of a chat. `packs`: what is sold, one of a size."""

    anonymous: Plan
    free: Plan
    paid: Plan
    prices: Mapping[str, int]
    packs: tuple[Pack, ...] = PACKS

    def of(self, name: str) -> Plan:
        """Raises LookupError for a name that is no plan."""
        for plan in (self.anonymous, self.free, self.paid):
            if plan.name == name:
                return plan
        raise LookupError(name)

    def as_json(self) -> dict[str, Any]:
        """What `GET /api/v1/pricing/` says."""
        return {
            "plans": [asdict(plan) for plan in (self.anonymous, self.free, self.paid)],
            "tiers": [
                {"name": tier.name, "title": tier.title, "credits_per_page": self.prices[tier.name]}
                for tier in TIERS.values()
            ],
            "chat": {"credits_per_message": self.prices[CHAT]},
            "packs": [asdict(pack) for pack in self.packs],
        }

    @classmethod
    def parse(cls, text: str = "") -> Plans:
        """The table with the changes that `text`, a JSON object, makes to it. Raises PlansInvalid."""
        try:
            changes = json.loads(text or "{}")
        except ValueError as error:
            raise PlansInvalid("PLANS is not JSON") from error
        if not isinstance(changes, dict):
            raise PlansInvalid("PLANS is not a JSON object")
        plans = {plan.name: _changed(plan, changes.pop(plan.name, {})) for plan in _DEFAULTS}
        prices = {tier.name: tier.credits for tier in TIERS.values()} | {CHAT: 0} | _prices(changes.pop("prices", {}))
        packs = _packs(changes.pop("packs")) if "packs" in changes else PACKS
        if changes:
            known = ", ".join(plans)
            raise PlansInvalid(f"PLANS names {', '.join(sorted(changes))}: it may name {known}, packs and prices")
        return cls(plans["anonymous"], plans["free"], plans["paid"], prices, packs)


def _changed(plan: Plan, changes: object) -> Plan:
    if not isinstance(changes, dict):
        raise PlansInvalid(f"PLANS: {plan.name} is not an object")
    known = {field.name for field in fields(Plan)} - {"name"}
    if unknown := changes.keys() - known:
        raise PlansInvalid(f"PLANS: {plan.name} has no {', '.join(sorted(unknown))}, but {', '.join(sorted(known))}")
    for name, value in changes.items():
        _check(f"{plan.name}.{name}", name, value)
    return replace(plan, **changes)


def _check(where: str, name: str, value: object) -> None:
    if name == "title":
        if not isinstance(value, str):
            raise PlansInvalid(f"PLANS: {where} is text")
        return
    words = {"period": get_args(Period), "queue": get_args(Queue)}.get(name)
    if words:
        if value not in words:
            raise PlansInvalid(f"PLANS: {where} is one of {', '.join(words)}")
        return
    least, most = int(name in _AT_LEAST_ONE), AT_MOST.get(name, MOST)
    if type(value) is not int or not least <= value <= most:
        raise PlansInvalid(f"PLANS: {where} is a whole number from {least} to {most}")


def _prices(changes: object) -> dict[str, int]:
    named = (*TIERS, CHAT)
    if not isinstance(changes, dict) or changes.keys() - set(named):
        raise PlansInvalid(f"PLANS: prices is an object that names {', '.join(named)}")
    for name, value in changes.items():
        if type(value) is not int or not 0 <= value <= 1000:
            raise PlansInvalid(f"PLANS: prices.{name} is a whole number of credits from 0 to 1000")
    return changes


def _packs(given: object) -> tuple[Pack, ...]:
    if not isinstance(given, list) or len(given) > MOST_PACKS:
        raise PlansInvalid(f"PLANS: packs is a list of {MOST_PACKS} at most")
    packs = tuple(map(_pack, given))
    if len({pack.credits for pack in packs}) != len(packs):
        raise PlansInvalid("PLANS: packs has two of one size")
    return packs


def _pack(given: object) -> Pack:
    if not isinstance(given, dict) or not {"credits", "cents"} <= given.keys() <= {"credits", "cents", "currency"}:
        raise PlansInvalid("PLANS: a pack is an object of credits, cents and currency")
    pack = Pack(**given)
    if type(pack.credits) is not int or not 1 <= pack.credits <= MOST:
        raise PlansInvalid(f"PLANS: a pack has whole credits from 1 to {MOST}")
    if type(pack.cents) is not int or not LEAST_CENTS <= pack.cents <= MOST_CENTS:
        raise PlansInvalid(f"PLANS: a pack costs whole cents from {LEAST_CENTS} to {MOST_CENTS}")
    if not isinstance(pack.currency, str) or not re.fullmatch(r"[a-z]{3}", pack.currency):
        raise PlansInvalid("PLANS: the currency of a pack has three small letters, such as usd")
    return pack

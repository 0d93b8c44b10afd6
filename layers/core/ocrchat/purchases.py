"""What is known of a payment, and how many credits of it an account has. Pure decisions; `store.purchases_table` keeps
them.

Events about a payment come more than once and in any order. So an event only adds to what is known, in such a way that
the order does not matter; and what the account should have follows from what is known:

    credits, once it is paid  -  the share of them whose money is gone: refunded, or withheld by a bank that disputes it

The ledger gets the difference from what the account has of it so far. docs/adr/0018-purchases.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

BOUGHT = "ocrchat_credits"
"""The name in a payment's metadata of the credits that it buys. By it, the events of our purchases are told from those
of other shops of the same Stripe account."""

Cause = Literal["purchase", "refund", "dispute"]

REFUND_STATES = ("pending", "requires_action", "succeeded", "canceled", "failed")
"""In the order in which a refund goes through them; what has succeeded can fail later. The last two take nothing."""

DISPUTE_STATES = (
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "lost",
    "prevented",
    "won",
)
"""The same of a dispute. A warning takes no money, nor one that was prevented; a lost one can still be won."""

_GONE = frozenset({"pending", "requires_action", "succeeded", "needs_response", "under_review", "lost"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A refund or a dispute: how much of the payment it is about, in its smallest unit, and how it stands."""

    cents: int
    state: str

    @property
    def gone(self) -> int:
        return self.cents if self.state in _GONE else 0


@dataclass(frozen=True, slots=True)
class Payment:
    """What is known of a payment. `account` is empty until it is paid: before, events name none. `given` are the
    credits of it that the ledger has by now."""

    id: str
    account: str = ""
    credits: int = 0
    cents: int = 0
    refunds: Mapping[str, Claim] = field(default_factory=dict)
    disputes: Mapping[str, Claim] = field(default_factory=dict)
    given: int = 0
    version: int = 0

    @property
    def is_paid(self) -> bool:
        return bool(self.account)

    @property
    def due(self) -> int:
        """The credits that the account should have of it. A part of the money is worth that part of the credits,
        rounded for the account."""
        if not self.is_paid:
            return 0
        gone = sum(claim.gone for claim in (*self.refunds.values(), *self.disputes.values()))
        return self.credits - self.credits * min(gone, self.cents) // self.cents

    def paid(self, account: str, credits_: int, cents: int) -> Payment:
        """It is paid once: what is said later changes nothing."""
        return self if self.is_paid else replace(self, account=account, credits=credits_, cents=cents)

    def refunded(self, refund: str, claim: Claim) -> Payment:
        return replace(self, refunds=_with(self.refunds, refund, claim, REFUND_STATES))

    def disputed(self, dispute: str, claim: Claim) -> Payment:
        return replace(self, disputes=_with(self.disputes, dispute, claim, DISPUTE_STATES))


def _with(known: Mapping[str, Claim], name: str, claim: Claim, states: tuple[str, ...]) -> Mapping[str, Claim]:
    """The later state of the two stays, whichever is told first."""
    before = known.get(name)
    if before is not None and states.index(before.state) >= states.index(claim.state):
        return known
    return {**known, name: claim}

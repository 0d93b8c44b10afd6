"""Payments and what came of them, in the balances table.

    purchase#{payment}   purchase   {account, credits, cents, refunds, disputes, given, version}, see `Payment`
    once#{event}         once       {at, expires}: an event that was taken in

An event is taken in by one transaction over its record, the payment's row on condition that it is as it was read, and
where credits move, the wallet, the ledger and the account's plan. The row is the reason that nothing happens twice;
the event's record saves a look at what came before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from ocrchat.errors import Overloaded
from ocrchat.metering import CREDITS, Entry
from ocrchat.purchases import Cause, Claim, Payment
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.items import Item, attributes, plain, timestamp
from ocrchat.store.transaction import NotWritten, Write, write

RACES = 10
"""How often another event of the payment may come between the look and the transaction, before the service is busy."""

EVENT_KEPT = timedelta(days=30)
"""Stripe sends an event again for three days, and lets a person send it again for thirty."""

NOT_OURS_KEPT = timedelta(days=30)
"""What is known of a payment that nobody paid here: of one that another shop made, under the same account of Stripe."""


class NoSuchAccount(Exception):
    """A payment names an account that is not there."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of an event: the credits that moved, of which account, empty where none is known yet. `is_new` is False
    for one that had been taken in."""

    account: str
    credits: int
    is_new: bool = True


class PurchasesTable:
    def __init__(self, client: Any, name: str, accounts: AccountsTable, balances: BalancesTable) -> None:
        self._client = client
        self._name = name
        self._accounts = accounts
        self._balances = balances

    def payment(self, payment: str) -> Payment:
        answer = self._client.get_item(
            TableName=self._name, Key=_key(f"purchase#{payment}", "purchase"), ConsistentRead=True
        )
        return _payment(payment, plain(answer["Item"])) if "Item" in answer else Payment(payment)

    def take_in(
        self, event: str, payment: str, cause: Cause, learn: Callable[[Payment], Payment], at: datetime
    ) -> TakenIn:
        """Adds what an event says, once. Raises NoSuchAccount, and Overloaded where the rows stay busy."""
        for _ in range(RACES):
            seen = self.payment(payment)
            known = learn(seen)
            moved = known.due - known.given
            try:
                write(self._client, self._writes(event, seen, known, moved, cause, at))
            except NotWritten as refusal:
                if "event" in refusal.names:
                    return TakenIn(seen.account, 0, is_new=False)
                if "profile" in refusal.names:
                    raise NoSuchAccount(known.account) from refusal
                if refusal.names != {"payment"}:
                    raise
            else:
                return TakenIn(known.account, moved)
        raise Overloaded

    def _writes(self, event: str, seen: Payment, known: Payment, moved: int, cause: Cause, at: datetime) -> list[Write]:
        writes = [self._once(event, at), self._row(seen, known, moved, at)]
        if known.is_paid and not seen.is_paid:
            writes.append(self._accounts.becoming_paid(known.account))
        if moved:
            entry = Entry(f"{event}#{cause}", at, cause, CREDITS, moved, reason=_reason(known, cause))
            writes += self._balances.given(known.account, entry)
        return writes

    def _once(self, event: str, at: datetime) -> Write:
        row = {"at": timestamp(at), "expires": int((at + EVENT_KEPT).timestamp())}
        put = {
            "TableName": self._name,
            "Item": {**_key(f"once#{event}", "once"), **attributes(row)},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return Write("event", {"Put": put})

    def _row(self, seen: Payment, known: Payment, moved: int, at: datetime) -> Write:
        values: dict[str, object] = {
            "account": known.account,
            "credits": known.credits,
            "cents": known.cents,
            "refunds": {name: asdict(claim) for name, claim in known.refunds.items()},
            "disputes": {name: asdict(claim) for name, claim in known.disputes.items()},
            "given": known.given + moved,
            "version": seen.version + 1,
        }
        if not known.is_paid:
            values["expires"] = int((at + NOT_OURS_KEPT).timestamp())
        put: dict[str, Any] = {
            "TableName": self._name,
            "Item": {**_key(f"purchase#{known.id}", "purchase"), **attributes(values)},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if seen.version:
            put["ConditionExpression"] = "version = :seen"
            put["ExpressionAttributeValues"] = attributes({":seen": seen.version})
        return Write("payment", {"Put": put})


def _reason(payment: Payment, cause: Cause) -> str:
    return {
        "purchase": f"{payment.credits} credits bought",
        "refund": f"refund of {payment.credits} credits bought",
        "dispute": f"payment of {payment.credits} credits disputed",
    }[cause]


def _payment(name: str, row: dict[str, Any]) -> Payment:
    return Payment(
        name,
        row["account"],
        row["credits"],
        row["cents"],
        _claims(row["refunds"]),
        _claims(row["disputes"]),
        row["given"],
        row["version"],
    )


def _claims(rows: dict[str, Any]) -> dict[str, Claim]:
    return {name: Claim(row["cents"], row["state"]) for name, row in rows.items()}


def _key(pk: str, sk: str) -> Item:
    return attributes({"pk": pk, "sk": sk})

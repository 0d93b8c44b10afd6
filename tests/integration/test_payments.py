"""Events of payments taken into tables like the service's, by a process that may die, and that keeps the keys it has
read."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from cleanup.books import Totals, differences
from infra.local.service import Service
from ocrchat.accounts import Account
from ocrchat.errors import PurchasesUnavailable, SignatureInvalid
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.purchases_table import PurchasesTable
from ocrchat.store.secrets import Secrets
from ocrchat.stripe_keys import KeyRing
from ocrchat.tokens import new_id
from payments.events import Outcome, Payments
from tests.integration.test_books import Crashed, FlakyClient, tables
from tests.stripe_server import StripeServer, signature
from tests.stripe_server.server import Event

__all__ = ["tables"]
WEBHOOK_SECRET = "whsec_1"
NOW = datetime.now(UTC)


@dataclass
class Shop:
    """One account, and what takes in events about its purchase of a hundred credits for five dollars."""

    secrets: Any
    flaky: FlakyClient
    balances: BalancesTable
    payments: Payments
    account: str
    secret: str
    stripe: StripeServer

    def __post_init__(self) -> None:
        self.session = {
            "id": f"cs_test_{uuid4().hex}",
            "amount_total": 500,
            "currency": "usd",
            "client_reference_id": self.account,
            "metadata": {"ocrchat_credits": "100"},
        }

    def keep(self, key: str, webhook_secret: str) -> None:
        value = json.dumps({"key": key, "webhook_secret": webhook_secret})
        self.secrets.put_secret_value(SecretId=self.secret, SecretString=value)

    def receive(self, event: Event, secret: str = WEBHOOK_SECRET, *, crash: str | None = None) -> Outcome:
        body = json.dumps(event).encode()
        self.flaky.crash = crash
        try:
            return self.payments.receive(body, signature(body, secret), datetime.now(UTC))
        finally:
            self.flaky.crash = None

    def entries(self) -> list[tuple[str, int]]:
        """Oldest first; by the audit's rules they are what the wallet has."""
        entries, _ = self.balances.entries(self.account, 100)
        assert differences(self.balances.wallet(self.account), Totals().plus(entries), NOW) == []
        return [(entry.kind, entry.credits) for entry in reversed(entries)]


@pytest.fixture
def shop(service: Service, stripe_server: StripeServer, tables: tuple[Any, str, str]) -> Shop:
    client, _, name = tables
    flaky = FlakyClient(client)
    accounts, balances = AccountsTable(client, name), BalancesTable(client, name)
    account = accounts.create(Account(new_id("acct"), None, "free", NOW)).id
    secrets = service.stack.client("secretsmanager")
    value = json.dumps({"key": "sk_test_1", "webhook_secret": WEBHOOK_SECRET})
    secret = f"ocrchat-test/{uuid4().hex}"
    secrets.create_secret(Name=secret, SecretString=value)
    purchases = PurchasesTable(flaky, name, accounts, balances)
    payments = Payments(purchases, KeyRing(Secrets(secrets), secret))
    return Shop(secrets, flaky, balances, payments, account, secret, stripe_server)


EVENTS: dict[str, Callable[[Shop], Event]] = {
    "payment": lambda shop: shop.stripe.paid(shop.session),
    "refund": lambda shop: shop.stripe.refund(shop.session, 250),
    "dispute": lambda shop: shop.stripe.dispute(shop.session, "lost", amount=250),
}


@pytest.mark.parametrize("crash", ["before", "after"])
@pytest.mark.parametrize("name", EVENTS)
def test_an_event_that_stripe_sends_again_after_a_crash_counts_once(shop: Shop, name: str, crash: str) -> None:
    if name != "payment":
        shop.receive(shop.stripe.paid(shop.session))
    before, event = shop.entries(), EVENTS[name](shop)
    with pytest.raises(Crashed):
        shop.receive(event, crash=crash)
    assert len(shop.entries()) == len(before) + (crash == "after")
    assert shop.receive(event) == ("known" if crash == "after" else "taken in")
    assert [credits_ for _, credits_ in shop.entries()] == [100, -50][: len(before) + 1]


def test_whatever_comes_together_counts_each_once(shop: Shop) -> None:
    """A payment told by two events, refunds and a dispute, each of them sent three times."""
    stripe, session = shop.stripe, shop.session
    refunds = [stripe.refund(session, cents) for cents in (100, 50, 25)]
    events = [stripe.paid(session), stripe.paid(session), *refunds, stripe.dispute(session, "lost", amount=75)]
    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(shop.receive, events * 3))
    assert outcomes.count("taken in") == len(events)
    assert sum(credits_ for _, credits_ in shop.entries()) == 50


def test_the_secret_of_events_may_be_replaced_while_the_process_lives(shop: Shop) -> None:
    shop.receive(shop.stripe.paid(shop.session))
    shop.keep("sk_test_1", "whsec_2")
    assert shop.receive(shop.stripe.refund(shop.session, 100), "whsec_2") == "taken in"
    with pytest.raises(SignatureInvalid):
        shop.receive(shop.stripe.refund(shop.session, 100), WEBHOOK_SECRET)
    assert shop.entries() == [("purchase", 100), ("refund", -20)]


def test_what_is_signed_wrongly_has_the_secret_read_anew_once_a_minute_at_most(shop: Shop) -> None:
    with pytest.raises(SignatureInvalid):
        shop.receive(shop.stripe.paid(shop.session), "whsec_2")
    shop.keep("sk_test_1", "whsec_2")
    with pytest.raises(SignatureInvalid):
        shop.receive(shop.stripe.paid(shop.session), "whsec_2")


@pytest.mark.parametrize(
    "secret", ["", "sk_test_1", "[]", '{"key": "sk_test_1"}', '{"key": "sk_test_1", "webhook_secret": "a b"}']
)
def test_a_secret_that_holds_no_keys_sells_nothing_and_is_not_told(
    shop: Shop, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.secrets.put_secret_value(SecretId=shop.secret, SecretString=secret or " ")
    with pytest.raises(PurchasesUnavailable):
        shop.receive(shop.stripe.paid(shop.session))
    assert "sk_test_1" not in "".join(capsys.readouterr())


def test_real_money_is_credited_under_real_keys_alone(shop: Shop) -> None:
    event = shop.stripe.paid(shop.session)
    assert shop.receive({**event, "livemode": True}) == "ignored"
    shop.keep("rk_live_1", "whsec_2")
    assert shop.receive({**event, "livemode": True}, "whsec_2") == "taken in"

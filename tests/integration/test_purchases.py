"""Buying credits, against a server of Stripe's API on this machine: money becomes credits exactly once, whatever comes
twice, late, together or in the wrong order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from infra.local.service import Service
from ocrchat.plans import PACKS
from tests.data import make_files
from tests.integration.support import Api, logged
from tests.stripe_server import WEBHOOK_SECRET, Refused, StripeServer, signature
from tests.stripe_server.server import Event, send

ACCOUNT = "/api/v1/account/"
PURCHASES = ACCOUNT + "purchases/"
PACK = PACKS[0]
HALF = PACK.cents // 2


@dataclass(frozen=True)
class Buyer:
    """An account with its token."""

    account: str
    api: Api
    stripe: StripeServer

    def begin(self, **headers: str) -> httpx.Response:
        return self.api.http.post(PURCHASES, json={"credits": PACK.credits}, headers=headers)

    def session(self) -> dict[str, Any]:
        """Stripe's, of a purchase that was begun."""
        answer = self.begin()
        assert answer.status_code == 201, answer.text
        (session,) = (one for one in self.stripe.sessions if one["url"] == answer.json()["url"])
        return session

    def bought(self) -> dict[str, Any]:
        session = self.session()
        assert self.stripe.deliver(self.stripe.paid(session)) == 200
        return session

    def standing(self) -> dict[str, Any]:
        standing: dict[str, Any] = self.api.http.get(ACCOUNT).json()
        return standing

    @property
    def balance(self) -> int:
        balance: int = self.standing()["balance"]
        return balance

    def ledger(self) -> list[tuple[str, int]]:
        """Oldest first. It adds up to the balance."""
        entries = self.api.http.get(f"{ACCOUNT}usage/?limit=100").json()["data"]
        assert all(entry["source"] == "credits" for entry in entries)
        assert sum(entry["credits"] for entry in entries) == self.balance
        return [(entry["kind"], entry["credits"]) for entry in reversed(entries)]


@pytest.fixture
def stripe(service: Service, stripe_server: StripeServer) -> Iterator[StripeServer]:
    stripe_server.requests.clear()
    yield stripe_server
    stripe_server.fail()


@pytest.fixture
def buyer(service: Service, stripe: StripeServer) -> Iterator[Buyer]:
    """Of a free account."""
    email = f"{uuid4().hex}@example.com"
    account = service.stack.operate(do="account", email=email)["account"]
    with Api(service, service.stack.operate(do="token", account=account)["token"]) as api:
        yield Buyer(account, api, stripe)


def deliver(stripe: StripeServer, events: Sequence[Event]) -> None:
    assert [stripe.deliver(event) for event in events] == [200] * len(events)


# ---- the way to the page on which is paid ----------------------------------------------------------------------------


def test_a_purchase_leads_to_a_page_of_stripe_with_the_price_of_the_table(service: Service, buyer: Buyer) -> None:
    session = buyer.session()
    assert (session["amount_total"], session["currency"]) == (PACK.cents, PACK.currency)
    assert session["client_reference_id"] == session["metadata"]["account"] == buyer.account
    assert session["customer_email"].endswith("@example.com")
    assert session["success_url"] == f"{service.url}/account?purchase=done"
    assert session["cancel_url"] == f"{service.url}/account?purchase=cancelled"
    assert buyer.ledger() == []


def test_the_packs_are_those_of_the_pricing(buyer: Buyer) -> None:
    packs = buyer.api.http.get("/api/v1/pricing/").json()["packs"]
    assert packs == [{"credits": pack.credits, "cents": pack.cents, "currency": pack.currency} for pack in PACKS]


@pytest.mark.parametrize("credits_", [0, -1, PACK.credits + 1, "", "many", 1.5, None, True, [1000]])
def test_only_a_pack_can_be_bought_at_its_price(buyer: Buyer, credits_: object) -> None:
    answer = buyer.api.http.post(PURCHASES, json={"credits": credits_})
    assert (answer.status_code, answer.json()["code"]) == (400, "parameter_invalid")
    assert buyer.stripe.requests == []
    told = {"credits": str(PACK.credits), "cents": "1", "amount": "1", "unit_amount": "1"}
    assert buyer.api.http.post(PURCHASES, data=told).status_code == 201
    assert buyer.stripe.sessions[-1]["amount_total"] == PACK.cents


def test_a_click_that_is_repeated_leads_to_the_same_page(buyer: Buyer) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    first, second = buyer.begin(**key), buyer.begin(**key)
    assert first.json() == second.json()
    assert buyer.begin().json() != first.json()
    other = buyer.api.http.post(PURCHASES, json={"credits": PACKS[1].credits}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_key_of_another_account_is_another_key(service: Service, buyer: Buyer) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    account = service.stack.operate(do="account")["account"]
    with Api(service, service.stack.operate(do="token", account=account)["token"]) as api:
        other = Buyer(account, api, buyer.stripe)
        assert buyer.begin(**key).json() != other.begin(**key).json()


@pytest.mark.parametrize(
    "failures",
    [
        [None, None],
        [Refused(500), Refused(500)],
        [Refused(429, kind="rate_limit_error")],
        [Refused(402, "no", code="x")],
        [Refused(403)],
        [Refused(401)],
        [Refused(400, "Received unknown parameter: mode")],
    ],
    ids=["hangs up", "500", "429", "402", "403", "401", "400"],
)
def test_where_stripe_makes_no_page_the_answer_is_a_503(buyer: Buyer, failures: list[Refused | None]) -> None:
    buyer.stripe.fail(*failures)
    answer = buyer.begin()
    assert (answer.status_code, answer.json()["code"]) == (503, "purchases_unavailable")
    assert answer.headers["retry-after"] == "60"
    assert len(buyer.stripe.requests) == len(failures)


@pytest.mark.parametrize("failure", [None, Refused(500), Refused(409)], ids=["hangs up", "500", "409"])
def test_a_failure_that_passes_is_tried_again_with_the_same_key(buyer: Buyer, failure: Refused | None) -> None:
    buyer.stripe.fail(failure)
    assert buyer.begin().status_code == 201
    first, second = (request.headers["idempotency-key"] for request in buyer.stripe.requests)
    assert first == second


def test_purchases_that_one_account_begins_are_limited(buyer: Buyer) -> None:
    answers = [buyer.begin() for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {201}
    assert (answers[30].status_code, answers[30].json()["code"]) == (429, "rate_limited")
    assert int(answers[30].headers["retry-after"]) <= 3600


# ---- money becomes credits -------------------------------------------------------------------------------------------


def test_what_is_paid_becomes_credits_and_the_plan_is_that_of_who_pays(buyer: Buyer) -> None:
    assert buyer.standing()["plan"]["name"] == "free"
    buyer.bought()
    assert (buyer.balance, buyer.standing()["plan"]["name"]) == (PACK.credits, "paid")
    assert buyer.ledger() == [("purchase", PACK.credits)]


def test_an_event_that_comes_twenty_times_at_once_counts_once(buyer: Buyer) -> None:
    event = buyer.stripe.paid(buyer.session())
    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(lambda _: buyer.stripe.deliver(event), range(20))) == {200}
    assert buyer.stripe.deliver(event) == 200
    assert buyer.ledger() == [("purchase", PACK.credits)]


def test_two_events_about_one_payment_count_once(buyer: Buyer) -> None:
    session = buyer.session()
    events = [buyer.stripe.paid(session), *(buyer.stripe.paid(session, "async_payment_succeeded") for _ in range(9))]
    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(buyer.stripe.deliver, events)) == {200}
    assert buyer.ledger() == [("purchase", PACK.credits)]


def test_two_payments_are_two_purchases(buyer: Buyer) -> None:
    buyer.bought(), buyer.bought()
    assert buyer.ledger() == [("purchase", PACK.credits)] * 2


def test_a_payment_that_takes_days_is_credited_when_it_is_there(buyer: Buyer) -> None:
    stripe, session = buyer.stripe, buyer.session()
    deliver(stripe, [stripe.paid(session, payment_status="unpaid")])
    assert buyer.ledger() == []
    deliver(stripe, [stripe.paid(session, "async_payment_succeeded")])
    assert buyer.ledger() == [("purchase", PACK.credits)]
    failed = buyer.session()
    deliver(stripe, [stripe.paid(failed, "async_payment_failed", payment_status="unpaid")])
    assert buyer.balance == PACK.credits


# ---- money goes back ---------------------------------------------------------------------------------------------------


def test_a_refund_takes_its_share_of_the_credits_once_and_the_rest_later(buyer: Buyer) -> None:
    stripe, session = buyer.stripe, buyer.bought()
    part = stripe.refund(session, HALF, "pending")
    same = stripe.refund(session, HALF, "succeeded", id=part["data"]["object"]["id"])
    deliver(stripe, [part, part, same])
    assert buyer.ledger() == [("purchase", PACK.credits), ("refund", -PACK.credits // 2)]
    deliver(stripe, [stripe.refund(session, PACK.cents - HALF)])
    assert buyer.balance == 0


def test_a_refund_that_fails_gives_the_credits_again(buyer: Buyer) -> None:
    stripe, session = buyer.stripe, buyer.bought()
    refund = stripe.refund(session, PACK.cents)
    failed = stripe.refund(session, PACK.cents, "failed", id=refund["data"]["object"]["id"])
    deliver(stripe, [failed, refund, failed, refund])
    assert buyer.balance == PACK.credits
    again = stripe.refund(session, PACK.cents)
    deliver(stripe, [again, stripe.refund(session, PACK.cents, "canceled", id=again["data"]["object"]["id"])])
    assert buyer.ledger() == [("purchase", PACK.credits), ("refund", -PACK.credits), ("refund", PACK.credits)]


def test_a_refund_that_is_told_before_the_payment_leaves_the_rest(buyer: Buyer) -> None:
    stripe, session = buyer.stripe, buyer.session()
    deliver(stripe, [stripe.refund(session, HALF), stripe.paid(session)])
    assert buyer.ledger() == [("purchase", PACK.credits - PACK.credits // 2)]
    all_of_it = buyer.session()
    deliver(stripe, [stripe.refund(all_of_it, PACK.cents), stripe.paid(all_of_it)])
    assert buyer.balance == PACK.credits - PACK.credits // 2


def test_credits_that_were_spent_are_owed_and_the_next_purchase_pays_them(buyer: Buyer) -> None:
    """The paid accounts of this service have credits alone."""
    stripe, session, page = buyer.stripe, buyer.bought(), make_files.digital_pdf(1)
    assert buyer.api.read(page)["cost"] == {"credits": 1, "refunded": 0}
    deliver(stripe, [stripe.refund(session, PACK.cents)])
    assert buyer.balance == -1
    refused = buyer.api.send(page)
    assert (refused.status_code, refused.json()["code"], refused.json()["cap"]) == (402, "out_of_pages", 0)
    buyer.bought()
    assert buyer.ledger() == [
        ("purchase", PACK.credits),
        ("reserve", -1),
        ("settle", 0),
        ("refund", -PACK.credits),
        ("purchase", PACK.credits),
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2, 1)])
def test_a_dispute_withholds_the_credits_until_it_is_won(buyer: Buyer, order: tuple[int, ...]) -> None:
    stripe, session = buyer.stripe, buyer.bought()
    opened = stripe.dispute(session)
    name = opened["data"]["object"]["id"]
    events = [opened, stripe.dispute(session, "under_review", id=name), stripe.dispute(session, "won", id=name)]
    deliver(stripe, events[:1])
    assert (buyer.balance, buyer.ledger()[-1]) == (0, ("dispute", -PACK.credits))
    deliver(stripe, [events[number] for number in order])
    assert buyer.balance == PACK.credits


def test_a_dispute_that_is_lost_is_not_taken_twice_with_a_refund(buyer: Buyer) -> None:
    stripe, session = buyer.stripe, buyer.bought()
    opened = stripe.dispute(session)
    lost = stripe.dispute(session, "lost", id=opened["data"]["object"]["id"])
    deliver(stripe, [opened, lost, stripe.refund(session, PACK.cents)])
    assert buyer.ledger() == [("purchase", PACK.credits), ("dispute", -PACK.credits)]


def test_a_warning_of_a_bank_takes_nothing(buyer: Buyer) -> None:
    stripe, session = buyer.stripe, buyer.bought()
    name = f"dp_{uuid4().hex}"
    deliver(stripe, [stripe.dispute(session, f"warning_{state}", id=name) for state in ("needs_response", "closed")])
    assert buyer.ledger() == [("purchase", PACK.credits)]


# ---- what is no event, and what is no purchase here --------------------------------------------------------------------


def test_what_stripe_has_not_signed_is_refused(stripe: StripeServer, buyer: Buyer) -> None:
    body = json.dumps(stripe.paid(buyer.session())).encode()
    good = signature(body, WEBHOOK_SECRET)
    wrong = [
        signature(body, "whsec_another"),
        signature(body + b" ", WEBHOOK_SECRET),
        signature(body, WEBHOOK_SECRET, age_s=301),
        good.replace("v1=", "v0="),
        good.replace("t=", "t=1"),
        "t=now,v1=x",
        "",
    ]
    for header in wrong:
        status, answer = send(stripe.endpoint, body, header)
        assert (status, json.loads(answer)["code"]) == (400, "signature_invalid"), header
    assert buyer.ledger() == []
    assert send(stripe.endpoint, body, f"{good},v1={'0' * 64}")[0] == 200
    assert buyer.balance == PACK.credits


def test_a_body_beyond_any_event_is_refused(stripe: StripeServer) -> None:
    body = b" " * 300_000
    status, answer = send(stripe.endpoint, body, signature(body, WEBHOOK_SECRET))
    assert (status, json.loads(answer)["code"]) == (400, "parameter_invalid")


def outcome(stripe: StripeServer, event: Event) -> str:
    body = json.dumps(event).encode()
    status, answer = send(stripe.endpoint, body, signature(body, WEBHOOK_SECRET))
    assert status == 200, answer
    told: str = json.loads(answer)["outcome"]
    return told


def test_what_is_about_no_purchase_here_is_ignored(stripe: StripeServer, buyer: Buyer) -> None:
    session = buyer.session()
    other_shop = stripe.paid({**session, "metadata": {}})
    assert outcome(stripe, other_shop) == "ignored"
    assert outcome(stripe, stripe.paid({**session, "metadata": None})) == "ignored"
    assert outcome(stripe, stripe.event("customer.created", {"id": "cus_1"})) == "ignored"
    assert outcome(stripe, {**stripe.paid(session), "livemode": True}) == "ignored"
    assert outcome(stripe, stripe.refund(session, 5, payment_intent=None)) == "ignored"
    assert buyer.ledger() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"client_reference_id": "acct_none"},
        {"client_reference_id": None},
        {"metadata": {"ocrchat_credits": "-5"}},
        {"amount_total": 0},
    ],
)
def test_a_payment_that_nobody_can_be_given_is_told_to_the_operator(
    service: Service, stripe: StripeServer, buyer: Buyer, changes: dict[str, Any]
) -> None:
    event = stripe.paid({**buyer.session(), **changes})
    assert outcome(stripe, event) == "not credited"
    assert outcome(stripe, event) == "not credited"
    assert buyer.ledger() == []
    assert event["id"] in logged(service)


def test_without_stripe_nothing_is_sold(faulty: Api) -> None:
    """Neither a pack is listed nor a page made, and events are no route."""
    account = faulty.service.stack.operate(do="account")["account"]
    with Api(faulty.service, faulty.service.stack.operate(do="token", account=account)["token"]) as api:
        assert api.http.get("/api/v1/pricing/").json()["packs"] == []
        answer = api.http.post(PURCHASES, json={"credits": PACK.credits})
        assert (answer.status_code, answer.json()["code"]) == (503, "purchases_unavailable")
        assert int(answer.headers["retry-after"]) > 0
        assert api.http.post(PURCHASES + "events/", content=b"{}").status_code == 404

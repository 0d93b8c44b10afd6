"""Events of Stripe: what each says of a payment, and taking it in. docs/adr/0018-purchases.md.

An event counts for what it says, not for when it comes: `ocrchat.purchases`. What is not about a purchase here is
ignored, since Stripe would send it again for days if it were refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ocrchat import observe
from ocrchat.errors import ParameterInvalid, SignatureInvalid
from ocrchat.plans import MOST
from ocrchat.purchases import BOUGHT, DISPUTE_STATES, REFUND_STATES, Cause, Claim, Payment
from ocrchat.store.purchases_table import NoSuchAccount, PurchasesTable, TakenIn
from ocrchat.stripe_keys import KeyRing

TOLERANCE_S = 300
"""How old a signature may be, as Stripe's own libraries have it: an event that somebody recorded is of no use later."""

MOST_BYTES = 262_144
"""More than any event of a payment has."""

PAID = ("checkout.session.completed", "checkout.session.async_payment_succeeded")
NOT_PAID = "checkout.session.async_payment_failed"
REFUNDS = ("refund.created", "refund.updated", "refund.failed")
DISPUTES = (
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
)
EVENTS = (*PAID, NOT_PAID, *REFUNDS, *DISPUTES)
"""Those that the endpoint at Stripe is to be subscribed to."""

Learn = Callable[[Payment, str, Claim], Payment]
Outcome = Literal["taken in", "known", "ignored", "not credited"]


@dataclass(frozen=True, slots=True)
class News:
    """What an event adds to what is known of a payment."""

    payment: str
    cause: Cause
    learn: Callable[[Payment], Payment]


class Unusable(Exception):
    """An event that Stripe has signed is not as its documentation says; the message is ours."""


@dataclass(frozen=True, slots=True)
class Payments:
    purchases: PurchasesTable
    keys: KeyRing

    def receive(self, body: bytes, signature: str, now: datetime) -> Outcome:
        """What became of an event. Raises SignatureInvalid, ParameterInvalid and PurchasesUnavailable; and Overloaded
        where Stripe is to send it again."""
        if len(body) > MOST_BYTES:
            raise ParameterInvalid(f"The body may have {MOST_BYTES} bytes")
        self._verify(body, signature)
        event = json.loads(body)
        about = {"event": event["id"], "kind": event["type"]}
        if event["livemode"] != self.keys.keys().is_live:
            observe.logger().warning("an event of the other mode", extra=about)
            return "ignored"
        try:
            news = news_of(event)
            if news is None:
                observe.logger().info("an event of no use", extra=about)
                return "ignored"
            taken = self.purchases.take_in(event["id"], news.payment, news.cause, news.learn, now)
        except (Unusable, NoSuchAccount) as error:
            observe.logger().error("a payment that nobody has", extra=about | {"why": str(error)})
            observe.count("PaymentsNotCredited")
            return "not credited"
        return _told(news, taken, about)

    def _verify(self, body: bytes, signature: str) -> None:
        """Once more with the secret of now, where it has been replaced."""
        secret = self.keys.keys().webhook_secret
        if is_signed(body, signature, secret):
            return
        renewed = self.keys.renewed()
        if renewed is None or not is_signed(body, signature, renewed.webhook_secret):
            raise SignatureInvalid


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    from stripe import SignatureVerificationError, WebhookSignature

    try:
        WebhookSignature.verify_header(body, signature, secret, TOLERANCE_S)
    except (SignatureVerificationError, UnicodeDecodeError, TypeError):  # the last: a signature that is not ASCII
        return False
    return True


def news_of(event: Mapping[str, Any]) -> News | None:
    """None for what is not about a purchase here, or changes nothing. Raises Unusable."""
    kind = event["type"]
    if kind not in EVENTS:
        return None
    told = event["data"]["object"]
    if kind in REFUNDS:
        return _gone(told, "refund", REFUND_STATES, Payment.refunded)
    if kind in DISPUTES:
        return _gone(told, "dispute", DISPUTE_STATES, Payment.disputed)
    if BOUGHT not in (told["metadata"] or {}):
        return None
    if kind == NOT_PAID:
        observe.count("PaymentsFailed")
        return None
    return _paid(told) if told["payment_status"] == "paid" else None


def _paid(session: Mapping[str, Any]) -> News:
    bought, cents = session["metadata"][BOUGHT], session["amount_total"]
    payment, account = session["payment_intent"], session["client_reference_id"]
    if not (bought.isascii() and bought.isdigit() and 1 <= int(bought) <= MOST):
        raise Unusable("the credits are no number")
    if not (payment and account and cents):
        raise Unusable("no payment, account or amount is named")
    return News(payment, "purchase", lambda seen: seen.paid(account, int(bought), cents))


def _gone(told: Mapping[str, Any], cause: Cause, states: tuple[str, ...], learn: Learn) -> News | None:
    """Of a refund or a dispute. Those of payments that are no payment intents are not of ours."""
    if not told["payment_intent"]:
        return None
    if told["status"] not in states:
        raise Unusable(f"a {cause} is {told['status']}, which nobody knows")
    claim = Claim(told["amount"], told["status"])
    return News(told["payment_intent"], cause, lambda seen: learn(seen, told["id"], claim))


def _told(news: News, taken: TakenIn, about: Mapping[str, str]) -> Outcome:
    if not taken.is_new:
        observe.logger().info("an event that is known", extra=about)
        return "known"
    about = {**about, "payment": news.payment, "account": taken.account}
    observe.logger().info("taken in", extra=about | {"credits": taken.credits})
    if news.cause == "purchase" and taken.credits:
        observe.count("PurchasesCredited")
        observe.count("CreditsBought", taken.credits)
    elif taken.credits < 0:
        observe.count("PurchasesRefunded" if news.cause == "refund" else "PurchasesDisputed")
        observe.count("CreditsTakenBack", -taken.credits)
    elif taken.credits > 0:
        observe.count("CreditsGivenAgain", taken.credits)
    return "taken in"

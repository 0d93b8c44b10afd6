"""Buying credits: a page of Stripe's is made for a pack, and the buyer sent there. What is paid comes back as an event,
see
`functions/payments`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ocrchat import observe
from ocrchat.accounts import Account
from ocrchat.errors import IdempotencyKeyReused, ParameterInvalid, PurchasesUnavailable, RateLimited
from ocrchat.plans import Pack
from ocrchat.purchases import BOUGHT
from ocrchat.store.balances_table import BalancesTable
from ocrchat.stripe_keys import KeyRing, StripeKeys

if TYPE_CHECKING:
    from stripe import StripeClient
    from stripe.params.checkout import SessionCreateParams

PER_HOUR = 30
"""Pages to pay on that one account may ask for: more than anybody compares, too few to be a burden to Stripe."""

WINDOW_S = 3600
TIMEOUT_S = 8.0
RETRIES = 1
"""With the pause between them, two tries end before API Gateway does, at 30 s."""

AGAIN_S = 60
"""Retry-After where Stripe does not answer as it should."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """`api_url` is where Stripe is, when it is not Stripe itself."""

    keys: KeyRing
    packs: Sequence[Pack]
    balances: BalancesTable
    public_url: str
    api_url: str = ""

    def begin(self, account: Account, credits_: int, idempotency_key: str | None, now: datetime) -> str:
        """The URL of the page on which the pack of so many credits is paid for. The same key is the same page. Raises
        PurchasesUnavailable, ParameterInvalid, RateLimited and IdempotencyKeyReused."""
        keys = self.keys.keys()
        pack = next((pack for pack in self.packs if pack.credits == credits_), None)
        if pack is None:
            sizes = ", ".join(str(pack.credits) for pack in self.packs)
            raise ParameterInvalid(f"`credits` is one of {sizes}", parameter="credits")
        if self.balances.count_request(f"purchases#{account.id}", now, WINDOW_S) > PER_HOUR:
            wait = WINDOW_S - int(now.timestamp()) % WINDOW_S
            raise RateLimited(f"More than {PER_HOUR} purchases were begun in an hour: wait", wait)
        options = {"idempotency_key": _own_key(account, idempotency_key)} if idempotency_key else {}
        url = self._created(keys, self._session(account, pack), options)
        observe.count("PurchasesStarted")
        return url

    def _session(self, account: Account, pack: Pack) -> SessionCreateParams:
        told = {BOUGHT: str(pack.credits), "account": account.id}
        price: Any = {
            "currency": pack.currency,
            "unit_amount": pack.cents,
            "product_data": {"name": f"{pack.credits:,} credits"},
        }
        session: SessionCreateParams = {
            "mode": "payment",
            "line_items": [{"quantity": 1, "price_data": price}],
            "client_reference_id": account.id,
            "metadata": told,
            "payment_intent_data": {"metadata": told},
            "success_url": f"{self.public_url}/account?purchase=done",
            "cancel_url": f"{self.public_url}/account?purchase=cancelled",
        }
        if account.email is not None:
            session["customer_email"] = account.email
        return session

    def _created(self, keys: StripeKeys, session: SessionCreateParams, options: Any) -> str:
        import stripe

        try:
            try:
                made = self._client(keys).v1.checkout.sessions.create(session, options)
            except stripe.AuthenticationError:
                renewed = self.keys.renewed()
                if renewed is None:
                    raise
                made = self._client(renewed).v1.checkout.sessions.create(session, options)
        except stripe.IdempotencyError as error:
            raise IdempotencyKeyReused from error
        except stripe.StripeError as error:
            about = {"kind": type(error).__name__, "status": error.http_status, "code": error.code}
            observe.logger().error("no page to pay on", extra=about | {"stripe_request": error.request_id})
            observe.count("PurchasesNotStarted")
            raise PurchasesUnavailable("The payment service does not answer: try again in a minute", AGAIN_S) from error
        if not made.url:
            raise PurchasesUnavailable("The payment service does not answer: try again in a minute", AGAIN_S)
        return made.url

    def _client(self, keys: StripeKeys) -> StripeClient:
        import stripe

        stripe.enable_telemetry = False  # else each request tells Stripe how long the one before took
        return stripe.StripeClient(
            keys.key,
            base_addresses={"api": self.api_url} if self.api_url else {},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
        )


def _own_key(account: Account, key: str) -> str:
    """Keys of different accounts are different."""
    return hashlib.sha256(f"{account.id}#{key}".encode()).hexdigest()

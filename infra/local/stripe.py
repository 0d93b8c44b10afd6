"""Selling credits on this machine: with a test key of Stripe's, or a server that stands in for it. The keys are kept in
the embedded Secrets Manager alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from ocrchat.errors import PurchasesUnavailable
from ocrchat.stripe_keys import StripeKeys

KEY_VARIABLE, WEBHOOK_VARIABLE = "STRIPE_KEY", "STRIPE_WEBHOOK_SECRET"
"""Of who starts the service."""

STRIPE_SECRET = "ocrchat/stripe"  # noqa: S105 - the name of a secret


class StripeUnusable(Exception):
    """The message is one line for the person who started the service."""


@dataclass(frozen=True, slots=True)
class LocalStripe:
    """`url` is where the API is, when it is not Stripe's own."""

    key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    url: str = ""

    @property
    def secret(self) -> str:
        """As the secret of the template's StripeKeySecret has it."""
        return json.dumps({"key": self.key, "webhook_secret": self.webhook_secret})

    def check(self) -> None:
        """Raises StripeUnusable for what the functions would say only when they are asked."""
        try:
            StripeKeys.parse(self.secret)
        except PurchasesUnavailable as error:
            raise StripeUnusable(
                f"To sell credits, set both {KEY_VARIABLE} and {WEBHOOK_VARIABLE}: the secrets of Stripe's API and of "
                "its webhook (`stripe listen` prints one)"
            ) from error

    def parameters(self, secret: str) -> dict[str, str]:
        """Of the template; `secret` is the ARN of the secret that holds the keys."""
        return {"StripeKeySecret": secret, "StripeUrl": self.url}


def stripe_of(environment: Mapping[str, str], url: str) -> LocalStripe | None:
    """None where nothing is to be sold."""
    key, webhook_secret = environment.get(KEY_VARIABLE, ""), environment.get(WEBHOOK_VARIABLE, "")
    return LocalStripe(key, webhook_secret, url) if key or webhook_secret or url else None

"""What proves us to Stripe, and Stripe to us. One secret of Secrets Manager holds both, as JSON:

{"key": "sk_live_…" or "rk_live_…", "webhook_secret": "whsec_…"}
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field

from ocrchat import observe
from ocrchat.errors import PurchasesUnavailable
from ocrchat.store.secrets import Secrets

RENEWED_EVERY_S = 60.0
"""So often at most the secret is read anew because something signed did not fit it: anybody can send such a thing."""


@dataclass(frozen=True, slots=True)
class StripeKeys:
    """`key` is of the API, `webhook_secret` what events are signed with."""

    key: str = field(repr=False)
    webhook_secret: str = field(repr=False)

    @property
    def is_live(self) -> bool:
        """Whether it is real money: keys name their mode."""
        return "_live_" in self.key

    @classmethod
    def parse(cls, secret: str) -> StripeKeys:
        """Raises PurchasesUnavailable; the log says what is missing, without a word of the secret."""
        try:
            document = json.loads(secret)
            keys = cls(document["key"], document["webhook_secret"])
        except (ValueError, KeyError, TypeError):
            keys = cls("", "")
        # They become headers and keys of a MAC: what complains about anything else in them would quote it.
        if not all(isinstance(word, str) and word.isascii() and word.isalnum() for word in keys._words()):
            observe.logger().error("the secret of StripeKeySecret is no JSON object of `key` and `webhook_secret`")
            raise PurchasesUnavailable
        return keys

    def _words(self) -> list[object]:
        return [part.replace("_", "") if isinstance(part, str) else part for part in (self.key, self.webhook_secret)]


class KeyRing:
    """The keys of the secret of that name; empty where nothing is sold."""

    def __init__(self, secrets: Secrets, name: str) -> None:
        self._secrets = secrets
        self._name = name
        self._renewed_at = float("-inf")

    def keys(self) -> StripeKeys:
        """Raises PurchasesUnavailable."""
        if not self._name:
            raise PurchasesUnavailable
        return StripeKeys.parse(self._secrets.get(self._name))

    def renewed(self) -> StripeKeys | None:
        """The keys as they are now, where they have been replaced since; None where they have not, or that was looked
        at a moment ago. Raises PurchasesUnavailable."""
        before, now = self.keys(), time.monotonic()
        if now - self._renewed_at < RENEWED_EVERY_S:
            return None
        self._renewed_at = now
        keys = StripeKeys.parse(self._secrets.get(self._name, anew=True))
        return keys if keys != before else None

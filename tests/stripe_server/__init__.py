"""A strict server of Stripe's API on this machine, as far as credits are bought with it: pages to pay on, and the events
that say what became of a payment.

    with StripeServer() as stripe:
        ...  # a client of stripe.url with stripe.key makes a session
        stripe.endpoint = "http://localhost:8000/api/v1/account/purchases/events/"
        assert stripe.deliver(stripe.paid(stripe.sessions[-1])) == 200
"""

from tests.stripe_server.forms import Refused
from tests.stripe_server.server import KEY, WEBHOOK_SECRET, Received, StripeServer, signature

__all__ = ["KEY", "WEBHOOK_SECRET", "Received", "Refused", "StripeServer", "signature"]

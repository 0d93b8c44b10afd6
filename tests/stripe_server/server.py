"""A server of Stripe's API on this machine. It keeps to the rules of the API, and fails as it is told to."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from uuid import uuid4

from tests.stripe_server.forms import Refused, check_session, form_of

KEY = "sk_test_ofThelocalserver0000000000"
WEBHOOK_SECRET = "whsec_ofThelocalserver0000000000"

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came, header names in lower case, and the status of its answer (None: it hung up)."""

    path: str
    headers: Mapping[str, str]
    form: Mapping[str, Any]
    status: int | None


@dataclass
class StripeServer:
    """Starts in `with`, on a free port. `endpoint` is where events go; `key` and `webhook_secret` may be replaced while
    it runs. `sessions` are those that were made, newest last."""

    key: str = KEY
    webhook_secret: str = WEBHOOK_SECRET
    endpoint: str = ""
    livemode: bool = False
    sessions: list[dict[str, Any]] = field(default_factory=list)
    requests: list[Received] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: list[Refused | None] = []
        self._answered: dict[str, tuple[Mapping[str, Any], bytes]] = {}
        handler = type("Handler", (_Handler,), {"stripe": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def fail(self, *failures: Refused | None) -> None:
        """The next requests, one each; None: the connection is closed without an answer."""
        with self._lock:
            self._failures = list(failures)

    # ---- Sessions

    def answer(self, path: str, headers: Mapping[str, str], data: bytes) -> bytes | None:
        """Of a request to make a session; None: none. Raises Refused."""
        if path != "/v1/checkout/sessions":
            raise Refused(404, f"Unrecognized request URL (POST: {path})")
        form = form_of(data)
        status: int | None = 200
        try:
            with self._lock:
                failure = self._failures.pop(0) if self._failures else Refused(200)
                if failure is None:
                    status = None
                    return None
                if failure.status != 200:
                    raise failure
                return self._made(headers, form)
        except Refused as refused:
            status = refused.status
            raise
        finally:
            self.requests.append(Received(path, headers, form, status))

    def _made(self, headers: Mapping[str, str], form: Mapping[str, Any]) -> bytes:
        if headers.get("authorization") != f"Bearer {self.key}":
            raise Refused(401, "Invalid API Key provided")
        if headers.get("content-type") != "application/x-www-form-urlencoded" or not headers.get("stripe-version"):
            raise Refused(400, "Not as Stripe's libraries send it")
        key = headers.get("idempotency-key", "")
        if not 1 <= len(key) <= 255:
            raise Refused(400, "Idempotency keys may have 255 characters", kind="idempotency_error")
        if key in self._answered:
            before, made = self._answered[key]
            if before != form:
                text = (
                    "Keys for idempotent requests can only be used with the same parameters they were first used with."
                )
                raise Refused(400, text, kind="idempotency_error")
            return made
        session = self._session(form)
        self.sessions.append(session)
        made = json.dumps(session).encode()
        self._answered[key] = (form, made)
        return made

    def _session(self, form: Mapping[str, Any]) -> dict[str, Any]:
        amount, session = check_session(form), f"cs_test_{uuid4().hex}"
        return {
            "id": session,
            "object": "checkout.session",
            "amount_total": amount,
            "currency": form["line_items"]["0"]["price_data"]["currency"],
            "client_reference_id": form.get("client_reference_id"),
            "customer_email": form.get("customer_email"),
            "livemode": self.livemode,
            "metadata": form.get("metadata", {}),
            "mode": "payment",
            "payment_intent": None,
            "payment_status": "unpaid",
            "status": "open",
            "success_url": form["success_url"],
            "cancel_url": form["cancel_url"],
            "url": f"{self.url}/pay/{session}",
        }

    # ---- Events

    def paid(self, session: Mapping[str, Any], kind: str = "completed", **changes: Any) -> Event:
        """`kind`: completed, async_payment_succeeded or async_payment_failed. The payment is the same for one session."""
        payment = f"pi_{session['id'].rpartition('_')[2]}"
        told = {**session, "status": "complete", "payment_status": "paid", "payment_intent": payment, **changes}
        return self.event(f"checkout.session.{kind}", told)

    def refund(self, session: Mapping[str, Any], cents: int, status: str = "succeeded", **changes: Any) -> Event:
        """`id` in the changes names a refund that there was."""
        refund = {"id": f"re_{uuid4().hex}", "object": "refund", "amount": cents, "status": status, "metadata": {}}
        return self.event("refund.updated", {**refund, **self._of(session), **changes})

    def dispute(self, session: Mapping[str, Any], status: str = "needs_response", **changes: Any) -> Event:
        dispute = {"id": f"dp_{uuid4().hex}", "object": "dispute", "amount": session["amount_total"], "status": status}
        return self.event("charge.dispute.updated", {**dispute, **self._of(session), **changes})

    def _of(self, session: Mapping[str, Any]) -> dict[str, Any]:
        name = session["id"].rpartition("_")[2]
        return {"payment_intent": f"pi_{name}", "charge": f"ch_{name}", "currency": session["currency"]}

    def event(self, kind: str, told: Mapping[str, Any]) -> Event:
        return {
            "id": f"evt_{uuid4().hex}",
            "object": "event",
            "api_version": "2026-10-28.basil",
            "created": int(time.time()),
            "livemode": self.livemode,
            "pending_webhooks": 1,
            "type": kind,
            "data": {"object": dict(told)},
        }

    def deliver(self, event: Event) -> int:
        """The status of what the endpoint answers."""
        body = json.dumps(event, indent=2).encode()
        return send(self.endpoint, body, signature(body, self.webhook_secret))[0]


def send(url: str, body: bytes, header: str) -> tuple[int, bytes]:
    """Status and body of the answer to an event."""
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - of this machine
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def signature(body: bytes, secret: str, age_s: int = 0) -> str:
    """The value of `Stripe-Signature`, as docs.stripe.com/webhooks has it."""
    at = int(time.time()) - age_s
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()},v0={'0' * 64}"


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pay</title><link rel="icon" href="data:,"></head><body><main>
<h1>{amount} {currency}</h1><form method="post"><button>Pay</button></form><p><a href="{cancel}">Back</a></p>
</main></body></html>"""


class _Handler(BaseHTTPRequestHandler):
    stripe: StripeServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.path.startswith("/pay/"):
            self._pay()
            return
        try:
            made = self.stripe.answer(self.path, headers, data)
        except Refused as refused:
            self._send(refused.status, refused.body, refused.headers)
            return
        if made is None:
            self.close_connection = True
            return
        self._send(200, made)

    def do_GET(self) -> None:
        """The page on which a buyer pays."""
        session = self._asked()
        if session is None:
            self._send(404, b"{}")
            return
        page = PAGE.format(
            amount=session["amount_total"], currency=session["currency"], cancel=escape(session["cancel_url"])
        )
        self._send(200, page.encode(), {"content-type": "text/html; charset=utf-8"})

    def _pay(self) -> None:
        session = self._asked()
        if session is None:
            self._send(404, b"{}")
            return
        assert self.stripe.deliver(self.stripe.paid(session)) == 200
        self._send(303, b"", {"location": session["success_url"]})

    def _asked(self) -> dict[str, Any] | None:
        name = self.path.removeprefix("/pay/")
        return next((one for one in self.stripe.sessions if one["id"] == name), None)

    def _send(self, status: int, data: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": "application/json", "request-id": "req_1", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Tests read `requests`."""

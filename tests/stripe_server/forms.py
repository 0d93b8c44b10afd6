"""What the API takes of a request to make a session, and what it says of another one, in its own shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

TYPES = {400: "invalid_request_error", 401: "invalid_request_error", 402: "card_error", 409: "idempotency_error"}
LEAST_CENTS = 50

SESSION = {
    "mode",
    "line_items",
    "client_reference_id",
    "customer_email",
    "metadata",
    "payment_intent_data",
    "success_url",
    "cancel_url",
}
"""Parameters of a session that are known here: one more would be a 400, as it is of a name that Stripe does not know."""


class Refused(Exception):
    """Answered with `status`, in the shape of Stripe's errors."""

    def __init__(
        self,
        status: int,
        message: str = "refused",
        *,
        kind: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.error = {"type": kind or TYPES.get(status, "api_error"), "message": message}
        if code is not None:
            self.error["code"] = code

    @property
    def body(self) -> bytes:
        return json.dumps({"error": self.error}).encode()


def form_of(data: bytes) -> dict[str, Any]:
    """`a[b][0]=c` as {"a": {"b": {"0": "c"}}}. Raises Refused."""
    form: dict[str, Any] = {}
    for name, value in parse_qsl(data.decode(), keep_blank_values=True, strict_parsing=bool(data)):
        first, *rest = re.findall(r"[^\[\]]+", name)
        place = form
        for part, following in zip([first, *rest], rest, strict=False):
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise Refused(400, f"Invalid: {name} before {following}")
        place[[first, *rest][-1]] = value
    return form


def check_session(form: Mapping[str, Any]) -> int:
    """The amount in cents. Raises Refused."""
    if unknown := form.keys() - SESSION:
        raise Refused(400, f"Received unknown parameter: {min(unknown)}", code="parameter_unknown")
    if form.get("mode") != "payment":
        raise Refused(400, "Invalid mode: must be payment here")
    for name in ("success_url", "cancel_url"):
        if not re.match(r"https?://", form.get(name, "")):
            raise Refused(400, f"Not a valid URL: {name}", code="url_invalid")
    if not form.get("line_items"):
        raise Refused(400, "Missing required param: line_items.", code="parameter_missing")
    amount = sum(_line(line) for line in form["line_items"].values())
    if amount < LEAST_CENTS:
        raise Refused(400, "The amount is too small", code="amount_too_small")
    return amount


def _line(line: Mapping[str, Any]) -> int:
    price = line.get("price_data", {})
    if not re.fullmatch(r"[a-z]{3}", price.get("currency", "")):
        raise Refused(400, "Invalid currency")
    if not price.get("product_data", {}).get("name"):
        raise Refused(400, "Missing required param: line_items[0][price_data][product_data][name].")
    if not price.get("unit_amount", "").isdigit() or not line.get("quantity", "").isdigit():
        raise Refused(400, "Invalid integer", code="parameter_invalid_integer")
    return int(price["unit_amount"]) * int(line["quantity"])

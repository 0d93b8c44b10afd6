"""Where Stripe sends its events: no caller but Stripe, known by its signature."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import JSONResponse, Response

from ocrchat import errors, wiring
from ocrchat.http.problems import documented
from ocrchat.stripe_keys import KeyRing

from .events import Payments

router = APIRouter()
EVENTS = "/api/v1/account/purchases/events/"
EVENT = {
    "type": "object",
    "description": "An event as Stripe's API has it",
    "required": ["id", "type", "livemode", "data"],
    "properties": {
        "id": {"type": "string"},
        "type": {"type": "string"},
        "livemode": {"type": "boolean"},
        "data": {"type": "object"},
    },
}


@cache
def payments() -> Payments:
    return Payments(wiring.purchases_table(), KeyRing(wiring.secrets(), wiring.settings().stripe_secret))


async def body_of(request: Request) -> bytes:
    """As it came, byte for byte: the signature is of that."""
    return await request.body()


@router.post(
    EVENTS,
    summary="What Stripe says of payments; signed, and for nobody else",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": EVENT}}}},
    responses=documented(
        errors.ParameterInvalid,
        errors.SignatureInvalid,
        errors.PurchasesUnavailable,
        errors.Overloaded,
        errors.InternalError,
    ),
)
def receive_event(
    body: Annotated[bytes, Depends(body_of)],
    signature: Annotated[str, Header(alias="Stripe-Signature")] = "",
) -> Response:
    return JSONResponse({"outcome": payments().receive(body, signature, datetime.now(UTC))})

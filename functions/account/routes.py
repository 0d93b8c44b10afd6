"""The HTTP routes for accounts. None of the answers is kept by a cache, but prices."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import WithJsonSchema
from starlette.responses import HTMLResponse, JSONResponse, Response

from ocrchat import errors, wiring
from ocrchat.accounts import LINK_LIFE, SESSION_LIFE
from ocrchat.errors import OriginNotAllowed, ParameterInvalid, TokenInvalid
from ocrchat.http.auth import AccountOnly, anonymous_holder, check_origin, no_wrong_token, session_cookie, where_from
from ocrchat.http.parameters import idempotency_key, whole_number
from ocrchat.http.problems import documented
from ocrchat.limits import LIMITS
from ocrchat.stripe_keys import KeyRing
from ocrchat.tokens import digest

from . import pages
from .checkout import Checkout
from .fields import Fields, required, whole
from .sign_in import SignIn
from .tokens import Tokens
from .views import account_view, place_of, usage_view

router = APIRouter()
ACCOUNT = "/api/v1/account/"
SESSION = ACCOUNT + "session/"
TOKENS = ACCOUNT + "tokens/"
PURCHASES = ACCOUNT + "purchases/"
PRICING_AGE_S = 3600  # it changes with a deployment only

LINK_SENT = (
    "If this address takes mail, a link to sign in is on its way. It is good for "
    f"{int(LINK_LIFE.total_seconds()) // 60} minutes."
)
NEEDED = (errors.TokenMissing, errors.TokenInvalid, errors.OriginNotAllowed, errors.RateLimited)

Limit = Annotated[
    str | None,
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LIMITS.list_page}),
    Query(description="How many entries to list"),
]
After = Annotated[
    str | None, WithJsonSchema({"type": "string"}), Query(description="The `after` that the page before ended with")
]

IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="The same key within 24 hours leads to the same page to pay on"),
]


def sign_in() -> SignIn:
    settings = wiring.settings()
    return SignIn(
        wiring.accounts_table(),
        wiring.balances_table(),
        wiring.admissions(),
        wiring.secrets(),
        wiring.mailer(),
        settings.token_secret,
        settings.public_url,
    )


def tokens() -> Tokens:
    return Tokens(wiring.accounts_table(), wiring.secrets().get(wiring.settings().token_secret))


@cache
def checkout() -> Checkout:
    settings = wiring.settings()
    keys = KeyRing(wiring.secrets(), settings.stripe_secret)
    return Checkout(
        keys, settings.plans.packs, wiring.balances_table(), settings.public_url, api_url=settings.stripe_url
    )


def own_page_or_none(request: Request) -> None:
    """Raises OriginNotAllowed for a request from another site's page: it could sign its visitors into an account that
    is not theirs. Programs name no Origin."""
    if where_from(request).origin not in (None, wiring.settings().public_url):
        raise OriginNotAllowed


def body_of(name: str, kind: Literal["string", "integer"] = "string") -> dict[str, Any]:
    """What the OpenAPI document says of a body with that field."""
    schema = {"type": "object", "required": [name], "properties": {name: {"type": kind}}}
    kinds = ("application/json", "application/x-www-form-urlencoded")
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}}


def private(body: object, status: int = 200) -> JSONResponse:
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


@router.post(
    ACCOUNT,
    status_code=202,
    summary="Sign up or sign in: a link is sent to the e-mail address",
    dependencies=[Depends(own_page_or_none)],
    openapi_extra=body_of("email"),
    responses=documented(ParameterInvalid, OriginNotAllowed, errors.RateLimited, errors.MailUnavailable),
)
def send_link(fields: Fields, request: Request) -> Response:
    caller = anonymous_holder(where_from(request).address)
    sign_in().send_link(required(fields, "email"), caller, datetime.now(UTC))
    return private({"message": LINK_SENT}, 202)


@router.get(ACCOUNT + "sign-in/", include_in_schema=False)
def confirm(code: str = "") -> HTMLResponse:
    try:
        return pages.confirm(sign_in().email_of(code, datetime.now(UTC)), code, SESSION)
    except ParameterInvalid as error:
        return pages.refused(error.detail, error.status)


@router.post(
    SESSION,
    summary="Sign in with the code of the link, which is good once; the answer sets the session's cookie",
    dependencies=[Depends(own_page_or_none)],
    openapi_extra=body_of("code"),
    responses=documented(ParameterInvalid, OriginNotAllowed),
)
def start_session(fields: Fields, request: Request) -> Response:
    now = datetime.now(UTC)
    is_page = "text/html" in request.headers.get("accept", "")
    try:
        account, session = sign_in().sign_in(required(fields, "code"), now)
    except ParameterInvalid as error:
        if not is_page:
            raise
        return pages.refused(error.detail, error.status)
    plan = wiring.settings().plans.of(account.plan)
    standing = wiring.balances_table().standing(account.id, plan, now)
    response = pages.signed_in(account.email or "") if is_page else private(account_view(account, plan, standing, now))
    response.set_cookie(
        session_cookie(),
        session,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        secure=wiring.settings().public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return response


@router.delete(SESSION, status_code=204, summary="Sign out", responses=documented(OriginNotAllowed))
def end_session(request: Request) -> Response:
    response = Response(status_code=204)
    code = request.cookies.get(session_cookie())
    if code:
        check_origin(request)
        wiring.accounts_table().end_session(digest(code))
        secure = wiring.settings().public_url.startswith("https:")
        response.delete_cookie(session_cookie(), path="/", secure=secure, httponly=True, samesite="lax")
    return response


@router.get(ACCOUNT, summary="The account: its plan and what is left", responses=documented(*NEEDED))
def get_account(caller: AccountOnly) -> Response:
    now = datetime.now(UTC)
    account = wiring.accounts_table().get(caller.holder)
    if account is None:
        raise TokenInvalid
    standing = wiring.balances_table().standing(caller.holder, caller.plan, now)
    return private(account_view(account, caller.plan, standing, now))


@router.get(
    ACCOUNT + "usage/",
    summary="The ledger, newest entry first",
    responses=documented(ParameterInvalid, *NEEDED),
)
def get_usage(caller: AccountOnly, limit: Limit = None, after: After = None) -> Response:
    now, balances = datetime.now(UTC), wiring.balances_table()
    count = whole_number("limit", limit, 1, LIMITS.list_page, 20)
    entries, last = balances.entries(caller.holder, count, place_of(after) if after else None)
    standing = balances.standing(caller.holder, caller.plan, now)
    return private(usage_view(entries, last, caller.plan, standing, now))


@router.get(TOKENS, summary="The account's tokens, oldest first", responses=documented(*NEEDED))
def list_tokens(caller: AccountOnly) -> Response:
    """The tokens themselves are shown to their owner in a browser, not to a program that holds one of them."""
    return private({"data": tokens().listing(caller.holder, with_values=caller.is_session)})


@router.post(
    TOKENS,
    status_code=201,
    summary="A new token",
    openapi_extra=body_of("name"),
    responses=documented(ParameterInvalid, *NEEDED),
)
def create_token(caller: AccountOnly, fields: Fields) -> Response:
    return private(tokens().create(caller.holder, required(fields, "name")), 201)


@router.post(
    TOKENS + "{token_id}/rotate/",
    summary="Another token in its place; the old one is refused from now on",
    responses=documented(*NEEDED, errors.TokenNotFound),
)
def rotate_token(caller: AccountOnly, token_id: str) -> Response:
    return private(tokens().rotate(caller.holder, token_id))


@router.delete(
    TOKENS + "{token_id}/",
    status_code=204,
    summary="Revoke a token",
    responses=documented(*NEEDED, errors.TokenNotFound),
)
def revoke_token(caller: AccountOnly, token_id: str) -> Response:
    tokens().revoke(caller.holder, token_id)
    return Response(status_code=204)


@router.post(
    PURCHASES,
    status_code=201,
    summary="Buy a pack of credits: the answer has the URL of the page on which it is paid for",
    openapi_extra=body_of("credits", "integer"),
    responses=documented(ParameterInvalid, *NEEDED, errors.IdempotencyKeyReused, errors.PurchasesUnavailable),
)
def buy_credits(caller: AccountOnly, fields: Fields, key: IdempotencyKey = None) -> Response:
    """The packs and what they cost are in `GET /api/v1/pricing/`. The credits are there when Stripe has told that they
    are paid, some seconds after the buyer has."""
    account = wiring.accounts_table().get(caller.holder)
    if account is None:
        raise TokenInvalid
    url = checkout().begin(account, whole(fields, "credits"), idempotency_key(key), datetime.now(UTC))
    return private({"url": url}, 201)


@router.get(
    "/api/v1/pricing/",
    dependencies=[Depends(no_wrong_token)],
    responses=documented(errors.TokenInvalid),
    summary="Plans and prices",
)
def get_pricing() -> Response:
    """`packs` is empty where nothing is sold."""
    settings = wiring.settings()
    plans = settings.plans.as_json()
    if not settings.stripe_secret:
        plans["packs"] = []
    return JSONResponse(plans, headers={"Cache-Control": f"public, max-age={PRICING_AGE_S}"})

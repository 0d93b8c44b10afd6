"""Who calls: an account by its token or its browser session, or somebody without one, known by the address.

A wrong token is refused everywhere and never falls back to anonymous. A session's cookie is sent by browsers whoever
made the page, so what changes something is taken with it from the service's own pages alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from ocrchat import tokens, wiring
from ocrchat.errors import OriginNotAllowed, RateLimited, TokenInvalid, TokenMissing
from ocrchat.http.origin import Provenance, digest_of, provenance
from ocrchat.limits import LIMITS
from ocrchat.plans import Plan
from ocrchat.store.balances_table import ANONYMOUS

TOKEN = re.compile(r"[!-~]{1,256}")
"""Printable ASCII without spaces, as RFC 6750 has it and somewhat wider."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Caller:
    """`account` is None for an anonymous caller; `holder` is whom requests and pages are counted against."""

    holder: str
    account: str | None
    plan: Plan
    is_session: bool = False


def token_of(authorization: str | None, query_tokens: list[str]) -> str | None:
    """The token of a request: the Authorization header's, or `?api_token=`. Raises TokenInvalid, also where the two
    differ, and for two in the query."""
    tokens = set(query_tokens)
    if authorization is not None:
        scheme, _, token = authorization.strip().partition(" ")
        if scheme.casefold() != "bearer" or not TOKEN.fullmatch(token.strip()):
            raise TokenInvalid("The Authorization header must be `Bearer YOUR_API_TOKEN`")
        tokens.add(token.strip())
    if not tokens:
        return None
    if len(tokens) > 1 or len(query_tokens) > 1 or not all(map(TOKEN.fullmatch, tokens)):
        raise TokenInvalid
    return tokens.pop()


def where_from(request: Request) -> Provenance:
    """Where a request comes from, as the edge or the gateway saw it."""
    return provenance(request.headers, request.client.host if request.client else "", _origin_secret())


def anonymous_holder(address: str) -> str:
    """Whom the pages of an anonymous caller are counted against."""
    return ANONYMOUS + digest_of(address, _origin_secret())


def check_origin(request: Request) -> None:
    """Raises OriginNotAllowed for a request that another site has made a browser send."""
    if request.method in SAFE_METHODS:
        return
    if where_from(request).origin != wiring.settings().public_url:
        raise OriginNotAllowed


def session_cookie() -> str:
    """The cookie's name. With `__Host-`, browsers keep it to this host and to TLS."""
    return "__Host-session" if wiring.settings().public_url.startswith("https:") else "session"


def anyone(request: Request) -> Caller:
    """The caller, whose request is not counted: for looking at jobs, which is done again and again."""
    caller = _by_token_of(request)
    if caller is not None:
        return caller
    code = request.cookies.get(session_cookie())
    if code:
        account = wiring.accounts_table().session(tokens.digest(code), datetime.now(UTC))
        if account is not None:
            check_origin(request)
            return _of_account(account, is_session=True)
        if request.method not in SAFE_METHODS:  # else it would be done for nobody, and be anybody's
            raise TokenInvalid("The browser session has ended: sign in again")
    return Caller(anonymous_holder(where_from(request).address), None, wiring.settings().plans.anonymous)


def no_wrong_token(request: Request) -> None:
    """For what anybody may ask: a token is not needed, and a wrong one is refused all the same."""
    _by_token_of(request)


def count(caller: Caller) -> None:
    """Uses one request more of the caller's minute. Raises RateLimited."""
    now = datetime.now(UTC)
    most = caller.plan.requests_per_minute
    if wiring.balances_table().count_request(caller.holder, now, MINUTE) > most:
        raise RateLimited(f"More than {most} requests in a minute: wait", MINUTE - now.second)


def counted(caller: Annotated[Caller, Depends(anyone)]) -> Caller:
    """The caller, whose request is counted."""
    count(caller)
    return caller


def may_hold(caller: Caller) -> bool:
    """Whether one more request of the caller may be held back until a job has ended: each holds a function."""
    window = int(LIMITS.long_poll_s)
    return (
        wiring.balances_table().count_request(f"{caller.holder}#held", datetime.now(UTC), window) <= LIMITS.long_polls
    )


def account_only(caller: Annotated[Caller, Depends(counted)]) -> Caller:
    if caller.account is None:
        raise TokenMissing
    return caller


def _origin_secret() -> str:
    name = wiring.settings().origin_secret
    return wiring.secrets().get(name) if name else ""


def _by_token_of(request: Request) -> Caller | None:
    """The caller by the token that the request carries, None where it carries none."""
    token = token_of(request.headers.get("authorization"), request.query_params.getlist("api_token"))
    return None if token is None else _by_token(token)


def _by_token(token: str) -> Caller:
    if not tokens.is_well_formed(token):
        raise TokenInvalid
    found = wiring.accounts_table().by_token(tokens.digest(token))
    if found is None:
        raise TokenInvalid
    account, token_id = found
    wiring.accounts_table().touch(token_id, datetime.now(UTC))
    return _of_account(account)


def _of_account(account: str, *, is_session: bool = False) -> Caller:
    known = wiring.accounts_table().get(account)
    if known is None:
        raise TokenInvalid
    return Caller(account, account, wiring.settings().plans.of(known.plan), is_session)


Anyone = Annotated[Caller, Depends(anyone)]
Counted = Annotated[Caller, Depends(counted)]
AccountOnly = Annotated[Caller, Depends(account_only)]

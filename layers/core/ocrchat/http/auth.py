"""Who calls: an account by its token, or nobody.

Tokens are not checked against accounts yet: any well-formed token names an account of its own, the digest of the
token. What is enforced is what depends on it: an account's jobs answer to that token alone.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from ocrchat.errors import TokenInvalid, TokenMissing

TOKEN = re.compile(r"[!-~]{1,256}")
"""Printable ASCII without spaces, as RFC 6750 has it and somewhat wider."""


@dataclass(frozen=True, slots=True)
class Caller:
    """`account` is None for an anonymous caller."""

    account: str | None


def token_of(authorization: str | None, query_tokens: list[str]) -> str | None:
    """The token of a request: the Authorization header's, else `?api_token=`. Raises TokenInvalid."""
    if authorization is not None:
        scheme, _, token = authorization.strip().partition(" ")
        if scheme.casefold() != "bearer" or not TOKEN.fullmatch(token.strip()):
            raise TokenInvalid("The Authorization header must be `Bearer YOUR_API_TOKEN`")
        return token.strip()
    if query_tokens:
        if len(query_tokens) > 1 or not TOKEN.fullmatch(query_tokens[0]):
            raise TokenInvalid
        return query_tokens[0]
    return None


def anyone(request: Request) -> Caller:
    token = token_of(request.headers.get("authorization"), request.query_params.getlist("api_token"))
    if token is None:
        return Caller(None)
    return Caller(f"acct_{hashlib.sha256(token.encode()).hexdigest()[:24]}")


def account_only(caller: Annotated[Caller, Depends(anyone)]) -> Caller:
    if caller.account is None:
        raise TokenMissing
    return caller


Anyone = Annotated[Caller, Depends(anyone)]
AccountOnly = Annotated[Caller, Depends(account_only)]

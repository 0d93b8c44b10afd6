"""An account's tokens: shown, made, rotated, revoked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from ocrchat.accounts import Token, token_name
from ocrchat.errors import Overloaded, TokenNotFound
from ocrchat.jobs import iso
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.store.transaction import NotWritten
from ocrchat.tokens import derive, digest, new_id

Changed = TypeVar("Changed")

RACES = 5
"""How often somebody else may have changed a token since it was looked at, before the service is called busy."""

NOT_DERIVED = "It was made under an earlier secret of the service and cannot be shown again: rotate it to see a new one"


def first(account_id: str, name: str, secret: str, now: datetime) -> Token:
    """A new token of the account, as it is stored."""
    token_id = new_id("tok")
    return Token(token_id, name, digest(derive(secret, account_id, token_id, 1)), 1, now)


@dataclass(frozen=True, slots=True)
class Tokens:
    accounts: AccountsTable
    secret: str

    def listing(self, account_id: str, *, with_values: bool) -> list[dict[str, Any]]:
        """Oldest first. `with_values`: whether the tokens themselves are shown."""
        tokens = self.accounts.tokens(account_id)
        return [self._shown(account_id, token) if with_values else view(token) for token in tokens]

    def create(self, account_id: str, name: str) -> dict[str, Any]:
        """Raises ParameterInvalid for a name that is none, and where there are as many tokens as there may be."""
        token = first(account_id, token_name(name), self.secret, datetime.now(UTC))
        self.accounts.add_token(account_id, token)
        return self._shown(account_id, token)

    def rotate(self, account_id: str, token_id: str) -> dict[str, Any]:
        """Raises TokenNotFound."""

        def rotated(token: Token) -> Token:
            value = derive(self.secret, account_id, token.id, token.version + 1)
            return self.accounts.rotate_token(account_id, token, digest(value))

        return self._shown(account_id, self._changed(account_id, token_id, rotated))

    def revoke(self, account_id: str, token_id: str) -> None:
        """Raises TokenNotFound."""
        self._changed(account_id, token_id, lambda token: self.accounts.revoke_token(account_id, token))

    def _changed(self, account_id: str, token_id: str, change: Callable[[Token], Changed]) -> Changed:
        for _ in range(RACES):
            token = next((one for one in self.accounts.tokens(account_id) if one.id == token_id), None)
            if token is None:
                raise TokenNotFound
            try:
                return change(token)
            except NotWritten:
                continue
        raise Overloaded

    def _shown(self, account_id: str, token: Token) -> dict[str, Any]:
        value = derive(self.secret, account_id, token.id, token.version)
        if digest(value) != token.hash:
            return view(token) | {"token": None, "note": NOT_DERIVED}
        return view(token) | {"token": value}


def view(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "created_at": iso(token.created_at),
        "last_used": iso(token.last_used),
    }

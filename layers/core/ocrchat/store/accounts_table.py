"""Accounts, tokens and sessions, in the balances table.

    account#{id}         profile            {id, email, plan, created_at, tokens}: `tokens` counts the rows below
    account#{id}         token#{token_id}   {id, name, hash, version, created_at}
    token#{hash}         token              {account, token_id}: what a request is looked up by
    used#{token_id}      used               {at}: when it was last used, to ten minutes
    email#{digest}       email              {account}
    link#{digest}        link               {email, expires_at, expires}: a sign-in link, good once
    session#{digest}     session            {account, expires_at, expires}

No token, code or session is stored, only their digests. A token's two rows change in one transaction, so that what a
list shows is what is let in. Reads are consistent: a token that was revoked or rotated is dead at once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from ocrchat.accounts import LINK_LIFE, MOST_TOKENS, SESSION_LIFE, Account, Token
from ocrchat.errors import ParameterInvalid
from ocrchat.plans import PlanName
from ocrchat.store.batch import get_all
from ocrchat.store.errors import is_condition_failure
from ocrchat.store.items import Item, attribute, attributes, plain, timestamp
from ocrchat.store.transaction import NotWritten, Write, write
from ocrchat.tokens import digest

TOUCH_EVERY = timedelta(minutes=10)
"""So often at most is noted that a token was used: a write for each request would cost more than the request."""

USE_KEPT = timedelta(days=400)
"""How long the last use of a token is known."""

MOST_TOUCHED = 10_000
"""Tokens of which a process remembers it."""


class AccountsTable:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name
        self._touched: dict[str, datetime] = {}

    # ---- Accounts

    def create(self, account: Account, token: Token | None = None) -> Account:
        """Writes the account, with its first token; returns it, or the one that has its e-mail address already."""
        profile: dict[str, object] = {
            "id": account.id,
            "plan": account.plan,
            "created_at": timestamp(account.created_at),
            "tokens": 0 if token is None else 1,
        }
        writes = []
        if account.email is not None:
            profile["email"] = account.email
            writes.append(self._put("email", _email_key(account.email), "email", {"account": account.id}))
        writes.append(self._put("profile", f"account#{account.id}", "profile", profile))
        if token is not None:
            writes += self._token_rows(account.id, token)
        try:
            write(self._client, writes)
        except NotWritten as refusal:
            there = self.by_email(account.email) if account.email and refusal.names == {"email"} else None
            if there is None:
                raise
            return there
        return account

    def get(self, account_id: str) -> Account | None:
        row = self._row(f"account#{account_id}", "profile")
        if row is None:
            return None
        return Account(row["id"], row.get("email"), row["plan"], datetime.fromisoformat(row["created_at"]))

    def by_email(self, email: str) -> Account | None:
        row = self._row(_email_key(email), "email")
        return self.get(row["account"]) if row else None

    def set_plan(self, account_id: str, plan: PlanName) -> None:
        self._client.update_item(
            TableName=self._name,
            Key=_key(f"account#{account_id}", "profile"),
            UpdateExpression="SET #plan = :plan",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeNames={"#plan": "plan"},
            ExpressionAttributeValues=attributes({":plan": plan}),
        )

    def becoming_paid(self, account_id: str) -> Write:
        """The write `profile` of the transaction in which the account's credits are paid; its condition holds where
        there is such an account."""
        update = {
            "TableName": self._name,
            "Key": _key(f"account#{account_id}", "profile"),
            "UpdateExpression": "SET #plan = :plan",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": {"#plan": "plan"},
            "ExpressionAttributeValues": attributes({":plan": "paid"}),
        }
        return Write("profile", {"Update": update})

    # ---- Tokens

    def by_token(self, token_hash: str) -> tuple[str, str] | None:
        """(account id, token id) of a token that is good now."""
        row = self._row(f"token#{token_hash}", "token")
        return (row["account"], row["token_id"]) if row else None

    def tokens(self, account_id: str) -> list[Token]:
        """The account's tokens, oldest first."""
        answer = self._client.query(
            TableName=self._name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :token)",
            ExpressionAttributeValues=attributes({":pk": f"account#{account_id}", ":token": "token#"}),
            ConsistentRead=True,
        )
        rows = [plain(item) for item in answer["Items"]]
        used = {
            item["pk"]["S"]: datetime.fromisoformat(item["at"]["S"])
            for item in get_all(self._client, self._name, [_key(f"used#{row['id']}", "used") for row in rows])
        }
        tokens = [
            Token(
                row["id"],
                row["name"],
                row["hash"],
                row["version"],
                datetime.fromisoformat(row["created_at"]),
                used.get(f"used#{row['id']}"),
            )
            for row in rows
        ]
        return sorted(tokens, key=lambda token: (token.created_at, token.id))

    def add_token(self, account_id: str, token: Token) -> None:
        """Raises ParameterInvalid where the account has as many as it may."""
        try:
            write(self._client, [self._count_tokens(account_id, 1), *self._token_rows(account_id, token)])
        except NotWritten as refusal:
            if refusal.names != {"profile"}:
                raise
            raise ParameterInvalid(f"An account may have {MOST_TOKENS} tokens: revoke one first") from refusal

    def rotate_token(self, account_id: str, token: Token, new_hash: str) -> Token:
        """The next version of the token, under its new hash; the old one is dead. Raises NotWritten where the token is
        not any more as it was seen."""
        rotated = replace(token, hash=new_hash, version=token.version + 1)
        update = {
            "TableName": self._name,
            "Key": _key(f"account#{account_id}", f"token#{token.id}"),
            "UpdateExpression": "SET #hash = :hash, #version = :version",
            "ConditionExpression": "#hash = :old",
            "ExpressionAttributeNames": {"#hash": "hash", "#version": "version"},
            "ExpressionAttributeValues": attributes(
                {":hash": rotated.hash, ":version": rotated.version, ":old": token.hash}
            ),
        }
        write(
            self._client,
            [
                Write("listed", {"Update": update}),
                self._delete("old", f"token#{token.hash}", "token"),
                self._looked_up(account_id, rotated),
            ],
        )
        return rotated

    def revoke_token(self, account_id: str, token: Token) -> None:
        """Raises NotWritten where the token is not any more as it was seen."""
        listed = self._delete("listed", f"account#{account_id}", f"token#{token.id}")
        listed.member["Delete"] |= {
            "ConditionExpression": "#hash = :old",
            "ExpressionAttributeNames": {"#hash": "hash"},
            "ExpressionAttributeValues": attributes({":old": token.hash}),
        }
        write(
            self._client,
            [
                listed,
                self._delete("looked up", f"token#{token.hash}", "token"),
                self._delete("used", f"used#{token.id}", "used"),
                self._count_tokens(account_id, -1),
            ],
        )

    def touch(self, token_id: str, now: datetime) -> None:
        """Notes that the token is used, unless that was noted lately, as this process may know."""
        if now - self._touched.get(token_id, now - TOUCH_EVERY) < TOUCH_EVERY:
            return
        if len(self._touched) >= MOST_TOUCHED:
            self._touched.clear()
        self._touched[token_id] = now
        try:
            self._client.update_item(
                TableName=self._name,
                Key=_key(f"used#{token_id}", "used"),
                UpdateExpression="SET #at = :now, expires = :expires",
                ConditionExpression="attribute_not_exists(pk) OR #at < :before",
                ExpressionAttributeNames={"#at": "at"},
                ExpressionAttributeValues=attributes(
                    {
                        ":now": timestamp(now),
                        ":before": timestamp(now - TOUCH_EVERY),
                        ":expires": int((now + USE_KEPT).timestamp()),
                    }
                ),
            )
        except self._client.exceptions.ClientError as error:
            if not is_condition_failure(error):
                raise

    # ---- Links and sessions, by the digest of the code that the client holds

    def put_link(self, code_hash: str, email: str, now: datetime) -> None:
        row = _expiring("link", code_hash, {"email": email}, now + LINK_LIFE)
        self._client.put_item(TableName=self._name, Item=row)

    def link(self, code_hash: str, now: datetime) -> str | None:
        """The e-mail address that the link was sent to, as long as it is good."""
        return _unless_expired(self._row(f"link#{code_hash}", "link"), "email", now)

    def begin_session(self, link_hash: str, code_hash: str, account_id: str, now: datetime) -> None:
        """Takes the link and begins the session, both or neither, so that a link is spent by nothing less. Of several
        takers one gets it. Raises NotWritten where it is not good any more."""
        taken = self._delete("link", f"link#{link_hash}", "link")
        taken.member["Delete"] |= {
            "ConditionExpression": "expires_at > :now",
            "ExpressionAttributeValues": attributes({":now": timestamp(now)}),
        }
        row = _expiring("session", code_hash, {"account": account_id}, now + SESSION_LIFE)
        write(self._client, [taken, Write("session", {"Put": {"TableName": self._name, "Item": row}})])

    def session(self, code_hash: str, now: datetime) -> str | None:
        """The id of the account that is signed in."""
        return _unless_expired(self._row(f"session#{code_hash}", "session"), "account", now)

    def end_session(self, code_hash: str) -> None:
        self._client.delete_item(TableName=self._name, Key=_key(f"session#{code_hash}", "session"))

    # ---- Rows

    def _row(self, pk: str, sk: str) -> dict[str, Any] | None:
        answer = self._client.get_item(TableName=self._name, Key=_key(pk, sk), ConsistentRead=True)
        return plain(answer["Item"]) if "Item" in answer else None

    def _put(self, name: str, pk: str, sk: str, values: dict[str, object]) -> Write:
        """Of a row that must not be there yet."""
        put = {
            "TableName": self._name,
            "Item": attributes({"pk": pk, "sk": sk, **values}),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return Write(name, {"Put": put})

    def _delete(self, name: str, pk: str, sk: str) -> Write:
        return Write(name, {"Delete": {"TableName": self._name, "Key": _key(pk, sk)}})

    def _token_rows(self, account_id: str, token: Token) -> list[Write]:
        listed = {
            "id": token.id,
            "name": token.name,
            "hash": token.hash,
            "version": token.version,
            "created_at": timestamp(token.created_at),
        }
        return [
            self._put("listed", f"account#{account_id}", f"token#{token.id}", listed),
            self._looked_up(account_id, token),
        ]

    def _looked_up(self, account_id: str, token: Token) -> Write:
        return self._put("looked up", f"token#{token.hash}", "token", {"account": account_id, "token_id": token.id})

    def _count_tokens(self, account_id: str, change: Literal[1, -1]) -> Write:
        """The condition holds where that many fit."""
        update = {
            "TableName": self._name,
            "Key": _key(f"account#{account_id}", "profile"),
            "UpdateExpression": "ADD #tokens :change",
            "ConditionExpression": "attribute_exists(pk) AND #tokens <= :room",
            "ExpressionAttributeNames": {"#tokens": "tokens"},
            "ExpressionAttributeValues": attributes({":change": change, ":room": MOST_TOKENS - change}),
        }
        return Write("profile", {"Update": update})


def _key(pk: str, sk: str) -> Item:
    return {"pk": attribute(pk), "sk": attribute(sk)}


def _expiring(kind: Literal["link", "session"], code_hash: str, values: dict[str, object], until: datetime) -> Item:
    row = {"pk": f"{kind}#{code_hash}", "sk": kind, **values}
    return attributes(row | {"expires_at": timestamp(until), "expires": int(until.timestamp())})


def _email_key(email: str) -> str:
    return f"email#{digest(email)}"


def _unless_expired(row: dict[str, Any] | None, name: str, now: datetime) -> str | None:
    """TTL deletes late, so what has expired is told here."""
    if row is None or datetime.fromisoformat(row["expires_at"]) <= now:
        return None
    return str(row[name])

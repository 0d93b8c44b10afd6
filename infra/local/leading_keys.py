"""The policy key `dynamodb:LeadingKeys`: which rows a request is about.

ministack 1.5.33 leaves it out, and a `ForAllValues` condition on a key that is not there holds: every function could
write every row, and a role that lacks a right would be found on AWS only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

LEADING_KEYS = "dynamodb:LeadingKeys"

_MEMBERS = ("ConditionCheck", "Put", "Update", "Delete", "Get")
_EQUALS = re.compile(r"\s*[#\w]+\s*=\s*(:\w+)")

Context = Callable[[bytes], dict[str, Any]]
Checks = Callable[..., list[tuple[str, str]]]


def with_leading_keys(context_of: Context, checks_of: Checks) -> tuple[Context, Checks]:
    """ministack's `dynamodb_service_context` and `dynamodb_transaction_checks`, which know the key.

    A transaction is checked item by item, each against one context: its list of keys is changed before each.
    """
    keys: list[str] = []

    def context(body: bytes) -> dict[str, Any]:
        nonlocal keys
        keys = leading_keys(json.loads(body or b"{}"))
        return {**context_of(body), LEADING_KEYS: keys}

    def checks(action: str, body: bytes, region: str, account_id: str) -> list[tuple[str, str]] | Iterator[Any]:
        found = checks_of(action, body, region, account_id)
        return item_by_item(found, json.loads(body)["TransactItems"], keys) if found else found

    return context, checks  # type: ignore[return-value]  # where one iterates, the other may


def item_by_item(
    checks: list[tuple[str, str]], items: list[dict[str, Any]], keys: list[str]
) -> Iterator[tuple[str, str]]:
    for check, item in zip(checks, items, strict=True):
        (member,) = (item[name] for name in _MEMBERS if name in item)
        keys[:] = leading_keys(member)
        yield check


def leading_keys(request: dict[str, Any]) -> list[str]:
    """Of the rows, or of the index's rows, that a request of DynamoDB's API names."""
    if "KeyConditionExpression" in request:
        placeholder = _EQUALS.match(request["KeyConditionExpression"])
        return [request["ExpressionAttributeValues"][placeholder[1]]["S"]] if placeholder else []
    batch = [row for table in request.get("RequestItems", {}).values() for row in _of_a_batch(table)]
    rows = [row for row in (request.get("Key"), request.get("Item"), *batch) if row]
    return [row["pk"]["S"] for row in rows if "pk" in row]


def _of_a_batch(table: Any) -> list[dict[str, Any]]:
    """The rows of BatchGetItem, or of BatchWriteItem, in one table."""
    if isinstance(table, dict):
        return list(table.get("Keys", ()))
    return [
        write["DeleteRequest"]["Key"] if "DeleteRequest" in write else write["PutRequest"]["Item"] for write in table
    ]

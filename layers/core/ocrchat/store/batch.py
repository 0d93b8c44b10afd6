"""Many rows in one request (DynamoDB's BatchGetItem)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocrchat.store.items import Item

TRIES = 5


def get_all(client: Any, table: str, keys: Sequence[Item]) -> list[Item]:
    """Those of these rows (at most 100) that exist, in any order, asking again for what a throttled table left out.
    Raises TimeoutError where it does so every time."""
    found: list[Item] = []
    request: dict[str, Any] = {table: {"Keys": list(keys), "ConsistentRead": True}} if keys else {}
    for _ in range(TRIES):
        if not request:
            return found
        answer = client.batch_get_item(RequestItems=request)
        found += answer["Responses"].get(table, [])
        request = answer.get("UnprocessedKeys") or {}
    if request:
        raise TimeoutError(f"the table {table} left keys unread {TRIES} times")
    return found

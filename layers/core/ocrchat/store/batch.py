"""Many rows in one request (DynamoDB's BatchGetItem)."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Any

from ocrchat.errors import Overloaded
from ocrchat.store.items import Item

READ_AT_ONCE = 100
"""Rows that one request of DynamoDB may read."""

TRIES = 5
FIRST_PAUSE_S = 0.03  # doubled each time


def get_all(client: Any, table: str, keys: Sequence[Item]) -> list[Item]:
    """Those of these rows that exist, in any order, asking again for what a throttled table left out. Raises Overloaded
    where it does so every time."""
    starts = range(0, len(keys), READ_AT_ONCE)
    return [item for start in starts for item in _get(client, table, keys[start : start + READ_AT_ONCE])]


def _get(client: Any, table: str, keys: Sequence[Item]) -> list[Item]:
    pause = FIRST_PAUSE_S
    found: list[Item] = []
    request: dict[str, Any] = {table: {"Keys": list(keys), "ConsistentRead": True}}
    for _ in range(TRIES):
        answer = client.batch_get_item(RequestItems=request)
        found += answer["Responses"].get(table, [])
        request = answer.get("UnprocessedKeys") or {}
        if not request:
            return found
        time.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - not a secret
        pause *= 2
    raise Overloaded

"""How far a walk over everything has come: rows `cursor#{walk}` of the jobs table.

{state, version}: `state` is JSON of the walk's own. Who saves must have seen what is there, so that of two runs that
meet one goes on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ocrchat.store.errors import is_condition_failure
from ocrchat.store.items import attribute, attributes, plain


@dataclass(frozen=True, slots=True)
class Cursor:
    """`version` 0 is that of a walk that has never begun."""

    walk: str
    version: int = 0
    state: Mapping[str, Any] = field(default_factory=dict)


class Cursors:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, walk: str) -> Cursor:
        key = {"pk": attribute(_pk(walk))}
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        if "Item" not in answer:
            return Cursor(walk)
        values = plain(answer["Item"])
        return Cursor(walk, values["version"], json.loads(values["state"]))

    def save(self, seen: Cursor, state: Mapping[str, Any]) -> Cursor | None:
        """The cursor from here on; None if another run has saved since it was seen."""
        cursor = Cursor(seen.walk, seen.version + 1, state)
        values = {"pk": _pk(seen.walk), "version": cursor.version, "state": json.dumps(state)}
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if seen.version:
            condition = {
                "ConditionExpression": "#version = :seen",
                "ExpressionAttributeNames": {"#version": "version"},
                "ExpressionAttributeValues": attributes({":seen": seen.version}),
            }
        try:
            self._client.put_item(TableName=self._table, Item=attributes(values), **condition)
        except self._client.exceptions.ClientError as error:
            if is_condition_failure(error):
                return None
            raise
        return cursor


def _pk(walk: str) -> str:
    return f"cursor#{walk}"

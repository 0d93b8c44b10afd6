"""Who is let through in a fixed window of time, each by a name of its own, in the balances table.

    rate#{key}   {window}   {ones}: who was let through

Unlike a counter (`BalancesTable.count_request`) it counts each once, also where an answer is lost and the SDK asks
again, so that nobody is kept out by somebody who never came in. For a few at a time: they stand in one row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ocrchat.store.errors import is_condition_failure
from ocrchat.store.items import attributes


@dataclass(frozen=True, slots=True)
class Admissions:
    client: Any
    table: str

    def admit(self, key: str, one: str, at: datetime, window_s: int, most: int) -> bool:
        """Whether `one` is among the first `most` of `key` in the window of so many seconds that `at` lies in."""
        window = _window(at, window_s)
        values = {":ones": {one}, ":one": one, ":most": most, ":expires": window + 2 * window_s}
        try:
            self.client.update_item(
                TableName=self.table,
                Key=_key(key, window),
                UpdateExpression="ADD ones :ones SET expires = :expires",
                ConditionExpression="attribute_not_exists(ones) OR size(ones) < :most OR contains(ones, :one)",
                ExpressionAttributeValues=attributes(values),
            )
        except self.client.exceptions.ClientError as error:
            if is_condition_failure(error):
                return False
            raise
        return True

    def take_back(self, key: str, one: str, at: datetime, window_s: int) -> None:
        """There is room for another in its place."""
        self.client.update_item(
            TableName=self.table,
            Key=_key(key, _window(at, window_s)),
            UpdateExpression="DELETE ones :ones",
            ExpressionAttributeValues=attributes({":ones": {one}}),
        )


def _window(at: datetime, window_s: int) -> int:
    return int(at.timestamp()) // window_s * window_s


def _key(key: str, window: int) -> dict[str, Any]:
    return attributes({"pk": f"rate#{key}", "sk": str(window)})

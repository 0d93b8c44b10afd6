"""Idempotency-Key: what was asked with it, and what came of it. Rows of the jobs table:

    idem#{holder}#{digest of the key}   {fingerprint, lock, locked_until, expires_at, outcome?}

A request first takes the key's lock; the record of its outcome is written in the transaction that accepts the job. An
attempt that fails gives the lock back; one that dies loses it after LOCK.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from ocrchat.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from ocrchat.store.errors import is_condition_failure
from ocrchat.store.items import attribute, attributes, plain, timestamp
from ocrchat.store.transaction import Write

KEPT = timedelta(hours=24)
LOCK = timedelta(seconds=60)
"""Longer than a request can take: API Gateway ends it after 30 s."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The key is ours: the request may be carried out."""

    pk: str
    lock: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """The same request was carried out before; `outcome` is what its record says."""

    outcome: str


class Idempotency:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def begin(self, holder: str, key: str, fingerprint: str, now: datetime) -> Begun | Replayed:
        """Raises IdempotencyKeyReused for another request under the same key, IdempotencyKeyInUse while the first is
        being carried out."""
        pk = f"idem#{holder}#{hashlib.sha256(key.encode()).hexdigest()}"
        lock = token_hex(16)
        values = {
            "pk": pk,
            "fingerprint": fingerprint,
            "lock": lock,
            "locked_until": timestamp(now + LOCK),
            "expires_at": timestamp(now + KEPT),
            "expires": int((now + KEPT).timestamp()),
        }
        for _ in range(3):  # a record that is given back between the two looks
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item=attributes(values),
                    # TTL deletes late, so what has expired is told here
                    ConditionExpression="attribute_not_exists(pk) OR expires_at <= :now OR "
                    "(attribute_not_exists(outcome) AND locked_until <= :now)",
                    ExpressionAttributeValues=attributes({":now": timestamp(now)}),
                )
            except self._client.exceptions.ClientError as error:
                if not is_condition_failure(error):
                    raise
            else:
                return Begun(pk, lock)
            answer = self._client.get_item(TableName=self._table, Key={"pk": attribute(pk)}, ConsistentRead=True)
            if "Item" not in answer:
                continue
            record = plain(answer["Item"])
            if record["lock"] == lock:  # taken by this very request, whose first answer was lost
                return Begun(pk, lock)
            if record["fingerprint"] != fingerprint:
                raise IdempotencyKeyReused
            if "outcome" in record:
                return Replayed(record["outcome"])
            break
        raise IdempotencyKeyInUse

    def finish(self, begun: Begun, outcome: str) -> Write:
        """The write `idempotency` of the transaction that carries the request out."""
        update = {
            "TableName": self._table,
            "Key": {"pk": attribute(begun.pk)},
            "UpdateExpression": "SET outcome = :outcome",
            "ConditionExpression": "#lock = :lock AND attribute_not_exists(outcome)",
            "ExpressionAttributeNames": {"#lock": "lock"},
            "ExpressionAttributeValues": attributes({":outcome": outcome, ":lock": begun.lock}),
        }
        return Write("idempotency", {"Update": update})

    def give_back(self, begun: Begun) -> None:
        """After a request that was refused: the same key may be tried again."""
        try:
            self._client.delete_item(
                TableName=self._table,
                Key={"pk": attribute(begun.pk)},
                ConditionExpression="#lock = :lock AND attribute_not_exists(outcome)",
                ExpressionAttributeNames={"#lock": "lock"},
                ExpressionAttributeValues=attributes({":lock": begun.lock}),
            )
        except self._client.exceptions.ClientError as error:
            if not is_condition_failure(error):  # else it is somebody else's by now
                raise

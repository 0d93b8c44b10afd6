"""Files that are being rendered: rows `export#{job}#{file}` of the jobs table, one for each.

{claim, until, attempts, error?, expires (TTL)}

Whoever claims a row has the file rendered; everybody else waits until the row is gone, and then the file is there. A
claim ends at `until` unless its renderer, which is then at work, renews it: who dies leaves the row to the next. A row
with an `error` says until then why there is no file. `attempts` counts the renderers that began and did not end well.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from ocrchat import errors
from ocrchat.errors import InternalError, OcrChatError, Overloaded
from ocrchat.store.errors import is_condition_failure
from ocrchat.store.items import Item, attribute, attributes, plain, timestamp

BEGUN_WITHIN = timedelta(seconds=75)
"""Longer than the invocation of a renderer may wait for its turn (`MaximumEventAgeInSeconds` of the template)."""

LEASE = timedelta(seconds=30)
"""A few times longer than the pause between two renewals: a renderer holds Python's lock while a PDF is written."""

ERROR_KEPT = timedelta(seconds=60)
OVERLOADED_KEPT = timedelta(seconds=Overloaded.retry_after)
"""It passes: who was told to come back has it tried again then."""

KEPT = timedelta(hours=1)
MOST_ATTEMPTS = 3
"""Within KEPT: what ends its renderer as often is not tried again before."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to render `file` of a job, for whoever knows `id`."""

    job: str
    file: str
    id: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row as it was seen."""

    id: str
    until: datetime
    attempts: int
    expires: int
    error: OcrChatError | None = None


class ExportsTable:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def get(self, job: str, file: str, now: datetime) -> Claimed | None:
        """None where nobody renders it, and nobody tried of late. TTL deletes late, so that is told here."""
        answer = self._client.get_item(TableName=self._name, Key=_key(job, file), ConsistentRead=True)
        if "Item" not in answer:
            return None
        values = plain(answer["Item"])
        until = datetime.fromisoformat(values["until"])
        if values["expires"] <= now.timestamp() and until <= now:
            return None
        error = errors.from_json(json.loads(values["error"])) if "error" in values else None
        return Claimed(values["claim"], until, values["attempts"], values["expires"], error)

    def claim(self, job: str, file: str, seen: Claimed | None, now: datetime) -> Claim | None:
        """A claim in place of the one that was seen, which has ended; None where somebody else was first."""
        claim = Claim(job, file, uuid4().hex)
        values = {
            "pk": _pk(job, file),
            "claim": claim.id,
            "until": timestamp(now + BEGUN_WITHIN),
            "attempts": seen.attempts if seen else 0,
            "expires": seen.expires if seen else int((now + KEPT).timestamp()),
        }
        over: dict[str, object] = {":now": timestamp(now)}
        if seen is None:
            condition = "attribute_not_exists(pk) OR (#until <= :now AND #expires <= :second)"
            over[":second"] = int(now.timestamp())
        else:
            condition = "#until <= :now AND #claim = :seen"
            over[":seen"] = seen.id
        done = self._done(
            self._client.put_item,
            Item=attributes(values),
            ConditionExpression=condition,
            ExpressionAttributeNames=_names(condition),
            ExpressionAttributeValues=attributes(over),
        )
        return claim if done else None

    def begin(self, claim: Claim, now: datetime) -> Claim | None:
        """The claim as its renderer's own, by a new id, so that an invocation that is delivered twice begins once; None
        where it has ended."""
        own = Claim(claim.job, claim.file, uuid4().hex)
        values = {":own": own.id, ":until": timestamp(now + LEASE), ":one": 1}
        return own if self._update(claim, "SET #claim = :own, #until = :until ADD #attempts :one", values) else None

    def renew(self, claim: Claim, now: datetime) -> bool:
        """False where it has ended."""
        return self._update(claim, "SET #until = :until", {":until": timestamp(now + LEASE)})

    def fail(self, claim: Claim, error: OcrChatError, now: datetime) -> None:
        """Everybody who waits is told; the next one to ask later has it tried again. What was foreseen counts as no
        attempt: it is the same each time. Neither does Overloaded, which leaves those before it counted."""
        is_overloaded = isinstance(error, Overloaded)
        values: dict[str, object] = {
            ":error": json.dumps(errors.as_json(error)),
            ":until": timestamp(now + (OVERLOADED_KEPT if is_overloaded else ERROR_KEPT)),
        }
        change = "SET #error = :error, #until = :until"
        if is_overloaded:
            change, values = f"{change} ADD #attempts :back", values | {":back": -1}
        elif not isinstance(error, InternalError):
            change, values = f"{change}, #attempts = :none", values | {":none": 0}
        self._update(claim, change, values)

    def end(self, claim: Claim) -> None:
        """The file is there, or nobody makes it. Nothing where the claim is somebody else's by now."""
        self._done(
            self._client.delete_item,
            Key=_key(claim.job, claim.file),
            ConditionExpression="#claim = :claim",
            ExpressionAttributeNames=_names("#claim"),
            ExpressionAttributeValues=attributes({":claim": claim.id}),
        )

    def _update(self, claim: Claim, change: str, values: dict[str, object]) -> bool:
        """On condition that the claim has not passed to somebody else."""
        return self._done(
            self._client.update_item,
            Key=_key(claim.job, claim.file),
            UpdateExpression=change,
            ConditionExpression="#claim = :claim",
            ExpressionAttributeNames=_names(f"{change} #claim"),
            ExpressionAttributeValues=attributes(values | {":claim": claim.id}),
        )

    def _done(self, call: Any, **request: Any) -> bool:
        """Whether the row was as the condition wants it."""
        try:
            call(TableName=self._name, **request)
        except self._client.exceptions.ClientError as error:
            if is_condition_failure(error):
                return False
            raise
        return True


def _names(expression: str) -> dict[str, str]:
    """The attributes that it speaks of: some are words of DynamoDB's own."""
    return {name: name[1:] for name in re.findall(r"#\w+", expression)}


def _pk(job: str, file: str) -> str:
    return f"export#{job}#{file}"


def _key(job: str, file: str) -> Item:
    return {"pk": attribute(_pk(job, file))}

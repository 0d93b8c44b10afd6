"""The queue of results that are to be put where customers fetch them. Messages: {"job", "drop"?}."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ocrchat.drops import Drop
from ocrchat.jobs import Job

LATER_S = 900
"""The longest that SQS holds a new message back. Join sends one of its own when the job has ended; this one is for when
it could not."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """`drop`: the object for which it is done, where that is not the one that the job was made of: the same, put once
    more."""

    job: str
    drop: Drop | None = None

    @classmethod
    def parse(cls, body: str) -> Delivery:
        """Raises ValueError for what is no message of this queue."""
        try:
            message = json.loads(body)
            drop = message.get("drop")
            return cls(str(message["job"]), Drop.from_json(drop) if drop else None)
        except (AttributeError, LookupError, TypeError) as error:
            raise ValueError("no delivery") from error


class Deliveries:
    def __init__(self, client: Any, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def soon(self, job: Job, drop: Drop | None = None) -> None:
        """The job has ended."""
        self._send(job, 0, drop)

    def later(self, job: Job, drop: Drop | None = None) -> None:
        self._send(job, LATER_S, drop)

    def _send(self, job: Job, delay_s: int, drop: Drop | None) -> None:
        message = {"job": job.uuid} | ({"drop": drop.as_json()} if drop else {})
        self._client.send_message(
            QueueUrl=self._queue_url,
            MessageBody=json.dumps(message),
            DelaySeconds=delay_s,
            MessageGroupId=job.holder,
        )

"""Conversations about documents. A job has any number of them; their ids sort by when they began.

    chat#{job}   head#{conversation}               {messages}: how many there are
    chat#{job}   message#{conversation}#{number}   {message, at, mode?}: what was said, as JSON; numbers count from 0

A question and its answer are written together, in one transaction that takes the next two numbers, so that there is
never one without the other. All rows end by TTL (`expires`) when the result does.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import inf
from secrets import token_hex
from typing import Any

from ocrchat.errors import Overloaded
from ocrchat.jobs import Job
from ocrchat.store.items import Item, attribute, attributes, plain, timestamp
from ocrchat.store.transaction import Write

DELETED_AT_ONCE = 25
"""Rows that one request of DynamoDB may write."""

DELETERS = 8  # threads

TRIES = 8
FIRST_PAUSE_S = 0.03  # doubled each time

_ID = re.compile(r"[0-9a-f]{32}")
_CURSOR = re.compile(r"([0-9a-f]{32})-([0-9]{6})")


@dataclass(frozen=True, slots=True)
class Message:
    """`said` is it as the API shows it: `role`, `content`, and of an answer more; `mode` what answered."""

    conversation: str
    number: int
    at: datetime
    said: Mapping[str, Any]
    mode: str | None = None

    @property
    def cursor(self) -> str:
        return f"{self.conversation}-{self.number:06}"


def new_conversation(at: datetime) -> str:
    """An id that sorts behind those of earlier milliseconds."""
    return f"{int(at.timestamp() * 1000):012x}{token_hex(10)}"


def is_conversation(text: str) -> bool:
    """Whether it can be the id of one."""
    return _ID.fullmatch(text) is not None


class ChatsTable:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def count(self, job: str, conversation: str) -> int:
        """How many messages it has; 0 where there is no such conversation about the job."""
        answer = self._client.get_item(TableName=self._name, Key=_head(job, conversation), ConsistentRead=True)
        return int(plain(answer["Item"])["messages"]) if "Item" in answer else 0

    def exchange(self, job: Job, question: Message, answer: Message) -> list[Write]:
        """The writes `head`, `question` and `answer`, on condition that nobody has taken the number of `question`."""
        expires = {"expires": int(job.expires_at.timestamp())} if job.expires_at else {}
        number = question.number
        head: dict[str, Any] = {
            "TableName": self._name,
            "Item": attributes(
                {"pk": _pk(job.uuid), "sk": f"head#{question.conversation}", "messages": number + 2} | expires
            ),
            "ConditionExpression": "messages = :seen" if number else "attribute_not_exists(pk)",
        }
        if number:
            head["ExpressionAttributeValues"] = attributes({":seen": number})
        return [
            Write("head", {"Put": head}),
            Write("question", {"Put": self._put(job.uuid, question, expires)}),
            Write("answer", {"Put": self._put(job.uuid, answer, expires)}),
        ]

    def message(self, job: str, cursor: str) -> Message | None:
        """The one of that cursor."""
        key = attributes({"pk": _pk(job), "sk": _sk(cursor)})
        answer = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True)
        return _message(answer["Item"]) if "Item" in answer else None

    def last(self, job: str, conversation: str, limit: int) -> list[Message]:
        """The last messages of a conversation, the oldest first."""
        rows, _ = self._query(job, f"message#{conversation}#", limit, ScanIndexForward=False)
        return [_message(item) for item in reversed(rows)]

    def of_job(self, job: str, limit: int, after: str | None) -> tuple[list[Message], bool]:
        """A cursor page: the messages behind that of the cursor `after`, conversation by conversation, at most `limit`
        and 1 MB of them; and whether there are more."""
        start = {"ExclusiveStartKey": attributes({"pk": _pk(job), "sk": _sk(after)})} if after else {}
        rows, is_cut = self._query(job, "message#", limit + 1, **start)
        return [_message(item) for item in rows[:limit]], is_cut or len(rows) > limit

    def delete_job(self, job: str, until: float = inf) -> bool:
        """Every row of a job's conversations; False where some are left at `until`, a time of `time.monotonic`. Raises
        Overloaded where the table does not take it."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=attributes({":pk": _pk(job)}),
            ProjectionExpression="pk, sk",
            ConsistentRead=True,
        )
        keys = (item for page in pages for item in page["Items"])
        batches = iter(lambda: list(islice(keys, DELETED_AT_ONCE)), [])
        with ThreadPoolExecutor(DELETERS, thread_name_prefix="delete-chats") as pool:
            while some := list(islice(batches, DELETERS)):
                if time.monotonic() > until:
                    return False
                list(pool.map(self._delete, some))
        return True

    def _delete(self, keys: Iterable[Item]) -> None:
        pause = FIRST_PAUSE_S
        request: Any = {self._name: [{"DeleteRequest": {"Key": key}} for key in keys]}
        for _ in range(TRIES):
            request = self._client.batch_write_item(RequestItems=request).get("UnprocessedItems")
            if not request:
                return
            time.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - not a secret
            pause *= 2
        raise Overloaded

    def _query(self, job: str, prefix: str, limit: int, **how: object) -> tuple[list[Item], bool]:
        """The rows, and whether the table has cut them off before `limit`."""
        answer = self._client.query(
            TableName=self._name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues=attributes({":pk": _pk(job), ":prefix": prefix}),
            ConsistentRead=True,
            Limit=limit,
            **how,
        )
        rows: list[Item] = answer["Items"]
        return rows, "LastEvaluatedKey" in answer and len(rows) < limit

    def _put(self, job: str, message: Message, expires: Mapping[str, int]) -> dict[str, Any]:
        values: dict[str, object] = {
            "pk": _pk(job),
            "sk": _sk(message.cursor),
            "at": timestamp(message.at),
            "message": json.dumps(message.said),  # in ASCII: DynamoDB takes no lone surrogate
            **expires,
        }
        if message.mode is not None:
            values["mode"] = message.mode
        return {
            "TableName": self._name,
            "Item": attributes(values),
            "ConditionExpression": "attribute_not_exists(pk)",
        }


def is_cursor(text: str) -> bool:
    return _CURSOR.fullmatch(text) is not None


def _message(item: Item) -> Message:
    values = plain(item)
    _, conversation, number = values["sk"].split("#")
    at = datetime.fromisoformat(values["at"])
    return Message(conversation, int(number), at, json.loads(values["message"]), values.get("mode"))


def _pk(job: str) -> str:
    return f"chat#{job}"


def _sk(cursor: str) -> str:
    return f"message#{cursor.replace('-', '#')}"


def _head(job: str, conversation: str) -> Item:
    return {"pk": attribute(_pk(job)), "sk": attribute(f"head#{conversation}")}

"""The jobs table.

Key `pk`, one of
    job#{uuid}            the job; `shard` while it is not settled, for the reconciler's index; after that `due` is when
                          the next of its objects are to be deleted, and `expires` (TTL) is later. A deleted job is a
                          record without content, with `owner` for `account`, so that it leaves the account's list
    progress#{uuid}       {done, unread, first}: pages that have an answer, those of them whose answer is an error, and
                          when there was the first; the workers' only other rows are
    mark#{uuid}#{attempt}#{page}#{step}   {begun, excused}: at which receives of its message, after the first, a step
                          began with a page; and at which the page only waited, or was left, which is no fault of its
                          own. Sets, so that a request whose answer is lost, and which is sent again, counts once
    idem#…, upload#…, export#…, cursor#…   see idempotency.py, uploads_table.py, exports_table.py and cursors.py
Indexes, all sparse: by_account (account, created), unsettled (shard, created) and due (due_shard, due; due_index.py). A
worker's role may write progress# and mark# rows alone, so that a hostile page can never settle a job.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ocrchat.jobs import Job, Progress, Settlement
from ocrchat.store.batch import get_all
from ocrchat.store.due_index import due_values
from ocrchat.store.errors import is_condition_failure
from ocrchat.store.items import Item, attribute, attributes, job_from, job_values, plain, timestamp
from ocrchat.store.shards import rows_before
from ocrchat.store.transaction import Write

WORK_ROWS_TTL = timedelta(days=7)

SWEPT_AFTER = timedelta(hours=6, minutes=30)
"""Longer than the task tokens of its pages live (`infra/pages.asl.yaml`): nothing is written for the job after that."""

EXPIRED_KEPT = timedelta(days=7)
"""How long after its result has expired a job is known, and the answer is that it has: TTL must not be there before the
sweep, which deletes what the job has in the bucket."""

TOMBSTONE_KEPT = timedelta(days=365)
"""How long it is known that there was a job, and that it was deleted."""


class JobsTable:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def creation(self, job: Job) -> Write:
        """The write `job` of the transaction that accepts it."""
        item = attributes(job_values(job))
        item["pk"] = attribute(f"job#{job.uuid}")
        item["shard"] = attribute(job.uuid[0])
        item["created"] = attribute(_created(job))
        put = {"TableName": self._name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        return Write("job", {"Put": put})

    def get(self, uuid: str) -> Job | None:
        answer = self._client.get_item(TableName=self._name, Key=_key(f"job#{uuid}"), ConsistentRead=True)
        return job_from(answer["Item"]) if "Item" in answer else None

    def get_with_progress(self, uuid: str) -> tuple[Job | None, Progress]:
        """The job, and how far it is. One request, whatever the number of pages."""
        found = self._batch_get([f"job#{uuid}", f"progress#{uuid}"])
        job = found.get(f"job#{uuid}")
        return (job_from(job) if job else None), _progress(found.get(f"progress#{uuid}"))

    def get_many(self, uuids: Sequence[str]) -> dict[str, Job]:
        """By uuid, those that there are."""
        found = self._batch_get([f"job#{uuid}" for uuid in uuids])
        return {pk.removeprefix("job#"): job_from(item) for pk, item in found.items()}

    def progress_of(self, uuids: Sequence[str]) -> dict[str, Progress]:
        """By uuid, for at most 100 jobs."""
        found = self._batch_get([f"progress#{uuid}" for uuid in uuids]) if uuids else {}
        return {uuid: _progress(found.get(f"progress#{uuid}")) for uuid in uuids}

    def of_account(self, account: str, limit: int, after: Job | None) -> tuple[list[Job], bool]:
        """The account's jobs, newest first, that come after `after`; and whether there are more."""
        start = {}
        if after is not None:
            key = {"pk": f"job#{after.uuid}", "account": account, "created": _created(after)}
            start = {"ExclusiveStartKey": attributes(key)}
        answer = self._client.query(
            TableName=self._name,
            IndexName="by_account",
            KeyConditionExpression="#account = :account",
            ExpressionAttributeNames={"#account": "account"},
            ExpressionAttributeValues=attributes({":account": account}),
            ScanIndexForward=False,
            Limit=limit + 1,
            **start,
        )
        jobs = [job_from(item) for item in answer["Items"]]
        return jobs[:limit], len(jobs) > limit

    def unsettled(self, created_before: datetime) -> Iterator[Job]:
        """Jobs that were accepted before that time and have not ended; see `rows_before`."""
        rows = rows_before(self._client, self._name, "unsettled", ("shard", "created"), created_before)
        return (job_from(item) for item in rows)

    def raise_attempt(self, job: Job, done: int, at: datetime) -> Job | None:
        """From here on only work of the next attempt may be written; None if somebody else was first."""
        stalled = job.stalled + 1 if done <= job.attempt_done else 0
        raised = replace(job, attempt=job.attempt + 1, stalled=stalled, attempt_done=done, attempt_at=at)
        values = {
            "attempt": raised.attempt,
            "stalled": stalled,
            "attempt_done": done,
            "attempt_at": timestamp(at),
        }
        try:
            self._client.update_item(**self._unsettled_update(job, values))
        except self._client.exceptions.ClientError as error:
            if is_condition_failure(error):
                return None
            raise
        return raised

    def ending(
        self, job: Job, settlement: Settlement, result_bytes: int, at: datetime, expiries: Sequence[datetime]
    ) -> Write:
        """The write `job` of the transaction that ends it, if it has not ended and no newer attempt runs."""
        expires_at, upload_expires_at = expiries
        values: dict[str, object] = {
            "status": settlement.status,
            "warnings": [warning.as_json() for warning in settlement.warnings],
            "detected_languages": list(settlement.detected_languages),
            "unread_pages": settlement.unread_pages,
            "result_bytes": result_bytes,
            "settled_at": timestamp(at),
            "expires_at": timestamp(expires_at),
            "upload_expires_at": timestamp(upload_expires_at),
            "expires": int((expires_at + EXPIRED_KEPT).timestamp()),
            **due_values(job.uuid, min(expires_at, upload_expires_at)),
        }
        if settlement.mean_confidence is not None:
            values["mean_confidence"] = settlement.mean_confidence
        if settlement.error is not None:
            values["error"] = settlement.error.as_json()
        return Write("job", {"Update": self._unsettled_update(job, values, remove="shard")})

    def tombstone(self, job: Job, unread_pages: int, at: datetime) -> Write:
        """The write `job` of the transaction that deletes it, if it is as it was seen: a record without content, which
        the sweep finds once nothing can be written for the job any more. The key of a dropped object stays until
        then: its results lie under it."""
        bare = replace(
            job,
            status="deleted",
            filename="",
            language="",
            tool=None,
            translate_to=None,
            warnings=(),
            error=None,
            mean_confidence=None,
            detected_languages=(),
            unread_pages=unread_pages,
            expires_at=None,
            upload_expires_at=None,
            deleted_at=at,
        )
        values = job_values(bare)
        if "account" in values:
            values["owner"] = values.pop("account")
        item = attributes(values | due_values(job.uuid, at + SWEPT_AFTER))
        item["pk"] = attribute(f"job#{job.uuid}")
        item["expires"] = attribute(int((at + TOMBSTONE_KEPT).timestamp()))
        put = {
            "TableName": self._name,
            "Item": item,
            "ConditionExpression": "#status = :seen AND #attempt = :attempt",
            "ExpressionAttributeNames": {"#status": "status", "#attempt": "attempt"},
            "ExpressionAttributeValues": attributes({":seen": job.status, ":attempt": job.attempt}),
        }
        return Write("job", {"Put": put})

    def kept(self, job: Job) -> Write:
        """The write `job` of a transaction that holds only while the job is as it was seen: not deleted."""
        check = {
            "TableName": self._name,
            "Key": _key(f"job#{job.uuid}"),
            "ConditionExpression": "#status = :seen AND #attempt = :attempt",
            "ExpressionAttributeNames": {"#status": "status", "#attempt": "attempt"},
            "ExpressionAttributeValues": attributes({":seen": job.status, ":attempt": job.attempt}),
        }
        return Write("job", {"ConditionCheck": check})

    def add_progress(self, uuid: str, at: datetime, *, unread: bool = False) -> None:
        """One more page has its answer; `unread` says that this is an error."""
        end = int((at + WORK_ROWS_TTL).timestamp())
        self._client.update_item(
            TableName=self._name,
            Key=_key(f"progress#{uuid}"),
            UpdateExpression="ADD #done :one, #unread :unread"
            " SET #first = if_not_exists(#first, :now), #expires = :end",
            ExpressionAttributeNames={name: name[1:] for name in ("#done", "#unread", "#first", "#expires")},
            ExpressionAttributeValues=attributes(
                {":one": 1, ":unread": int(unread), ":now": timestamp(at), ":end": end}
            ),
        )

    def mark_page(self, job: Job, index: int, step: str, receive: int, at: datetime) -> int:
        """Notes that a step begins with a page in this attempt, at that receive of its message; returns at how many it
        has, this one included."""
        answer = self._mark(job, index, step, "ADD begun :receive", receive, at, ReturnValues="UPDATED_NEW")
        return len(answer["Attributes"]["begun"]["NS"])

    def excuse_page(self, job: Job, index: int, step: str, receive: int, at: datetime) -> None:
        """The step has not been tried after all at that receive; its mark is taken back where there is one."""
        self._mark(job, index, step, "ADD excused :receive DELETE begun :receive", receive, at)

    def excuses(self, job: Job, index: int, step: str) -> int:
        """At how many receives the page was excused in this attempt."""
        key = _key(_mark(job, index, step))
        answer = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True)
        return len(answer.get("Item", {}).get("excused", {"NS": []})["NS"])

    def _mark(
        self, job: Job, index: int, step: str, change: str, receive: int, at: datetime, **how: str
    ) -> dict[str, Any]:
        end = attribute(int((at + WORK_ROWS_TTL).timestamp()))
        answer: dict[str, Any] = self._client.update_item(
            TableName=self._name,
            Key=_key(_mark(job, index, step)),
            UpdateExpression=f"{change} SET expires = :expires",
            ExpressionAttributeValues={":receive": {"NS": [str(receive)]}, ":expires": end},
            **how,
        )
        return answer

    def _unsettled_update(self, job: Job, values: dict[str, object], remove: str | None = None) -> dict[str, Any]:
        """Sets these attributes on condition that the job has not ended and is at this attempt still."""
        names = {f"#{name}": name for name in (*values, "attempt", "status", *([remove] if remove else []))}
        update = "SET " + ", ".join(f"#{name} = :{name}" for name in values) + (f" REMOVE #{remove}" if remove else "")
        conditions: dict[str, object] = {":now_attempt": job.attempt, ":pending": "pending"}
        settings = {f":{name}": value for name, value in values.items()}
        return {
            "TableName": self._name,
            "Key": _key(f"job#{job.uuid}"),
            "UpdateExpression": update,
            "ConditionExpression": "#attempt = :now_attempt AND #status = :pending",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": attributes(settings | conditions),
        }

    def _batch_get(self, keys: list[str]) -> dict[str, Item]:
        """pk -> item."""
        items = get_all(self._client, self._name, [_key(key) for key in keys])
        return {item["pk"]["S"]: item for item in items}


def _mark(job: Job, index: int, step: str) -> str:
    return f"mark#{job.uuid}#{job.attempt}#{index}#{step}"


def _key(value: str) -> Item:
    return {"pk": attribute(value)}


def _created(job: Job) -> str:
    return f"{timestamp(job.created_at)}#{job.uuid}"


def _progress(item: Item | None) -> Progress:
    if item is None:
        return Progress()
    values = plain(item)
    first = values.get("first")
    return Progress(
        values.get("done", 0), values.get("unread", 0), datetime.fromisoformat(first) if first is not None else None
    )

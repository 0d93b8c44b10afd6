"""What the tables, the bucket and the queues hold: read past the service, which is what is judged."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cleanup.orphans import Orphans
from cleanup.sweep import Sweeper
from cleanup.walk import Walk
from infra.local.package import INFRA, load_template
from infra.local.service import Service
from ocrchat.drops import STATUS
from ocrchat.jobs import Job
from ocrchat.metering import Entry, Wallet
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.bucket import Bucket, document_key
from ocrchat.store.chats_table import ChatsTable
from ocrchat.store.cursors import Cursors
from ocrchat.store.drop_folder import DropFolder
from ocrchat.store.due_index import DueIndex
from ocrchat.store.items import job_from, plain
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.uploads_table import UploadsTable
from tests.faults.dead_letters import DeadLetters

LONG_AFTER = timedelta(days=100)
"""When every plan's results have expired (`plans.AT_MOST`), and nothing of any job may be left."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)

COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


@dataclass(slots=True)
class Queue:
    """Messages that wait, are worked on, and are held back; `is_dead`: it is for dead letters; `is_watched`: an alarm
    looks at it."""

    waiting: int
    taken: int
    delayed: int
    is_dead: bool
    is_watched: bool


@dataclass(slots=True)
class Evidence:
    """`unsettled`: jobs that are in the reconciler's index; `documents`: of those that are done since the last round,
    None where it is missing; `holds`: by holder, how many messages hold credits; `drops`: what became of a dropped
    file, by its name, as the file beside its results says; `audited`: what the service's own audit says; `accounts`: by
    e-mail address, the ids of those that have it; `given_up`: when each task was ended for a dead letter; `logs_begin`:
    from when on the metric `counted_dead` counts those."""

    jobs: dict[str, Job] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)
    documents: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    wallets: dict[str, Wallet] = field(default_factory=dict)
    holds: dict[str, int] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    drops: dict[str, str | None] = field(default_factory=dict)
    audited: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, list[str]] = field(default_factory=dict)
    given_up: list[datetime] = field(default_factory=list)
    logs_begin: datetime = LONG_AGO
    counted_dead: int = 0


class Witness:
    """Of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._heard: set[str] = set()
        self.dead_letters = DeadLetters(service)

    @property
    def _stack(self) -> Any:
        return self._service.stack

    @property
    def _names(self) -> Mapping[str, str]:
        names: Mapping[str, str] = self._service.stack.outputs
        return names

    @property
    def jobs(self) -> JobsTable:
        return JobsTable(self._stack.client("dynamodb"), self._names["JobsTableName"])

    @property
    def balances(self) -> BalancesTable:
        return BalancesTable(self._stack.client("dynamodb"), self._names["BalancesTableName"])

    @property
    def bucket(self) -> Bucket:
        return Bucket(self._stack.client("s3"), self._names["BucketName"])

    def unsettled(self) -> list[str]:
        """Jobs that have not ended, by uuid."""
        return [item["uuid"]["S"] for item in self._scan("JobsTableName") if "shard" in item]

    def known(self) -> list[str]:
        """All jobs that there are, by uuid."""
        return [item["uuid"]["S"] for item in self._scan("JobsTableName") if item["pk"]["S"].startswith("job#")]

    def is_idle(self) -> bool:
        """Nothing waits in a queue, or is worked on."""
        found = [self._queue(name) for name in self._queues]
        return not any(queue.waiting or queue.taken for queue in found)

    @property
    def _queues(self) -> list[str]:
        return [name for name in self._names if name.endswith(("QueueUrl", "DeadLettersUrl"))]

    def testimony(self) -> Evidence:
        """All of it, as it is now."""
        found = Evidence(audited=self._service.stack.audit())
        for item in self._scan("JobsTableName"):
            kind, _, uuid = item["pk"]["S"].partition("#")
            if kind == "job":
                job = found.jobs[uuid] = job_from(item)
                if "shard" in item:
                    found.unsettled.add(uuid)
                if job.status == "done" and uuid not in self._heard:
                    found.documents[uuid] = self._document(uuid)
        self._books(found)
        found.given_up = self.dead_letters.tasks_ended()
        found.logs_begin, found.counted_dead = self.dead_letters.logs_begin, self.dead_letters.counted()
        found.queues = {name: self._queue(name) for name in self._queues}
        for key in self._keys():
            if key.endswith(STATUS):
                name = key.rpartition("/")[2].removesuffix(STATUS)
                found.drops[name] = json.loads(self._body(key) or b"{}").get("status")
        return found

    def left_long_after(self) -> list[str]:
        """Runs what deletes, as it would run when everything has expired; the keys that are there then. The documents
        of these jobs are no evidence any more."""
        self._heard.update(self.known())
        now = datetime.now(UTC) + LONG_AFTER
        dynamodb, s3 = self._stack.client("dynamodb"), self._stack.client("s3")
        table, bucket = self._names["JobsTableName"], self._names["BucketName"]
        chats = ChatsTable(dynamodb, self._names["ChatsTableName"])
        sweeper = Sweeper(DueIndex(dynamodb, table), self.bucket, chats, DropFolder(s3, bucket))
        while any(count for outcome, count in sweeper.run(now).items() if outcome != "error"):
            pass
        walk = Walk(Cursors(dynamodb, table), "orphans of a test")
        Orphans(self.jobs, UploadsTable(dynamodb, table), self.bucket, walk).run(now, anew=True)
        return [key for key in self._keys() if not key.startswith(("drop/", "drop-results/"))]

    def _books(self, found: Evidence) -> None:
        entries: dict[str, list[Entry]] = defaultdict(list)
        for item in self._scan("BalancesTableName"):
            kind, _, holder = item["pk"]["S"].partition("#")
            if kind == "ledger":
                entries[holder].append(Entry.from_values(plain(item)))
            elif kind == "wallet":
                found.wallets[holder] = self.balances.wallet(holder)
                found.holds[holder] = found.holds.get(holder, 0) + sum(name.startswith("hold#") for name in item)
            elif kind == "account" and "email" in item:
                found.accounts.setdefault(item["email"]["S"], []).append(holder)
        found.entries = {holder: sorted(some, key=lambda entry: entry.at) for holder, some in entries.items()}

    def _scan(self, table: str) -> Iterator[dict[str, Any]]:
        pages = self._stack.client("dynamodb").get_paginator("scan")
        for page in pages.paginate(TableName=self._names[table], ConsistentRead=True):
            yield from page["Items"]

    def _keys(self) -> list[str]:
        pages = self._stack.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self._names["BucketName"])
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def _document(self, uuid: str) -> dict[str, Any] | None:
        body = self._body(document_key(uuid))
        return None if body is None else json.loads(body)

    def _body(self, key: str) -> bytes | None:
        s3 = self._stack.client("s3")
        try:
            body: bytes = s3.get_object(Bucket=self._names["BucketName"], Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            return None
        return body

    def _queue(self, name: str) -> Queue:
        answer = self._stack.client("sqs").get_queue_attributes(QueueUrl=self._names[name], AttributeNames=list(COUNTS))
        waiting, taken, delayed = (int(answer["Attributes"][count]) for count in COUNTS)
        resource = name.removesuffix("Url")
        return Queue(waiting, taken, delayed, resource.endswith("DeadLetters"), resource in watched_queues())


@cache
def watched_queues() -> frozenset[str]:
    """Those, by the template's names, at which an alarm looks for messages that stay."""
    alarms = load_template(INFRA / "watching.yaml")["Resources"].values()
    return frozenset(
        dimension["Value"]["Ref"]
        for alarm in alarms
        for dimension in alarm.get("Properties", {}).get("Dimensions", [])
        if dimension["Name"] == "QueueName" and isinstance(dimension["Value"], dict)
    )

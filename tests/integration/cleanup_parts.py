"""Tables and a bucket of a test's own, like the service's: what is swept in the future, or put in wrong by hand, is nobody
else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from cleanup.sweep import Sweeper
from infra.local.package import load_template
from infra.local.service import Service
from ocrchat import observe
from ocrchat.jobs import Job, Settlement, expiry
from ocrchat.plans import Plan, Plans
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.bucket import JOB_FOLDERS, Bucket
from ocrchat.store.chats_table import ChatsTable, Message, new_conversation
from ocrchat.store.cursors import Cursors
from ocrchat.store.drop_folder import DropFolder
from ocrchat.store.due_index import DueIndex
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.metering import Metering
from ocrchat.store.transaction import write
from ocrchat.store.uploads_table import UploadsTable

ROOMY = Plans.parse('{"anonymous": {"pages": 100000}, "free": {"pages": 100000}, "paid": {"pages": 100000}}')
NOW = datetime.now(UTC)
PAGES = 3


class Through:
    """A client whose calls go through functions of a test's: name -> function of the call and its arguments."""

    def __init__(self, client: Any, **calls: Any) -> None:
        self._client = client
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        if name not in self._calls:
            return call
        return lambda **request: self._calls[name](call, **request)


@dataclass
class Parts:
    """The stores over own tables, `s3` and `dynamodb` the clients that they use."""

    dynamodb: Any
    s3: Any
    names: dict[str, str]
    plans: Plans = field(default_factory=lambda: ROOMY)

    @property
    def jobs(self) -> JobsTable:
        return JobsTable(self.dynamodb, self.names["JobsTable"])

    @property
    def uploads(self) -> UploadsTable:
        return UploadsTable(self.dynamodb, self.names["JobsTable"])

    @property
    def balances(self) -> BalancesTable:
        return BalancesTable(self.dynamodb, self.names["BalancesTable"])

    @property
    def chats(self) -> ChatsTable:
        return ChatsTable(self.dynamodb, self.names["ChatsTable"])

    @property
    def bucket(self) -> Bucket:
        return Bucket(self.s3, self.names["Bucket"])

    @property
    def metering(self) -> Metering:
        return Metering(self.dynamodb, self.jobs, self.balances)

    @property
    def cursors(self) -> Cursors:
        return Cursors(self.dynamodb, self.names["JobsTable"])

    @property
    def index(self) -> DueIndex:
        return DueIndex(self.dynamodb, self.names["JobsTable"])

    @property
    def sweeper(self) -> Sweeper:
        return Sweeper(self.index, self.bucket, self.chats, DropFolder(self.s3, self.names["Bucket"]))

    def accepted(self, plan: Plan | None = None, at: datetime = NOW) -> Job:
        """A job that runs, with a file and pages."""
        plan = plan or self.plans.free
        account = None if plan.name == "anonymous" else f"acct_{uuid4().hex}"
        job = Job(
            uuid=uuid4().hex,
            account=account,
            holder=account or f"anon_{uuid4().hex}",
            filename="a.pdf",
            media_type="application/pdf",
            size=1,
            page_format="pdf",
            as_it_came=False,
            page_count=PAGES,
            tier="vlm",
            language="auto",
            base_url="http://host",
            created_at=at,
            price=1,
            queue=plan.queue,
            result_hours=plan.result_hours,
            original_hours=plan.original_hours,
        )
        job, _ = self.metering.accept(job, plan)
        self.put(f"uploads/{job.uuid}/original", *(f"pages/{job.uuid}/{page:05}.pdf" for page in range(PAGES)))
        return job

    def done(self, plan: Plan | None = None, at: datetime = NOW) -> Job:
        """A job that has ended then, with all that can be made of one."""
        job = self.accepted(plan, at - timedelta(minutes=1))
        self.put(*(f"readings/{job.uuid}/{page:05}.{end}" for page in range(PAGES) for end in ("json", "jpg")))
        self.put(*(f"results/{job.uuid}/pages/{page:05}.json" for page in range(PAGES)))
        self.put(f"results/{job.uuid}/document.json", f"results/{job.uuid}/words.json", f"exports/{job.uuid}/1-1.txt")
        self.put(f"chats/{job.uuid}/1-1.sqlite")
        times = expiry(job, at)
        ended = self.metering.settle(job, Settlement("done", (), None, None, (), 0), 1, at, times)
        assert ended
        job = replace(job, status="done", settled_at=at, expires_at=times[0], upload_expires_at=times[1])
        name = new_conversation(at)
        said = [Message(name, number, at, {"role": "user", "content": "?"}) for number in range(2)]
        write(self.dynamodb, self.chats.exchange(job, *said))
        return job

    def put(self, *keys: str) -> None:
        def put_one(key: str) -> None:
            self.s3.put_object(Bucket=self.names["Bucket"], Key=key, Body=b"x")

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(put_one, keys))

    def objects(self, owner: str = "") -> list[str]:
        """Of the objects of a job or an upload, or of all."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.names["Bucket"])
        found = [item["Key"] for page in pages for item in page.get("Contents", [])]
        return [key for key in found if owner in key]

    def folders(self, job: Job) -> list[str]:
        """Those that the job has objects in."""
        there = {key.split("/")[0] for key in self.objects(job.uuid)}
        assert there <= set(JOB_FOLDERS)
        return [folder for folder in JOB_FOLDERS if folder in there]

    def row(self, pk: str) -> dict[str, Any] | None:
        answer = self.dynamodb.get_item(TableName=self.names["JobsTable"], Key={"pk": {"S": pk}}, ConsistentRead=True)
        item: dict[str, Any] | None = answer.get("Item")
        return item


def made_like(service: Service) -> Parts:
    """New tables and a bucket."""
    dynamodb, s3 = service.stack.client("dynamodb"), service.stack.client("s3")
    names = {}
    for table in ("JobsTable", "BalancesTable", "ChatsTable"):
        wanted = load_template()["Resources"][table]["Properties"]
        names[table] = f"{table.lower()}-{uuid4().hex[:8]}"
        kinds = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
        dynamodb.create_table(TableName=names[table], **{kind: wanted[kind] for kind in kinds if kind in wanted})
    names["Bucket"] = f"own-{uuid4().hex[:8]}"
    s3.create_bucket(Bucket=names["Bucket"])
    return Parts(dynamodb, s3, names)


class Counted(dict[str, float]):
    """In place of `observe.count`: what was counted."""

    def __call__(self, name: str, value: float = 1, *, unit: str = "Count") -> None:
        self[name] = max(self.get(name, 0), value) if unit == "Seconds" else self.get(name, 0) + value


def counted(monkeypatch: Any) -> Counted:
    found = Counted()
    monkeypatch.setattr(observe, "count", found)
    return found

"""What the tests of the worker share: a table, a bucket and a queue of their own on the embedded AWS, and jobs in them
that nobody else works on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from infra.local.stack import ACCESS_KEY, REGION, SECRET_FILE, Stack
from ocrchat.jobs import Job
from ocrchat.page_worker import PageWorker, Reader
from ocrchat.pages import PageResult
from ocrchat.settings import WorkerSettings
from ocrchat.store import transaction
from ocrchat.store.bucket import Bucket
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.queues import Queues, Received
from ocrchat.store.workflow import Workflow
from tests.unit.vlm_page.made import line, prepared

GIVE_UP_S = 60.0


def until(holds: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + GIVE_UP_S
    while not holds():
        assert time.monotonic() < deadline, f"it never happened: {what}"
        time.sleep(0.02)


@dataclass
class Parts:
    """`queue` and `second_queue` are URLs."""

    stack: Stack
    queue: str
    second_queue: str
    table: str
    bucket_name: str
    jobs: JobsTable = field(init=False)
    bucket: Bucket = field(init=False)
    queues: Queues = field(init=False)

    def __post_init__(self) -> None:
        self.jobs = JobsTable(self.stack.client("dynamodb"), self.table)
        self.bucket = Bucket(self.stack.client("s3"), self.bucket_name)
        self.queues = Queues(self.stack.client("sqs"))

    def worker(self, read: Reader) -> PageWorker:
        workflow = Workflow(self.stack.client("stepfunctions"), self.stack.outputs["StateMachineArn"])
        return PageWorker(self.jobs, self.bucket, workflow, self.queues, read, step="ask")

    def settings(self, **changed: Any) -> WorkerSettings:
        settings = WorkerSettings.from_environment({"VLM_QUEUE_URLS": self.queue, "POLL_SECONDS": "1"})
        return replace(settings, **changed)

    def environment(self) -> dict[str, str]:
        """Of a worker in a process of its own."""
        return {
            "AWS_ENDPOINT_URL": self.stack.aws_url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": (self.stack.state / SECRET_FILE).read_text(),
            "JOBS_TABLE": self.table,
            "BUCKET": self.bucket_name,
            "STATE_MACHINE": self.stack.outputs["StateMachineArn"],
            "VLM_QUEUE_URLS": self.queue,
            "POLL_SECONDS": "1",
            "POWERTOOLS_SERVICE_NAME": "vlm_page",
        }

    def job(self, *pages: str) -> str:
        """A job whose pages have been prepared, each with one line."""
        uuid = uuid4().hex
        job = Job(
            uuid, None, "anon_1", "file.pdf", "application/pdf", 1, "pdf", True, len(pages), "vlm", "auto", "http://x",
            datetime.now(UTC), 5, "standard", 24, 24,
        )  # fmt: skip
        transaction.write(self.stack.client("dynamodb"), [self.jobs.creation(job)])
        for index, text in enumerate(pages):
            made = prepared([line(text, 0)])
            self.bucket.put_prepared(uuid, index, replace(made, reading=replace(made.reading, index=index)))
        return uuid

    def send(self, uuid: str, index: int = 0, queue: str | None = None) -> None:
        body = {
            "job": uuid, "attempt": 1, "first": index, "last": index, "tier": "vlm", "language": "auto", "tool": None,
            "format": "pdf", "token": f"token-{uuid}-{index}",
        }  # fmt: skip
        self.stack.client("sqs").send_message(QueueUrl=queue or self.queue, MessageBody=json.dumps(body))

    def sent(self, *pages: str) -> str:
        """A job, and a message for each of its pages."""
        uuid = self.job(*pages)
        for index in range(len(pages)):
            self.send(uuid, index)
        return uuid

    def result(self, uuid: str, index: int = 0) -> PageResult | None:
        (found,) = self.bucket.page_results(uuid, range(index, index + 1))
        return None if found is None else PageResult.from_json(found)

    def done(self, uuid: str) -> int:
        """How many pages are counted."""
        return self.jobs.get_with_progress(uuid)[1].done

    def messages(self) -> tuple[int, int]:
        """How many there are in the first queue: those that can be received, and those that are hidden."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.stack.client("sqs").get_queue_attributes(QueueUrl=self.queue, AttributeNames=names)["Attributes"]
        return int(found[names[0]]), int(found[names[1]])

    def received(self, wait_s: int = 0) -> Received | None:
        return self.queues.receive(self.queue, wait_s=wait_s, hidden_s=30)


@contextmanager
def parts_of(stack: Stack) -> Iterator[Parts]:
    sqs, s3, dynamodb = (stack.client(name) for name in ("sqs", "s3", "dynamodb"))
    name = f"worker-{uuid4().hex[:12]}"
    first, second = (sqs.create_queue(QueueName=f"{name}-{number}")["QueueUrl"] for number in range(2))
    s3.create_bucket(Bucket=name)
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield Parts(stack, first, second, name, name)
    for url in (first, second):
        sqs.delete_queue(QueueUrl=url)
    dynamodb.delete_table(TableName=name)

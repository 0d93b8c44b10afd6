"""One message of a queue of pages: read each page, write its result once, answer the task token.

The one place that knows the message, the fencing, the idempotent write and the token; a reader only reads a page.

    {"job", "attempt", "first", "last", "tier", "language", "tool", "format", "token"}

Redelivery. SQS alone retries, three receives in all. Results are written on condition that there is none, so a
message that comes twice changes nothing. From the second receive on a page is marked before it is read; a page that
would be marked a second time is left out as `page_crashed`, so that one page that kills its worker every time cannot
take its neighbours with it. A page whose reader raises something unforeseen is handled the same way: the rest of the
batch is read first, then the message fails and comes back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast, get_args

from ocrchat import observe
from ocrchat.errors import PageCrashed, PageError, PageUnreadable
from ocrchat.jobs import Job, is_current
from ocrchat.pages import PageFormat, PageResult, PageTask
from ocrchat.store.bucket import Bucket
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.workflow import Workflow

Reader = Callable[[bytes, PageTask], PageResult]


class BatchUnfinished(Exception):
    """Some pages of the batch have no result yet: the message must come back."""


@dataclass(frozen=True, slots=True)
class PageMessage:
    job: str
    attempt: int
    first: int
    last: int
    language: str
    tool: str | None
    format: PageFormat
    token: str

    @classmethod
    def parse(cls, body: str) -> PageMessage:
        """Raises ValueError for what is no such message."""
        data = json.loads(body)
        try:
            if data["format"] not in get_args(PageFormat):
                raise ValueError(f"unknown page format {data['format']!r}")
            return cls(
                data["job"],
                int(data["attempt"]),
                int(data["first"]),
                int(data["last"]),
                data["language"],
                data["tool"],
                cast("PageFormat", data["format"]),
                data["token"],
            )
        except (KeyError, TypeError) as error:
            raise ValueError("the message lacks a member or has one of a wrong type") from error


@dataclass(frozen=True, slots=True)
class PageWorker:
    jobs: JobsTable
    bucket: Bucket
    workflow: Workflow
    read_page: Reader

    def batch_item_failures(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answers an SQS event as ReportBatchItemFailures wants it: what raised comes back to the queue."""
        failures = []
        for record in event["Records"]:
            receives = int(record["attributes"]["ApproximateReceiveCount"])
            try:
                self.handle(PageMessage.parse(record["body"]), receives)
            except Exception:  # noqa: BLE001 - whatever it was, this message must be retried and the others not
                observe.logger().exception("batch failed", extra={"receives": receives})
                observe.count("BatchFailed")
                failures.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failures}

    def handle(self, message: PageMessage, receives: int) -> None:
        """Raises BatchUnfinished when a page has to be tried again."""
        log = observe.logger()
        log.set_correlation_id(message.job)
        job = self.jobs.get(message.job)
        if not is_current(job, message.attempt):
            log.info("batch dropped: the job has ended or a newer attempt runs", extra={"attempt": message.attempt})
            self._withdraw(job, message)  # what an earlier receive of it wrote, before it died
            return
        assert job is not None  # noqa: S101 - is_current says so
        pages = range(message.first, message.last + 1)
        unfinished = [index for index in pages if not self._page(job, message, index, receives)]
        job = self.jobs.get(message.job)
        if not is_current(job, message.attempt):
            self._withdraw(job, message)
            return
        if unfinished:
            raise BatchUnfinished(f"pages without a result: {unfinished}")
        if not self.workflow.succeed(message.token):
            log.info("the token came too late; the results are written", extra={"first": message.first})

    def _page(self, job: Job, message: PageMessage, index: int, receives: int) -> bool:
        """Whether the page has its result now."""
        tried_before = receives > 1 or message.attempt > 1
        if tried_before and self.bucket.has_page_result(job.uuid, index):
            return True
        if receives > 1 and self.jobs.mark_page(job, index, _now()) > 1:
            result = PageResult.unread(index, PageCrashed())
        else:
            try:
                result = self._read(job, message, index)
            except Exception:  # noqa: BLE001 - its neighbours are read first, then the message comes back
                observe.logger().exception("page failed", extra={"page": index})
                observe.count("PageFailed")
                return False
        if self.bucket.put_page_result(job.uuid, result):
            self.jobs.add_progress(job.uuid, _now(), unread=result.error is not None)
            observe.count("PageUnread" if result.error else "PageRead")
        return True

    def _read(self, job: Job, message: PageMessage, index: int) -> PageResult:
        data = self.bucket.get_page(job.uuid, index, message.format)
        if not data:  # split could not cut it out
            return PageResult.unread(index, PageUnreadable())
        try:
            return self.read_page(data, PageTask(index, message.format, message.language, message.tool))
        except PageError as error:
            observe.logger().warning("page not read", extra={"page": index, "code": error.code}, exc_info=True)
            return PageResult.unread(index, error)

    def _withdraw(self, job: Job | None, message: PageMessage) -> None:
        """The job is not this message's any more. A settled one keeps its results, a deleted one must have none."""
        if job is None or job.status == "deleted":
            self.bucket.delete_page_results(message.job, message.first, message.last)


def _now() -> datetime:
    return datetime.now(UTC)

"""One message of a queue of pages: see to each page, write what came of it once, answer the task token.

The one place that knows the message, the fencing, the idempotent write and the token; a reader only reads a page.

    {"job", "attempt", "first", "last", "tier", "language", "tool", "format", "token"}

Redelivery. SQS alone retries, as often as the queue says. Results are written on condition that there is none, so a
message that comes twice changes nothing. From the second receive on a page is marked before it is read; a page that
would be marked a second time is left out as `page_crashed`, so that one page that kills its worker every time cannot
take its neighbours with it. A page whose reader raises something unforeseen is handled the same way: the rest of the
batch is read first, then the message fails and comes back. A page that has to wait (PageDelayed), or whose worker has
to stop before it is done with it (Marks.leave), has not been tried: its mark is taken back, and the message comes back
when there is hope.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast, get_args

from ocrchat import observe
from ocrchat.errors import PageCrashed, PageError
from ocrchat.jobs import Job, is_current
from ocrchat.pages import PageFormat, PageResult, PageTask, PreparedPage, Source
from ocrchat.store.bucket import Bucket
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.queues import Queues
from ocrchat.store.workflow import Workflow
from ocrchat.tiers import MODEL_TIER
from ocrchat.tracing import traced

FIRST_DELAY_S = 15.0
LONGEST_DELAY_S = 900.0
"""A page that cannot be read now comes back in FIRST_DELAY_S, and each time twice as late, with jitter, so that those
that were sent away together do not come back together."""


class BatchUnfinished(Exception):
    """Some pages of the batch have no result yet: the message must come back, after `delay_s` where that is known."""

    def __init__(self, message: str, delay_s: float | None = None) -> None:
        super().__init__(message)
        self.delay_s = delay_s


class PageDelayed(Exception):
    """A reader cannot read this page now, and may in `seconds`. `tried`: it has tried for as long as a page may take,
    so that the page itself may be why: it is tried once or twice more, and not as often as one that only waited."""

    def __init__(self, message: str, seconds: float, *, tried: bool = False) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.tried = tried


@dataclass(frozen=True, slots=True)
class PageMessage:
    job: str
    attempt: int
    first: int
    last: int
    tier: str
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
                data["tier"],
                data["language"],
                data["tool"],
                cast("PageFormat", data["format"]),
                data["token"],
            )
        except (KeyError, TypeError) as error:
            raise ValueError("the message lacks a member or has one of a wrong type") from error

    def task(self, job: Job, index: int) -> PageTask:
        return PageTask(index, self.format, self.language, self.tool, job.translate_to)


Reader = Callable[[PageMessage, Job, int], PageResult | PreparedPage]
"""What is made of one page, 0-based, of a message. It fetches what it needs; raises PageError for a page that cannot be
read, PageDelayed for one that cannot be read now."""


Step = Literal["read", "ask"]
"""What a worker does with a page: it reads it, or makes it ready for a model; or it asks the model."""


class Marks:
    """Of the pages of one message, as it was received for the `receives`-th time: the first time there are none.

    `leave` is for another thread than the one that works on the message, which may be in the middle of a page then."""

    def __init__(self, jobs: JobsTable, step: Step, receives: int) -> None:
        self.receives = receives
        self._jobs = jobs
        self._step = step
        self._last: tuple[Job, int] | None = None
        self._left = False
        self._lock = threading.Lock()

    def begin(self, job: Job, index: int) -> int:
        """How often the page was begun since its message came back, this time included; 0 if it has not come back.
        Raises BatchUnfinished where the message was left meanwhile."""
        with self._lock:
            if self._left:
                raise BatchUnfinished("the worker has left the message")
            tries = 0 if self.receives == 1 else self._jobs.mark_page(job, index, self._step, _now())
            self._last = (job, index)
            return tries

    def take_back(self) -> None:
        """The page that was begun last has not been tried after all."""
        with self._lock:
            self._take_back()

    def leave(self) -> None:
        """The same, and no other page of the message is begun."""
        with self._lock:
            self._left = True
            self._take_back()

    def _take_back(self) -> None:
        if self._last is not None:
            self._jobs.excuse_page(*self._last, self._step, _now(), is_marked=self.receives > 1)
            self._last = None


@dataclass(frozen=True, slots=True)
class PageWorker:
    jobs: JobsTable
    bucket: Bucket
    workflow: Workflow
    queues: Queues
    read: Reader
    step: Step = "read"

    @property
    def source(self) -> Source:
        """Of a page that could not be read here."""
        return "vlm" if self.step == "ask" else "cpu"

    def batch_item_failures(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answers an SQS event as ReportBatchItemFailures wants it: what raised comes back to the queue."""
        failures = []
        for record in event["Records"]:
            try:
                self.work_off(record["body"], self.marks(int(record["attributes"]["ApproximateReceiveCount"])))
            except BatchUnfinished as unfinished:
                if unfinished.delay_s is not None:
                    self.queues.delay(record["eventSourceARN"], record["receiptHandle"], unfinished.delay_s)
                failures.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failures}

    def marks(self, receives: int) -> Marks:
        return Marks(self.jobs, self.step, receives)

    def may_have_crashed(self, body: str, receives: int) -> bool:
        """Whether a message was received before and neither waited nor was left then: it may be what ended its
        worker. So may one that cannot be understood."""
        if receives == 1:
            return False
        try:
            message = PageMessage.parse(body)
        except ValueError:
            return True
        job = self.jobs.get(message.job)
        pages = range(message.first, message.last + 1)
        return job is not None and any(self.jobs.excuses(job, page, self.step) < receives - 1 for page in pages)

    def work_off(self, body: str, marks: Marks) -> None:
        """Raises BatchUnfinished where the message must come back, whatever the cause."""
        try:
            message = PageMessage.parse(body)
            with traced("pages", job=message.job, tier=message.tier):
                self.handle(message, marks)
        except BatchUnfinished:
            raise
        except Exception as error:
            observe.logger().exception("batch failed", extra={"receives": marks.receives})
            observe.count("BatchFailed")
            raise BatchUnfinished("nobody foresaw this") from error

    def handle(self, message: PageMessage, marks: Marks) -> None:
        """Raises BatchUnfinished when a page has to be tried again."""
        log, receives = observe.logger(), marks.receives
        observe.about(message.job)
        job = self.jobs.get(message.job)
        if not is_current(job, message.attempt):
            log.info("batch dropped: the job has ended or a newer attempt runs", extra={"attempt": message.attempt})
            self._withdraw(job, message)  # what an earlier receive of it wrote, before it died
            return
        assert job is not None  # noqa: S101 - is_current says so
        unfinished: list[int] = []
        delays: list[float] = []
        for index in range(message.first, message.last + 1):
            try:
                if not self._page(job, message, index, marks):
                    unfinished.append(index)
            except PageDelayed as delayed:
                log.warning("page delayed", extra={"page": index, "cause": str(delayed), "seconds": delayed.seconds})
                observe.count("PageDelayed")
                delays.append(_delay(delayed.seconds, receives))
        job = self.jobs.get(message.job)
        if not is_current(job, message.attempt):
            self._withdraw(job, message)
            return
        if unfinished:
            observe.count("BatchFailed")
            log.error("batch unfinished", extra={"pages": unfinished, "receives": receives})
        if unfinished or delays:
            raise BatchUnfinished(
                f"pages without a result: {len(unfinished) + len(delays)}", None if unfinished else max(delays)
            )
        if not self.workflow.succeed(message.token):
            log.info("the token came too late; the results are written", extra={"first": message.first})

    def _page(self, job: Job, message: PageMessage, index: int, marks: Marks) -> bool:
        """Whether the page has its result now. Raises PageDelayed, and BatchUnfinished where the message was left."""
        if self._may_be_done(message, marks.receives) and self._is_done(job, message, index):
            return True
        made: PageResult | PreparedPage
        if marks.begin(job, index) > 1:
            made = PageResult.unread(index, PageCrashed(), source=self.source)
        else:
            try:
                made = self._read(message, job, index)
            except PageError as error:
                observe.logger().warning("page not read", extra={"page": index, "code": error.code}, exc_info=True)
                made = PageResult.unread(index, error, source=self.source)
            except PageDelayed as delayed:
                if not delayed.tried:
                    marks.take_back()
                raise
            except Exception:  # noqa: BLE001 - its neighbours are read first, then the message comes back
                observe.logger().exception("page failed", extra={"page": index})
                observe.count("PageFailed")
                return False
        self._write(job, index, made)
        return True

    def _read(self, message: PageMessage, job: Job, index: int) -> PageResult | PreparedPage:
        started = time.monotonic()
        made = self.read(message, job, index)
        observe.count("PageSeconds", round(time.monotonic() - started, 3), unit="Seconds", tier=job.tier)
        return made

    def _may_be_done(self, message: PageMessage, receives: int) -> bool:
        """By an earlier receive or attempt; or by the step before this one, which found that the page is unreadable."""
        return receives > 1 or message.attempt > 1 or self.step == "ask"

    def _is_done(self, job: Job, message: PageMessage, index: int) -> bool:
        if self.bucket.has_page_result(job.uuid, index):
            return True
        return self.step == "read" and message.tier == MODEL_TIER and self.bucket.has_prepared(job.uuid, index)

    def _write(self, job: Job, index: int, made: PageResult | PreparedPage) -> None:
        if isinstance(made, PreparedPage):
            self.bucket.put_prepared(job.uuid, index, made)
            observe.count("PagePrepared")
        elif self.bucket.put_page_result(job.uuid, made):
            self.jobs.add_progress(job.uuid, _now(), unread=made.error is not None)
            if made.error:
                observe.count("PageErrors", code=made.error.code)
            else:
                observe.count("PageRead", tier=job.tier)

    def _withdraw(self, job: Job | None, message: PageMessage) -> None:
        """The job is not this message's any more. A settled one keeps its results, a deleted one must have none."""
        if job is None or job.status == "deleted":
            self.bucket.delete_page_results(message.job, message.first, message.last)
            self.bucket.delete_prepared(message.job, range(message.first, message.last + 1))


def _delay(least: float, receives: int) -> float:
    doubled = FIRST_DELAY_S * 2.0 ** min(receives - 1, 30)
    return max(least, min(doubled, LONGEST_DELAY_S)) * random.uniform(1.0, 1.25)  # noqa: S311 - no secret


def _now() -> datetime:
    return datetime.now(UTC)

"""A job: one file on its way from acceptance to its result. Pure decisions and the public view of it.

    pending ──(its first page is read)──> processing ──(join settles it)──> done | failed

`processing` is not stored: a job that is not settled and has a finished page is processing. `attempt` counts the
executions that were started for it; whoever holds an older attempt must not write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from ocrchat import page_choice
from ocrchat.drops import Drop
from ocrchat.errors import JobDeleted, JobExpired, JobFailed, JobNotFinished
from ocrchat.pages import Notice, PageFormat
from ocrchat.plans import Queue

Settled = Literal["done", "failed"]

MAX_STALLED = 3
"""Executions in a row that may end without having read a page, before the job is ended with what there is."""

JOIN_TIME = timedelta(minutes=15)
"""How long the last steps of a job are given before the next one is taken: longer than join's own timeout."""

SCHEMA_PATH = "/schemas/job-1.json"
"""Of the JSON Schema of the job object. Its number goes up when what `view` gives today changes; what is added to it
goes into the schema (`ocrchat/http/job.schema.json`) and changes no number."""

SINGLE_PAGE_UP_TO = 10
PAGES_PER_BATCH = 4
TAIL_PAGES = 8


@dataclass(frozen=True, slots=True)
class Job:
    """`account` is None for an anonymous job; `holder` is whom its pages are counted against, `source` what they were
    taken from (`metering`), `price` the credits of one page when it was accepted; `translate_to` the code of a
    language, where its tool translates. `pages` is which pages of the file are read (`page_choice`), None for all;
    `page_count` is how many these are. It is kept for `result_hours` after its end, the file that was sent for
    `original_hours`. Times are UTC; `error` only when failed. A deleted job has no content any more.

    `drop` is the object that it was made of, where it was dropped into the bucket.

    `attempt_at` and `attempt_done`: when the attempt began, if it is not the first, and how many pages had an answer
    then; `stalled`: how many attempts before it ended without one more.
    """

    uuid: str
    account: str | None
    holder: str
    filename: str
    media_type: str
    size: int
    page_format: PageFormat
    as_it_came: bool
    page_count: int
    tier: str
    language: str
    base_url: str
    created_at: datetime
    price: int
    queue: Queue
    result_hours: int
    original_hours: int
    source: str = ""
    tool: str | None = None
    translate_to: str | None = None
    pages: str | None = None
    attempt: int = 1
    stalled: int = 0
    attempt_done: int = 0
    attempt_at: datetime | None = None
    status: Literal["pending", "done", "failed", "deleted"] = "pending"
    warnings: tuple[Notice, ...] = ()
    error: Notice | None = None
    mean_confidence: float | None = None
    detected_languages: tuple[str, ...] = ()
    unread_pages: int = 0
    result_bytes: int = 0
    settled_at: datetime | None = None
    expires_at: datetime | None = None
    upload_expires_at: datetime | None = None
    deleted_at: datetime | None = None
    drop: Drop | None = None

    @property
    def settled(self) -> bool:
        return self.status != "pending"

    @property
    def cost(self) -> int:
        """Credits, if all pages are delivered."""
        return self.price * self.page_count

    @property
    def indexes(self) -> Sequence[int]:
        """Its pages by their places in the file, 0-based, ascending."""
        return page_choice.indexes(self.pages, self.page_count)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many pages of a job have an answer, of how many of these it is an error, and when there was the first."""

    done: int = 0
    unread: int = 0
    first_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages `first` to `last`, both included, that one message carries."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a job ends: everything that join found out about the whole of it."""

    status: Settled
    warnings: tuple[Notice, ...]
    error: Notice | None
    mean_confidence: float | None
    detected_languages: tuple[str, ...]
    unread_pages: int


def batches(indexes: Sequence[int], size: int = PAGES_PER_BATCH) -> list[Batch]:
    """Of pages in ascending order. One page a batch for short jobs; `size` neighbours for long ones, whose last pages
    go one by one again so that all workers end together. The figures behind the numbers: docs/adr/0004-batching.md."""
    tail = len(indexes) if len(indexes) <= SINGLE_PAGE_UP_TO else TAIL_PAGES
    body = len(indexes) - tail
    several = [
        Batch(run[start], run[min(start + size, len(run)) - 1])
        for run in page_choice.runs(indexes[:body])
        for start in range(0, len(run), size)
    ]
    return several + [Batch(index, index) for index in indexes[body:]]


def uuid_of(text: str) -> str | None:
    """A job's uuid as it is stored; None for what cannot be one. Dashes and capitals are forgiven."""
    plain = text.replace("-", "").lower()
    return plain if re.fullmatch(r"[0-9a-f]{32}", plain) else None


def execution_name(uuid: str, attempt: int) -> str:
    return f"{uuid}-{attempt}"


def next_step(stalled: int) -> Literal["restart", "join", "abandon"]:
    """What the reconciler does with a job whose execution has ended without settling it.

    Attempts that read pages do not count, so that a long job survives any number of restarts. One that stalls is
    ended with what there is, and, if even that fails every time, as failed.
    """
    if stalled < MAX_STALLED:
        return "restart"
    return "join" if stalled == MAX_STALLED else "abandon"


def is_current(job: Job | None, attempt: int) -> bool:
    """Whether work of this attempt may still be written for the job."""
    return job is not None and not job.settled and job.attempt == attempt


def readable_by(job: Job, account: str | None) -> bool:
    """An account's job belongs to that account alone; an anonymous job to whoever knows its uuid."""
    return job.account is None or job.account == account


def has_expired(job: Job, now: datetime) -> bool:
    """Compared here because the table's own TTL deletes late."""
    return job.expires_at is not None and job.expires_at <= now


def is_over(job: Job | None, now: datetime) -> bool:
    """Whether nothing of it may be kept: it was deleted, has expired, or there is no such job."""
    return job is None or job.status == "deleted" or has_expired(job, now)


def check_finished(job: Job, now: datetime) -> None:
    """Raises JobDeleted, JobExpired, JobNotFinished or JobFailed where the job has no result to be asked for."""
    if job.status == "deleted":
        raise JobDeleted
    if has_expired(job, now):
        raise JobExpired
    if not job.settled:
        raise JobNotFinished
    if job.status == "failed":
        raise JobFailed


def settlement_of(
    page_count: int,
    unread: Mapping[int, Notice],
    intake_warnings: tuple[Notice, ...],
    page_warnings: Mapping[str, tuple[str, list[int]]],
    mean_confidence: float | None,
    languages: Mapping[str, int],
    failure: Notice | None,
) -> Settlement:
    """What becomes of a job whose pages all have an answer.

    `unread`: page index -> why; `page_warnings`: code -> (message, page indexes); `languages`: code -> characters;
    `failure`: why the job as a whole broke, if it did. It fails only when no page could be read.
    """
    warnings = list(intake_warnings)
    for code, (message, indexes) in sorted(page_warnings.items()):
        warnings.append(Notice(code, f"{message} ({_page_numbers(indexes)})"))
    failed = len(unread) == page_count
    if unread and not failed:
        pages = _page_numbers(sorted(unread))
        warnings.append(Notice("pages_unread", f"Could not be read, see each page's `error`: {pages}"))
    error = None
    if failed:
        of_all = next(iter(unread.values())) if page_count == 1 else Notice("no_page_read", "No page could be read")
        error = failure or of_all
    by_characters = sorted(languages, key=lambda code: (-languages[code], code))
    return Settlement(
        "failed" if failed else "done", tuple(warnings), error, mean_confidence, tuple(by_characters), len(unread)
    )


def _page_numbers(indexes: list[int], most: int = 20) -> str:
    """1-based, as people count."""
    numbers = ", ".join(str(index + 1) for index in indexes[:most])
    more = len(indexes) - most
    return f"page{'s' if len(indexes) > 1 else ''} {numbers}" + (f" and {more} more" if more > 0 else "")


def expiry(job: Job, now: datetime) -> tuple[datetime, datetime]:
    """(of the result, of the original) of a job that is settled now."""
    return now + timedelta(hours=job.result_hours), now + timedelta(hours=job.original_hours)


def eta_seconds(job: Job, progress: Progress, now: datetime) -> float | None:
    """Seconds until the end: at the pace since the first page, so that the time in line before it does not count again;
    after one page, at its own. None before the first page is read: how long the line is, nobody knows."""
    if not progress.done:
        return None
    if progress.done > 1 and progress.first_at is not None:
        pace = (now - progress.first_at).total_seconds() / (progress.done - 1)
    else:
        pace = (now - job.created_at).total_seconds()
    return round(max(0.0, pace * (job.page_count - progress.done)), 1)


def iso(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with milliseconds."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def view(job: Job, progress: Progress, now: datetime) -> dict[str, Any]:
    """The job object of the API without `text`, `markdown` and `pages`."""
    data: dict[str, Any] = {
        "$schema": job.base_url + SCHEMA_PATH,
        "uuid": job.uuid,
        "status": job.status if job.settled or not progress.done else "processing",
        "tier": job.tier,
        "language": job.language,
        "detected_languages": list(job.detected_languages),
        "tool": job.tool,
        "translate_to": job.translate_to,
        "filename": job.filename,
        "page_count": job.page_count,
        "pages_chosen": job.pages,
        "mean_confidence": job.mean_confidence,
        "created_at": iso(job.created_at),
        "expires_at": iso(job.expires_at),
        "upload_expires_at": iso(job.upload_expires_at),
        "progress": {
            "done": job.page_count if job.settled else min(progress.done, job.page_count),
            "total": job.page_count,
        },
        "cost": {"credits": job.cost, "refunded": job.price * job.unread_pages},
        "warnings": [warning.as_json() for warning in job.warnings],
        "links": links(job),
    }
    if job.error:
        data["error"] = job.error.as_json()
    if not job.settled:
        data["eta_seconds"] = eta_seconds(job, progress, now)
    return data


FORMATS = ("txt", "md", "docx", "pdf", "csv", "json")
"""What a finished job can be downloaded as."""


def links(job: Job) -> dict[str, Any]:
    here = f"{job.base_url}/api/v1/ocr/{job.uuid}/"
    return {
        "self": here,
        "result": here if job.status == "done" else None,
        "download": {name: f"{here}download/?format={name}" for name in FORMATS} if job.status == "done" else {},
        "chat": f"{job.base_url}/api/v1/chat/{job.uuid}/" if job.status == "done" and job.account else None,
    }

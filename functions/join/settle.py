"""The last step of an execution, whatever happened before it: assemble what there is and end the job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ocrchat import observe
from ocrchat.document import Document
from ocrchat.errors import PageLost
from ocrchat.jobs import Job, Settlement, expiry, is_current, settlement_of, view
from ocrchat.limits import LIMITS
from ocrchat.pages import Notice, PageResult
from ocrchat.store.bucket import Bucket
from ocrchat.store.jobs_table import JobsTable

FAILURES = {
    "split": Notice("file_corrupt", "The file could not be taken apart into pages: save it again and resend it"),
}
"""What is told to the user when the execution broke before any page was read, by the step that broke."""


def settle_job(
    jobs: JobsTable, bucket: Bucket, uuid: str, attempt: int, broken_step: str | None, now: Callable[[], datetime]
) -> str:
    """Safe to repeat; returns the status that the job has in the end, or `superseded` if it is not ours to end."""
    job = jobs.get(uuid)
    if job is None or not is_current(job, attempt):
        if job is not None and job.settled:
            bucket.delete_pages(uuid, job.page_count, job.page_format)
        return job.status if job is not None and job.settled else "superseded"
    with TemporaryDirectory() as folder:
        document = Document(Path(folder))
        try:
            for index, page in enumerate(bucket.page_results(uuid, range(job.page_count))):
                document.add(page or PageResult.unread(index, PageLost()).as_json(words=True))
            ended = _write(jobs, bucket, job, document, broken_step, now())
        finally:
            document.close()
    if not ended:
        return "superseded"
    bucket.delete_pages(uuid, job.page_count, job.page_format)
    return ended.status


def _write(
    jobs: JobsTable, bucket: Bucket, job: Job, document: Document, broken_step: str | None, at: datetime
) -> Settlement | None:
    """The document first, the job after it: a job that says `done` has its result."""
    settlement = settlement_of(
        job.page_count,
        document.unread,
        job.warnings,
        document.warnings,
        document.mean_confidence,
        document.languages,
        FAILURES.get(broken_step or ""),
    )
    expiries = expiry(at, LIMITS)
    settled = _settled(job, settlement, at, expiries)
    size = 0
    if settlement.status == "done":
        path = document.write(view(settled, job.page_count, at))
        size = path.stat().st_size
        with path.open("rb") as file:
            bucket.put_document(job.uuid, file)
    if not jobs.settle(job, settlement, size, at, expiries):
        return None
    seconds = (at - job.created_at).total_seconds()
    observe.count("JobsDone" if settlement.status == "done" else "JobsFailed")
    observe.count("JobSeconds", seconds, unit="Seconds")
    return settlement


def _settled(job: Job, settlement: Settlement, at: datetime, expiries: tuple[datetime, datetime]) -> Job:
    """The job as it will read once it is settled."""
    changes: dict[str, Any] = {
        "status": settlement.status,
        "warnings": settlement.warnings,
        "error": settlement.error,
        "mean_confidence": settlement.mean_confidence,
        "detected_languages": settlement.detected_languages,
        "unread_pages": settlement.unread_pages,
        "settled_at": at,
        "expires_at": expiries[0],
        "upload_expires_at": expiries[1],
    }
    return replace(job, **changes)


def utc_now() -> datetime:
    return datetime.now(UTC)

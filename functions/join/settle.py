"""The last step of an execution, whatever happened before it: assemble what there is and end the job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ocrchat import observe
from ocrchat.document import Document
from ocrchat.errors import PageLost
from ocrchat.jobs import Job, Progress, Settlement, expiry, is_current, settlement_of, view
from ocrchat.pages import Notice, PageResult
from ocrchat.store.bucket import Bucket
from ocrchat.store.deliveries import Deliveries
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.metering import Metering
from ocrchat.tiers import MODEL_TIER

SPLIT_BROKE = Notice("split_failed", "The file could not be taken apart into pages: try again, or save it anew")
ABANDONED = Notice("abandoned", "The service could not finish this job: submit the file again")


@dataclass(frozen=True, slots=True)
class Ending:
    """How the execution came to its end. `refused`: why split found the file unusable; `broken`: a step before the
    pages were read failed; `abandon`: even putting the document together fails, so end without one."""

    refused: Notice | None = None
    broken: bool = False
    abandon: bool = False

    @property
    def failure(self) -> Notice | None:
        """What is told to the user if no page could be read."""
        if self.abandon:
            return ABANDONED
        return self.refused or (SPLIT_BROKE if self.broken else None)


def settle_job(
    jobs: JobsTable,
    bucket: Bucket,
    metering: Metering,
    uuid: str,
    attempt: int,
    ending: Ending,
    now: Callable[[], datetime],
    deliveries: Deliveries,
) -> str:
    """Safe to repeat; returns the status that the job has in the end, or `superseded` if it is not ours to end. A
    deleted job is left without any result."""
    job = jobs.get(uuid)
    if job is None or not is_current(job, attempt):
        return _not_ours(bucket, uuid, job, deliveries)
    if ending.abandon:
        unread = {index: Notice.of(PageLost()) for index in job.indexes}
        settlement = settlement_of(job.page_count, unread, job.warnings, {}, None, {}, ending.failure)
        ended = _end(metering, job, settlement, 0, now())
        if ended:  # all pages come back: none of them is delivered
            bucket.delete_results(uuid)
    else:
        settlement, ended = _put_together(bucket, metering, job, ending, now())
    if not ended:
        return _not_ours(bucket, uuid, jobs.get(uuid), deliveries)
    _clear(bucket, job)
    _announce(job, deliveries)
    return settlement.status


def _not_ours(bucket: Bucket, uuid: str, job: Job | None, deliveries: Deliveries) -> str:
    """The job has ended without us, or a newer attempt runs. One that was deleted must have nothing, whatever was
    written for it meanwhile; one that is settled needs its pages no more."""
    if job is None or job.status == "deleted":
        bucket.delete_results(uuid)
        return "deleted"
    if not job.settled:
        return "superseded"
    _clear(bucket, job)
    _announce(job, deliveries)
    return job.status


def _clear(bucket: Bucket, job: Job) -> None:
    """What lay between the steps."""
    bucket.delete_pages(job.uuid, job.indexes, job.page_format)
    if job.tier == MODEL_TIER:
        bucket.delete_prepared(job.uuid, job.indexes)


def _announce(job: Job, deliveries: Deliveries) -> None:
    """The results of what was dropped into the bucket are put beside it at once."""
    if job.drop is None:
        return
    try:
        deliveries.soon(job)
    except Exception:  # noqa: BLE001 - the message that was sent when the job was accepted brings them later
        observe.logger().exception("delivery not announced")
        observe.count("DeliveriesNotAnnounced")


def _put_together(
    bucket: Bucket, metering: Metering, job: Job, ending: Ending, at: datetime
) -> tuple[Settlement, bool]:
    """The document first, the job after it: a job that says `done` has its result."""
    with TemporaryDirectory() as folder:
        document = Document(Path(folder))
        try:
            for index, page in zip(job.indexes, bucket.page_results(job.uuid, job.indexes), strict=True):
                document.add(page or _lost(bucket, job, index))
            settlement = settlement_of(
                job.page_count,
                document.unread,
                job.warnings,
                document.warnings,
                document.mean_confidence,
                document.languages,
                ending.failure,
            )
            size = 0
            if settlement.status == "done":
                path = document.write(view(_settled(job, settlement, at), Progress(job.page_count), at))
                size = path.stat().st_size
                with path.open("rb") as file:
                    bucket.put_document(job.uuid, file)
        finally:
            document.close()
    return settlement, _end(metering, job, settlement, size, at)


def _lost(bucket: Bucket, job: Job, index: int) -> dict[str, Any]:
    """Writes that a page was lost, so that every way to look at the job agrees, and a reader that comes late cannot
    write; or finds that one has just written."""
    lost = PageResult.unread(index, PageLost())
    if bucket.put_page_result(job.uuid, lost):
        observe.count("PageErrors", code=PageLost.code)
        return lost.as_json(words=True)
    found = next(bucket.page_results(job.uuid, range(index, index + 1)))
    return found or lost.as_json(words=True)


def _end(metering: Metering, job: Job, settlement: Settlement, size: int, at: datetime) -> bool:
    if not metering.settle(job, settlement, size, at, expiry(job, at)):
        return False
    observe.count("JobsDone" if settlement.status == "done" else "JobsFailed")
    observe.count("JobSeconds", (at - job.created_at).total_seconds(), unit="Seconds")
    return True


def _settled(job: Job, settlement: Settlement, at: datetime) -> Job:
    """The job as it will read once it is settled."""
    expires_at, upload_expires_at = expiry(job, at)
    return replace(
        job,
        status=settlement.status,
        warnings=settlement.warnings,
        error=settlement.error,
        mean_confidence=settlement.mean_confidence,
        detected_languages=settlement.detected_languages,
        unread_pages=settlement.unread_pages,
        settled_at=at,
        expires_at=expires_at,
        upload_expires_at=upload_expires_at,
    )


def utc_now() -> datetime:
    return datetime.now(UTC)

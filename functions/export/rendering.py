"""Renders one file of a job, for whoever waits for it (`download.py`)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ocrchat import observe
from ocrchat.errors import (
    InternalError,
    JobDeleted,
    JobExpired,
    OcrChatError,
    OriginalDeleted,
    Overloaded,
    PageLost,
)
from ocrchat.jobs import Job, has_expired
from ocrchat.pages import PageResult
from ocrchat.store.bucket import Bucket
from ocrchat.store.errors import is_throttled
from ocrchat.store.exports_table import LEASE, Claim, ExportsTable
from ocrchat.store.jobs_table import JobsTable

from .formats import FORMATS, Format, file_of
from .source import Source

RENEWED_EVERY_S = LEASE.total_seconds() / 3

NOT_MADE = "This file could not be made; the other formats may be"


@dataclass(frozen=True, slots=True)
class Rendering:
    jobs: JobsTable
    bucket: Bucket
    exports: ExportsTable

    def run(self, claim: Claim) -> str:
        """What became of it: `rendered`, `claimed elsewhere`, or the code of the error that those who wait are told.
        An error that nobody foresaw is raised when they have been told that there was one."""
        own = self.exports.begin(claim, datetime.now(UTC))
        if own is None:
            return "claimed elsewhere"
        try:
            with _renewed(self.exports, own):
                self._render(own.job, own.file)
        except OcrChatError as error:
            self.exports.fail(own, error, datetime.now(UTC))
            return error.code
        except Exception as error:
            if is_throttled(error):
                observe.logger().exception("throttled")
                self.exports.fail(own, Overloaded(), datetime.now(UTC))
                return Overloaded.code
            self.exports.fail(own, InternalError(NOT_MADE), datetime.now(UTC))
            raise
        self.exports.end(own)
        return "rendered"

    def _render(self, uuid: str, file: str) -> None:
        started = time.monotonic()
        job, name = self._kept(uuid), file.rpartition(".")[2]
        if file != file_of(job, name):
            raise Overloaded  # asked for by a newer or older version of this service, while it is replaced
        kind = FORMATS[name]
        with TemporaryDirectory() as folder:
            path = Path(folder) / "rendered"
            with path.open("w+b") as out:
                source = Source(job, self._pages(job), self._original(job, kind, Path(folder)))
                kind.renderer()(source, out)
            with path.open("rb") as body:
                self.bucket.put_export(uuid, file, body, kind.media_type)
        try:
            self._kept(uuid)
        except (JobDeleted, JobExpired):  # meanwhile: nothing may be left of it
            self.bucket.delete_export(uuid, file)
            raise
        observe.count("ExportsRendered")
        observe.count("ExportTime", round((time.monotonic() - started) * 1000, 1), unit="Milliseconds")

    def _kept(self, uuid: str) -> Job:
        job = self.jobs.get(uuid)
        if job is None or job.status == "deleted":
            raise JobDeleted
        if has_expired(job, datetime.now(UTC)):
            raise JobExpired
        return job

    def _pages(self, job: Job) -> Iterator[PageResult]:
        pages = self.bucket.page_results(job.uuid, job.indexes, may_list=False)
        for index, page in zip(job.indexes, pages, strict=True):
            yield PageResult.unread(index, PageLost()) if page is None else PageResult.from_json(page)

    def _original(self, job: Job, kind: Format, folder: Path) -> Path | None:
        """The file that was sent, None where it is gone or not needed. Raises OriginalDeleted where it is needed."""
        if kind.original == "unused":
            return None
        path = folder / "original"
        if not _is_due(job, datetime.now(UTC)):
            with path.open("wb") as file:
                if self.bucket.fetch_original_if_kept(job.uuid, file):
                    return path
        if kind.original == "required":
            raise OriginalDeleted
        return None


def _is_due(job: Job, now: datetime) -> bool:
    """Whether the original is to be deleted by now: it is gone for the user, even if the sweep has not come by yet."""
    return job.upload_expires_at is not None and job.upload_expires_at <= now


@contextmanager
def _renewed(exports: ExportsTable, claim: Claim) -> Iterator[None]:
    """Keeps the claim while the body runs."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(RENEWED_EVERY_S):
            try:
                if not exports.renew(claim, datetime.now(UTC)):
                    return
            except Exception:  # noqa: BLE001 - the next one may do, and a claim that ends costs a second rendering
                observe.logger().exception("claim not renewed")

    thread = threading.Thread(target=renew, name="renew", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()

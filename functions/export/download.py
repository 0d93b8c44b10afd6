"""A finished job as a file: rendered once, kept in S3, answered with a presigned URL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ocrchat.errors import InternalError, JobNotFound, Overloaded, ParameterInvalid
from ocrchat.http.auth import Caller
from ocrchat.jobs import Job, check_finished, readable_by
from ocrchat.store.bucket import Bucket, document_key, export_key
from ocrchat.store.exports_table import MOST_ATTEMPTS, Claimed, ExportsTable
from ocrchat.store.functions import FunctionNotStarted, Functions
from ocrchat.store.jobs_table import JobsTable
from ocrchat.tools import default_format

from .filename import download_name
from .formats import FORMATS, file_of

GIVEN_UP = (
    "This file could not be made, though it was tried several times: take another format, or try again in an hour"
)


@dataclass(frozen=True, slots=True)
class Downloads:
    """`renderer` names the function that renders."""

    jobs: JobsTable
    bucket: Bucket
    exports: ExportsTable
    functions: Functions
    renderer: str

    def url(self, uuid: str, name: str | None, caller: Caller, until: float) -> str | None:
        """Where the file can be fetched for some minutes; None where it is still being rendered at `until`, a time of
        `time.monotonic`. `name` is that of a format, None for the one of the job's tool."""
        if name is not None and name not in FORMATS:
            raise ParameterInvalid(
                f"`format` is one of {', '.join(FORMATS)}; it was {name[:20]!r}",
                parameter="format",
                allowed=list(FORMATS),
            )
        job = self._finished(uuid, caller)
        name = name or default_format(job.tool)
        kind = FORMATS[name]
        if kind.module is None:
            key = document_key(job.uuid)
        elif self._is_rendered(job.uuid, file_of(job, name), until):
            key = export_key(job.uuid, file_of(job, name))
        else:
            return None
        filename = download_name(job.filename, name)
        return self.bucket.download_url(key, filename=filename, media_type=kind.media_type)

    def _finished(self, uuid: str, caller: Caller) -> Job:
        job = self.jobs.get(uuid)
        if job is None or not readable_by(job, caller.account):
            raise JobNotFound
        check_finished(job, datetime.now(UTC))
        return job

    def _is_rendered(self, uuid: str, file: str, until: float) -> bool:
        """Waits until it is, having it rendered where nobody does; False where time is up before. Raises what the
        renderer raised."""
        if self.bucket.has_export(uuid, file):
            return True
        for pause in _pauses():
            now = datetime.now(UTC)
            seen = self.exports.get(uuid, file, now)
            if seen is None or seen.until <= now:
                if self.bucket.has_export(uuid, file):
                    return True
                self._start(uuid, file, seen, now)
            elif seen.error is not None:
                raise seen.error
            left = until - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(pause, left))
        return False

    def _start(self, uuid: str, file: str, seen: Claimed | None, now: datetime) -> None:
        """Has the file rendered, unless somebody else was first."""
        if seen is not None and seen.attempts >= MOST_ATTEMPTS:
            raise InternalError(GIVEN_UP)
        claim = self.exports.claim(uuid, file, seen, now)
        if claim is None:
            return
        if self.bucket.has_export(uuid, file):  # a rendering began and ended since we looked
            self.exports.end(claim)
            return
        try:
            self.functions.start(self.renderer, claim.as_json())
        except FunctionNotStarted as error:
            self.exports.end(claim)
            raise Overloaded from error


def _pauses() -> Iterator[float]:
    """Seconds between two looks at a rendering: a short one is seen at once, a long one costs two looks a second."""
    pause = 0.02
    while True:
        yield pause
        pause = min(pause * 1.5, 0.5)

"""A finished job as a file, answered with a presigned URL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ocrchat.accounts import Caller
from ocrchat.errors import JobNotFound, ParameterInvalid
from ocrchat.jobs import Job, check_finished, readable_by
from ocrchat.store.bucket import Bucket
from ocrchat.store.jobs_table import JobsTable
from ocrchat.tools import default_format

from .filename import download_name
from .files import Files
from .formats import FORMATS


@dataclass(frozen=True, slots=True)
class Downloads:
    jobs: JobsTable
    bucket: Bucket
    files: Files

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
        key = self.files.key(job, name, until)
        if key is None:
            return None
        filename = download_name(job.filename, name)
        return self.bucket.download_url(key, filename=filename, media_type=FORMATS[name].media_type)

    def _finished(self, uuid: str, caller: Caller) -> Job:
        job = self.jobs.get(uuid)
        if job is None or not readable_by(job, caller.account):
            raise JobNotFound
        check_finished(job, datetime.now(UTC))
        return job

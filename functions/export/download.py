"""A finished job as a file: rendered once, kept in S3, answered with a presigned URL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from tempfile import TemporaryFile

from ocrchat.errors import JobDeleted, JobExpired, JobFailed, JobNotFinished, JobNotFound, ParameterInvalid
from ocrchat.http.auth import Caller
from ocrchat.jobs import FORMATS, Job, has_expired, readable_by
from ocrchat.store.bucket import Bucket, document_key, export_key
from ocrchat.store.jobs_table import JobsTable

from .renderers import RENDERERS, Format


@dataclass(frozen=True, slots=True)
class Downloads:
    jobs: JobsTable
    bucket: Bucket

    def url(self, uuid: str, name: str, caller: Caller) -> str:
        """Where the file can be fetched for some minutes."""
        if name not in RENDERERS:
            raise ParameterInvalid(
                f"`format` is one of {', '.join(FORMATS)}; it was {name[:20]!r}",
                parameter="format",
                allowed=list(FORMATS),
            )
        job = self._finished(uuid, caller)
        kind = RENDERERS[name]
        key = export_key(job.uuid, name) if kind.render else document_key(job.uuid)
        if kind.render and not self.bucket.has_export(job.uuid, name):
            self._render(job, name, kind)
        filename = f"{PurePath(job.filename).stem or 'document'}.{name}"
        return self.bucket.download_url(key, filename=filename, media_type=kind.media_type)

    def _finished(self, uuid: str, caller: Caller) -> Job:
        job = self.jobs.get(uuid)
        if job is None or not readable_by(job, caller.account):
            raise JobNotFound
        if job.status == "deleted":
            raise JobDeleted
        if has_expired(job, datetime.now(UTC)):
            raise JobExpired
        if not job.settled:
            raise JobNotFinished
        if job.status == "failed":
            raise JobFailed
        return job

    def _render(self, job: Job, name: str, kind: Format) -> None:
        assert kind.render is not None  # noqa: S101 - the caller checks
        pages = self.bucket.page_results(job.uuid, range(job.page_count))
        with TemporaryFile() as file:
            for piece in kind.render(page for page in pages if page is not None):
                file.write(piece)
            file.seek(0)
            self.bucket.put_export(job.uuid, name, file, kind.media_type)
        now = self.jobs.get(job.uuid)
        if now is None or now.status == "deleted":  # meanwhile: nothing may be left of it
            self.bucket.delete_export(job.uuid, name)
            raise JobDeleted

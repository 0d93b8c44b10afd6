"""The job as an HTTP answer: progress while it runs, the whole result when it is done."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.responses import JSONResponse, Response

from ocrchat.accounts import Caller
from ocrchat.document import Document, without_lines
from ocrchat.errors import JobDeleted, JobExpired, JobNotFound, PageLost, ParameterInvalid
from ocrchat.jobs import Job, Progress, has_expired, readable_by, uuid_of, view
from ocrchat.limits import Limits
from ocrchat.pages import PageResult
from ocrchat.store.bucket import Bucket, document_key
from ocrchat.store.jobs_table import JobsTable

SHORTEST_POLL_S, LONGEST_POLL_S = 0.02, 0.5


@dataclass(frozen=True, slots=True)
class Answers:
    jobs: JobsTable
    bucket: Bucket
    limits: Limits

    def find(self, uuid: str, caller: Caller) -> tuple[Job, Progress]:
        """The job and how far it is. Raises JobNotFound, also for a job of somebody else."""
        known = uuid_of(uuid)
        job, progress = self.jobs.get_with_progress(known) if known else (None, Progress())
        if job is None or not readable_by(job, caller.account):
            raise JobNotFound
        if job.status == "deleted":
            raise JobDeleted
        if has_expired(job, datetime.now(UTC)):
            raise JobExpired
        return job, progress

    def wait(self, job: Job, progress: Progress, until: float) -> tuple[Job, Progress]:
        """Looks again, ever less often, until the job has ended or `until` (monotonic seconds) is there."""
        pause = SHORTEST_POLL_S
        while not job.settled and time.monotonic() + pause < until:
            time.sleep(pause)
            pause = min(pause * 1.25, LONGEST_POLL_S)
            seen, progress = self.jobs.get_with_progress(job.uuid)
            if seen is None:
                raise JobNotFound
            if seen.status == "deleted":
                raise JobDeleted
            job = seen
        return job, progress

    def respond(
        self, job: Job, progress: Progress, *, status: int, words: bool, gzip: bool, pages: Sequence[int] | None
    ) -> Response:
        """The job object. A result too large for one answer is a redirect to the same JSON in S3."""
        if job.status == "done" and pages is None:
            return self._result(job, status, words=words, gzip=gzip)
        body = view(job, progress, datetime.now(UTC))
        if pages is not None:
            body["pages"] = [page if words else without_lines(page) for page in self._some(job, pages)]
            answer = JSONResponse(body, status_code=status, headers=_retry_after(job))
            if len(answer.body) > self.limits.inline_plain_bytes:
                raise ParameterInvalid("These pages are too large for one answer: ask for fewer", parameter="pages")
            return answer
        return JSONResponse(body, status_code=status, headers=_retry_after(job))

    def _some(self, job: Job, pages: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Those of these pages that have an answer; once the job has ended, all of them have."""
        for index, page in zip(pages, self.bucket.page_results(job.uuid, pages), strict=True):
            if page is not None:
                yield page
            elif job.settled:
                yield PageResult.unread(index, PageLost()).as_json(words=True)

    def listing(self, caller: Caller, limit: int, after: str | None) -> dict[str, Any]:
        """A cursor page of the account's jobs: `after` is the uuid of the last one of the page before."""
        account = caller.account or ""
        known = uuid_of(after) if after else None
        last = self.jobs.get(known) if known else None
        if after and (last is None or last.account != account):
            raise ParameterInvalid("`after` is the uuid of one of your jobs", parameter="after")
        jobs, has_more = self.jobs.of_account(account, limit, last)
        progress = self.jobs.progress_of([job.uuid for job in jobs if not job.settled])
        now = datetime.now(UTC)
        data = [
            view(job, progress.get(job.uuid, Progress()), now)
            for job in jobs
            if job.status != "deleted" and not has_expired(job, now)
        ]
        return {"data": data, "has_more": has_more, "after": jobs[-1].uuid if has_more else None}

    def _result(self, job: Job, status: int, *, words: bool, gzip: bool) -> Response:
        size = self._with_words(job) if words else job.result_bytes
        if size > (self.limits.inline_result_bytes if gzip else self.limits.inline_plain_bytes):
            body: dict[str, Any] = view(job, Progress(job.page_count), datetime.now(UTC))
            url = self.bucket.download_url(document_key(job.uuid, words=words))
            body["links"]["result"] = url
            redirect = status == 200
            return JSONResponse(
                body, status_code=302 if redirect else status, headers={"Location": url} if redirect else {}
            )
        document = self.bucket.get_document(job.uuid, words=words)
        if document is None:
            raise JobExpired
        return Response(document, status_code=status, media_type="application/json")

    def _with_words(self, job: Job) -> int:
        """Writes the document with lines and words, once; returns its size in bytes."""
        size = self.bucket.document_size(job.uuid, words=True)
        if size is not None:
            return size
        with TemporaryDirectory() as folder:
            document = Document(Path(folder), words=True)
            for page in self._some(job, job.indexes):
                document.add(page)
            path = document.write(view(job, Progress(job.page_count), datetime.now(UTC)))
            document.close()
            with path.open("rb") as file:
                self.bucket.put_document(job.uuid, file, words=True)
            seen = self.jobs.get(job.uuid)
            if seen is None or seen.status == "deleted":  # meanwhile: nothing may be left of it
                self.bucket.delete_words(job.uuid)
                raise JobDeleted
            return path.stat().st_size


def _retry_after(job: Job) -> dict[str, str]:
    return {} if job.settled else {"Retry-After": "2"}


def accepts_gzip(header: str | None) -> bool:
    return "gzip" in (header or "").lower()

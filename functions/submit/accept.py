"""Acceptance: store the bytes, have them inspected, write the job, start its execution. In this order, so that a
crash in between leaves at most bytes that expire, or a job that the reconciler starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, Protocol
from uuid import uuid4

from ocrchat import observe
from ocrchat.errors import FileCorrupt, FileEmpty, OcrChatError
from ocrchat.http.auth import Caller
from ocrchat.jobs import Job
from ocrchat.packs import Packs
from ocrchat.pages import Notice
from ocrchat.store.bucket import Bucket
from ocrchat.store.functions import FunctionFailed, Functions
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.workflow import NotStarted, Workflow
from ocrchat.tiers import DEFAULT_TIER, tier_of

from .inspection import refusal
from .parameters import clean_filename, no_tool, readable_language
from .uploads import Source, Uploads, submitted_already


class Upload(Protocol):
    """A file part of a multipart form, as Starlette gives it."""

    @property
    def file(self) -> IO[bytes]: ...
    @property
    def size(self) -> int | None: ...
    @property
    def filename(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Fields:
    """The form's text fields as they were sent."""

    tier: str | None = None
    language: str | None = None
    tool: str | None = None
    translate_to: str | None = None
    pages: str | None = None
    upload_id: str | None = None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Where a file is accepted; `inspect` names the function that looks into it, `packs` are those of the reader."""

    jobs: JobsTable
    bucket: Bucket
    workflow: Workflow
    functions: Functions
    inspect: str
    public_url: str
    packs: Packs
    uploads: Uploads

    def accept(self, caller: Caller, upload: Upload | None, fields: Fields) -> Job:
        """Raises RequestError for what cannot be read, before anything is written that lasts."""
        tier = tier_of(fields.tier or DEFAULT_TIER)
        language = readable_language(fields.language, self.packs)
        no_tool(fields.tool, fields.translate_to)
        uuid = uuid4().hex
        source = self._store(caller, upload, fields.upload_id or "", uuid)
        try:
            facts = self._inspect(uuid)
        except OcrChatError:
            self.bucket.delete_original(uuid)
            raise
        job = Job(
            uuid=uuid,
            account=caller.account,
            filename=source.filename,
            media_type=facts["media_type"],
            size=source.size,
            page_format=facts["page_format"],
            as_it_came=facts["as_it_came"],
            page_count=facts["page_count"],
            tier=tier.name,
            language=language,
            base_url=self.public_url,
            created_at=datetime.now(UTC),
            warnings=tuple(Notice.from_json(warning) for warning in facts["warnings"]),
        )
        self._create(job, fields.upload_id)
        try:
            self.workflow.start(job)
        except NotStarted:
            # The job is accepted, and would be read twice if the client were told otherwise and came again.
            observe.logger().warning("left to the reconciler", extra={"job": job.uuid}, exc_info=True)
            observe.count("JobsNotStarted")
        observe.logger().info("accepted", extra={"job": job.uuid, "pages": job.page_count})
        observe.count("JobsAccepted")
        observe.count("PagesAccepted", job.page_count)
        return job

    def _store(self, caller: Caller, upload: Upload | None, upload_id: str, uuid: str) -> Source:
        """Puts the file to where its job will look for it."""
        if upload is None:
            return self.uploads.fetch(caller, upload_id, uuid)
        if not upload.size:
            raise FileEmpty
        self.bucket.put_original(uuid, upload.file)
        return Source(clean_filename(upload.filename), upload.size)

    def _create(self, job: Job, upload_id: str | None) -> None:
        """TEMPORARY, in place of the transaction of metering: the job, and the claim of its upload if it has one."""
        if upload_id is None:
            self.jobs.create(job)
            return
        if not self.jobs.transact([self.jobs.creation(job), self.uploads.table.claim_write(upload_id, job.uuid)]):
            self.bucket.delete_original(job.uuid)
            raise submitted_already()
        self.uploads.clear(upload_id)

    def _inspect(self, uuid: str) -> dict[str, Any]:
        try:
            answer = self.functions.call(self.inspect, {"job": uuid, "url": self.bucket.original_url(uuid)})
        except FunctionFailed as failure:
            # The parser died on this file, by memory or time: the file is the likelier culprit than the service.
            observe.logger().warning("inspect failed", extra={"job": uuid, "cause": str(failure)})
            raise FileCorrupt(
                "The file could not be examined within its limits: save it again or split it"
            ) from failure
        if "error" in answer:
            raise refusal(answer["error"])
        facts: dict[str, Any] = answer["facts"]
        return facts

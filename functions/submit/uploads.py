"""Files too big for a direct request: a presigned form gives them a way into the bucket, and a submission by
`upload_id` takes them from there, once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from ocrchat import observe
from ocrchat.accounts import Caller
from ocrchat.errors import FileMissing, ParameterInvalid, RateLimited
from ocrchat.jobs import iso
from ocrchat.plans import Plan
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.bucket import PRESIGNED_SECONDS, Bucket, IncomingChanged
from ocrchat.store.transaction import Write
from ocrchat.store.uploads_table import PendingUpload, UploadsTable

from .parameters import clean_filename
from .plan_limits import check_size
from .sniff import MEDIA_TYPES
from .sources import Source, Stored

KEPT = timedelta(hours=1)
"""How long after it was asked for an upload can be submitted."""

ANY_TYPE = "application/octet-stream"
"""Signed for a name whose ending says nothing. What a file is, its content decides, when it is submitted."""

HOUR = 3600
MOST_SIZE = 10**15  # bytes that a number here can mean

MOST_BODY_BYTES = 65_536
"""Of the JSON that asks for an upload: far more than a name and a number need."""

_TYPES = {str(ending): media_type for ending, media_type in MEDIA_TYPES.items()} | {
    "jpeg": MEDIA_TYPES["jpg"],
    "tiff": MEDIA_TYPES["tif"],
}
"""By the ending of a name."""


@dataclass(frozen=True, slots=True)
class Uploads:
    table: UploadsTable
    bucket: Bucket
    balances: BalancesTable

    def offer(self, caller: Caller, filename: str, size: int) -> dict[str, Any]:
        """The answer to `POST /uploads/`. Raises FileTooLarge for more bytes than a file of the caller's may have, and
        RateLimited: what is uploaded and never submitted costs nobody a page."""
        check_size(caller.plan, size)
        now = datetime.now(UTC)
        most = caller.plan.uploads_per_hour
        if self.balances.count_request(f"{caller.holder}#uploads", now, HOUR) > most:
            raise RateLimited(f"More than {most} uploads in an hour: wait", HOUR - int(now.timestamp()) % HOUR)
        upload = PendingUpload(uuid4().hex, caller.holder, clean_filename(filename), size, now, now + KEPT)
        form = self.bucket.incoming_form(upload.id, size, media_type_of(upload.filename))
        self.table.create(upload)
        return {
            "upload_id": upload.id,
            "url": form["url"],
            "fields": form["fields"],
            "expires_at": iso(now + timedelta(seconds=PRESIGNED_SECONDS)),
            "max_bytes": caller.plan.file_bytes,
        }

    def fetch(self, caller: Caller, upload_id: str, uuid: str) -> Stored:
        """Copies what was uploaded to the original key of the job. Raises ParameterInvalid for an upload that cannot be
        submitted (any more), in the same words for one that never was and for one of somebody else; FileMissing for
        one that nothing was sent for. Nothing is claimed: `UploadsTable.claim` does that, in the job's transaction."""
        upload = self._own(caller, upload_id)
        if upload.state == "claimed":
            raise submitted_already()
        check_size(caller.plan, upload.size)
        found = self.bucket.head_incoming(upload.id)
        if found is None:
            raise FileMissing(
                "Nothing was sent for this `upload_id` yet: POST the file to its `url` with its `fields` first"
            )
        if found.size != upload.size:
            raise FileMissing(
                f"What was sent has {found.size:,} bytes, and {upload.size:,} were announced: ask for a new upload"
            )
        try:
            self.bucket.copy_incoming_to_original(upload.id, uuid, found.etag)
        except IncomingChanged as error:
            raise submitted_already() from error
        return Stored(upload.filename, upload.size)

    def clear(self, upload_id: str) -> None:
        """After its job was accepted: the uploaded object is of no more use. It has been copied."""
        try:
            self.bucket.delete_incoming(upload_id)
        except Exception:  # noqa: BLE001 - the job is accepted, and a lifecycle rule deletes what is left here
            observe.logger().warning("upload not deleted", extra={"upload": upload_id}, exc_info=True)

    def _own(self, caller: Caller, upload_id: str) -> PendingUpload:
        known = re.fullmatch(r"[0-9a-f]{32}", upload_id)
        upload = self.table.get(upload_id) if known else None
        if upload is None or upload.holder != caller.holder or upload.expires_at <= datetime.now(UTC):
            raise ParameterInvalid(
                "`upload_id` names no upload that can be submitted: ask for a new upload with POST /api/v1/uploads/",
                parameter="upload_id",
            )
        return upload


@dataclass(frozen=True, slots=True)
class UploadedFile(Source):
    """It was uploaded before the request that submits it, which names it."""

    id: str
    uploads: Uploads

    def check(self, plan: Plan) -> None:
        """Its size is looked up with it."""

    def fingerprint(self) -> str:
        return f"upload {self.id}"

    def store(self, caller: Caller, uuid: str) -> Stored:
        return self.uploads.fetch(caller, self.id, uuid)

    def claims(self, uuid: str) -> list[Write]:
        return [self.uploads.table.claim(self.id, uuid)]

    def clear(self) -> None:
        self.uploads.clear(self.id)


def submitted_already() -> ParameterInvalid:
    """For an upload that another submission has claimed, or is about to."""
    return ParameterInvalid(
        "The file of this `upload_id` was submitted already: ask for a new upload to submit it again",
        parameter="upload_id",
    )


def media_type_of(filename: str) -> str:
    """The media type that the name's ending stands for, if it is one that is read; else ANY_TYPE."""
    ending = PurePosixPath(filename).suffix[1:].lower()
    return _TYPES.get(ending, ANY_TYPE)


def name_and_size(body: bytes) -> tuple[str, int]:
    """Of the JSON `{"filename", "size"}`. Raises ParameterInvalid."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:  # no UTF-8, no JSON, or thousands of brackets
        raise ParameterInvalid('The body is JSON like {"filename": "scan.pdf", "size": 73400320}') from error
    if not isinstance(asked, dict):
        raise ParameterInvalid('The body is a JSON object like {"filename": "scan.pdf", "size": 73400320}')
    filename, size = asked.get("filename"), asked.get("size")
    if not isinstance(filename, str) or not filename.strip():
        raise ParameterInvalid("`filename` is the file's name, as text", parameter="filename")
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= MOST_SIZE:
        raise ParameterInvalid("`size` is the file's length in bytes, a whole number from 1 on", parameter="size")
    return filename, size

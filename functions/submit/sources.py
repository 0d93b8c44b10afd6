"""Where a file comes from that is to become a job: with the request, by an upload before it, or from the bucket."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import IO, Protocol

from ocrchat.accounts import Caller
from ocrchat.drops import Drop
from ocrchat.errors import FileEmpty
from ocrchat.plans import Plan
from ocrchat.store.bucket import Bucket
from ocrchat.store.transaction import Write

from .parameters import clean_filename
from .plan_limits import check_size


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies at its job's original key; `size` in bytes."""

    filename: str
    size: int
    drop: Drop | None = None


class Source(Protocol):
    """`store` comes before the job is written, `claims` with it, `clear` after it."""

    def check(self, plan: Plan) -> None:
        """Raises FileEmpty, FileTooLarge, where the size is known before anything is looked up."""

    def fingerprint(self) -> str:
        """The same for the same file, for an Idempotency-Key."""
        ...

    def store(self, caller: Caller, uuid: str) -> Stored:
        """Puts the file to where the job of that uuid will look for it. Raises RequestError where it cannot."""
        ...

    def claims(self, uuid: str) -> list[Write]:  # noqa: ARG002
        """What else the transaction that accepts the job writes."""
        return []

    def clear(self) -> None:
        """The job is accepted: what is of no more use goes."""
        return


class Upload(Protocol):
    """A file part of a multipart form, as Starlette gives it."""

    @property
    def file(self) -> IO[bytes]: ...
    @property
    def size(self) -> int | None: ...
    @property
    def filename(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class SentFile(Source):
    """It came with the request."""

    upload: Upload
    bucket: Bucket

    def check(self, plan: Plan) -> None:
        if not self.upload.size:
            raise FileEmpty
        check_size(plan, self.upload.size)

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        self.upload.file.seek(0)
        while chunk := self.upload.file.read(1 << 20):
            digest.update(chunk)
        self.upload.file.seek(0)
        return digest.hexdigest()

    def store(self, caller: Caller, uuid: str) -> Stored:  # noqa: ARG002
        self.bucket.put_original(uuid, self.upload.file)
        return Stored(clean_filename(self.upload.filename), self.upload.size or 0)

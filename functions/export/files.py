"""A finished job as a file: rendered once, kept in S3, waited for by whoever asks meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ocrchat import wiring
from ocrchat.errors import InternalError, Overloaded
from ocrchat.jobs import Job
from ocrchat.store.bucket import Bucket, document_key, export_key
from ocrchat.store.exports_table import MOST_ATTEMPTS, Claimed, ExportsTable
from ocrchat.store.functions import FunctionNotStarted, Functions

from .formats import FORMATS, file_of

GIVEN_UP = (
    "This file could not be made, though it was tried several times: take another format, or try again in an hour"
)


@dataclass(frozen=True, slots=True)
class Files:
    """`renderer` names the function that renders."""

    bucket: Bucket
    exports: ExportsTable
    functions: Functions
    renderer: str

    def key(self, job: Job, name: str, until: float) -> str | None:
        """Where the job, which is done, lies in that format; None where it is still being rendered at `until`, a time
        of `time.monotonic`. Raises what the renderer raised."""
        if FORMATS[name].module is None:
            return document_key(job.uuid)
        file = file_of(job, name)
        return export_key(job.uuid, file) if self._is_rendered(job.uuid, file, until) else None

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


def rendered_files() -> Files:
    """As the environment names what they are made with."""
    settings = wiring.settings()
    return Files(wiring.bucket(), wiring.exports_table(), wiring.functions(), settings.render_function)


def _pauses() -> Iterator[float]:
    """Seconds between two looks at a rendering: a short one is seen at once, a long one costs two looks a second."""
    pause = 0.02
    while True:
        yield pause
        pause = min(pause * 1.5, 0.5)

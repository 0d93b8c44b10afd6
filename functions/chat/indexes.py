"""The index of a job's pages: built once, kept in S3, and open here for the next question."""

from __future__ import annotations

import sqlite3
import time
from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ocrchat import observe
from ocrchat.errors import JobDeleted, OcrChatError, Overloaded
from ocrchat.jobs import Job, check_finished
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.bucket import Bucket
from ocrchat.store.functions import FunctionNotStarted, Functions
from ocrchat.store.jobs_table import JobsTable

from .passages import passages_of
from .retrieval import VERSION, Coverage, Index, build

MOST_BYTES = 200_000_000
"""Of the indexes that are kept open, on disk: a few of the longest documents. The function has 512 MB, the most that
one which starts from a snapshot may have, and one more index is fetched before the oldest goes."""

BUILT_WITHIN_S = 12.0
"""Of a question's time: what is not built by then is left to the function that has more of it."""

BUILT_AT_ONCE = 1000
"""Pages of a job whose index is begun while its question waits."""

BUILDER_S = 300
"""How long the function that builds those of long documents may be at work: it is begun no sooner again."""

NOT_YET_S = 10
NOT_YET = "This document is being prepared for questions: ask again shortly"


class Building:
    """Builds indexes and puts them into the bucket."""

    def __init__(self, jobs: JobsTable, bucket: Bucket) -> None:
        self._jobs = jobs
        self._bucket = bucket

    def build(self, job: Job, path: Path, until: float) -> None:
        """Writes it to `path`, too. Raises Overloaded where it is not done at `until`, a time of `time.monotonic`, and
        JobDeleted or JobExpired where the job went meanwhile: then nothing is left of it."""
        started = time.monotonic()
        coverage = Coverage()
        build(passages_of(coverage.counted(self._pages(job, until))), path, coverage)
        with path.open("rb") as body:
            self._bucket.put_chat_index(job.uuid, file_of(job), body)
        try:
            self._check_kept(job)
        except OcrChatError:
            self._bucket.delete_chat_index(job.uuid, file_of(job))
            raise
        observe.count("ChatIndexesBuilt")
        observe.count("ChatIndexTime", round((time.monotonic() - started) * 1000, 1), unit="Milliseconds")

    def _check_kept(self, job: Job) -> None:
        seen = self._jobs.get(job.uuid)
        if seen is None:
            raise JobDeleted
        check_finished(seen, datetime.now(UTC))

    def _pages(self, job: Job, until: float) -> Iterator[dict[str, Any] | None]:
        for page in self._bucket.page_results(job.uuid, job.indexes, may_list=False):
            if time.monotonic() > until:
                raise Overloaded(NOT_YET, NOT_YET_S)
            yield page


class Indexes:
    """Open indexes, those used last. `builder` names the function that builds those of long documents."""

    def __init__(
        self,
        building: Building,
        bucket: Bucket,
        balances: BalancesTable,
        functions: Functions,
        builder: str,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._building = building
        self._bucket = bucket
        self._balances = balances
        self._functions = functions
        self._builder = builder
        self._most_bytes = most_bytes
        self._open: OrderedDict[str, tuple[Index, int]] = OrderedDict()

    def of(self, job: Job) -> Index:
        """Raises Overloaded where it is not there yet, and cannot be soon enough."""
        name = f"{job.uuid}/{file_of(job)}"
        if name not in self._open:
            self._open[name] = self._fetched(job)
            self._close_oldest()
        self._open.move_to_end(name)
        return self._open[name][0]

    def discard(self, job: Job) -> None:
        """After it was found to be damaged: the next question has it built anew."""
        observe.logger().error("a damaged index", extra={"job": job.uuid, "file": file_of(job)})
        observe.count("ChatIndexesDamaged")
        index, _ = self._open.pop(f"{job.uuid}/{file_of(job)}", (None, 0))
        if index is not None:
            index.close()
        self._bucket.delete_chat_index(job.uuid, file_of(job))

    def _fetched(self, job: Job) -> tuple[Index, int]:
        """The file goes as soon as it is open: its text is on disk no longer than somebody here reads it, whatever ends
        this process."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "index"
            with path.open("wb") as file:
                is_there = self._bucket.fetch_chat_index(job.uuid, file_of(job), file)
            index = self._opened(job, path) if is_there else None
            if index is None:
                self._build(job, path)
                index = Index.open(path)
            return index, path.stat().st_size

    def _opened(self, job: Job, path: Path) -> Index | None:
        """None where what was fetched is no index."""
        try:
            return Index.open(path)
        except sqlite3.DatabaseError:
            self.discard(job)
            return None

    def _build(self, job: Job, path: Path) -> None:
        """Here, if that is quick; a document of which it is known that it is not is not begun with again."""
        if self._balances.is_begun(_mark(job), datetime.now(UTC)):
            raise Overloaded(NOT_YET, NOT_YET_S)
        if job.page_count <= BUILT_AT_ONCE:
            try:
                self._building.build(job, path, time.monotonic() + BUILT_WITHIN_S)
            except Overloaded:
                self._have_built(job)
                raise
            return
        self._have_built(job)
        raise Overloaded(NOT_YET, NOT_YET_S)

    def _have_built(self, job: Job) -> None:
        """By one function at a time, however many ask."""
        if not self._balances.begin(_mark(job), datetime.now(UTC), BUILDER_S):
            return
        try:
            self._functions.start(self._builder, {"job": job.uuid})
        except FunctionNotStarted as error:
            self._balances.end(_mark(job))
            raise Overloaded from error

    def _close_oldest(self) -> None:
        while len(self._open) > 1 and sum(size for _, size in self._open.values()) > self._most_bytes:
            _, (index, _) = self._open.popitem(last=False)
            index.close()


def _mark(job: Job) -> str:
    return f"{job.uuid}#index"


def file_of(job: Job) -> str:
    return f"{job.attempt}-{VERSION}.sqlite"

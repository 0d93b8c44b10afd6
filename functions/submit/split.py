"""The first step of an execution: one object a page, and the batches that the pages are read in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any

from ocrchat import observe
from ocrchat.errors import RequestError
from ocrchat.jobs import Job, batches
from ocrchat.store.bucket import Bucket
from ocrchat.store.jobs_table import JobsTable
from ocrchat.tiers import MODEL_TIER

from .splitter import split_file

UPLOADS_AT_ONCE = 8
"""Page objects that are held in memory while they are written."""

NO_PAGE = b""
"""Stands where a page could not be cut out, so that its reader finds an answer rather than nothing."""

NOTHING_TO_READ: dict[str, Any] = {"batches": [], "refused": None}


def split_job(bucket: Bucket, jobs: JobsTable, uuid: str, pages_per_batch: int) -> dict[str, Any]:
    """Safe to repeat: each page's key is a function of the job and its number. A page that cannot be cut out
    gets an empty object, which its reader reports. A job that is deleted, before or meanwhile, has no batches and no
    pages. Raises LookupError for a job that is gone."""
    job = jobs.get(uuid)
    if job is None:
        raise LookupError(f"job {uuid} is gone")
    if job.status == "deleted":
        return NOTHING_TO_READ
    if job.as_it_came:
        bucket.copy_original_to_page(uuid, job.page_format)
    else:
        try:
            _write_pages(bucket, job)
        except RequestError as error:  # final: what inspect let pass, and cutting it apart showed to be unusable
            observe.logger().warning("split refused", extra={"code": error.code})
            return {"batches": [], "refused": {"code": error.code, "message": error.detail}}
    now = jobs.get(uuid)
    if now is None or now.status == "deleted":
        bucket.delete_pages(uuid, job.indexes, job.page_format)
        return NOTHING_TO_READ
    return {
        "batches": [asdict(batch) for batch in batches(job.indexes, 1 if job.tier == MODEL_TIER else pages_per_batch)],
        "refused": None,
    }


def _write_pages(bucket: Bucket, job: Job) -> None:
    slots = BoundedSemaphore(UPLOADS_AT_ONCE)
    with TemporaryDirectory() as folder, ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
        path = Path(folder) / "original"
        with path.open("wb") as file:
            bucket.fetch_original(job.uuid, file)
        failures: list[BaseException] = []

        def put(index: int, data: bytes) -> None:
            try:
                bucket.put_page(job.uuid, index, job.page_format, data)
            finally:
                slots.release()

        def write(index: int, data: bytes) -> None:
            slots.acquire()
            if failures:
                raise failures[0]
            pool.submit(put, index, data).add_done_callback(
                lambda done: failures.append(fault) if (fault := done.exception()) else None
            )

        unreadable = split_file(path, job.page_format, job.indexes, write)
        for index in unreadable:
            write(index, NO_PAGE)
    if failures:
        raise failures[0]
    if unreadable:
        observe.logger().warning("pages could not be cut out", extra={"pages": unreadable[:50]})

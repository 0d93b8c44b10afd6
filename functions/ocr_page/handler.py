"""The Lambda entry point of this folder."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ocrchat import observe

if TYPE_CHECKING:
    from ocrchat.jobs import Job
    from ocrchat.page_worker import PageMessage, PageWorker
    from ocrchat.pages import PageResult, PreparedPage

    from .reading_process import ReadingProcess


def records(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """SQS: one message of pages at a time."""
    if not event:  # a warm-up call: load the engines before the first page waits for them
        _process()
        _worker()
        return {}
    answer = _worker().batch_item_failures(event)
    observe.ended("batch", failed=len(answer["batchItemFailures"]))
    return answer


@cache
def _worker() -> PageWorker:
    from ocrchat import wiring
    from ocrchat.page_worker import PageWorker

    return PageWorker(wiring.jobs_table(), wiring.bucket(), wiring.workflow(), wiring.queues(), _read)


@cache
def _process() -> ReadingProcess:
    from .reading_process import ReadingProcess

    return ReadingProcess()


def _read(message: PageMessage, job: Job, index: int) -> PageResult | PreparedPage:
    from ocrchat import wiring
    from ocrchat.errors import PageUnreadable
    from ocrchat.tiers import MODEL_TIER

    data = wiring.bucket().get_page(job.uuid, index, message.format)
    if not data:  # split could not cut it out
        raise PageUnreadable
    return _process().read(data, message.task(job, index), prepare=message.tier == MODEL_TIER)

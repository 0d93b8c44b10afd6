"""The Lambda entry point of this folder."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ocrchat import observe

if TYPE_CHECKING:
    from ocrchat.page_worker import PageWorker


def records(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """SQS: one message of pages at a time."""
    if not event:  # a warm-up call: load the engines before the first page waits for them
        from .reader import preload

        preload()
        _worker()
        return {}
    answer = _worker().batch_item_failures(event)
    observe.ended("batch", failed=len(answer["batchItemFailures"]))
    return answer


@cache
def _worker() -> PageWorker:
    from ocrchat import wiring
    from ocrchat.page_worker import PageWorker

    from .reader import read_page

    return PageWorker(wiring.jobs_table(), wiring.bucket(), wiring.workflow(), read_page)

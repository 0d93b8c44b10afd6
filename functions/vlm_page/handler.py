"""The Lambda entry point of this folder."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ocrchat import observe

if TYPE_CHECKING:
    from ocrchat.page_worker import PageWorker


def records(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """SQS: one message of one page at a time."""
    if not event:  # a warm-up call: load what the first page would have to wait for
        from .work import preload

        preload()
        _worker()
        return {}
    answer = _worker().batch_item_failures(event)
    observe.ended("batch", failed=len(answer["batchItemFailures"]))
    return answer


@cache
def _worker() -> PageWorker:
    from .work import page_worker

    return page_worker()

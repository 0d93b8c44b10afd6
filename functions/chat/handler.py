"""The Lambda entry points of this folder."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ocrchat import observe
from ocrchat.snapshot import before_snapshot

if TYPE_CHECKING:
    from ocrchat.http.app import Handler

BUILT_WITHIN_S = 270.0
"""The function ends at 300 s."""


def http(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway: the routes of the chat."""
    if not event:  # a warm-up call
        from .routes import conversing

        _load()
        conversing()
        return {}
    return _app()(event, context)


def index(event: dict[str, Any], _context: Any) -> None:
    """{"job"}: builds the index of a long document. Invoked without anybody waiting for its answer."""
    from ocrchat import wiring
    from ocrchat.tracing import traced

    from .indexes import Building

    building = Building(wiring.jobs_table(), wiring.bucket())
    if not event:  # a warm-up call
        return
    observe.logger().set_correlation_id(event["job"])
    job = wiring.jobs_table().get(event["job"])
    if job is None:  # deleted, so long ago that nobody knows of it
        return
    with traced("index", job=job.uuid), TemporaryDirectory() as folder:
        building.build(job, Path(folder) / "index", time.monotonic() + BUILT_WITHIN_S)
    observe.ended("indexed", pages=job.page_count)


def _load() -> None:
    """All that the first request would wait for, without asking anybody."""
    from ocrchat import wiring

    from .indexes import Building

    _app(), Building(wiring.jobs_table(), wiring.bucket())
    if wiring.settings().model is not None:
        import anthropic  # noqa: F401 - takes longer than all the rest; its key is fetched when it is first needed


@cache
def _app() -> Handler:
    from ocrchat.http.app import create_app, lambda_handler

    from .routes import router

    return lambda_handler(create_app(router))


before_snapshot(_load)

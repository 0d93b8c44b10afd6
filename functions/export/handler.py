"""The Lambda entry points of this folder."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ocrchat import observe
from ocrchat.snapshot import before_snapshot

if TYPE_CHECKING:
    from ocrchat.http.app import Handler


def http(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway: the download route. It parses nothing: `render` does."""
    if not event:  # a warm-up call
        _load()
        return {}
    return _app()(event, context)


def render(event: dict[str, Any], _context: Any) -> None:
    """A claim, `ocrchat.store.exports_table.Claim`, as JSON. Invoked without anybody waiting for its answer."""
    from ocrchat import confinement, wiring
    from ocrchat.limits import LIMITS
    from ocrchat.store.exports_table import Claim
    from ocrchat.tracing import traced

    from .rendering import Rendering

    confinement.limit_process(LIMITS.parser_memory_bytes, LIMITS.scratch_bytes)
    rendering = Rendering(wiring.jobs_table(), wiring.bucket(), wiring.exports_table())
    if not event:  # a warm-up call
        _load_writers()
        return
    observe.logger().set_correlation_id(event["job"])
    outcome = "failed"
    try:
        with traced("render", job=event["job"]):
            outcome = rendering.run(Claim(**event))
    finally:  # what it raises goes on to Lambda, which logs it
        if outcome == "failed":
            observe.count("ExportsFailed")
        observe.ended("render", file=event["file"], outcome=outcome)


def deliver(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """SQS: results that go to where customers fetch them, one message at a time. It parses nothing: `render` does."""
    from ocrchat import wiring

    from .delivery import courier, work_off

    if not event:  # a warm-up call
        courier(), wiring.queues()
        return {}
    (record,) = event["Records"]
    outcome = work_off(courier(), wiring.queues(), record)
    observe.ended("delivery", outcome=outcome or "delayed")
    return {"batchItemFailures": [] if outcome else [{"itemIdentifier": record["messageId"]}]}


def _load_writers() -> None:
    import docx
    import pymupdf

    docx.Document()
    pymupdf.open().close()


def _load() -> None:
    """All that the first request would wait for, without asking anybody."""
    from .routes import downloads

    _app(), downloads()


@cache
def _app() -> Handler:
    from ocrchat.http.app import create_app, lambda_handler

    from .routes import router

    return lambda_handler(create_app(router))


before_snapshot(_load)

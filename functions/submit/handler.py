"""The Lambda entry points of this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ocrchat import observe
from ocrchat.snapshot import before_snapshot

if TYPE_CHECKING:
    from ocrchat.http.app import Handler

TOO_FAT = "The file takes more memory to open than a file may: save it again or split it"


def http(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway: the routes for jobs."""
    if not event:  # a warm-up call
        _load()
        return {}
    return _app()(event, context)


def drop(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """SQS: what S3 says of objects under `drop/`, one message at a time. It parses no file: `inspect` does."""
    from ocrchat import wiring

    from .drop import work_off
    from .drop_desk import drops

    if not event:  # a warm-up call
        drops(), wiring.queues()
        return {}
    (record,) = event["Records"]
    outcome = work_off(drops(), wiring.queues(), record)
    observe.ended("dropped", outcome=outcome or "delayed")
    return {"batchItemFailures": [] if outcome else [{"itemIdentifier": record["messageId"]}]}


def inspect(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """{"job", "url"} -> {"facts"} or {"error"}. All that this function can reach is the URL: it has no rights."""
    from http.client import HTTPException

    from ocrchat import confinement, errors
    from ocrchat.limits import LIMITS

    from .inspection import as_facts
    from .intake import inspect_file

    confinement.limit_process(LIMITS.parser_memory_bytes, LIMITS.scratch_bytes)
    if not event:  # a warm-up call
        _load_parsers()
        return {}
    observe.logger().set_correlation_id(event["job"])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "original"
        try:
            _fetch(event["url"], path)
        except (OSError, HTTPException):  # the store or the disk, not the file; urlopen's own errors are of these, too
            observe.logger().exception("original not fetched")
            return {"error": errors.as_json(errors.Overloaded())}
        try:
            with confinement.cpu_limit(LIMITS.inspect_cpu_s):
                facts = inspect_file(path)
        except errors.RequestError as error:
            observe.ended("inspected", refused=error.code)
            return {"error": errors.as_json(error)}
        except MemoryError:
            observe.ended("inspected", refused=errors.FileCorrupt.code)
            return {"error": errors.as_json(errors.FileCorrupt(TOO_FAT))}
    observe.ended("inspected", format=facts.page_format, pages=facts.page_count)
    return {"facts": as_facts(facts)}


def _fetch(url: str, path: Path) -> None:
    """Raises OSError, and HTTPException for an answer that breaks off: `read` says nothing of that."""
    from http.client import IncompleteRead
    from urllib.request import urlopen

    with urlopen(url, timeout=10) as response, path.open("wb") as file:  # noqa: S310 - our own URL
        while chunk := response.read(1 << 20):
            file.write(chunk)
        if response.length:
            raise IncompleteRead(b"", response.length)


def split(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """{"job"} -> {"batches", "refused"}: the first step of an execution."""
    from ocrchat import confinement, wiring
    from ocrchat.limits import LIMITS
    from ocrchat.tracing import traced

    from .split import split_job

    confinement.limit_process(LIMITS.parser_memory_bytes, LIMITS.scratch_bytes)
    bucket, jobs = wiring.bucket(), wiring.jobs_table()
    if not event:
        _load_parsers()
        return {}
    observe.logger().set_correlation_id(event["job"])
    with traced("split", job=event["job"]):
        result = split_job(bucket, jobs, event["job"], wiring.settings().pages_per_batch)
    observe.ended("split", batches=len(result["batches"]))
    return result


def _load_parsers() -> None:
    import PIL.Image
    import pymupdf

    PIL.Image.init()
    pymupdf.open().close()


def _load() -> None:
    """All that the first request would wait for, without asking anybody."""
    from .desk import acceptance
    from .routes import answers

    _app(), acceptance(), answers()


@cache
def _app() -> Handler:
    from ocrchat.http.app import create_app, lambda_handler

    from .routes import router

    return lambda_handler(create_app(router))


before_snapshot(_load)

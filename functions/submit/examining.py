"""Has `inspect` look into a file, in a process of its own, and says what it is told."""

from __future__ import annotations

import time
from typing import Any

from ocrchat import observe
from ocrchat.errors import FileCorrupt
from ocrchat.store.functions import FunctionFailed, Functions

from .inspection import refusal

AGAIN_WITHIN_S = 5.0
"""Who dies sooner is tried once more: a process can also end by no fault of the file, and the request has the time. A
file that ends two of them, or takes longer, is the likelier culprit."""


def examine(functions: Functions, name: str, uuid: str, url: str) -> dict[str, Any]:
    """The FileFacts of a job's original as JSON. `name`: of the function; `url`: where it fetches the file. Raises
    what it refuses the file for, and FileCorrupt where it dies of it, by memory or time."""
    began = time.monotonic()
    try:
        answer = _call(functions, name, uuid, url)
    except FunctionFailed as failure:
        if time.monotonic() - began > AGAIN_WITHIN_S:
            raise _unexaminable() from failure
        try:
            answer = _call(functions, name, uuid, url)
        except FunctionFailed as again:
            raise _unexaminable() from again
    if "error" in answer:
        raise refusal(answer["error"])
    facts: dict[str, Any] = answer["facts"]
    return facts


def _call(functions: Functions, name: str, uuid: str, url: str) -> dict[str, Any]:
    try:
        return functions.call(name, {"job": uuid, "url": url})
    except FunctionFailed as failure:
        observe.logger().warning("inspect failed", extra={"job": uuid, "cause": str(failure)})
        raise


def _unexaminable() -> FileCorrupt:
    return FileCorrupt("The file could not be examined within its limits: save it again or split it")

"""Whether a server of one's own is there: it takes minutes to load a model, and refuses connections until then."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus

PAUSE_S = 2.0
TIMEOUT_S = 5.0

IS_THERE = frozenset({HTTPStatus.OK, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
"""What a server answers that is ready; to who shows no key, too."""


def is_up(base_url: str) -> bool:
    """By /health, as vLLM and SGLang have it, or where there is no such path, as with Ollama, by /v1/models."""
    status = _status(f"{base_url}/health")
    if status == HTTPStatus.NOT_FOUND:
        status = _status(f"{base_url}/v1/models")
    return status in IS_THERE


def wait_until_up(base_url: str, within_s: float, pause: Callable[[float], bool]) -> bool:
    """Whether it came up in time. `pause` waits so many seconds; it says whether to give up."""
    deadline = time.monotonic() + within_s
    while not is_up(base_url):
        if time.monotonic() >= deadline or pause(PAUSE_S):
            return False
    return True


def _status(url: str) -> int | None:
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 - the operator's own server
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None

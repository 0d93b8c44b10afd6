"""A job's name in the traces of X-Ray, so that `annotation.job = "..."` finds every one of its steps.

Lambda itself traces each invocation, but what it writes cannot be annotated: that takes a subsegment of one's own,
which its daemon takes as one datagram. Why without the SDK: docs/adr/0017-traces-without-an-sdk.md. Nothing is sent
where there is no daemon (on one machine, in a container), nor where the trace is not one that is kept.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ocrchat import observe

HEADER = b'{"format": "json", "version": 1}\n'
"""https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon"""


@contextmanager
def traced(name: str, **annotations: str) -> Iterator[None]:
    """The body as a subsegment of the invocation; a fault where it raises."""
    started = time.time()
    fault = True
    try:
        yield
        fault = False
    finally:
        parent = parent_of(os.environ.get("_X_AMZN_TRACE_ID", ""))  # of this invocation: Lambda sets it anew each time
        daemon = os.environ.get("AWS_XRAY_DAEMON_ADDRESS", "")
        if parent and daemon:
            _send(daemon, subsegment(name, parent, started, time.time(), annotations, fault=fault))


def parent_of(header: str) -> tuple[str, str] | None:
    """(trace, segment) of a trace header that says both and is kept: `Root=1-...;Parent=...;Sampled=1`."""
    parts = dict(part.split("=", 1) for part in header.split(";") if "=" in part)
    if parts.get("Sampled") != "1" or "Root" not in parts or "Parent" not in parts:
        return None
    return parts["Root"], parts["Parent"]


def subsegment(
    name: str,
    parent: tuple[str, str],
    started: float,
    ended: float,
    annotations: Mapping[str, str],
    *,
    fault: bool,
) -> dict[str, Any]:
    """Times in seconds since 1970, UTC."""
    trace, segment = parent
    return {
        "type": "subsegment",
        "name": name,
        "id": secrets.token_hex(8),
        "trace_id": trace,
        "parent_id": segment,
        "start_time": started,
        "end_time": ended,
        "annotations": dict(annotations),
        "fault": fault,
    }


def _send(daemon: str, document: Mapping[str, Any]) -> None:
    host, _, port = daemon.rpartition(":")
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(HEADER + json.dumps(document).encode(), (host, int(port)))
    except OSError:  # a job does not fail for its trace
        observe.logger().warning("trace not sent", exc_info=True)

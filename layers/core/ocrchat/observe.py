"""Structured logs and metrics, by Powertools. Built on first use, so that importing a handler costs nothing.

`ocrchat.metrics` is the table of all that is counted.
"""

from __future__ import annotations

import os
import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.metrics import EphemeralMetrics

NAMESPACE = "ocrchat"
"""Where POWERTOOLS_METRICS_NAMESPACE names none: a stack has its own, so that two of one account stay apart."""

_metrics_lock = threading.Lock()
"""Powertools keeps a set of metrics for all threads, and goes through it without one."""

_metrics: dict[tuple[tuple[str, str], ...], EphemeralMetrics] = {}
"""A set for each combination of dimensions: they hold for the whole set. There are few, see `ocrchat.metrics`."""


@cache
def logger() -> Logger:
    """JSON lines on stdout. `service` and the level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL."""
    from aws_lambda_powertools import Logger

    return Logger(utc=True, log_uncaught_exceptions=False)


def about(job: str | None) -> None:
    """What this thread logs from here on is about this job, and what other threads log is not."""
    logger().thread_safe_append_keys(correlation_id=job)


def count(name: str, value: float = 1, *, unit: str = "Count", **dimensions: str) -> None:
    """Adds a value of a metric of the table; `ended` sends it. Powertools adds the dimension `service`. Nought is not
    sent: a metric has a price for each hour in which it is, and a scheduled function with nothing to do runs each
    minute."""
    if value == 0:
        return
    with _metrics_lock:
        _metrics_of(dimensions).add_metric(name=name, unit=unit, value=value)


def _metrics_of(dimensions: dict[str, str]) -> EphemeralMetrics:
    key = tuple(sorted(dimensions.items()))
    if key not in _metrics:
        from aws_lambda_powertools.metrics import EphemeralMetrics

        namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
        _metrics[key] = EphemeralMetrics(namespace=namespace, default_dimensions=dimensions)
    return _metrics[key]


def ended(message: str, **fields: object) -> None:
    """The one line that every invocation ends with, and its metrics."""
    logger().info(message, extra=fields)
    output = logger().registered_handler
    output.acquire()  # they are printed in two pieces: no other thread may log in between
    try:
        with _metrics_lock:
            for some in _metrics.values():
                if some.metric_set:
                    some.flush_metrics()
    finally:
        output.release()

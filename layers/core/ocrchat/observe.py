"""Structured logs and metrics, by Powertools. Built on first use, so that importing a handler costs nothing."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger, Metrics

NAMESPACE = "ocrchat"

_metrics_lock = threading.Lock()
"""Powertools keeps one set of metrics for all threads, and goes through it without one."""


@cache
def logger() -> Logger:
    """JSON lines on stdout. `service` and the level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL."""
    from aws_lambda_powertools import Logger

    return Logger(utc=True, log_uncaught_exceptions=False)


@cache
def metrics() -> Metrics:
    """CloudWatch embedded metrics; flushed by `ended`."""
    from aws_lambda_powertools import Metrics

    return Metrics(namespace=NAMESPACE)


def about(job: str | None) -> None:
    """What this thread logs from here on is about this job, and what other threads log is not."""
    logger().thread_safe_append_keys(correlation_id=job)


def count(name: str, value: float = 1, *, unit: str = "Count") -> None:
    with _metrics_lock:
        metrics().add_metric(name=name, unit=unit, value=value)


def ended(message: str, **fields: object) -> None:
    """The one line that every invocation ends with, and its metrics."""
    logger().info(message, extra=fields)
    output = logger().registered_handler
    output.acquire()  # they are printed in two pieces: no other thread may log in between
    try:
        with _metrics_lock:
            if metrics().metric_set:
                metrics().flush_metrics()
    finally:
        output.release()

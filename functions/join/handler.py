"""The Lambda entry point of this folder."""

from __future__ import annotations

from typing import Any

from ocrchat import observe


def join(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """{"job", "attempt", "broken_step"?} -> {"status"}."""
    from ocrchat import wiring

    from .settle import settle_job, utc_now

    jobs, bucket = wiring.jobs_table(), wiring.bucket()
    if not event:  # a warm-up call
        return {}
    observe.logger().set_correlation_id(event["job"])
    status = settle_job(jobs, bucket, event["job"], event["attempt"], event.get("broken_step"), utc_now)
    observe.ended("joined", status=status, broken_step=event.get("broken_step"))
    return {"status": status}

"""The Lambda entry point of this folder."""

from __future__ import annotations

from typing import Any

from ocrchat import observe


def join(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """{"job", "attempt", "refused"?, "broken"?, "abandon"?} -> {"status"}, see `settle.Ending`."""
    from ocrchat import wiring
    from ocrchat.pages import Notice
    from ocrchat.tracing import traced

    from .settle import Ending, settle_job, utc_now

    jobs, bucket, metering = wiring.jobs_table(), wiring.bucket(), wiring.metering()
    if not event:  # a warm-up call
        return {}
    observe.logger().set_correlation_id(event["job"])
    refused = event.get("refused")
    ending = Ending(
        Notice.from_json(refused) if refused else None, event.get("broken", False), event.get("abandon", False)
    )
    with traced("join", job=event["job"]):
        status = settle_job(
            jobs, bucket, metering, event["job"], event["attempt"], ending, utc_now, wiring.deliveries()
        )
    observe.ended("joined", status=status)
    return {"status": status}

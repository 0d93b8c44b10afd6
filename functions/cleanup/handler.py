"""The Lambda entry points of this folder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ocrchat import observe


def reconcile(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """On a schedule. {"min_age_seconds"?} -> what became of jobs that have not ended, see Reconciler.run."""
    from ocrchat import wiring

    from .reconcile import MIN_AGE, Reconciler

    if not event:  # a warm-up call
        return {}
    reconciler = Reconciler(wiring.jobs_table(), wiring.workflow(), wiring.functions(), wiring.settings().join_function)
    min_age = timedelta(seconds=event.get("min_age_seconds", MIN_AGE.total_seconds()))
    outcomes = reconciler.run(datetime.now(UTC), min_age)
    observe.ended("reconciled", **outcomes)
    return outcomes


def sweep(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """On a schedule. Returns what was due and is deleted, see Sweeper.run."""
    from ocrchat import wiring

    from .sweep import Sweeper

    if not event:
        return {}
    sweeper = Sweeper(wiring.due_index(), wiring.bucket(), wiring.chats_table(), wiring.drop_folder())
    outcomes = sweeper.run(datetime.now(UTC))
    observe.ended("swept", **outcomes)
    return outcomes


def orphans(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """On a schedule. {"anew"?: the walk begins now} -> see Orphans.run."""
    from ocrchat import wiring

    from .orphans import Orphans
    from .walk import Walk

    if not event:
        return {}
    walk = Walk(wiring.cursors(), "orphans")
    looker = Orphans(wiring.jobs_table(), wiring.uploads_table(), wiring.bucket(), walk)
    outcomes = looker.run(datetime.now(UTC), anew=event.get("anew", False))
    observe.ended("looked for orphans", **outcomes)
    return outcomes


def audit(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """On a schedule. {"anew"?: the walk begins now} -> see Audit.run."""
    from ocrchat import wiring

    from .audit import Audit
    from .walk import Walk

    if not event:
        return {}
    auditor = Audit(wiring.balances_table(), wiring.jobs_table(), Walk(wiring.cursors(), "audit"))
    outcomes = auditor.run(datetime.now(UTC), anew=event.get("anew", False))
    observe.ended("audited", **outcomes)
    return outcomes


def dead_letters(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """SQS: the dead-letter queues."""
    from ocrchat import wiring

    from .dead_letters import report

    if not event:
        return {}
    in_time = report(event, wiring.workflow())
    observe.ended("dead letters", reported=in_time, records=len(event["Records"]))
    return {"reported": in_time}


def dead_drops(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """SQS: the dead-letter queues of what is dropped into the bucket, and of what goes back."""
    from ocrchat import wiring

    from .dead_drops import tell

    if not event:
        return {}
    told = tell(event, wiring.drop_folder(), wiring.jobs_table())
    observe.ended("dead drops", told=told, records=len(event["Records"]))
    return {"told": told}

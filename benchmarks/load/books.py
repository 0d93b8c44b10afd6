"""Whether what was charged is what was delivered, read past the service."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from infra.local.service import Service
from tests.faults.auditor import findings
from tests.faults.evidence import Evidence, Witness

IDLE_WITHIN_S = 120.0
"""For what jobs leave to be done when they have ended."""


@dataclass(frozen=True, slots=True)
class Books:
    """`charged` and `delivered` in pages: here each costs one. `findings`: of every job, ledger, balance and queue."""

    holders: int
    entries: int
    charged: int
    delivered: int
    statuses: Counter[str]
    findings: list[str]


def judged(service: Service) -> Books:
    witness = Witness(service)
    until = time.monotonic() + IDLE_WITHIN_S
    while (witness.unsettled() or not witness.is_idle()) and time.monotonic() < until:
        time.sleep(0.5)
    return of(witness.testimony(), datetime.now(UTC))


def of(evidence: Evidence, now: datetime) -> Books:
    """Pure."""
    entries = [entry for some in evidence.entries.values() for entry in some]
    charged = -sum(entry.credits for entry in entries if entry.kind in ("reserve", "settle"))
    delivered = sum(job.page_count - job.unread_pages for job in evidence.jobs.values())
    told = findings(evidence, now)
    if charged != delivered:
        told.append(f"{charged} pages are charged, {delivered} delivered")
    statuses: Counter[str] = Counter(job.status for job in evidence.jobs.values())
    return Books(len(evidence.wallets), len(entries), charged, delivered, statuses, told)

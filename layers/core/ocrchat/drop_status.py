"""What became of a dropped object, as the file beside its results says it. Its fields are always the same:

status        accepted, processing, done, failed, refused
uuid          of the job; null where there is none
code, detail  why it failed or was refused, else null; codes and further members are those of the API's errors
source        {key, etag, size, dropped_at} of the object
options       {tier, language, tool, translate_to, pages, formats} as they were understood, else null
page_count    null where there is no job
cost          {credits, refunded}, null where there is no job
warnings      [{code, message}]
formats       {txt: key of the object, …}: what there is by now
created_at, finished_at
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ocrchat.drops import Drop
from ocrchat.errors import JobDeleted, JobExpired, OcrChatError
from ocrchat.jobs import Job, has_expired, iso
from ocrchat.pages import Notice

_RANKS = {"refused": 0, "accepted": 1, "processing": 2, "done": 3, "failed": 3}


def refused(drop: Drop, error: OcrChatError, options: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """There is no job. `options` are None where they are what is wrong, or were not looked at."""
    return {
        **error.extra,
        "status": "refused",
        "uuid": None,
        "code": error.code,
        "detail": error.detail,
        "source": _source(drop),
        "options": options,
        "page_count": None,
        "cost": None,
        "warnings": [],
        "formats": {},
        "created_at": iso(now),
        "finished_at": iso(now),
    }


def of_job(
    job: Job,
    drop: Drop,
    now: datetime,
    *,
    formats: Mapping[str, str] | None = None,
    problems: Sequence[Notice] = (),
    seen_running: bool = False,
) -> dict[str, Any]:
    """`formats`: format -> key of what was delivered; `problems`: what could not be. `seen_running`: it is some time
    since the job was accepted."""
    status, failure = _ending(job, now) if job.settled else ("processing" if seen_running else "accepted", None)
    return {
        "status": status,
        "uuid": job.uuid,
        "code": failure.code if failure else None,
        "detail": failure.message if failure else None,
        "source": _source(drop),
        "options": None if job.status == "deleted" else options_of(job, drop),
        "page_count": job.page_count,
        "cost": {"credits": job.cost, "refunded": job.price * job.unread_pages},
        "warnings": [warning.as_json() for warning in (*job.warnings, *problems)],
        "formats": dict(formats or {}),
        "created_at": iso(job.created_at),
        "finished_at": iso(job.settled_at or job.deleted_at),
    }


def undelivered(job: Job, drop: Drop, error: OcrChatError, now: datetime) -> dict[str, Any]:
    """The job has an end, or will have, and nobody can bring its results here."""
    return of_job(job, drop, now) | {"status": "failed", "code": error.code, "detail": error.detail}


def _ending(job: Job, now: datetime) -> tuple[str, Notice | None]:
    if job.status == "deleted":
        return "failed", Notice(JobDeleted.code, JobDeleted.title)
    if has_expired(job, now):
        return "failed", Notice(JobExpired.code, JobExpired.title)
    return job.status, job.error


def options_of(order: Any, drop: Drop) -> dict[str, Any]:
    """`order`: a job, or what is to become one."""
    return {
        "tier": order.tier,
        "language": order.language,
        "tool": order.tool,
        "translate_to": order.translate_to,
        "pages": order.pages,
        "formats": list(drop.formats),
    }


def _source(drop: Drop) -> dict[str, Any]:
    return {"key": drop.key, "etag": drop.etag, "size": drop.size, "dropped_at": iso(drop.dropped_at)}


def replaces(new: Mapping[str, Any], old: Mapping[str, Any] | None) -> bool:
    """Whether a status may take the place of the one that is there: never that of an object which was put later under
    the same key, and never one that says how it ended by one that says that it began. None: there is none, or none that
    can be read."""
    if old is None or old.get("status") not in _RANKS or not isinstance(old.get("source"), dict):
        return True
    mine, there = new["source"], old["source"]
    is_later = str(there.get("dropped_at")) < str(mine["dropped_at"])
    is_not_before = _RANKS[new["status"]] >= _RANKS[old["status"]]
    if new["uuid"] is not None and old.get("uuid") == new["uuid"]:
        return is_later or is_not_before
    if there.get("dropped_at") != mine["dropped_at"]:
        return is_later
    return is_not_before or there.get("etag") != str(mine["etag"])

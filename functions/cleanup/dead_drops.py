"""What was dropped into the bucket and could not be worked off, however often it was tried: the file beside its results
says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ocrchat import observe
from ocrchat.drop_status import refused, undelivered
from ocrchat.drops import Event, events_in
from ocrchat.errors import InternalError
from ocrchat.store.deliveries import Delivery
from ocrchat.store.drop_folder import DropFolder
from ocrchat.store.jobs_table import JobsTable

NOT_TAKEN = "The file could not be taken, through no fault of its own: drop it again"
NOT_BROUGHT = "The results could not be brought here: GET /api/v1/ocr/{uuid}/ gives them, with a token of the account"


def tell(event: Mapping[str, Any], folder: DropFolder, jobs: JobsTable) -> int:
    """Of each record; returns how many could be told of."""
    told = 0
    for record in event["Records"]:
        observe.count("DropsDead")
        body = record["body"]
        observe.logger().error("drop dead", extra={"body": body[:1000]})
        try:
            told += _of_delivery(Delivery.parse(body), folder, jobs)
            continue
        except ValueError:
            pass  # it is a message of the other queue, or of none
        try:
            told += sum(_of_drop(one, folder) for one in events_in(body))
        except ValueError:
            observe.logger().exception("a dead letter that is neither S3's nor ours")
    return told


def _of_drop(event: Event, folder: DropFolder) -> bool:
    found = folder.find(event.key)
    if found is None or found.drop.etag != event.etag:
        return False
    return folder.put_status(refused(found.drop, InternalError(NOT_TAKEN), None, datetime.now(UTC)))


def _of_delivery(delivery: Delivery, folder: DropFolder, jobs: JobsTable) -> bool:
    job = jobs.get(delivery.job)
    if job is None or job.drop is None:
        return False
    drop = delivery.drop or job.drop
    there = folder.status(drop.key)
    if there and there.get("uuid") == job.uuid and there.get("status") in ("done", "failed"):
        return False  # another message brought them
    error = InternalError(NOT_BROUGHT.format(uuid=job.uuid))
    return folder.put_status(undelivered(job, drop, error, datetime.now(UTC)))

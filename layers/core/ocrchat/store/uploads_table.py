"""Uploads: rows `upload#{id}` of the jobs table, one for each presigned form that was given out.

{holder, filename?, size, created_at, expires_at, state: open | claimed, job?, due, expires (TTL)}

`filename` goes to the job that claims it: the user's words stand in one place, and are deleted there. When a row is
`due` it is deleted with what was sent for it; its TTL is later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from ocrchat.store.batch import get_all
from ocrchat.store.due_index import due_values
from ocrchat.store.items import Item, attribute, attributes, plain, timestamp
from ocrchat.store.transaction import Write

SUBMITTED_WITHIN = timedelta(minutes=1)
"""Longer than a request that began before the upload expired may still take."""

EXPIRED_KEPT = timedelta(days=1)
"""TTL must not be there before the sweep, which finds by the row what was sent for it."""


@dataclass(frozen=True, slots=True)
class PendingUpload:
    """`holder`: who asked for it. `size` in bytes, as it was announced and signed.
    `job`: the uuid of the job that claimed it; `filename` is empty from then on. Times are UTC."""

    id: str
    holder: str
    filename: str
    size: int
    created_at: datetime
    expires_at: datetime
    state: Literal["open", "claimed"] = "open"
    job: str | None = None


class UploadsTable:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def create(self, upload: PendingUpload) -> None:
        values = {
            "pk": _pk(upload.id),
            "holder": upload.holder,
            "filename": upload.filename,
            "size": upload.size,
            "created_at": timestamp(upload.created_at),
            "expires_at": timestamp(upload.expires_at),
            "expires": int((upload.expires_at + EXPIRED_KEPT).timestamp()),
            "state": upload.state,
            **due_values(upload.id, upload.expires_at + SUBMITTED_WITHIN),
        }
        self._client.put_item(TableName=self._name, Item=attributes(values))

    def get(self, upload_id: str) -> PendingUpload | None:
        answer = self._client.get_item(TableName=self._name, Key=_key(upload_id), ConsistentRead=True)
        return _from_item(upload_id, answer["Item"]) if "Item" in answer else None

    def known(self, upload_ids: Sequence[str]) -> set[str]:
        """Those that have a row."""
        found = get_all(self._client, self._name, [_key(upload_id) for upload_id in upload_ids])
        return {item["pk"]["S"].removeprefix("upload#") for item in found}

    def claim(self, upload_id: str, job_uuid: str) -> Write:
        """The write `upload` of the transaction that accepts the job, on condition that no other has claimed it."""
        update = {
            "TableName": self._name,
            "Key": _key(upload_id),
            "UpdateExpression": "SET #state = :claimed, #job = :job REMOVE #filename",
            "ConditionExpression": "#state = :open",
            "ExpressionAttributeNames": {"#state": "state", "#job": "job", "#filename": "filename"},
            "ExpressionAttributeValues": attributes({":claimed": "claimed", ":open": "open", ":job": job_uuid}),
        }
        return Write("upload", {"Update": update})


def _pk(upload_id: str) -> str:
    return f"upload#{upload_id}"


def _key(upload_id: str) -> Item:
    return {"pk": attribute(_pk(upload_id))}


def _from_item(upload_id: str, item: Item) -> PendingUpload:
    values = plain(item)
    return PendingUpload(
        upload_id,
        values["holder"],
        values.get("filename", ""),
        values["size"],
        datetime.fromisoformat(values["created_at"]),
        datetime.fromisoformat(values["expires_at"]),
        values["state"],
        values.get("job"),
    )

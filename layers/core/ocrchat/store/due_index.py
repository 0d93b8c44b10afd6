"""What is to be deleted, and when: those rows of the jobs table that have `due`, jobs and uploads, by the index of that
name. `due` ends with the row's id, and says what was seen: of two sweeps that meet, one carries it on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from ocrchat.jobs import Job
from ocrchat.store.errors import is_condition_failure
from ocrchat.store.items import Item, attribute, attributes, job_from, timestamp
from ocrchat.store.shards import rows_before


def due_values(row_id: str, at: datetime) -> dict[str, object]:
    """The attributes by which the row of that id is due at that time."""
    return {"due_shard": row_id[0], "due": f"{timestamp(at)}#{row_id}"}


@dataclass(frozen=True, slots=True)
class Due:
    """A row that is due: of a job or, where `job` is None, of an upload. `mark` is its `due`."""

    pk: str
    mark: str
    job: Job | None

    @property
    def id(self) -> str:
        return self.mark.partition("#")[2]

    @property
    def since(self) -> datetime:
        return datetime.fromisoformat(self.mark.partition("#")[0])


class DueIndex:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def due(self, now: datetime) -> Iterator[Due]:
        """See `rows_before`."""
        for item in rows_before(self._client, self._table, "due", ("due_shard", "due"), now):
            pk = item["pk"]["S"]
            yield Due(pk, item["due"]["S"], job_from(item) if pk.startswith("job#") else None)

    def done(self, due: Due, next_at: datetime | None) -> bool:
        """What was due is done; there is more to do then, or nothing any more: then a dropped object's key goes, too.
        False if the row is not any more as it was seen: somebody else was first, or it was deleted meanwhile."""
        if next_at is None:
            return self._changed(due, "REMOVE #shard, #due, #drop", {}, {"#drop": "drop"})
        values = due_values(due.id, next_at)
        return self._changed(
            due, "SET #shard = :shard, #due = :due", {":shard": values["due_shard"], ":due": values["due"]}
        )

    def forget(self, due: Due) -> bool:
        """Deletes the row, unless it is not any more as it was seen."""
        return self._written(
            self._client.delete_item,
            Key=_key(due),
            ConditionExpression="#due = :seen",
            ExpressionAttributeNames={"#due": "due"},
            ExpressionAttributeValues=attributes({":seen": due.mark}),
        )

    def _changed(
        self, due: Due, change: str, values: dict[str, object], names: Mapping[str, str] = MappingProxyType({})
    ) -> bool:
        return self._written(
            self._client.update_item,
            Key=_key(due),
            UpdateExpression=change,
            ConditionExpression="#due = :seen",
            ExpressionAttributeNames={"#shard": "due_shard", "#due": "due", **names},
            ExpressionAttributeValues=attributes(values | {":seen": due.mark}),
        )

    def _written(self, call: Any, **request: Any) -> bool:
        try:
            call(TableName=self._table, **request)
        except self._client.exceptions.ClientError as error:
            if is_condition_failure(error):
                return False
            raise
        return True


def _key(due: Due) -> Item:
    return {"pk": attribute(due.pk)}

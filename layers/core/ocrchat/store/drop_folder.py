"""The part of the bucket that customers see: what they drop, what is put there for them, and what became of it. See
`ocrchat.drops` for the keys. Each result carries the uuid of its job, so that nothing of a later one under the same key
is deleted in its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from ocrchat.drop_status import replaces
from ocrchat.drops import Drop, result_key, status_key
from ocrchat.errors import Overloaded
from ocrchat.jobs import FORMATS
from ocrchat.store.bucket import HIDDEN, original_key
from ocrchat.store.errors import code_of, is_condition_failure, is_missing_object

JOB = "job"
"""The name of the metadata that names the job."""

ARCHIVED = frozenset({"GLACIER", "DEEP_ARCHIVE"})

TRIES = 5
"""A status is written by three functions, each a few times: two of them meet seldom, and then once."""

_CHANGED = frozenset({"ConditionalRequestConflict", "409"})


class DropChanged(Exception):
    """The object was put anew, or deleted, since it was looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """`metadata`: as S3 gives it, names in lower case; `unreadable_metadata`: how many entries it does not give.
    `is_readable`: whether the service's own role is enough to read it, at once."""

    drop: Drop
    metadata: Mapping[str, str]
    unreadable_metadata: int
    is_readable: bool


class DropFolder:
    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def find(self, key: str) -> Found | None:
        """None where nothing lies there."""
        try:
            head = self._client.head_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.ClientError as error:
            if is_missing_object(error) or code_of(error) in HIDDEN:
                return None
            raise
        return Found(
            Drop(key, _etag(head), int(head["ContentLength"]), head["LastModified"].astimezone(UTC)),
            {name.lower(): value for name, value in head.get("Metadata", {}).items()},
            int(head.get("MissingMeta") or 0),
            "kms" not in head.get("ServerSideEncryption", "") and head.get("StorageClass") not in ARCHIVED,
        )

    def copy_to_original(self, drop: Drop, uuid: str) -> None:
        """Raises DropChanged where it is not that object any more."""
        try:
            self._client.copy_object(
                Bucket=self._bucket,
                Key=original_key(uuid),
                CopySource={"Bucket": self._bucket, "Key": drop.key},
                CopySourceIfMatch=f'"{drop.etag}"',
                MetadataDirective="REPLACE",
                TaggingDirective="REPLACE",
            )
        except self._client.exceptions.ClientError as error:
            if is_condition_failure(error) or is_missing_object(error):
                raise DropChanged(drop.key) from error
            raise

    def consume(self, drop: Drop) -> None:
        """Deletes the object, unless it is another one by now."""
        self._delete_if(drop.key, drop.etag)

    def deliver(self, source: str, drop: Drop, name: str, uuid: str, media_type: str) -> str:
        """Puts a copy of the object at `source` beside the drop's other results; its key."""
        key = result_key(drop.key, name)
        self._client.copy_object(
            Bucket=self._bucket,
            Key=key,
            CopySource={"Bucket": self._bucket, "Key": source},
            ContentType=media_type,
            Metadata={JOB: uuid},
            MetadataDirective="REPLACE",
        )
        return key

    def delete_results(self, uuid: str, key: str, *, with_status: bool) -> None:
        """What was delivered of this job, and of no other under the same key."""
        keys = [result_key(key, name) for name in FORMATS] + ([status_key(key)] if with_status else [])
        for one in keys:
            try:
                head = self._client.head_object(Bucket=self._bucket, Key=one)
            except self._client.exceptions.ClientError as error:
                if is_missing_object(error) or code_of(error) in HIDDEN:
                    continue
                raise
            if head.get("Metadata", {}).get(JOB) == uuid:
                self._delete_if(one, _etag(head))

    def status(self, key: str) -> dict[str, Any] | None:
        """What it says that became of the object of that key; None where it says nothing."""
        return self._status(key)[0]

    def put_status(self, status: Mapping[str, Any]) -> bool:
        """False where it may not replace the one that is there. Raises Overloaded where others write all the time."""
        key = status["source"]["key"]
        body = json.dumps(status, indent=1).encode()
        for _ in range(TRIES):
            there, etag = self._status(key)
            if not replaces(status, there):
                return False
            condition = {"IfMatch": f'"{etag}"'} if etag else {"IfNoneMatch": "*"}
            try:
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=status_key(key),
                    Body=body,
                    ContentType="application/json",
                    Metadata={JOB: status["uuid"]} if status["uuid"] else {},
                    **condition,
                )
            except self._client.exceptions.ClientError as error:
                if not (is_condition_failure(error) or is_missing_object(error) or code_of(error) in _CHANGED):
                    raise
            else:
                return True
        raise Overloaded

    def _status(self, key: str) -> tuple[dict[str, Any] | None, str | None]:
        """With the ETag of the object that it stands in."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=status_key(key))
        except self._client.exceptions.ClientError as error:
            if is_missing_object(error) or code_of(error) in HIDDEN:
                return None, None
            raise
        try:
            status = json.loads(answer["Body"].read())
        except ValueError:
            status = None
        return (status if isinstance(status, dict) else None), _etag(answer)

    def _delete_if(self, key: str, etag: str) -> None:
        try:
            self._client.delete_object(Bucket=self._bucket, Key=key, IfMatch=f'"{etag}"')
        except self._client.exceptions.ClientError as error:
            if not (is_condition_failure(error) or is_missing_object(error) or code_of(error) in _CHANGED):
                raise


def _etag(answer: Mapping[str, Any]) -> str:
    return str(answer["ETag"]).strip('"')

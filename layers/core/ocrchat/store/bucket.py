"""The one private bucket.

incoming/{upload}                  what is sent by a presigned form, until it is submitted
uploads/{job}/original             what the user sent
pages/{job}/{page}.{format}        one page each, between split and join
readings/{job}/{page}.json, .jpg   for a model: what the cpu tier read on a page, and the page's picture, until join
results/{job}/pages/{page}.json    one page result each, with lines and words
results/{job}/document.json        the finished job object
results/{job}/words.json           the same with lines and words, written when first asked for
exports/{job}/{attempt}-{version}.{format}   downloads: of that attempt's document, by that version of the renderer
chats/{job}/{attempt}-{version}.sqlite       what questions are answered by: the index of that attempt's pages
drop/{account}/…, drop-results/{account}/…   what customers put there, and find there: see `drop_folder.py`
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from urllib.parse import quote

from ocrchat.errors import PageTooDense
from ocrchat.limits import LIMITS
from ocrchat.pages import PageFormat, PageResult, PreparedPage
from ocrchat.store.errors import code_of, is_condition_failure, is_missing_object

READ_AHEAD = 16
"""Page results that are fetched ahead of the one in use: bounds memory, hides latency."""

JOB_FOLDERS = ("uploads", "pages", "readings", "results", "exports", "chats")
"""Where a job has objects, each under its uuid: what deletes a job, and what looks for objects of none, goes through
these."""

INCOMING = "incoming"
"""Where each upload has one object, under its id."""

PRESIGNED_SECONDS = 15 * 60

DELETED_AT_ONCE = 1000
"""Keys that one request may delete, and that one page of a list holds."""


def incoming_key(upload_id: str) -> str:
    return f"{INCOMING}/{upload_id}"


def original_key(uuid: str) -> str:
    return f"uploads/{uuid}/original"


def page_key(uuid: str, index: int, page_format: PageFormat) -> str:
    return f"pages/{uuid}/{index:05}.{page_format}"


def reading_key(uuid: str, index: int) -> str:
    return f"readings/{uuid}/{index:05}.json"


def picture_key(uuid: str, index: int) -> str:
    return f"readings/{uuid}/{index:05}.jpg"


def page_result_key(uuid: str, index: int) -> str:
    return f"results/{uuid}/pages/{index:05}.json"


def document_key(uuid: str, *, words: bool = False) -> str:
    return f"results/{uuid}/{'words' if words else 'document'}.json"


def export_key(uuid: str, file: str) -> str:
    return f"exports/{uuid}/{file}"


def chat_index_key(uuid: str, file: str) -> str:
    return f"chats/{uuid}/{file}"


HIDDEN = frozenset({"403", "AccessDenied"})
"""What S3 answers for an object that is not there to a role that may not list the bucket."""


class IncomingChanged(Exception):
    """The uploaded object was written anew or deleted since it was looked at."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An uploaded object as it was when it was looked at; `size` in bytes."""

    size: int
    etag: str


class Bucket:
    """`presigner` makes the URLs where clients reach S3 at another address than this process does."""

    def __init__(self, client: Any, name: str, presigner: Any = None) -> None:
        self._client = client
        self._name = name
        self._presigner = presigner or client

    def incoming_form(self, upload_id: str, size: int, media_type: str) -> dict[str, Any]:
        """{"url", "fields"}: a form by which anybody can send exactly so many bytes of this type, to this key alone."""
        form: dict[str, Any] = self._presigner.generate_presigned_post(
            Bucket=self._name,
            Key=incoming_key(upload_id),
            Fields={"Content-Type": media_type},
            Conditions=[{"Content-Type": media_type}, ["content-length-range", size, size]],
            ExpiresIn=PRESIGNED_SECONDS,
        )
        return form

    def head_incoming(self, upload_id: str) -> Incoming | None:
        """None where nothing was sent yet."""
        try:
            head = self._client.head_object(Bucket=self._name, Key=incoming_key(upload_id))
        except self._client.exceptions.ClientError as error:
            if is_missing_object(error):
                return None
            raise
        return Incoming(int(head["ContentLength"]), head["ETag"])

    def copy_incoming_to_original(self, upload_id: str, uuid: str, etag: str) -> None:
        """Raises IncomingChanged where the object is not the one with that ETag any more."""
        try:
            self._client.copy_object(
                Bucket=self._name,
                Key=original_key(uuid),
                CopySource={"Bucket": self._name, "Key": incoming_key(upload_id)},
                CopySourceIfMatch=etag,
            )
        except self._client.exceptions.ClientError as error:
            if is_condition_failure(error) or is_missing_object(error):
                raise IncomingChanged(upload_id) from error
            raise

    def delete_incoming(self, upload_id: str) -> None:
        self._client.delete_object(Bucket=self._name, Key=incoming_key(upload_id))

    def put_original(self, uuid: str, file: IO[bytes]) -> None:
        self._client.put_object(Bucket=self._name, Key=original_key(uuid), Body=file)

    def delete_original(self, uuid: str) -> None:
        self._client.delete_object(Bucket=self._name, Key=original_key(uuid))

    def fetch_original(self, uuid: str, file: IO[bytes]) -> None:
        """Streams the original into `file`."""
        self._fetch(original_key(uuid), file)

    def fetch_original_if_kept(self, uuid: str, file: IO[bytes]) -> bool:
        """The same for a function that may not list the bucket; False where the original has been deleted."""
        try:
            self.fetch_original(uuid, file)
        except self._client.exceptions.ClientError as error:
            if is_missing_object(error) or code_of(error) in HIDDEN:
                return False
            raise
        return True

    def original_url(self, uuid: str) -> str:
        """A URL that lets a function without any rights read this one original, for a minute."""
        params = {"Bucket": self._name, "Key": original_key(uuid)}
        return str(self._client.generate_presigned_url("get_object", Params=params, ExpiresIn=60))

    def copy_original_to_page(self, uuid: str, page_format: PageFormat) -> None:
        self._client.copy_object(
            Bucket=self._name,
            Key=page_key(uuid, 0, page_format),
            CopySource={"Bucket": self._name, "Key": original_key(uuid)},
        )

    def put_page(self, uuid: str, index: int, page_format: PageFormat, data: bytes) -> None:
        self._client.put_object(Bucket=self._name, Key=page_key(uuid, index, page_format), Body=data)

    def get_page(self, uuid: str, index: int, page_format: PageFormat) -> bytes:
        """Empty where split could not cut this page out."""
        data: bytes = self._client.get_object(Bucket=self._name, Key=page_key(uuid, index, page_format))["Body"].read()
        return data

    def delete_pages(self, uuid: str, indexes: Sequence[int], page_format: PageFormat) -> None:
        """The objects of these pages, a thousand a request."""
        for start in range(0, len(indexes), DELETED_AT_ONCE):
            some = indexes[start : start + DELETED_AT_ONCE]
            self._delete([page_key(uuid, index, page_format) for index in some])

    def put_prepared(self, uuid: str, index: int, prepared: PreparedPage) -> None:
        """The reading last: where it is, the picture is."""
        self._client.put_object(
            Bucket=self._name, Key=picture_key(uuid, index), Body=prepared.picture, ContentType="image/jpeg"
        )
        self._client.put_object(
            Bucket=self._name,
            Key=reading_key(uuid, index),
            Body=_as_bytes(prepared.reading),
            ContentType="application/json",
        )

    def get_prepared(self, uuid: str, index: int) -> PreparedPage:
        reading = self._client.get_object(Bucket=self._name, Key=reading_key(uuid, index))["Body"].read()
        picture = self._client.get_object(Bucket=self._name, Key=picture_key(uuid, index))["Body"].read()
        return PreparedPage(PageResult.from_json(json.loads(reading)), picture)

    def has_prepared(self, uuid: str, index: int) -> bool:
        return self._exists(reading_key(uuid, index), HIDDEN)

    def delete_prepared(self, uuid: str, indexes: Sequence[int]) -> None:
        for key in (reading_key, picture_key):
            for start in range(0, len(indexes), DELETED_AT_ONCE):
                self._delete([key(uuid, index) for index in indexes[start : start + DELETED_AT_ONCE]])

    def delete_job(self, uuid: str) -> int:
        """Every object of a job, whoever wrote it; how many there were."""
        return sum(self._delete_under(f"{folder}/{uuid}/") for folder in JOB_FOLDERS)

    def owners(self, folder: str, after: str) -> tuple[list[str], str | None]:
        """The ids of jobs, or of uploads, that have an object in that folder, in their order: up to a thousand behind
        `after`, which may be empty; and what the next come behind, None where there are none."""
        behind = {"StartAfter": f"{folder}/{after}0"} if after else {}  # 0 comes after /: behind all that is below it
        answer = self._client.list_objects_v2(Bucket=self._name, Prefix=f"{folder}/", Delimiter="/", **behind)
        names = [item["Prefix"] for item in answer.get("CommonPrefixes", [])]
        names += [item["Key"] for item in answer.get("Contents", [])]
        ids = sorted(name.removeprefix(f"{folder}/").rstrip("/") for name in names)
        return ids, (ids[-1] if ids and answer["IsTruncated"] else None)

    def delete_older(self, folder: str, owner: str, before: datetime) -> int:
        """What that job, or upload, has in the folder, if it was written before; how many objects that were."""
        prefix = incoming_key(owner) if folder == INCOMING else f"{folder}/{owner}/"
        return self._delete_under(prefix, before)

    def delete_results(self, uuid: str) -> None:
        """Page results and documents."""
        self._delete_under(f"results/{uuid}/")

    def put_page_result(self, uuid: str, result: PageResult) -> bool:
        """Writes a page's result once; False if it was there. One that is too large is replaced by its error."""
        body = _as_bytes(result)
        if len(body) > LIMITS.page_result_bytes:
            body = _as_bytes(PageResult.unread(result.index, PageTooDense()))
        try:
            self._client.put_object(
                Bucket=self._name,
                Key=page_result_key(uuid, result.index),
                Body=body,
                ContentType="application/json",
                IfNoneMatch="*",
            )
        except self._client.exceptions.ClientError as error:
            if is_condition_failure(error):
                return False
            raise
        return True

    def has_page_result(self, uuid: str, index: int) -> bool:
        """For workers, which may not list the bucket."""
        return self._exists(page_result_key(uuid, index), HIDDEN)

    def delete_page_results(self, uuid: str, first: int, last: int) -> None:
        for index in range(first, last + 1):
            self._client.delete_object(Bucket=self._name, Key=page_result_key(uuid, index))

    def delete_words(self, uuid: str) -> None:
        self._client.delete_object(Bucket=self._name, Key=document_key(uuid, words=True))

    def page_results(
        self, uuid: str, indexes: Sequence[int], *, may_list: bool = True
    ) -> Iterator[dict[str, Any] | None]:
        """The JSON of each page's result in order, a few fetched ahead; None for a page without one. `may_list`:
        whether the function's role may list the bucket."""
        missing = frozenset[str]() if may_list else HIDDEN
        with ThreadPoolExecutor(READ_AHEAD, thread_name_prefix="page-results") as pool:
            ahead: deque[Future[bytes | None]] = deque()
            for index in indexes:
                ahead.append(pool.submit(self._get, page_result_key(uuid, index), missing))
                if len(ahead) == READ_AHEAD:
                    yield _page_result(ahead.popleft().result())
            while ahead:
                yield _page_result(ahead.popleft().result())

    def put_document(self, uuid: str, file: IO[bytes], *, words: bool = False) -> None:
        key = document_key(uuid, words=words)
        self._client.put_object(Bucket=self._name, Key=key, Body=file, ContentType="application/json")

    def get_document(self, uuid: str, *, words: bool = False) -> bytes | None:
        return self._get(document_key(uuid, words=words))

    def document_size(self, uuid: str, *, words: bool = False) -> int | None:
        """Bytes; None where there is no such document (yet)."""
        try:
            head = self._client.head_object(Bucket=self._name, Key=document_key(uuid, words=words))
        except self._client.exceptions.ClientError as error:
            if is_missing_object(error):
                return None
            raise
        return int(head["ContentLength"])

    def has_export(self, uuid: str, file: str) -> bool:
        return self._exists(export_key(uuid, file))

    def put_export(self, uuid: str, file: str, body: IO[bytes], media_type: str) -> None:
        self._client.put_object(Bucket=self._name, Key=export_key(uuid, file), Body=body, ContentType=media_type)

    def delete_export(self, uuid: str, file: str) -> None:
        self._client.delete_object(Bucket=self._name, Key=export_key(uuid, file))

    def fetch_chat_index(self, uuid: str, file: str, into: IO[bytes]) -> bool:
        """Streams it into `into`; False where there is none. For a function that may not list the bucket, too."""
        try:
            self._fetch(chat_index_key(uuid, file), into)
        except self._client.exceptions.ClientError as error:
            if is_missing_object(error) or code_of(error) in HIDDEN:
                return False
            raise
        return True

    def put_chat_index(self, uuid: str, file: str, body: IO[bytes]) -> None:
        key = chat_index_key(uuid, file)
        self._client.put_object(Bucket=self._name, Key=key, Body=body, ContentType="application/vnd.sqlite3")

    def delete_chat_index(self, uuid: str, file: str) -> None:
        self._client.delete_object(Bucket=self._name, Key=chat_index_key(uuid, file))

    def download_url(self, key: str, *, filename: str | None = None, media_type: str | None = None) -> str:
        """A presigned GET; with `filename` the client saves it under that name (RFC 6266)."""
        params = {"Bucket": self._name, "Key": key}
        if filename is not None:
            params["ResponseContentDisposition"] = _attachment(filename)
        if media_type is not None:
            params["ResponseContentType"] = media_type
        return str(self._presigner.generate_presigned_url("get_object", Params=params, ExpiresIn=PRESIGNED_SECONDS))

    def _fetch(self, key: str, file: IO[bytes]) -> None:
        body = self._client.get_object(Bucket=self._name, Key=key)["Body"]
        for chunk in body.iter_chunks(1 << 20):
            file.write(chunk)

    def _delete_under(self, prefix: str, before: datetime | None = None) -> int:
        deleted = 0
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._name, Prefix=prefix, PaginationConfig={"PageSize": DELETED_AT_ONCE}
        )
        for page in pages:
            found = page.get("Contents", [])
            if keys := [item["Key"] for item in found if before is None or item["LastModified"] < before]:
                self._delete(keys)
            deleted += len(keys)
        return deleted

    def _delete(self, keys: Sequence[str]) -> None:
        """At most DELETED_AT_ONCE. Raises OSError where one of them was not deleted; one that is not there is."""
        objects = [{"Key": key} for key in keys]
        answer = self._client.delete_objects(Bucket=self._name, Delete={"Objects": objects, "Quiet": True})
        if answer.get("Errors"):
            first = answer["Errors"][0]
            raise OSError(f"{len(answer['Errors'])} objects were not deleted, {first['Key']} for {first.get('Code')}")

    def _exists(self, key: str, also_missing: Collection[str] = ()) -> bool:
        try:
            self._client.head_object(Bucket=self._name, Key=key)
        except self._client.exceptions.ClientError as error:
            if is_missing_object(error) or code_of(error) in also_missing:
                return False
            raise
        return True

    def _get(self, key: str, also_missing: Collection[str] = ()) -> bytes | None:
        try:
            data: bytes = self._client.get_object(Bucket=self._name, Key=key)["Body"].read()
        except self._client.exceptions.ClientError as error:
            if is_missing_object(error) or code_of(error) in also_missing:
                return None
            raise
        return data


def _as_bytes(result: PageResult) -> bytes:
    text = json.dumps(result.as_json(words=True), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")  # a PDF's text layer may hold a lone surrogate


def _page_result(data: bytes | None) -> dict[str, Any] | None:
    return None if data is None else json.loads(data)


def _attachment(filename: str) -> str:
    """RFC 6266: a plain name for old clients, the real one in UTF-8 beside it (RFC 8187)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"

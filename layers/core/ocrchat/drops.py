"""Objects that a customer puts under `drop/{account}/…`: each becomes a job, whose results are put, under the same
name, to `drop-results/{account}/…`. Keys are what a stranger wrote.

    drop/{account}/scans/a.pdf
    drop-results/{account}/scans/a.pdf.txt            and so on, one for each format that was asked for
    drop-results/{account}/scans/a.pdf.status.json    what became of it, from the first moment on
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID, uuid5

from ocrchat.errors import ParameterInvalid

DROPS, RESULTS = "drop/", "drop-results/"
STATUS = ".status.json"

MOST_KEY_BYTES = 1024
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"""

MOST_NAME_BYTES = MOST_KEY_BYTES - len(RESULTS) - len(STATUS)
"""What may follow `drop/`, so that every key made of it is one; `.status.json` is the longest of the endings."""

NAMESPACE = UUID("6f9e1b1c-5d0a-5f5e-9a53-2c2f6f0f3d55")
"""Of the uuids of jobs that are dropped, drawn once."""

_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_INVISIBLE = frozenset({"Cc", "Cs", "Cn", "Co", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the order of the characters after it, and so shows another name than there is. Marks and joiners, which
Arabic, Hebrew and Indian names are written with, are none."""


@dataclass(frozen=True, slots=True)
class Drop:
    """An object as it was found. `etag` without quotes; `size` in bytes; `dropped_at`, to the second, is when it was
    put; `formats` are what the results are wanted as."""

    key: str
    etag: str
    size: int
    dropped_at: datetime
    formats: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"dropped_at": self.dropped_at.isoformat(), "formats": list(self.formats)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Drop:
        """Raises LookupError, TypeError, ValueError for what is none."""
        return cls(
            data["key"],
            data["etag"],
            int(data["size"]),
            datetime.fromisoformat(data["dropped_at"]),
            tuple(data["formats"]),
        )


@dataclass(frozen=True, slots=True)
class Event:
    """S3 says that this object was put."""

    key: str
    etag: str


def events_in(body: str) -> list[Event]:
    """Of a message that S3 has sent to a queue: none for its test message. Keys are encoded there as in a form. Raises
    ValueError for what is no message of S3's."""
    message = json.loads(body)
    try:
        if message.get("Event") == "s3:TestEvent":
            return []
        objects = [record["s3"]["object"] for record in message["Records"]]
        return [Event(unquote_plus(one["key"]), one["eTag"]) for one in objects]
    except (AttributeError, LookupError, TypeError) as error:
        raise ValueError("no event of S3") from error


def is_folder(key: str, size: int) -> bool:
    """What consoles and file managers put to show an empty folder."""
    return key.endswith("/") and size == 0


def account_of(key: str) -> str | None:
    """Whose drop it is, as its key says; None where it can be nobody's."""
    account, slash, _ = key.removeprefix(DROPS).partition("/")
    return account if slash and _ACCOUNT.fullmatch(account) else None


def check_key(key: str) -> None:
    """Raises ParameterInvalid for a key that no results can be put under, or only under one that misleads."""
    name = key.removeprefix(DROPS)
    if account_of(key) is None:
        raise _key_invalid("begins with drop/, the id of an account, and a slash")
    if len(name.encode("utf-8", "replace")) > MOST_NAME_BYTES:
        raise _key_invalid(f"has at most {MOST_NAME_BYTES + len(DROPS)} bytes, so that there is room for an ending")
    if any(part in {"", ".", ".."} for part in name.split("/")) or any(
        part in {".", ".."} for part in re.split(r"[/\\]", name)
    ):
        raise _key_invalid("has no empty part and none that is . or ..")
    if any(unicodedata.category(c) in _INVISIBLE or c in _TURNING for c in name):
        raise _key_invalid("has no control characters and none that turn the direction of writing")
    if name.endswith(STATUS.removesuffix(".json")):
        raise _key_invalid("does not end in .status: its JSON would be another file's status")


def _key_invalid(rule: str) -> ParameterInvalid:
    return ParameterInvalid(f"`key`: an object's key {rule}; drop it under another one", parameter="key")


def result_key(key: str, name: str) -> str:
    """Where the result of that format goes. `key` has passed `check_key`."""
    return f"{RESULTS}{key.removeprefix(DROPS)}.{name}"


def status_key(key: str) -> str:
    """Where it stands what became of the object, whatever its key is."""
    try:
        check_key(key)
    except ParameterInvalid:
        digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]
        return f"{RESULTS}{account_of(key) or 'unknown'}/refused-{digest}{STATUS}"
    return f"{RESULTS}{key.removeprefix(DROPS)}{STATUS}"


def job_uuid(drop: Drop, order: Mapping[str, object]) -> str:
    """The same for the same bytes under the same key, to be read in the same way: such an object is read once, however
    often it is told of or put."""
    return uuid5(NAMESPACE, json.dumps([drop.key, drop.etag, order], sort_keys=True)).hex


def next_uuid(uuid: str, drop: Drop) -> str:
    """Of the job that follows one without a result, when the same object is put once more."""
    return uuid5(UUID(uuid), drop.dropped_at.isoformat()).hex

"""Keys and events of what is dropped into the bucket: whoever drops it chooses the key."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat.drops import (
    MOST_KEY_BYTES,
    MOST_NAME_BYTES,
    Drop,
    Event,
    account_of,
    check_key,
    events_in,
    is_folder,
    job_uuid,
    next_uuid,
    result_key,
    status_key,
)
from ocrchat.errors import ParameterInvalid
from ocrchat.jobs import FORMATS

AT = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
DROP = Drop("drop/acct_1/scans/a.pdf", "e1", 10, AT, ("txt", "json"))
ORDER = {"tier": "cpu", "language": "auto", "tool": None, "translate_to": None}


def message(*keys: str, etag: str = "e1") -> str:
    return json.dumps({"Records": [{"s3": {"object": {"key": key, "eTag": etag}}} for key in keys]})


@given(st.text(min_size=1, max_size=200))
def test_keys_are_read_as_s3_encodes_them(key: str) -> None:
    try:
        encoded = quote_plus(key, safe="/")
    except UnicodeEncodeError:  # a lone surrogate, which no key can hold
        return
    assert events_in(message(encoded)) == [Event(key, "e1")]


def test_a_plus_is_a_space_and_an_encoded_plus_is_a_plus() -> None:
    assert events_in(message("drop/a/red+flower%2B%25.pdf")) == [Event("drop/a/red flower+%.pdf", "e1")]


def test_the_message_by_which_s3_tries_the_queue_tells_of_nothing() -> None:
    assert events_in(json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"})) == []


@pytest.mark.parametrize(
    "body", ["", "{", "7", "[]", "null", '{"Records": 7}', '{"Records": [{}]}', '{"Records": [{"s3": {"object": {}}}]}']
)
def test_what_is_no_message_of_s3_is_said_to_be_none(body: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several kinds, JSONDecodeError among them
        events_in(body)


@pytest.mark.parametrize(
    "name",
    [
        "a.pdf",
        "scans/2026/a b+c%20ü.pdf",
        "契約.pdf",
        "فاتورة\u200f.pdf",  # a right-to-left mark
        "نامه\u200cها.pdf",  # a zero-width non-joiner, which Persian is written with
        "a..b/...",
        "~x.status.json",
    ],
)
def test_results_lie_under_the_name_of_what_was_dropped(name: str) -> None:
    key = f"drop/acct_1/{name}"
    check_key(key)
    assert result_key(key, "txt") == f"drop-results/acct_1/{name}.txt"
    assert status_key(key) == f"drop-results/acct_1/{name}.status.json"


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("drop/a.pdf", "account"),
        ("drop//a.pdf", "account"),
        ("drop/../a.pdf", "account"),
        ("drop/ac ct/a.pdf", "account"),
        ("drop/acct_1", "account"),
        ("drop/acct_1/../acct_2/a.pdf", "empty part"),
        ("drop/acct_1/./a.pdf", "empty part"),
        ("drop/acct_1//a.pdf", "empty part"),
        ("drop/acct_1/a/", "empty part"),
        ("drop/acct_1/..\\a.pdf", "empty part"),
        ("drop/acct_1/a\nb.pdf", "control"),
        ("drop/acct_1/a\x00.pdf", "control"),
        ("drop/acct_1/a\u2028b.pdf", "control"),
        ("drop/acct_1/\u202efdp.exe", "control"),
        ("drop/acct_1/\u2067fdp.exe", "control"),
        ("drop/acct_1/a.status", ".status"),
        ("drop/acct_1/" + "a" * 1000, "bytes"),
        ("drop/acct_1/" + "ü" * 500, "bytes"),
    ],
)
def test_a_key_that_no_result_can_lie_under_is_refused_and_told_where(key: str, rule: str) -> None:
    with pytest.raises(ParameterInvalid, match=rule) as refusal:
        check_key(key)
    assert refusal.value.extra == {"parameter": "key"}
    assert len(refusal.value.detail) < 200
    told = status_key(key)
    account = account_of(key) or "unknown"
    assert told.startswith(f"drop-results/{account}/refused-")
    assert told.isascii()


@given(st.text(max_size=1024))
def test_whatever_a_key_holds_its_status_has_a_key_below_its_account(rest: str) -> None:
    key = status_key(f"drop/acct_1/{rest}")
    assert key.startswith("drop-results/acct_1/")
    assert key.endswith(".status.json")
    assert len(key.encode()) <= MOST_KEY_BYTES
    assert ".." not in key.split("/")


def test_a_key_that_leaves_just_enough_room_for_the_longest_ending_is_taken() -> None:
    key = "drop/acct_1/" + "a" * (MOST_NAME_BYTES - len("acct_1/"))
    check_key(key)
    assert len(status_key(key)) == MOST_KEY_BYTES
    assert all(len(result_key(key, name)) < MOST_KEY_BYTES for name in FORMATS)


def test_a_folder_is_an_empty_object_whose_key_ends_with_a_slash() -> None:
    assert is_folder("drop/acct_1/scans/", 0)
    assert not is_folder("drop/acct_1/scans/", 1)
    assert not is_folder("drop/acct_1/scans", 0)


def test_the_same_bytes_under_the_same_key_are_the_same_job_whenever_they_are_put() -> None:
    again = replace(DROP, dropped_at=AT + timedelta(hours=1), formats=("pdf",))
    assert job_uuid(DROP, ORDER) == job_uuid(again, ORDER)
    assert len(job_uuid(DROP, ORDER)) == 32


def test_other_bytes_another_key_and_another_order_are_other_jobs() -> None:
    uuids = {
        job_uuid(DROP, ORDER),
        job_uuid(replace(DROP, etag="e2"), ORDER),
        job_uuid(replace(DROP, key="drop/acct_2/scans/a.pdf"), ORDER),
        job_uuid(DROP, ORDER | {"language": "deu"}),
    }
    assert len(uuids) == 4


def test_the_job_that_follows_one_without_a_result_is_the_same_for_each_event_of_the_object() -> None:
    first = job_uuid(DROP, ORDER)
    assert next_uuid(first, DROP) == next_uuid(first, DROP) != first
    assert next_uuid(first, DROP) != next_uuid(first, replace(DROP, dropped_at=AT + timedelta(seconds=1)))


def test_a_drop_is_kept_whole() -> None:
    assert Drop.from_json(json.loads(json.dumps(DROP.as_json()))) == DROP

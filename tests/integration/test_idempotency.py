"""Idempotency-Key over HTTP: the same request again is the same job, paid once; and its record in the table."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pymupdf
import pytest

from infra.local.service import Service
from ocrchat.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from ocrchat.store.idempotency import KEPT, LOCK, Begun, Idempotency, Replayed
from ocrchat.store.transaction import NotWritten, write
from tests.data import make_files
from tests.integration.support import Api, new_token

REPLAYED = "idempotent-replayed"


@pytest.fixture
def account(service: Service) -> Iterator[Api]:
    with Api(service, new_token(service)) as client:
        yield client


@pytest.fixture
def key() -> str:
    return str(uuid4())


def pdf(*texts: str) -> bytes:
    with pymupdf.open() as document:
        for text in texts:
            document.new_page().insert_text((72, 72), text)
        data: bytes = document.tobytes()
    return data


FILE = pdf("one", "two")


def send(client: Api, key: str, data: bytes = FILE, name: str = "a.pdf", **fields: str) -> httpx.Response:
    return client.http.post("/api/v1/ocr/", files={"file": (name, data)}, data=fields, headers={"Idempotency-Key": key})


def accepted(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (201, 202), answer.text
    job: dict[str, Any] = answer.json()
    return job


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert REPLAYED not in answer.headers
    document: dict[str, Any] = answer.json()
    return document


def used(client: Api) -> int:
    pages: int = client.http.get("/api/v1/account/").json()["used"]
    return pages


def jobs(client: Api) -> list[str]:
    return [job["uuid"] for job in client.http.get("/api/v1/ocr/").json()["data"]]


def at_once(number: int, call: Callable[[], httpx.Response]) -> list[httpx.Response]:
    gate = threading.Barrier(number)

    def once(_: int) -> httpx.Response:
        gate.wait()
        return call()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(once, range(number)))


# ---- the same request again ----------------------------------------------------------------------------------------


def test_the_same_request_again_is_the_same_job_charged_once(account: Api, key: str) -> None:
    first = send(account, key)
    assert REPLAYED not in first.headers
    for _ in range(3):
        again = send(account, key)
        assert again.headers[REPLAYED] == "true"
        assert again.status_code == first.status_code
        assert accepted(again) == accepted(first)
        assert again.headers["ratelimit"].startswith('"pages";r=498;')
    assert jobs(account) == [first.json()["uuid"]]
    assert used(account) == 2
    reserved = [entry for entry in account.http.get("/api/v1/account/usage/").json()["data"] if entry["credits"]]
    assert [(entry["kind"], entry["credits"]) for entry in reserved] == [("reserve", -2)]


def test_ten_at_once_are_one_job(account: Api, key: str) -> None:
    answers = at_once(10, lambda: send(account, key))
    good = [answer for answer in answers if answer.status_code in (201, 202)]
    others = [answer for answer in answers if answer not in good]
    assert Counter(REPLAYED in answer.headers for answer in good)[False] == 1
    assert len({answer.json()["uuid"] for answer in good}) == 1
    for answer in others:
        refused(answer, 409, "idempotency_key_in_use")
        assert int(answer.headers["retry-after"]) > 0
    assert jobs(account) == [good[0].json()["uuid"]]
    assert used(account) == 2


def test_a_job_that_is_still_read_is_answered_as_it_is(account: Api, key: str) -> None:
    data = make_files.scanned_pdf(6)
    first = send(account, key, data)
    assert first.status_code == 202
    again = send(account, key, data)
    assert again.headers[REPLAYED] == "true"
    assert accepted(again)["uuid"] == first.json()["uuid"]
    assert account.http.delete(f"/api/v1/ocr/{first.json()['uuid']}/").status_code == 204


def test_what_is_only_written_otherwise_is_the_same_request(account: Api, key: str) -> None:
    """The file's name, fields that say what holds without them, and other spellings of a language."""
    first = accepted(send(account, key, language="en"))
    for again in (
        send(account, key, name="b.pdf", language="eng"),
        send(account, key, language="EN", tier="cpu"),
    ):
        assert again.headers[REPLAYED] == "true"
        assert accepted(again) == first


def test_another_request_under_the_key_is_refused_and_charges_nothing(account: Api, key: str) -> None:
    first = accepted(send(account, key))
    for answer in (
        send(account, key, pdf("one", "three")),
        send(account, key, FILE + b"\n"),
        send(account, key, language="de"),
    ):
        refused(answer, 422, "idempotency_key_reused")
    assert accepted(send(account, key)) == first
    assert used(account) == 2


def test_who_has_nothing_left_is_still_told_of_the_job(service: Service, key: str) -> None:
    with Api(service, new_token(service, "paid")) as account:
        holder = account.http.get("/api/v1/account/").json()["account"]
        service.stack.operate(do="grant", account=holder, credits=2, reason="a test", key=str(uuid4()))
        first = send(account, key)
        refused(send(account, str(uuid4())), 402, "out_of_pages")
        again = send(account, key)
        assert accepted(again) == accepted(first)
        assert again.headers["ratelimit"] == '"credits";r=0'


# ---- a request that was refused ------------------------------------------------------------------------------------


def test_after_a_402_the_key_is_good_for_the_same_request(service: Service, key: str) -> None:
    with Api(service, new_token(service, "paid")) as account:
        for _ in range(2):
            assert refused(send(account, key), 402, "out_of_pages")["required"] == 1
        holder = account.http.get("/api/v1/account/").json()["account"]
        service.stack.operate(do="grant", account=holder, credits=1, reason="a test", key=str(uuid4()))
        assert refused(send(account, key), 402, "out_of_pages")["required"] == 2
        service.stack.operate(do="grant", account=holder, credits=1, reason="a test", key=str(uuid4()))
        first = send(account, key)
        assert REPLAYED not in first.headers
        assert accepted(send(account, key)) == accepted(first)
        assert account.http.get("/api/v1/account/").json()["balance"] == 0


@pytest.mark.parametrize(
    ("data", "fields", "code"),
    [
        (b"", {}, "file_empty"),
        (b"just words " * 50, {}, "file_type_unsupported"),
        (make_files.truncated(make_files.png()), {}, "file_corrupt"),
        (make_files.digital_pdf(101), {}, "too_many_pages"),
        (FILE, {"language": "klingon"}, "parameter_invalid"),
    ],
)
def test_after_a_400_the_key_is_good_for_any_request(
    account: Api, key: str, data: bytes, fields: dict[str, str], code: str
) -> None:
    for _ in range(2):
        refused(send(account, key, data, **fields), 400, code)
    assert REPLAYED not in send(account, key).headers
    assert used(account) == 2


# ---- whose key -----------------------------------------------------------------------------------------------------


def test_keys_of_different_callers_do_not_meet(service: Service, key: str) -> None:
    """Two accounts, and two addresses without one."""
    clients = [Api(service, new_token(service)), Api(service, new_token(service)), Api(service), Api(service)]
    elsewhere = httpx.HTTPTransport(local_address="127.10.0.1")
    clients[3].http = httpx.Client(base_url=service.url, timeout=60, transport=elsewhere)
    files = [pdf(str(number)) for number in range(len(clients))]
    found = [accepted(send(client, key, data)) for client, data in zip(clients, files, strict=True)]
    assert [job["text"] for job in found] == ["0", "1", "2", "3"]
    for client, data, job in zip(clients, files, found, strict=True):
        assert accepted(send(client, key, data)) == job
        client.http.close()


@pytest.mark.parametrize(
    "bad", [b"", b"two words", b"a\tb", "schlüssel".encode(), b"\xff", b"a" * 256], ids=lambda bad: repr(bad[:12])
)
def test_a_key_that_is_none_is_refused(account: Api, bad: bytes) -> None:
    answer = account.http.post("/api/v1/ocr/", files={"file": ("a.pdf", FILE)}, headers=[(b"Idempotency-Key", bad)])
    assert refused(answer, 400, "parameter_invalid")["parameter"] == "Idempotency-Key"
    assert used(account) == 0


@pytest.mark.parametrize("good", ["x", "!~#\"'/\\%", "a" * 255])
def test_a_key_may_have_all_printable_characters(account: Api, good: str) -> None:
    first = accepted(send(account, good))
    assert accepted(send(account, good)) == first


# ---- afterwards ----------------------------------------------------------------------------------------------------


def test_the_replay_of_a_deleted_job_says_so(account: Api, key: str) -> None:
    job = accepted(send(account, key))
    assert account.http.delete(f"/api/v1/ocr/{job['uuid']}/").status_code == 204
    for _ in range(2):
        refused(send(account, key), 410, "job_deleted")
    assert jobs(account) == []
    assert used(account) == 2


@pytest.fixture
def table(service: Service) -> str:
    name: str = service.stack.outputs["JobsTableName"]
    return name


@pytest.fixture
def store(service: Service, table: str) -> Idempotency:
    return Idempotency(service.stack.client("dynamodb"), table)


NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def begun(found: Begun | Replayed) -> Begun:
    assert isinstance(found, Begun)
    return found


def finish(service: Service, store: Idempotency, record: Begun, outcome: str) -> None:
    write(service.stack.client("dynamodb"), [store.finish(record, outcome)])


def test_an_outcome_is_kept_for_a_day_and_not_longer(service: Service, store: Idempotency, key: str) -> None:
    """The table's own TTL deletes late, so the row is still there."""
    finish(service, store, begun(store.begin("me", key, "print", NOW)), "a job")
    assert store.begin("me", key, "print", NOW + KEPT - SECOND) == Replayed("a job")
    with pytest.raises(IdempotencyKeyReused):
        store.begin("me", key, "another", NOW + KEPT - SECOND)
    later = begun(store.begin("me", key, "another", NOW + KEPT))
    with pytest.raises(IdempotencyKeyReused):
        store.begin("me", key, "print", NOW + KEPT)
    finish(service, store, later, "another job")
    assert store.begin("me", key, "another", NOW + 2 * KEPT - SECOND) == Replayed("another job")


def test_the_row_is_marked_for_deletion_when_it_expires(
    service: Service, store: Idempotency, table: str, key: str
) -> None:
    record = begun(store.begin("me", key, "print", NOW))
    row = service.stack.client("dynamodb").get_item(TableName=table, Key={"pk": {"S": record.pk}})["Item"]
    assert int(row["expires"]["N"]) == int((NOW + KEPT).timestamp())
    assert key not in str(row)


def test_a_request_that_died_holds_its_key_for_a_minute(service: Service, store: Idempotency, key: str) -> None:
    """Should it be alive after all, it can neither finish nor give back what is somebody else's by then."""
    dead = begun(store.begin("me", key, "print", NOW))
    with pytest.raises(IdempotencyKeyInUse):
        store.begin("me", key, "print", NOW + LOCK - SECOND)
    alive = begun(store.begin("me", key, "print", NOW + LOCK))
    with pytest.raises(NotWritten):
        finish(service, store, dead, "the job of the dead")
    store.give_back(dead)
    finish(service, store, alive, "a job")
    store.give_back(alive)
    assert store.begin("me", key, "print", NOW + LOCK) == Replayed("a job")

"""Downloads over real HTTP: rendered once, waited for, and never an error that is saved as a file."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pymupdf
import pytest
import requests

from export.formats import FORMATS as KINDS
from ocrchat.jobs import FORMATS
from ocrchat.limits import LIMITS
from ocrchat.store.balances_table import BalancesTable
from tests.integration.support import Api, attempts, logged, new_token

PAST = "2020-01-01T00:00:00.000000+00:00"


def pdf(*texts: str) -> bytes:
    with pymupdf.open() as document:
        for text in texts:
            document.new_page().insert_text((72, 72), text)
        data: bytes = document.tobytes()
    return data


def path_of(job: dict[str, Any]) -> str:
    return f"/api/v1/ocr/{job['uuid']}/download/"


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    found: dict[str, Any] = answer.json()
    assert found["code"] == code
    return found


def renderings(job: dict[str, Any]) -> int:
    """How often a renderer began."""
    return attempts().count(f"rendering {job['uuid']}")


def change_row(api: Api, pk: str, **values: str) -> None:
    stack = api.service.stack
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["JobsTableName"],
        Key={"pk": {"S": pk}},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeNames={f"#{name}": name for name in values},
        ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
    )


def rows(api: Api, job: dict[str, Any]) -> list[dict[str, Any]]:
    """Of the job's files that are being rendered, or could not be."""
    stack = api.service.stack
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.outputs["JobsTableName"])
    items = [item for page in pages for item in page["Items"]]
    return [item for item in items if item["pk"]["S"].startswith(f"export#{job['uuid']}#")]


def await_rows(api: Api, job: dict[str, Any], are_there: Callable[[list[dict[str, Any]]], bool]) -> None:
    deadline = time.monotonic() + 30
    while not are_there(rows(api, job)):
        assert time.monotonic() < deadline, rows(api, job)
        time.sleep(0.05)


def end_claim(api: Api, job: dict[str, Any]) -> None:
    """As time would: the claim's, or that of the error that is kept."""
    (row,) = rows(api, job)
    change_row(api, row["pk"]["S"], until=PAST)


def exports(api: Api, job: dict[str, Any]) -> list[str]:
    stack = api.service.stack
    listed = stack.client("s3").list_objects_v2(Bucket=stack.outputs["BucketName"], Prefix=f"exports/{job['uuid']}/")
    return [item["Key"].rsplit("/", 1)[1] for item in listed.get("Contents", [])]


@pytest.fixture
def gate(faulty: Api) -> Iterator[Path]:
    """A rendering that waits goes on when this file is there."""
    path = Path(os.environ["FAULT_LOG"]).with_suffix(".gate")
    path.unlink(missing_ok=True)
    yield path
    path.touch()


# ---- once ----------------------------------------------------------------------------------------------------------


def test_twenty_clients_at_once_get_one_rendering(faulty: Api) -> None:
    """Of two accounts, of which each may have ten that wait."""
    job, tokens = faulty.read(pdf("one", "two")), [new_token(faulty.service) for _ in range(2)]

    def fetch(number: int) -> httpx.Response:
        query = {"api_token": tokens[number % 2]}
        return httpx.get(faulty.service.url + path_of(job), params=query, follow_redirects=True, timeout=60)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(fetch, range(20)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, "one\ftwo")}
    assert renderings(job) == 1
    assert exports(faulty, job) == ["1-1.txt"]
    assert rows(faulty, job) == []


def test_a_file_that_is_there_is_not_rendered_again_and_another_version_of_the_renderer_makes_its_own(
    faulty: Api,
) -> None:
    job, stack = faulty.read(pdf("one")), faulty.service.stack
    older = {"Bucket": stack.outputs["BucketName"], "Key": f"exports/{job['uuid']}/1-0.txt"}
    stack.client("s3").put_object(**older, Body=b"of an older renderer")
    for _ in range(2):
        assert faulty.http.get(path_of(job), follow_redirects=True).text == "one"
    assert renderings(job) == 1
    assert exports(faulty, job) == ["1-0.txt", "1-1.txt"]


# ---- long ----------------------------------------------------------------------------------------------------------


def by_httpx(url: str, _: Path) -> bytes:
    with httpx.Client(follow_redirects=True, timeout=60) as client:
        answer = client.get(url)
    assert [urlsplit(str(step.url)).query for step in answer.history][1] == "hop=1", (
        "what was not asked for is not added"
    )
    return answer.content


def by_requests(url: str, _: Path) -> bytes:
    return requests.get(url, timeout=60).content


def by_curl(url: str, folder: Path) -> bytes:
    subprocess.run(["curl", "-sSLOJ", url], cwd=folder, check=True, timeout=120)
    return (folder / "slow one.txt").read_bytes()


def test_a_long_rendering_is_held_sent_round_and_then_refused_while_clients_end_with_the_file(
    faulty: Api, gate: Path, tmp_path: Path
) -> None:
    """All at the same rendering, since each holds a request for as long as one may be held."""
    job = faulty.read(pdf("SLOWEXPORT"), "slow one.pdf")
    url = faulty.service.url + path_of(job)
    with Api(faulty.service, token := new_token(faulty.service)) as owner:
        own = owner.read(pdf("SLOWEXPORT"))
    with ThreadPoolExecutor(5) as pool:
        files = [pool.submit(client, url, tmp_path) for client in (by_httpx, by_requests, by_curl)]
        private = pool.submit(
            httpx.get, faulty.service.url + path_of(own), params={"format": "txt", "api_token": token}, timeout=60
        )
        last = httpx.get(url, params={"hop": LIMITS.export_hops}, timeout=60)
        problem(last, 503, "overloaded")
        assert last.headers["retry-after"] == "30"
        location = private.result().headers["location"]
        time.sleep(1)  # for the others to be sent round, too
        gate.touch()
        assert [file.result() for file in files] == [b"SLOWEXPORT"] * 3
    assert renderings(job) == 1
    assert parse_qs(urlsplit(location).query) == {"format": ["txt"], "hop": ["1"], "api_token": [token]}
    with httpx.Client(follow_redirects=True, timeout=60) as client:
        found = client.get(str(httpx.URL(faulty.service.url + path_of(own)).join(location)))
    assert (found.status_code, found.text) == (200, "SLOWEXPORT")
    assert token not in logged(faulty.service)


def test_who_has_too_many_that_wait_is_held_for_no_long_file_but_gets_those_that_are_there_or_soon(
    faulty: Api, gate: Path
) -> None:
    stack = faulty.service.stack
    account = stack.operate(do="account", plan="free")["account"]
    token = stack.operate(do="token", account=account)["token"]
    balances = BalancesTable(stack.client("dynamodb"), stack.outputs["BalancesTableName"])
    now, window = datetime.now(UTC), int(LIMITS.long_poll_s)
    for ahead in range(4):
        at = now + timedelta(seconds=ahead * window)
        balances.count_request(f"{account}#held", at, window, by=LIMITS.long_polls)
    with Api(faulty.service, token) as owner:
        slow = owner.read(pdf("SLOWEXPORT"))
        answer = owner.http.get(path_of(slow))
        problem(answer, 429, "rate_limited")
        assert answer.headers["retry-after"] == str(window)
        assert owner.http.get(path_of(slow), params={"format": "md"}).status_code == 302
        gate.touch()
        await_rows(faulty, slow, lambda found: not found)
        assert owner.http.get(path_of(slow), follow_redirects=True).text == "SLOWEXPORT"
    assert renderings(slow) == 1


@pytest.mark.parametrize("hop", ["-1", "11", "x", "", "1.0"])
def test_a_hop_that_is_none_is_refused(faulty: Api, hop: str) -> None:
    job = faulty.read(pdf("one"))
    found = problem(faulty.http.get(path_of(job), params={"hop": hop}), 400, "parameter_invalid")
    assert found["parameter"] == "hop"


# ---- what breaks ---------------------------------------------------------------------------------------------------


def test_a_renderer_that_dies_leaves_its_claim_to_the_next_and_three_times_is_enough(faulty: Api) -> None:
    job = faulty.read(pdf("CRASHEXPORT"))
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(httpx.get, faulty.service.url + path_of(job), timeout=60)
        for number in range(1, 4):
            await_rows(faulty, job, lambda found, n=number: bool(found) and found[0]["attempts"]["N"] == str(n))  # type: ignore[misc]
            end_claim(faulty, job)
        found = problem(answer.result(), 500, "internal_error")
    assert "another format" in found["detail"]
    assert renderings(job) == 3
    assert faulty.http.get(path_of(job), params={"format": "md"}, follow_redirects=True).status_code == 200
    problem(faulty.http.get(path_of(job)), 500, "internal_error")
    assert renderings(job) == 3
    (row,) = rows(faulty, job)
    stack = faulty.service.stack
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["JobsTableName"],
        Key={"pk": row["pk"]},
        UpdateExpression="SET expires = :past",
        ExpressionAttributeValues={":past": {"N": "1"}},
    )
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(httpx.get, faulty.service.url + path_of(job), timeout=60)
        await_rows(faulty, job, lambda found: found[0]["attempts"]["N"] == "1")
        faulty.http.delete(f"/api/v1/ocr/{job['uuid']}/")
        end_claim(faulty, job)
        problem(answer.result(), 410, "job_deleted")
    assert exports(faulty, job) == []


def test_an_error_that_nobody_foresaw_is_told_to_all_who_wait_and_logged(faulty: Api) -> None:
    job = faulty.read(pdf("FAILEXPORT"))

    def fetch(_: int) -> httpx.Response:
        return httpx.get(faulty.service.url + path_of(job), timeout=60)

    with ThreadPoolExecutor(5) as pool:
        for answer in pool.map(fetch, range(5)):
            assert "nobody foresaw" not in problem(answer, 500, "internal_error")["detail"]
    assert renderings(job) == 1
    assert "nobody foresaw this" in logged(faulty.service)
    end_claim(faulty, job)
    problem(faulty.http.get(path_of(job)), 500, "internal_error")
    assert renderings(job) == 2


def test_a_refusal_of_a_renderer_is_answered_as_itself_however_often_it_is_asked_for(faulty: Api) -> None:
    job = faulty.read(pdf("REFUSEEXPORT"))
    for number in range(5):
        found = problem(faulty.http.get(path_of(job)), 400, "parameter_invalid")
        assert (found["detail"], found["parameter"]) == ("There is no text on these pages", "format")
        assert renderings(job) == number + 1
        problem(faulty.http.get(path_of(job)), 400, "parameter_invalid")
        assert renderings(job) == number + 1
        end_claim(faulty, job)


# ---- what cannot be downloaded -------------------------------------------------------------------------------------


def test_a_job_that_runs_has_no_downloads_yet(faulty: Api) -> None:
    job = faulty.send(pdf(*["SLOW"] * 8)).json()
    answer = faulty.http.get(path_of(job))
    problem(answer, 409, "job_not_finished")
    assert answer.headers["retry-after"] == "2"
    faulty.finished(job)


def test_what_is_deleted_or_has_expired_is_gone_in_every_format(faulty: Api) -> None:
    deleted, expired = faulty.read(pdf("one")), faulty.read(pdf("one"))
    for job in (deleted, expired):
        assert faulty.http.get(path_of(job)).status_code == 302
    assert faulty.http.delete(f"/api/v1/ocr/{deleted['uuid']}/").status_code == 204
    change_row(faulty, f"job#{expired['uuid']}", expires_at=PAST)
    for name in FORMATS:
        problem(faulty.http.get(path_of(deleted), params={"format": name}), 410, "job_deleted")
        problem(faulty.http.get(path_of(expired), params={"format": name}), 410, "job_expired")


@pytest.mark.parametrize("gone", ["deleted", "expired"])
def test_without_the_original_there_is_no_pdf_and_everything_else(faulty: Api, gone: str) -> None:
    job, stack = faulty.read(pdf("one")), faulty.service.stack
    if gone == "deleted":
        stack.client("s3").delete_object(Bucket=stack.outputs["BucketName"], Key=f"uploads/{job['uuid']}/original")
    else:
        change_row(faulty, f"job#{job['uuid']}", upload_expires_at=PAST)
    for _ in range(2):
        problem(faulty.http.get(path_of(job), params={"format": "pdf"}), 410, "original_deleted")
    for name in ("txt", "md", "json"):
        assert faulty.http.get(path_of(job), params={"format": name}, follow_redirects=True).status_code == 200


def test_a_pdf_that_was_rendered_lives_on_without_the_original(faulty: Api) -> None:
    job, stack = faulty.read(pdf("one")), faulty.service.stack
    bucket = stack.outputs["BucketName"]
    stack.client("s3").put_object(Bucket=bucket, Key=f"exports/{job['uuid']}/1-1.pdf", Body=b"%PDF-1.7")
    stack.client("s3").delete_object(Bucket=bucket, Key=f"uploads/{job['uuid']}/original")
    found = faulty.http.get(path_of(job), params={"format": "pdf"}, follow_redirects=True)
    assert (found.content, found.headers["content-type"]) == (b"%PDF-1.7", "application/pdf")


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.module])
def test_every_format_has_its_own_media_type_and_ending(faulty: Api, name: str) -> None:
    job, stack = faulty.read(pdf("one"), "Rechnung.pdf"), faulty.service.stack
    key = f"exports/{job['uuid']}/1-{KINDS[name].version}.{name}"
    stack.client("s3").put_object(Bucket=stack.outputs["BucketName"], Key=key, Body=b"rendered before")
    found = faulty.http.get(path_of(job), params={"format": name}, follow_redirects=True)
    assert (found.content, found.headers["content-type"]) == (b"rendered before", KINDS[name].media_type)
    assert f'filename="Rechnung.{name}"' in found.headers["content-disposition"]


def test_a_page_that_is_lost_is_left_out(faulty: Api) -> None:
    job, stack = faulty.read(pdf("one", "two", "three")), faulty.service.stack
    key = f"results/{job['uuid']}/pages/00001.json"
    stack.client("s3").delete_object(Bucket=stack.outputs["BucketName"], Key=key)
    assert faulty.http.get(path_of(job), follow_redirects=True).text == "one\f\fthree"


@pytest.mark.parametrize("name", ["", "exe", "TXT", "txt ", "../txt", "\u202edocx", "x" * 5000])
def test_a_format_that_is_none_is_refused_with_those_that_are(faulty: Api, name: str) -> None:
    job = faulty.read(pdf("one"))
    found = problem(faulty.http.get(path_of(job), params={"format": name}), 400, "parameter_invalid")
    assert found["allowed"] == list(FORMATS)
    assert ", ".join(FORMATS) in found["detail"]


def test_only_get_is_answered(faulty: Api) -> None:
    """A URL that is signed for GET is good for nothing else, so a HEAD would lead nowhere."""
    job = faulty.read(pdf("one"))
    for method in ("HEAD", "POST", "DELETE"):
        assert faulty.http.request(method, path_of(job)).status_code in (404, 405), method
    assert exports(faulty, job) == []


def test_an_unknown_job_is_a_404_before_anything_is_rendered(faulty: Api) -> None:
    problem(faulty.http.get(path_of({"uuid": uuid4().hex})), 404, "job_not_found")
    with Api(faulty.service, new_token(faulty.service)) as owner:
        job = owner.read(pdf("one"))
    problem(faulty.http.get(path_of(job)), 404, "job_not_found")
    assert renderings(job) == 0 == len(rows(faulty, job))


# ---- names ---------------------------------------------------------------------------------------------------------


NAMES = {
    "قرارداد ۱۴۰۳.pdf": "قرارداد ۱۴۰۳.txt",
    "請求書 第2版.pdf": "請求書 第2版.txt",
    "🧾 reçu.v2.pdf": "🧾 reçu.v2.txt",
    "<a>: 100% | b?*.pdf": "a 100%  b.txt",
    "..\\..\\windows\\a.pdf": "a.txt",
    "契" * 300 + ".pdf": "契" * 66 + ".txt",
    " .. ": "document.txt",
    "aux.pdf": "_aux.txt",
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_a_download_has_the_original_s_name_in_any_script(
    faulty: Api, tmp_path: Path, name: str, expected: str
) -> None:
    job = faulty.read(pdf("one"), name)
    answer = faulty.http.get(path_of(job), follow_redirects=True)
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; ")
    encoded = disposition.partition("filename*=UTF-8''")[2]
    assert httpx.QueryParams(f"name={encoded}")["name"] == expected
    subprocess.run(["curl", "-sSLOJ", faulty.service.url + path_of(job)], cwd=tmp_path, check=True)
    (saved,) = tmp_path.iterdir()
    assert saved.read_bytes() == b"one"
    assert saved.suffix == ".txt"
    assert len(saved.name) == len(expected)

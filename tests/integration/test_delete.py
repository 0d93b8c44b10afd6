"""Deleting a job, whatever it is at: nothing of it stays, and everybody is told so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx
import pymupdf
import pytest

from infra.local.service import Service
from ocrchat.jobs import FORMATS
from ocrchat.plans import Plans
from ocrchat.store.balances_table import BalancesTable
from tests.data import make_files
from tests.integration.support import Api, new_token

FOLDERS = ("uploads", "pages", "results", "exports", "chats")


def document(*pages: str) -> bytes:
    with pymupdf.open() as pdf:
        for text in pages:
            pdf.new_page().insert_text((72, 72), text)
        data: bytes = pdf.tobytes()
    return data


def path_of(job: dict[str, Any]) -> str:
    return f"/api/v1/ocr/{job['uuid']}/"


def objects(api: Api, uuid: str) -> list[str]:
    """Whatever lies in the bucket with the job's uuid in its key."""
    stack = api.service.stack
    pages = stack.client("s3").get_paginator("list_objects_v2").paginate(Bucket=stack.outputs["BucketName"])
    return [item["Key"] for page in pages for item in page.get("Contents", []) if uuid in item["Key"]]


def row(api: Api, uuid: str) -> dict[str, Any]:
    stack = api.service.stack
    item: dict[str, Any] = stack.client("dynamodb").get_item(
        TableName=stack.outputs["JobsTableName"], Key={"pk": {"S": f"job#{uuid}"}}
    )["Item"]
    return item


def execution_state(api: Api, uuid: str) -> str:
    stack = api.service.stack
    machine = stack.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:")
    state: str = stack.client("stepfunctions").describe_execution(executionArn=f"{machine}:{uuid}-1")["status"]
    return state


def assert_gone(api: Api, job: dict[str, Any]) -> None:
    """Everywhere the job was answered it is a 410."""
    path = path_of(job)
    for query in ("", "?wait=5", "?detail=words", "?pages=1-1"):
        answer = api.http.get(path + query)
        assert (answer.status_code, answer.json()["code"]) == (410, "job_deleted"), query
    for name in FORMATS:
        answer = api.http.get(f"{path}download/", params={"format": name})
        assert (answer.status_code, answer.json()["code"]) == (410, "job_deleted"), name


def await_quiet(api: Api) -> None:
    """Until no message is left that a worker could still be at."""
    stack = api.service.stack
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = stack.client("sqs").get_queue_attributes(QueueUrl=stack.outputs["CpuQueueUrl"], AttributeNames=names)
        if all(int(found["Attributes"][name]) == 0 for name in names):
            return
        time.sleep(0.1)
    pytest.fail("the queue is not empty after 30 s")


def assert_nothing_comes_of_it(api: Api, job: dict[str, Any]) -> None:
    """Once those who were at work on the deleted job have seen that it is."""
    await_quiet(api)
    deadline = time.monotonic() + 30
    while objects(api, job["uuid"]):
        assert time.monotonic() < deadline, objects(api, job["uuid"])
        time.sleep(0.1)
    time.sleep(1)  # for one that would still write
    assert objects(api, job["uuid"]) == []


def await_state(api: Api, job: dict[str, Any], is_there: Callable[[dict[str, Any]], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_there(api.http.get(path_of(job)).json()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_finished_job_is_gone_with_all_that_was_made_of_it(api: Api) -> None:
    job = api.read(make_files.mixed_pdf(), "private name.pdf")
    path = path_of(job)
    api.http.get(path, params={"detail": "words"})
    for name in ("txt", "md"):
        assert api.http.get(f"{path}download/", params={"format": name}).status_code == 302
    url = api.http.get(f"{path}download/").headers["location"]
    assert {key.split("/")[0] for key in objects(api, job["uuid"])} == {"uploads", "results", "exports"}
    answer = api.http.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert objects(api, job["uuid"]) == []
    assert_gone(api, job)
    assert httpx.get(url).status_code == 404
    assert "private name" not in str(row(api, job["uuid"]))


def test_a_job_is_deleted_by_any_of_its_spellings_and_both_paths(api: Api) -> None:
    job = api.read(make_files.digital_pdf(1))
    assert api.http.delete(f"/api/v1/ocr/{job['uuid'].upper()}").status_code == 204
    assert_gone(api, job)


def test_a_job_of_a_thousand_and_more_objects_is_deleted_whole(api: Api) -> None:
    """More than one page of a list."""
    stack = api.service.stack
    job = api.read(make_files.digital_pdf(1))
    s3, bucket = stack.client("s3"), stack.outputs["BucketName"]

    def put(number: int) -> None:
        s3.put_object(Bucket=bucket, Key=f"results/{job['uuid']}/pages/{number:05}.json", Body=b"{}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(1, 2101)))
    assert api.http.delete(path_of(job)).status_code == 204
    assert objects(api, job["uuid"]) == []


def test_a_job_that_was_just_accepted_is_stopped(faulty: Api) -> None:
    job = faulty.send(document(*[f"SLOW {number}" for number in range(8)])).json()
    assert job["status"] == "pending"
    assert faulty.http.delete(path_of(job)).status_code == 204
    assert execution_state(faulty, job["uuid"]) == "ABORTED"
    assert_nothing_comes_of_it(faulty, job)
    assert_gone(faulty, job)
    assert faulty.service.stack.reconcile(min_age_seconds=0) == {}


def test_a_job_that_is_being_read_is_stopped_and_its_workers_leave_nothing(faulty: Api) -> None:
    job = faulty.send(document(*[f"SLOW {number}" for number in range(14)])).json()
    await_state(faulty, job, lambda seen: seen["progress"]["done"] > 0)
    assert faulty.http.delete(path_of(job)).status_code == 204
    assert execution_state(faulty, job["uuid"]) == "ABORTED"
    assert_nothing_comes_of_it(faulty, job)
    assert_gone(faulty, job)


def test_a_failed_job_can_be_deleted(faulty: Api) -> None:
    job = faulty.read(document("UNREADABLE", "UNREADABLE"))
    assert job["status"] == "failed"
    assert objects(faulty, job["uuid"])
    assert faulty.http.delete(path_of(job)).status_code == 204
    assert objects(faulty, job["uuid"]) == []
    assert_gone(faulty, job)


def test_an_expired_job_can_be_deleted(api: Api) -> None:
    job = api.read(make_files.digital_pdf(1))
    stack = api.service.stack
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["JobsTableName"],
        Key={"pk": {"S": f"job#{job['uuid']}"}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"S": "2020-01-01T00:00:00.000000+00:00"}},
    )
    assert api.http.delete(path_of(job)).status_code == 204
    assert objects(api, job["uuid"]) == []
    assert_gone(api, job)


def test_deleting_again_is_204_and_sweeps_again(api: Api) -> None:
    job = api.read(make_files.digital_pdf(1))
    stack = api.service.stack
    for _ in range(2):
        assert api.http.delete(path_of(job)).status_code == 204
        assert objects(api, job["uuid"]) == []
        stray = f"results/{job['uuid']}/pages/00000.json"
        stack.client("s3").put_object(Bucket=stack.outputs["BucketName"], Key=stray, Body=b"{}")
    assert api.http.delete(path_of(job)).status_code == 204
    assert objects(api, job["uuid"]) == []


def test_deletes_at_once_are_all_204(faulty: Api) -> None:
    job = faulty.send(document(*[f"SLOW {number}" for number in range(8)])).json()
    gate = threading.Barrier(4)

    def delete(_: int) -> int:
        with Api(faulty.service) as client:
            gate.wait()
            return client.http.delete(path_of(job)).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(delete, range(4))) == [204] * 4
    assert_nothing_comes_of_it(faulty, job)


def test_who_waits_for_a_job_that_is_deleted_is_told_so(faulty: Api) -> None:
    job = faulty.send(document(*[f"SLOW {number}" for number in range(14)])).json()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(httpx.get, f"{faulty.service.url}{path_of(job)}?wait=20", timeout=30)
        time.sleep(0.5)
        assert faulty.http.delete(path_of(job)).status_code == 204
        answer = waiting.result()
    assert (answer.status_code, answer.json()["code"]) == (410, "job_deleted")


# ---- whose job ----------------------------------------------------------------------------------------------------


@pytest.fixture
def account(service: Service) -> Any:
    with Api(service, new_token(service)) as client:
        yield client


def test_a_stranger_s_delete_is_a_404_and_changes_nothing(account: Api, api: Api, service: Service) -> None:
    job = account.read(make_files.digital_pdf(1))
    with Api(service, new_token(service)) as stranger:
        for client in (stranger, api):
            for uuid in (job["uuid"], "0" * 32, "nonsense"):
                answer = client.http.delete(f"/api/v1/ocr/{uuid}/")
                assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")
        assert account.http.get(path_of(job)).json() == job
        account.http.delete(path_of(job))
        for client in (stranger, api):
            assert client.http.get(path_of(job)).status_code == 404
            assert client.http.delete(path_of(job)).status_code == 404
    assert_gone(account, job)


def test_a_deleted_job_leaves_the_list_and_the_pages_of_the_list_stay_right(account: Api) -> None:
    uuids = [account.read(make_files.digital_pdf(1), f"{number}.pdf")["uuid"] for number in range(5)][::-1]
    first = account.http.get("/api/v1/ocr/", params={"limit": 2}).json()
    assert [job["uuid"] for job in first["data"]] == uuids[:2]
    for uuid in (uuids[0], uuids[1], uuids[3]):
        assert account.http.delete(f"/api/v1/ocr/{uuid}/").status_code == 204
    rest = account.http.get("/api/v1/ocr/", params={"limit": 2, "after": first["after"]}).json()
    assert [job["uuid"] for job in rest["data"]] == [uuids[2], uuids[4]]
    assert rest["has_more"] is False
    again = account.http.get("/api/v1/ocr/", params={"limit": 1}).json()
    assert [job["uuid"] for job in again["data"]] == [uuids[2]]
    assert again["has_more"] is True


# ---- what it costs -------------------------------------------------------------------------------------------------


def standing(api: Api, job: dict[str, Any]) -> tuple[int, int]:
    """(pages of the period that are used, jobs that are not finished) of whom the job is counted against."""
    stack = api.service.stack
    table = BalancesTable(stack.client("dynamodb"), stack.outputs["BalancesTableName"])
    found = table.standing(row(api, job["uuid"])["holder"]["S"], Plans.parse().free, datetime.now(UTC))
    return found.used, found.running


def test_the_pages_that_were_not_read_are_given_back_once(faulty: Api) -> None:
    with Api(faulty.service, new_token(faulty.service)) as account:
        job = account.send(document(*[f"SLOW {number}" for number in range(14)])).json()
        assert standing(account, job) == (14, 1)
        await_state(account, job, lambda seen: seen["progress"]["done"] > 0)
        assert account.http.delete(path_of(job)).status_code == 204
        used, running = standing(account, job)
        assert 0 < used < 14
        assert running == 0
        assert account.http.delete(path_of(job)).status_code == 204
        assert_nothing_comes_of_it(account, job)
        assert standing(account, job) == (used, 0)


def test_the_pages_of_a_job_that_was_done_are_not_given_back(account: Api) -> None:
    job = account.read(make_files.digital_pdf(3))
    assert account.http.delete(path_of(job)).status_code == 204
    assert standing(account, job) == (3, 0)


# ---- the second sweep ----------------------------------------------------------------------------------------------


def test_what_was_written_after_the_first_sweep_is_found_by_the_second(api: Api) -> None:
    stack = api.service.stack
    job = api.read(make_files.digital_pdf(1))
    assert api.http.delete(path_of(job)).status_code == 204
    for folder in FOLDERS:
        stack.client("s3").put_object(Bucket=stack.outputs["BucketName"], Key=f"{folder}/{job['uuid']}/x", Body=b"x")
    stack.sweep()  # before its time
    assert len(objects(api, job["uuid"])) == len(FOLDERS)
    make_due(api, job)
    assert stack.sweep()["deleted"] == 1
    assert objects(api, job["uuid"]) == []
    assert "due" not in row(api, job["uuid"])
    assert "deleted" not in stack.sweep()
    assert_gone(api, job)


def test_the_file_is_deleted_first_and_the_results_when_they_expire(api: Api) -> None:
    stack = api.service.stack
    job = api.read(make_files.digital_pdf(1))
    assert api.http.get(path_of(job) + "download/?format=txt", follow_redirects=True).status_code == 200
    assert row(api, job["uuid"])["due"]["S"].startswith(job["upload_expires_at"][:19])
    make_due(api, job)
    assert stack.sweep()["original"] == 1
    assert sorted(key.split("/")[0] for key in objects(api, job["uuid"])) == ["exports", "results", "results"]
    assert row(api, job["uuid"])["due"]["S"].startswith(job["expires_at"][:19])
    assert api.http.get(path_of(job)).status_code == 200
    make_due(api, job, expires_at="2020-01-01T00:00:00.000000+00:00")
    assert stack.sweep()["result"] == 1
    assert objects(api, job["uuid"]) == []
    assert "due" not in row(api, job["uuid"])
    assert api.http.get(path_of(job)).json()["code"] == "job_expired"


def make_due(api: Api, job: dict[str, Any], **changes: str) -> None:
    """The job's next sweep is due; `changes` are made to its row, too."""
    changes["due"] = f"2020-01-01T00:00:00.000000+00:00#{job['uuid']}"
    api.service.stack.client("dynamodb").update_item(
        TableName=api.service.stack.outputs["JobsTableName"],
        Key={"pk": {"S": f"job#{job['uuid']}"}},
        UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in changes),
        ExpressionAttributeValues={f":{name}": {"S": value} for name, value in changes.items()},
    )

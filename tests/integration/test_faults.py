"""What breaks in the middle of a job, brought about on purpose: the job ends, and the other pages are in it once."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from infra.local.service import Service
from tests.integration.support import FAULTS, Api, attempts, shorten_visibility


def document(*pages: str) -> bytes:
    with pymupdf.open() as pdf:
        for text in pages:
            pdf.new_page().insert_text((72, 72), text)
        data: bytes = pdf.tobytes()
    return data


def texts(job: dict[str, Any]) -> list[str]:
    return [page["text"] for page in job["pages"]]


def codes(job: dict[str, Any]) -> list[str | None]:
    return [page["error"]["code"] if page["error"] else None for page in job["pages"]]


def test_a_worker_that_is_killed_once_costs_time_but_no_page(faulty: Api) -> None:
    job = faulty.read(document("one", "KILL_ONCE two", "three"))
    assert job["status"] == "done"
    assert texts(job) == ["one", "KILL_ONCE two", "three"]
    assert codes(job) == [None, None, None]


def test_a_page_that_kills_its_worker_every_time_is_left_out_and_its_neighbours_live(faulty: Api) -> None:
    pages = [f"page {number}" for number in range(14)]
    pages[1] = "KILL"  # with pages 0, 2 and 3 in one message
    job = faulty.read(document(*pages))
    assert job["status"] == "done"
    assert codes(job) == [None, "page_crashed", *[None] * 12]
    assert [text for text in texts(job) if text] == [text for text in pages if text != "KILL"]
    assert job["cost"] == {"credits": 14, "refunded": 1}
    assert [warning["code"] for warning in job["warnings"]] == ["pages_unread"]
    assert "page 2" in job["warnings"][0]["message"]


def test_no_page_is_read_again_after_it_has_a_result(faulty: Api) -> None:
    pages = [f"page {number}" for number in range(14)]
    pages[2] = "KILL_ONCE"
    job = faulty.read(document(*pages))
    assert codes(job) == [None] * 14
    counted = Counter(attempts())
    assert counted["KILL_ONCE 2"] == 2
    assert all(count == 1 for attempt, count in counted.items() if not attempt.startswith("KILL_ONCE"))


def test_a_reader_that_raises_something_unforeseen_loses_only_that_page(faulty: Api) -> None:
    pages = [f"page {number}" for number in range(14)]
    pages[0] = "RAISE"
    job = faulty.read(document(*pages))
    assert job["status"] == "done"
    assert codes(job) == ["page_crashed", *[None] * 13]
    assert Counter(attempts())["RAISE 0"] == 2


def test_an_unreadable_page_is_reported_and_not_tried_again(faulty: Api) -> None:
    job = faulty.read(document("one", "UNREADABLE", "three"))
    assert job["status"] == "done"
    assert codes(job) == [None, "page_unreadable", None]
    assert Counter(attempts())["UNREADABLE 1"] == 1


def test_a_job_fails_only_when_no_page_could_be_read(faulty: Api) -> None:
    answer = faulty.send(document("UNREADABLE", "UNREADABLE"))
    job = faulty.finished(answer.json())
    assert job["status"] == "failed"
    assert job["error"]["code"] == "no_page_read"
    assert job["cost"] == {"credits": 2, "refunded": 2}
    download = faulty.http.get(f"/api/v1/ocr/{job['uuid']}/download/")
    assert (download.status_code, download.json()["code"]) == (409, "job_failed")


def test_a_batch_that_dies_every_time_is_reported_by_the_dead_letter_consumer(faulty: Api) -> None:
    """Three killers in one message: more than marks can step around in three receives."""
    pages = [f"page {number}" for number in range(13)]
    pages[0] = pages[1] = pages[2] = "KILL"
    job = faulty.read(document(*pages))
    assert job["status"] == "done"
    assert codes(job)[0] == "page_crashed"
    assert codes(job)[4:] == [None] * 9
    assert "page_lost" in codes(job)[1:4]


def test_a_message_that_is_delivered_twice_changes_nothing(faulty: Api) -> None:
    """A copy of each of the queue's messages is sent while the job runs."""
    stack = faulty.service.stack
    answer = faulty.send(document(*[f"SLOW {number}" for number in range(6)]))
    assert answer.status_code == 202
    uuid = answer.json()["uuid"]
    execution = stack.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:") + f":{uuid}-1"
    body = (
        f'{{"job":"{uuid}","attempt":1,"first":0,"last":5,"tier":"cpu","language":"auto","tool":null,'
        f'"format":"pdf","token":"made-up"}}'
    )
    for _ in range(2):
        stack.client("sqs").send_message(QueueUrl=stack.outputs["CpuQueueUrl"], MessageBody=body)
    job = faulty.finished(answer.json())
    assert texts(job) == [f"SLOW {number}" for number in range(6)]
    assert job["progress"] == {"done": 6, "total": 6}
    assert stack.client("stepfunctions").describe_execution(executionArn=execution)["status"] == "SUCCEEDED"


def test_a_message_of_an_older_attempt_is_dropped(faulty: Api) -> None:
    job = faulty.read(document("one"))
    stack = faulty.service.stack
    body = (
        f'{{"job":"{job["uuid"]}","attempt":0,"first":0,"last":0,"tier":"cpu","language":"auto","tool":null,'
        f'"format":"pdf","token":"made-up"}}'
    )
    stack.client("sqs").send_message(QueueUrl=stack.outputs["CpuQueueUrl"], MessageBody=body)
    _await_empty(stack, "CpuQueueUrl")
    assert Counter(attempts())["one 0"] == 1


def test_a_dead_letter_that_is_no_message_of_ours_does_not_block_the_queue(faulty: Api) -> None:
    stack = faulty.service.stack
    stack.client("sqs").send_message(QueueUrl=stack.outputs["CpuDeadLettersUrl"], MessageBody="garbage")
    _await_empty(stack, "CpuDeadLettersUrl")


def test_a_job_whose_execution_never_started_is_started_by_the_reconciler(faulty: Api) -> None:
    stack = faulty.service.stack
    answer = faulty.send(document(*[f"SLOW {number}" for number in range(6)]))
    uuid = answer.json()["uuid"]
    machine = stack.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:")
    stack.client("stepfunctions").stop_execution(executionArn=f"{machine}:{uuid}-1")
    outcomes = stack.reconcile(min_age_seconds=0)
    assert outcomes["restarted"] == 1
    job = faulty.finished(answer.json())
    assert texts(job) == [f"SLOW {number}" for number in range(6)]
    assert stack.reconcile(min_age_seconds=0).get("restarted", 0) == 0


def test_the_reconciler_ends_a_job_after_its_last_attempt_with_what_there_is(faulty: Api) -> None:
    stack = faulty.service.stack
    answer = faulty.send(document(*[f"SLOW {number}" for number in range(8)]))
    uuid = answer.json()["uuid"]
    machine = stack.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:")
    time.sleep(1.5)
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["JobsTableName"],
        Key={"pk": {"S": f"job#{uuid}"}},
        UpdateExpression="SET attempt = :three",
        ExpressionAttributeValues={":three": {"N": "3"}},
    )
    stack.client("stepfunctions").stop_execution(executionArn=f"{machine}:{uuid}-1")
    assert stack.reconcile(min_age_seconds=0)["ended"] == 1
    job = faulty.finished(answer.json())
    assert job["status"] == "done"
    assert "page_lost" in codes(job)
    assert None in codes(job)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_job_that_ran_when_the_service_ended_finishes_after_the_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setenv("FAULT_LOG", str(tmp_path / "attempts"))
    pages = [f"SLOW {number}" for number in range(8)]
    with Service(0, tmp_path / "state", overlay=FAULTS) as first:
        shorten_visibility(first)
        api = Api(first)
        job = api.send(document(*pages)).json()
        assert job["status"] == "pending"
        time.sleep(6 if end == "kill" else 1.5)  # a snapshot is taken every two seconds
        api.http.close()
        if end == "kill":
            first.stack.kill()
    with Service(0, tmp_path / "state", overlay=FAULTS) as second:
        api = Api(second)
        finished = api.finished(job)
        assert texts(finished) == pages
        api.http.close()


def test_the_embedded_aws_that_dies_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAULT_LOG", str(tmp_path / "attempts"))
    with Service(0, tmp_path / "state", overlay=FAULTS) as service:
        os.kill(service.stack.pid, signal.SIGKILL)
        assert service.ended.wait(10)
        assert service.reason is not None
        assert "ended by itself" in service.reason
        assert "\n" not in service.reason


def _await_empty(stack: Any, queue: str, within_s: float = 20) -> None:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        found = stack.client("sqs").get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=names)
        if all(int(found["Attributes"][name]) == 0 for name in names):
            return
        time.sleep(0.1)
    pytest.fail(f"{queue} is not empty after {within_s} s")

"""What breaks in the middle of a job, brought about on purpose: the job ends, and the other pages are in it once."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pymupdf
import pytest

from infra.local.service import Service
from tests.data import make_files
from tests.integration.support import FAULTS, ROOMY, Api, attempts


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


def test_pages_that_end_their_reader_cost_neither_the_worker_nor_a_redelivery(faulty: Api) -> None:
    pages = ["page 0", "DIE 1", "DIE 2", "page 3"]
    job = faulty.read(document(*pages))
    assert codes(job) == [None, "page_crashed", "page_crashed", None]
    assert job["cost"] == {"credits": 4, "refunded": 2}
    counted = Counter(attempts())
    assert [counted[f"{text} {index}"] for index, text in enumerate(pages)] == [1, 2, 2, 1]


@pytest.fixture
def three_receives(faulty: Api) -> Iterator[None]:
    """In place of those that the template gives, which no batch of killers uses up."""
    sqs, url = faulty.service.stack.client("sqs"), faulty.service.stack.outputs["CpuQueueUrl"]
    name = "RedrivePolicy"
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]
    fewer = json.loads(before) | {"maxReceiveCount": 3}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={name: json.dumps(fewer)})
    yield
    sqs.set_queue_attributes(QueueUrl=url, Attributes={name: before})


@pytest.mark.usefixtures("three_receives")
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
    """Each page is sent again, in other batches, while the job runs."""
    stack = faulty.service.stack
    answer = faulty.send(document(*[f"SLOW {number}" for number in range(6)]))
    assert answer.status_code == 202
    uuid = answer.json()["uuid"]
    for first, last in ((0, 5), (0, 2)):
        send_message(stack, uuid, attempt=1, first=first, last=last)
    job = faulty.finished(answer.json())
    assert texts(job) == [f"SLOW {number}" for number in range(6)]
    assert codes(job) == [None] * 6
    machine = stack.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:")
    ended = stack.client("stepfunctions").describe_execution(executionArn=f"{machine}:{uuid}-1")
    assert ended["status"] == "SUCCEEDED"
    row = stack.client("dynamodb").get_item(
        TableName=stack.outputs["JobsTableName"], Key={"pk": {"S": f"progress#{uuid}"}}
    )["Item"]
    assert row["done"] == {"N": "6"}, "a page was counted twice"


def test_a_message_of_another_attempt_is_dropped(faulty: Api) -> None:
    """While the job runs, so that nothing but the attempt tells it from one that counts."""
    answer = faulty.send(document(*[f"SLOW {number}" for number in range(8)]))
    send_message(faulty.service.stack, answer.json()["uuid"], attempt=7, first=0, last=7)
    job = faulty.finished(answer.json())
    _await_empty(faulty.service.stack, "CpuQueueUrl")
    assert codes(job) == [None] * 8
    assert max(Counter(attempts()).values()) == 1


def test_a_dead_letter_that_is_no_message_of_ours_does_not_block_the_queue(faulty: Api) -> None:
    stack = faulty.service.stack
    stack.client("sqs").send_message(QueueUrl=stack.outputs["CpuDeadLettersUrl"], MessageBody="garbage")
    _await_empty(stack, "CpuDeadLettersUrl")


def test_a_job_whose_execution_never_started_is_started_by_the_reconciler(faulty: Api) -> None:
    """Its row is put into the table as it stands between the row and the start of the execution."""
    stack = faulty.service.stack
    done = faulty.read(document("one"))
    table, dynamodb = stack.outputs["JobsTableName"], stack.client("dynamodb")
    row = dynamodb.get_item(TableName=table, Key={"pk": {"S": f"job#{done['uuid']}"}})["Item"]
    uuid = uuid4().hex
    for name in ("expires", "expires_at", "upload_expires_at", "settled_at", "result_bytes"):
        del row[name]
    row |= {"pk": {"S": f"job#{uuid}"}, "uuid": {"S": uuid}, "shard": {"S": uuid[0]}, "status": {"S": "pending"}}
    bucket = stack.outputs["BucketName"]
    stack.client("s3").copy_object(
        Bucket=bucket,
        Key=f"uploads/{uuid}/original",
        CopySource={"Bucket": bucket, "Key": f"uploads/{done['uuid']}/original"},
    )
    dynamodb.put_item(TableName=table, Item=row)
    assert stack.reconcile(min_age_seconds=0)["started"] == 1
    job = faulty.finished(faulty.http.get(f"/api/v1/ocr/{uuid}/").json())
    assert texts(job) == ["one"]


def test_a_job_whose_execution_died_is_restarted_and_keeps_what_was_read(faulty: Api) -> None:
    stack = faulty.service.stack
    answer = faulty.send(document(*[f"SLOW {number}" for number in range(8)]))
    await_a_page(faulty, answer.json()["uuid"])
    stop_execution(stack, answer.json()["uuid"])
    assert stack.reconcile(min_age_seconds=0)["restarted"] == 1
    job = faulty.finished(answer.json())
    assert texts(job) == [f"SLOW {number}" for number in range(8)]
    assert stack.reconcile(min_age_seconds=0).get("restarted", 0) == 0


def test_a_job_that_stalls_again_and_again_is_ended_with_what_there_is(faulty: Api) -> None:
    stack = faulty.service.stack
    answer = faulty.send(document(*[f"SLOW {number}" for number in range(8)]))
    await_a_page(faulty, answer.json()["uuid"])
    set_row(stack, answer.json()["uuid"], stalled=2, attempt_done=8)
    stop_execution(stack, answer.json()["uuid"])
    assert stack.reconcile(min_age_seconds=0)["joined"] == 1
    job = faulty.finished(answer.json())
    assert job["status"] == "done"
    assert "page_lost" in codes(job)
    assert None in codes(job)
    path = f"/api/v1/ocr/{job['uuid']}/"
    assert faulty.http.get(path, params={"pages": "1-8"}).json()["pages"] == job["pages"]
    text = faulty.http.get(f"{path}download/", follow_redirects=True).text
    assert text.count("\f") == 7, "a lost page keeps its place"


def test_a_job_that_cannot_even_be_joined_fails_rather_than_hang(faulty: Api) -> None:
    stack = faulty.service.stack
    answer = faulty.send(document(*[f"SLOW {number}" for number in range(6)]))
    set_row(stack, answer.json()["uuid"], stalled=3, attempt_done=6)
    stop_execution(stack, answer.json()["uuid"])
    assert stack.reconcile(min_age_seconds=0)["abandoned"] == 1
    job = faulty.finished(answer.json())
    assert (job["status"], job["error"]["code"]) == ("failed", "abandoned")
    assert job["cost"]["refunded"] == job["cost"]["credits"] == 6


def test_a_page_with_more_text_than_a_page_may_hold_is_an_error_of_that_page(faulty: Api) -> None:
    job = faulty.read(document("one", "DENSE", "three"))
    assert codes(job) == [None, "page_too_dense", None]


def test_a_file_that_split_finds_unusable_fails_with_what_split_says(faulty: Api) -> None:
    """The original is exchanged behind the back of inspect: the second attempt's split sees an encrypted file."""
    stack = faulty.service.stack
    bucket = stack.outputs["BucketName"]
    answer = faulty.send(document(*["SLOW UNREADABLE"] * 6))
    uuid = answer.json()["uuid"]
    stop_execution(stack, uuid)
    original = make_files.encrypted_pdf(user="secret")
    stack.client("s3").put_object(Bucket=bucket, Key=f"uploads/{uuid}/original", Body=original)
    set_row(stack, uuid, attempt=2)
    assert stack.reconcile(min_age_seconds=0)["started"] == 1
    job = faulty.finished(answer.json())
    assert (job["status"], job["error"]["code"]) == ("failed", "file_encrypted")


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_job_that_ran_when_the_service_ended_finishes_after_the_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setenv("FAULT_LOG", str(tmp_path / "attempts"))
    pages = [f"SLOW {number}" for number in range(8)]
    with Service(0, tmp_path / "state", overlay=FAULTS, Plans=ROOMY) as first, Api(first) as api:
        job = api.send(document(*pages)).json()
        assert job["status"] == "pending"
        time.sleep(6 if end == "kill" else 1.5)  # a snapshot is taken every two seconds
        if end == "kill":
            first.stack.kill()
    with Service(0, tmp_path / "state", overlay=FAULTS, Plans=ROOMY) as second, Api(second) as api:
        finished = api.finished(job)
    assert texts(finished) == pages


def test_the_embedded_aws_that_dies_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAULT_LOG", str(tmp_path / "attempts"))
    with Service(0, tmp_path / "state", overlay=FAULTS, Plans=ROOMY) as service:
        os.kill(service.stack.pid, signal.SIGKILL)
        assert service.ended.wait(10)
        assert service.reason is not None
        assert "ended by itself" in service.reason
        assert "\n" not in service.reason


def await_a_page(api: Api, uuid: str) -> None:
    """Until the first page of the job is read."""
    deadline = time.monotonic() + 30
    while api.http.get(f"/api/v1/ocr/{uuid}/").json()["progress"]["done"] == 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def send_message(stack: Any, uuid: str, *, attempt: int, first: int, last: int) -> None:
    body = {"job": uuid, "attempt": attempt, "first": first, "last": last, "tier": "cpu", "language": "auto"}
    text = json.dumps(body | {"tool": None, "format": "pdf", "token": "made-up"})
    stack.client("sqs").send_message(QueueUrl=stack.outputs["CpuQueueUrl"], MessageBody=text)


def stop_execution(stack: Any, uuid: str) -> None:
    machine = stack.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:")
    stack.client("stepfunctions").stop_execution(executionArn=f"{machine}:{uuid}-1")


def set_row(stack: Any, uuid: str, **values: int) -> None:
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["JobsTableName"],
        Key={"pk": {"S": f"job#{uuid}"}},
        UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in values),
        ExpressionAttributeValues={f":{name}": {"N": str(value)} for name, value in values.items()},
    )


def _await_empty(stack: Any, queue: str, within_s: float = 20) -> None:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        found = stack.client("sqs").get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=names)
        if all(int(found["Attributes"][name]) == 0 for name in names):
            return
        time.sleep(0.1)
    pytest.fail(f"{queue} is not empty after {within_s} s")

"""What is deleted when its time has come, and that nothing else is."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from infra.local.service import Service
from ocrchat.plans import Plans
from ocrchat.store.bucket import JOB_FOLDERS
from ocrchat.store.jobs_table import SWEPT_AFTER
from ocrchat.store.uploads_table import SUBMITTED_WITHIN, PendingUpload
from tests.data import make_files
from tests.integration.cleanup_parts import NOW, Parts, Through, counted, made_like
from tests.integration.support import Api
from tests.integration.test_delete import make_due, objects
from tests.integration.test_uploads import keys, refused, submit, uploaded

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
RESULT = ["results", "exports", "chats"]


@pytest.fixture
def own(service: Service) -> Parts:
    return made_like(service)


# ---- when -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["anonymous", "free", "paid"])
def test_what_a_plan_promises_is_what_is_done(own: Parts, name: str) -> None:
    plan = own.plans.of(name)
    assert plan.result_hours == Plans.parse().of(name).result_hours
    job = own.done(plan)
    file, result = NOW + timedelta(hours=plan.original_hours), NOW + timedelta(hours=plan.result_hours)
    assert own.sweeper.run(file - SECOND) == {}
    assert own.folders(job) == list(JOB_FOLDERS)
    if file < result:
        assert own.sweeper.run(file + SECOND) == {"original": 1}
        assert own.folders(job) == RESULT
        assert own.sweeper.run(result - SECOND) == {}
        assert (own.folders(job), len(own.chats.of_job(job.uuid, 9, None)[0])) == (RESULT, 2)
    assert own.sweeper.run(result + SECOND) == {"result": 1}
    assert (own.folders(job), own.chats.of_job(job.uuid, 9, None)[0]) == ([], [])
    assert own.sweeper.run(result + 1000 * HOUR) == {}


def test_nothing_else_is_deleted(own: Parts) -> None:
    """A job that runs, however long; one that ended later; one of another's; what is being sent."""
    due = own.done()
    late = NOW + timedelta(hours=own.plans.free.result_hours)
    running, later = own.accepted(at=NOW - timedelta(days=20)), own.done(own.plans.paid, late - HOUR)
    before = own.objects(running.uuid), own.objects(later.uuid)
    sent = upload(own, late + HOUR)
    assert own.sweeper.run(late + SECOND) == {"result": 1}
    assert own.objects(due.uuid) == []
    assert (own.objects(running.uuid), own.objects(later.uuid)) == before
    assert own.objects(sent)
    assert len(own.chats.of_job(later.uuid, 9, None)[0]) == 2
    assert own.jobs.get(running.uuid) == running


def test_a_deleted_job_is_swept_when_its_last_step_has_ended(own: Parts) -> None:
    job = own.done()
    assert own.metering.cancel(job, 0, NOW)
    assert own.sweeper.run(NOW + SWEPT_AFTER - SECOND) == {}
    assert own.sweeper.run(NOW + SWEPT_AFTER + SECOND) == {"deleted": 1}
    assert own.objects(job.uuid) == []


# ---- uploads that nobody submitted ----------------------------------------------------------------------------------


def upload(own: Parts, expires_at: datetime) -> str:
    """The id of one that a file was sent for."""
    one = PendingUpload(uuid4().hex, "acct_1", "a.pdf", 1, expires_at - HOUR, expires_at)
    own.uploads.create(one)
    own.put(f"incoming/{one.id}")
    return one.id


def test_an_upload_that_is_never_submitted_goes_with_its_row(own: Parts) -> None:
    unused, open_ = upload(own, NOW), upload(own, NOW + HOUR)
    assert own.sweeper.run(NOW + SECOND) == {}, "a request that began in time may be at it"
    assert own.sweeper.run(NOW + SUBMITTED_WITHIN + SECOND) == {"upload": 1}
    assert own.objects() == [f"incoming/{open_}"]
    assert (own.row(f"upload#{unused}"), own.uploads.known([unused, open_])) == (None, {open_})
    row = own.row(f"upload#{open_}") or {}
    assert int(row["expires"]["N"]) > (NOW + 2 * HOUR).timestamp(), "TTL would take the row before what was sent"


def test_an_upload_that_nothing_was_sent_for_leaves_no_row(own: Parts) -> None:
    own.uploads.create(PendingUpload("a" * 32, "acct_1", "a.pdf", 1, NOW - HOUR, NOW))
    assert own.sweeper.run(NOW + HOUR) == {"upload": 1}
    assert own.row(f"upload#{'a' * 32}") is None


def test_the_service_forgets_what_was_sent_and_not_submitted(api: Api) -> None:
    stack, data = api.service.stack, make_files.digital_pdf(1)
    unused, wanted = uploaded(api, data), uploaded(api, data)
    past = f"2020-01-01T00:00:00.000000+00:00#{unused}"
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["JobsTableName"],
        Key={"pk": {"S": f"upload#{unused}"}},
        UpdateExpression="SET due = :past",
        ExpressionAttributeValues={":past": {"S": past}},
    )
    assert stack.sweep()["upload"] >= 1
    assert (keys(api, f"incoming/{unused}"), keys(api, f"incoming/{wanted}")) == (set(), {f"incoming/{wanted}"})
    refused(submit(api, unused), "parameter_invalid")
    assert submit(api, wanted).status_code == 201


# ---- however it runs ------------------------------------------------------------------------------------------------


def test_of_two_sweeps_at_once_each_job_is_swept_and_counted_once(own: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: own.done(own.plans.anonymous), range(40)))
    metrics, start = counted(monkeypatch), threading.Barrier(2)

    def sweep(_: int) -> dict[str, int]:
        start.wait()
        return own.sweeper.run(NOW + 25 * HOUR)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(sweep, range(2)))
    assert sum(outcome.get("result", 0) for outcome in outcomes) == metrics["ResultsSwept"] == len(done)
    assert metrics["JobsNotSwept"] == 0
    assert own.objects() == []


class Killed(BaseException):
    """Stands for the end of the process."""


def test_a_sweep_that_dies_half_way_is_gone_on_with(own: Parts) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: own.done(own.plans.anonymous), range(20)))
    calls, s3 = 0, own.s3

    def delete(call: Any, **request: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 30:
            raise Killed
        return call(**request)

    own.s3 = Through(s3, delete_objects=delete)
    with pytest.raises(Killed):
        own.sweeper.run(NOW + 25 * HOUR)
    own.s3 = s3
    left = len(own.objects())
    assert left > 0
    outcome = own.sweeper.run(NOW + 25 * HOUR)
    assert outcome.keys() == {"result"}
    assert own.objects() == []


def test_one_that_cannot_be_swept_keeps_no_other_waiting_and_is_told(
    own: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, *others = [own.done(own.plans.anonymous) for _ in range(4)]
    metrics, s3 = counted(monkeypatch), own.s3

    def delete(call: Any, **request: Any) -> Any:
        if any(stuck.uuid in one["Key"] for one in request["Delete"]["Objects"]):
            return {"Errors": [{"Key": "x", "Code": "AccessDenied"}]}
        return call(**request)

    own.s3 = Through(s3, delete_objects=delete)
    assert own.sweeper.run(NOW + 26 * HOUR) == {"result": 3, "error": 1}
    assert metrics["JobsNotSwept"] == 1
    assert metrics["OldestOverdue"] == 2 * 3600
    assert [own.objects(job.uuid) for job in others] == [[]] * 3
    assert own.sweeper.run(NOW + 30 * HOUR) == {"error": 1}
    assert metrics["OldestOverdue"] == 6 * 3600
    own.s3 = s3
    assert own.sweeper.run(NOW + 30 * HOUR) == {"result": 1}


def test_a_job_of_fifteen_hundred_objects_is_swept_whole(own: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    job, neighbour, metrics = own.done(own.plans.anonymous), own.done(own.plans.free), counted(monkeypatch)
    before = own.objects(neighbour.uuid)
    own.put(*(f"results/{job.uuid}/pages/{page:05}.json" for page in range(1500)))
    count = len(own.objects(job.uuid))
    assert count > 1500
    assert own.sweeper.run(NOW + 23 * HOUR) == {}
    assert own.sweeper.run(NOW + 24 * HOUR + SECOND) == {"result": 1, "original": 1}
    assert own.objects(job.uuid) == []
    assert metrics["ObjectsSwept"] == count
    assert [key for key in before if key.split("/")[0] in RESULT] == own.objects(neighbour.uuid)


def test_a_run_ends_where_it_is_told_to_and_the_next_goes_on(own: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(20):
        own.done(own.plans.anonymous)
    monkeypatch.setattr("cleanup.sweep.ROWS_PER_RUN", 8)
    outcomes = [own.sweeper.run(NOW + 25 * HOUR).get("result", 0) for _ in range(4)]
    assert outcomes == [8, 8, 4, 0]


def test_a_schedule_runs_it(api: Api) -> None:
    """Nobody calls it here: the schedules of the stack do, each minute."""
    job = api.read(make_files.digital_pdf(1))
    make_due(api, job, expires_at="2020-01-01T00:00:00.000000+00:00")
    deadline = time.monotonic() + 150
    while objects(api, job["uuid"]):
        assert time.monotonic() < deadline, "no schedule has swept it"
        time.sleep(0.5)


def test_each_schedule_leads_to_its_function(service: Service) -> None:
    client = service.stack.client("scheduler")
    found = {one["Target"]["Arn"].rpartition(":")[2] for one in client.list_schedules()["Schedules"]}
    names = ("ReconcileFunctionName", "SweepFunctionName", "OrphansFunctionName", "AuditFunctionName")
    assert {service.stack.outputs[name] for name in names} <= found

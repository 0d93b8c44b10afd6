"""A job that is deleted while one of its steps is at work: the step runs here, against the embedded AWS, and the job is
deleted in the middle of it. Whatever it was about to write is gone when it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

import pytest

from export.rendering import Rendering
from export.source import Source
from join.settle import Ending, settle_job, utc_now
from ocrchat.accounts import Caller
from ocrchat.blocks import Block, Line
from ocrchat.errors import JobDeleted
from ocrchat.jobs import Job
from ocrchat.limits import LIMITS
from ocrchat.page_worker import PageMessage, PageWorker, Reader
from ocrchat.pages import PageResult
from ocrchat.plans import Plans
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.bucket import Bucket
from ocrchat.store.deliveries import Deliveries
from ocrchat.store.exports_table import ExportsTable
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.metering import Metering
from ocrchat.store.queues import Queues
from ocrchat.store.workflow import Workflow
from submit import split, splitter
from submit.answers import Answers
from tests.integration.support import Api
from tests.integration.test_delete import (
    assert_nothing_comes_of_it,
    await_quiet,
    await_state,
    document,
    objects,
    path_of,
)

NOBODY = Caller("anon_1", None, Plans.parse().anonymous)


@dataclass
class Steps:
    """The parts that the steps are made of, with all rights."""

    jobs: JobsTable
    exports: ExportsTable
    metering: Metering
    bucket: Bucket
    workflow: Workflow
    queues: Queues

    def worker(self, read: Reader) -> PageWorker:
        return PageWorker(self.jobs, self.bucket, self.workflow, self.queues, read)


@pytest.fixture
def steps(faulty: Api) -> Steps:
    stack = faulty.service.stack
    dynamodb = stack.client("dynamodb")
    jobs = JobsTable(dynamodb, stack.outputs["JobsTableName"])
    return Steps(
        jobs,
        ExportsTable(dynamodb, stack.outputs["JobsTableName"]),
        Metering(dynamodb, jobs, BalancesTable(dynamodb, stack.outputs["BalancesTableName"])),
        Bucket(stack.client("s3"), stack.outputs["BucketName"]),
        Workflow(stack.client("stepfunctions"), stack.outputs["StateMachineArn"]),
        Queues(stack.client("sqs")),
    )


@pytest.fixture
def idle(faulty: Api) -> dict[str, Any]:
    """A job of six pages that has not ended, and that nobody works on."""
    job: dict[str, Any] = faulty.send(document(*[f"SLOW {number}" for number in range(6)])).json()
    await_state(faulty, job, lambda seen: seen["progress"]["done"] > 0)
    machine = faulty.service.stack.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:")
    faulty.service.stack.client("stepfunctions").stop_execution(executionArn=f"{machine}:{job['uuid']}-1")
    await_quiet(faulty)
    assert faulty.http.get(path_of(job)).json()["status"] == "processing"
    return job


def delete(api: Api, uuid: str) -> None:
    assert api.http.delete(f"/api/v1/ocr/{uuid}/").status_code == 204
    assert objects(api, uuid) == []


def page(index: int) -> PageResult:
    block = Block.of_lines([Line("read", (72.0, 60.0, 300.0, 80.0), 1.0)])
    return PageResult(index, 595, 842, "pt", "text_layer", (block,), "read", "read")


def message(uuid: str, attempt: int = 1) -> PageMessage:
    return PageMessage(uuid, attempt, 0, 1, "cpu", "auto", None, "pdf", "token")


def test_a_worker_takes_back_what_it_read(faulty: Api, steps: Steps, idle: dict[str, Any]) -> None:
    def read(_message: PageMessage, _job: Job, index: int) -> PageResult:
        if index == 1:
            delete(faulty, idle["uuid"])
        return page(index)

    worker = steps.worker(read)
    worker.handle(message(idle["uuid"]), worker.marks(receives=1))
    assert objects(faulty, idle["uuid"]) == []


def test_a_message_that_comes_after_its_job_is_deleted_takes_back_what_an_earlier_receive_wrote(
    faulty: Api, steps: Steps, idle: dict[str, Any]
) -> None:
    def read(_message: PageMessage, _job: Job, index: int) -> PageResult:
        raise AssertionError("a page of a deleted job is read")

    delete(faulty, idle["uuid"])
    steps.bucket.put_page_result(idle["uuid"], page(0))
    worker = steps.worker(read)
    worker.handle(message(idle["uuid"]), worker.marks(receives=2))
    assert objects(faulty, idle["uuid"]) == []


def settled(steps: Steps, job: dict[str, Any], ending: Ending, now: Callable[[], datetime]) -> str:
    deliveries = Deliveries(None, "never used: it was not dropped")
    return settle_job(steps.jobs, steps.bucket, steps.metering, job["uuid"], 1, ending, now, deliveries)


def test_join_writes_nothing_for_a_job_that_is_deleted_while_it_is_put_together(
    faulty: Api, steps: Steps, idle: dict[str, Any]
) -> None:
    steps.bucket.put_page_result(idle["uuid"], page(0))

    def now() -> datetime:
        delete(faulty, idle["uuid"])
        return utc_now()

    assert settled(steps, idle, Ending(), now) == "deleted"
    assert objects(faulty, idle["uuid"]) == []


def test_join_takes_back_what_an_earlier_one_wrote_for_a_job_that_is_deleted(
    faulty: Api, steps: Steps, idle: dict[str, Any]
) -> None:
    delete(faulty, idle["uuid"])
    steps.bucket.put_page_result(idle["uuid"], page(0))
    for ending in (Ending(), Ending(abandon=True)):
        assert settled(steps, idle, ending, utc_now) == "deleted"
        assert objects(faulty, idle["uuid"]) == []


def test_split_leaves_no_page_of_a_job_that_is_deleted_while_it_is_cut(
    faulty: Api, steps: Steps, idle: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = splitter.split_file

    def cut_and_delete(*arguments: Any) -> list[int]:
        delete(faulty, idle["uuid"])
        return cut(*arguments)

    monkeypatch.setattr("submit.split.split_file", cut_and_delete)
    assert split.split_job(steps.bucket, steps.jobs, idle["uuid"], 4) == {"batches": [], "refused": None}
    assert objects(faulty, idle["uuid"]) == []


def test_split_does_nothing_for_a_job_that_is_deleted(faulty: Api, steps: Steps, idle: dict[str, Any]) -> None:
    delete(faulty, idle["uuid"])
    assert split.split_job(steps.bucket, steps.jobs, idle["uuid"], 4) == {"batches": [], "refused": None}
    assert objects(faulty, idle["uuid"]) == []


def test_a_download_that_is_rendered_while_its_job_is_deleted_is_not_kept(
    faulty: Api, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = faulty.read(document("one", "two"))

    def render(source: Source, out: IO[bytes]) -> None:
        out.write("".join(page.text for page in source.pages).encode())
        delete(faulty, job["uuid"])

    monkeypatch.setattr("export.renderers.txt.render", render)
    claim = steps.exports.claim(job["uuid"], "1-1.txt", None, datetime.now(UTC))
    assert claim is not None
    assert Rendering(steps.jobs, steps.bucket, steps.exports).run(claim) == "job_deleted"
    assert objects(faulty, job["uuid"]) == []
    told = steps.exports.get(job["uuid"], "1-1.txt", datetime.now(UTC))
    assert told is not None
    assert isinstance(told.error, JobDeleted)


def test_nothing_is_rendered_for_a_job_that_was_deleted_before_its_renderer_began(faulty: Api, steps: Steps) -> None:
    job = faulty.read(document("one", "two"))
    claim = steps.exports.claim(job["uuid"], "1-1.txt", None, datetime.now(UTC))
    assert claim is not None
    delete(faulty, job["uuid"])
    assert Rendering(steps.jobs, steps.bucket, steps.exports).run(claim) == "job_deleted"
    assert objects(faulty, job["uuid"]) == []


def test_words_that_are_put_together_while_their_job_is_deleted_are_not_kept(faulty: Api, steps: Steps) -> None:
    job = faulty.read(document("one", "two"))
    found, done = Answers(steps.jobs, steps.bucket, LIMITS).find(job["uuid"], NOBODY)
    delete(faulty, job["uuid"])
    with pytest.raises(JobDeleted):
        Answers(steps.jobs, steps.bucket, LIMITS).respond(found, done, status=200, words=True, gzip=False, pages=None)
    assert objects(faulty, job["uuid"]) == []


def test_a_job_whose_next_attempt_began_meanwhile_is_deleted_all_the_same(faulty: Api) -> None:
    job = faulty.send(document(*[f"SLOW {number}" for number in range(14)])).json()
    await_state(faulty, job, lambda seen: seen["progress"]["done"] > 0)
    stack = faulty.service.stack
    machine = stack.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:")
    stack.client("stepfunctions").stop_execution(executionArn=f"{machine}:{job['uuid']}-1")
    assert stack.reconcile(min_age_seconds=0)["restarted"] == 1
    assert faulty.http.delete(path_of(job)).status_code == 204
    assert_nothing_comes_of_it(faulty, job)
    ended = stack.client("stepfunctions").describe_execution(executionArn=f"{machine}:{job['uuid']}-2")
    assert ended["status"] == "ABORTED"

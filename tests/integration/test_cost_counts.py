"""The requests that the cost model counts are those that reach the embedded AWS."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from benchmarks.cost.counting import CountedService
from benchmarks.cost.measuring import NULL_READER, paying
from benchmarks.cost.requests import Job, by_function, until_done
from benchmarks.cost.template import Template
from benchmarks.pipeline import documents
from ocrchat.store.shards import SHARDS
from tests.integration.support import Api, served_by
from tests.model_server import ModelServer

ENDS_WITHIN_S = 120.0

NO_MONTH = '{"paid": {"pages": 0}}'
"""As for an account that has used up the pages of its month, and pays by its credits."""

PAST = "2000-01-01T00:00:00+00:00"


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory, model_server: ModelServer) -> Iterator[CountedService]:
    state = tmp_path_factory.mktemp("counted")
    with CountedService(state, overlay=NULL_READER, model=served_by(model_server), Plans=NO_MONTH) as service:
        scheduler = service.stack.client("scheduler")
        for one in scheduler.list_schedules()["Schedules"]:  # what runs each minute makes requests of its own
            scheduler.delete_schedule(Name=one["Name"], GroupName=one["GroupName"])
        yield service


@pytest.fixture(scope="module")
def payer(counted: CountedService) -> Iterator[Api]:
    with Api(counted, paying(counted)) as api:
        sent(counted, api, documents.born_digital(1), "a.pdf")  # the token's use is noted once, the secret read once
        yield api


def sent(
    service: CountedService, api: Api, data: bytes, name: str, **fields: str
) -> tuple[dict[str, Any], Counter[str]]:
    """The job as the POST answered it, and the requests until its execution had ended: the last ones are join's."""
    made(service)
    job: dict[str, Any] = api.send(data, name, **fields).json()
    states = service.stack.client("stepfunctions")
    deadline = time.monotonic() + ENDS_WITHIN_S
    while states.describe_execution(executionArn=execution(service, job))["status"] == "RUNNING":
        assert time.monotonic() < deadline, f"{job} did not end"
        time.sleep(0.05)
    return job, made(service)


def made(service: CountedService) -> Counter[str]:
    """The requests of functions since the last time."""
    return Counter({name: number for name, number in service.requests().items() if not name.startswith("http.")})


def execution(service: CountedService, job: dict[str, Any]) -> str:
    machine: str = service.stack.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:")
    return f"{machine}:{job['uuid']}-1"


def of_model(counts: Job, job: dict[str, Any], found: Counter[str]) -> Counter[str]:
    """What the model counts, with as many looks at the job as there were, and without its result where the POST was
    answered before there was one: both are a matter of time."""
    expected = until_done(counts)
    expected["dynamodb.BatchGetItem"] = found["dynamodb.BatchGetItem"]
    expected["s3.GetObject"] -= counts.is_inline and job["status"] != "done"
    return expected


@pytest.mark.parametrize("pages", [1, 5, 50])
def test_requests_of_a_job_are_those_of_the_model(counted: CountedService, payer: Api, pages: int) -> None:
    job, found = sent(counted, payer, documents.born_digital(pages), "a.pdf")
    assert found == of_model(Job(pages), job, found)
    assert found["dynamodb.BatchGetItem"] >= until_done(Job(pages))["dynamodb.BatchGetItem"]


def test_requests_of_a_single_image_are_those_of_the_model(counted: CountedService, payer: Api) -> None:
    job, found = sent(counted, payer, png(), "a.png")
    assert found == of_model(Job(1, as_it_came=True), job, found)


def test_requests_of_a_job_for_a_model_are_those_of_the_model(counted: CountedService, payer: Api) -> None:
    job, found = sent(counted, payer, documents.born_digital(3), "a.pdf", tier="vlm")
    assert found == of_model(Job(3, tier="vlm"), job, found)


def test_a_finished_job_is_fetched_by_the_requests_of_the_model(counted: CountedService, payer: Api) -> None:
    job, _ = sent(counted, payer, documents.born_digital(6), "a.pdf")
    assert payer.http.get(f"/api/v1/ocr/{job['uuid']}/").json()["status"] == "done"
    assert made(counted) == until_done(Job(6, fetches=1)) - until_done(Job(6))


def test_states_that_an_execution_enters_are_those_of_the_model(counted: CountedService, payer: Api) -> None:
    """The embedded AWS does not write down the states inside a Map; each batch there answers one token."""
    job, found = sent(counted, payer, documents.born_digital(12), "a.pdf")
    history = counted.stack.client("stepfunctions").get_execution_history(
        executionArn=execution(counted, job), maxResults=1000
    )
    entered = sum(event["type"].endswith("StateEntered") for event in history["events"])
    batches = len(Job(12).batches)
    assert entered + found["states.SendTaskSuccess"] == Template().transitions("cpu", batches, "priority")


@pytest.mark.parametrize("tier", ["cpu", "vlm"])
def test_what_a_job_leaves_is_swept_by_the_requests_of_the_model(
    counted: CountedService, payer: Api, tier: str
) -> None:
    job, _ = sent(counted, payer, documents.born_digital(3), "a.pdf", tier=tier)
    for expires in (None, PAST):  # first the original's time is over, then the result's
        make_due(counted, job["uuid"], expires)
        assert counted.stack.sweep() == {"original" if expires is None else "result": 1}
    looking = Counter({"dynamodb.Query": 2 * len(SHARDS)})
    assert made(counted) == by_function(Job(3, tier=tier))["Sweep"] + looking


def test_a_run_without_anything_to_do_asks_for_each_shard_of_an_index(counted: CountedService, payer: Api) -> None:
    sent(counted, payer, documents.born_digital(1), "a.pdf")
    assert counted.stack.reconcile(min_age_seconds=0) == {}
    assert made(counted) == {"dynamodb.Query": len(SHARDS)}
    assert counted.stack.sweep() == {}
    assert made(counted) == {"dynamodb.Query": len(SHARDS)}


def make_due(service: CountedService, uuid: str, expires: str | None) -> None:
    values = {":due": {"S": f"{PAST}#{uuid}"}} | ({":expires": {"S": expires}} if expires else {})
    service.stack.client("dynamodb").update_item(
        TableName=service.stack.outputs["JobsTableName"],
        Key={"pk": {"S": f"job#{uuid}"}},
        UpdateExpression="SET due = :due" + (", expires_at = :expires" if expires else ""),
        ExpressionAttributeValues=values,
    )


def png() -> bytes:
    out = io.BytesIO()
    Image.new("L", (200, 100), 255).save(out, "PNG")
    return out.getvalue()

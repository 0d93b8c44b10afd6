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
from tests.integration.support import Api, served_by
from tests.model_server import ModelServer

STILL_S = 1.0
"""Without a request for so long, a job's last step has ended."""

PAST = "2000-01-01T00:00:00+00:00"


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory, model_server: ModelServer) -> Iterator[CountedService]:
    state = tmp_path_factory.mktemp("counted")
    with CountedService(state, overlay=NULL_READER, model=served_by(model_server)) as service:
        yield service


@pytest.fixture(scope="module")
def payer(counted: CountedService) -> Iterator[Api]:
    with Api(counted, paying(counted)) as api:
        api.read(documents.born_digital(1))  # the token's use is noted once, the secret read once
        settled(counted)
        yield api


def settled(service: CountedService) -> Counter[str]:
    """The requests since the last time, when no more come. Without those of the front, and without queries: the
    reconciler makes some of its own each minute."""
    found: Counter[str] = Counter()
    while True:
        time.sleep(STILL_S)
        more = service.requests()
        found += more
        if not any(not name.startswith(("dynamodb.Query", "states.Describe")) for name in more):
            break
    return Counter({name: n for name, n in found.items() if not name.startswith("http.") and name != "dynamodb.Query"})


def sent(
    service: CountedService, api: Api, data: bytes, name: str, **fields: str
) -> tuple[dict[str, Any], Counter[str]]:
    """The job that was accepted, and the requests until it had ended."""
    job: dict[str, Any] = api.send(data, name, **fields).json()
    return job, settled(service)


def of_model(job: Job, counted: Counter[str]) -> Counter[str]:
    """What the model counts, with as many looks at the job as there were: their number is a matter of time."""
    expected = until_done(job)
    expected["dynamodb.BatchGetItem"] = counted["dynamodb.BatchGetItem"]
    return expected


@pytest.mark.parametrize("pages", [1, 5, 50])
def test_requests_of_a_job_are_those_of_the_model(counted: CountedService, payer: Api, pages: int) -> None:
    _, found = sent(counted, payer, documents.born_digital(pages), "a.pdf")
    assert found == of_model(Job(pages), found)
    assert found["dynamodb.BatchGetItem"] >= until_done(Job(pages))["dynamodb.BatchGetItem"]


def test_requests_of_a_single_image_are_those_of_the_model(counted: CountedService, payer: Api) -> None:
    _, found = sent(counted, payer, png(), "a.png")
    assert found == of_model(Job(1, as_it_came=True), found)


def test_requests_of_a_job_for_a_model_are_those_of_the_model(counted: CountedService, payer: Api) -> None:
    _, found = sent(counted, payer, documents.born_digital(3), "a.pdf", tier="vlm")
    assert found == of_model(Job(3, tier="vlm"), found)


def test_a_finished_job_is_fetched_by_the_requests_of_the_model(counted: CountedService, payer: Api) -> None:
    job, _ = sent(counted, payer, documents.born_digital(6), "a.pdf")
    assert payer.http.get(f"/api/v1/ocr/{job['uuid']}/").json()["status"] == "done"
    assert settled(counted) == until_done(Job(6, fetches=1)) - until_done(Job(6))


def test_states_that_an_execution_enters_are_those_of_the_model(counted: CountedService, payer: Api) -> None:
    """The embedded AWS does not write down the states inside a Map; each batch there answers one token."""
    job, found = sent(counted, payer, documents.born_digital(12), "a.pdf")
    states = counted.stack.client("stepfunctions")
    execution = counted.stack.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:") + f":{job['uuid']}-1"
    history = states.get_execution_history(executionArn=execution, maxResults=1000)["events"]
    entered = sum(event["type"].endswith("StateEntered") for event in history)
    batches = len(Job(12).batches)
    assert entered + found["states.SendTaskSuccess"] == Template().transitions("cpu", batches, "priority")


def test_what_a_job_leaves_is_swept_by_the_requests_of_the_model(counted: CountedService, payer: Api) -> None:
    job, _ = sent(counted, payer, documents.born_digital(3), "a.pdf")
    found = Counter[str]()
    for expires in (None, PAST):  # first the original's time is over, then the result's
        make_due(counted, job["uuid"], expires)
        outcomes = counted.stack.reconcile(min_age_seconds=60)
        assert outcomes.get("swept") == 1, outcomes
        found += settled(counted)
    expected = by_function(Job(3))["Sweep"]
    del expected["dynamodb.Query"]
    assert found == expected


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

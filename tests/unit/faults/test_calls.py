"""Calls of AWS that fail: which, and as what."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.faults.plan import CallFault
from tests.faults.proxy import Call, Faults, call_of, refusal_body, refusal_of

AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/{}/aws4_request, SignedHeaders=host"


def call(service: str, action: str = "") -> Call:
    return Call(service, action, "POST", b"{}")


def planned(*faults: CallFault) -> Iterator[CallFault]:
    yield from faults
    while True:
        yield CallFault(1_000, "refused", 1)


def test_a_call_fails_after_as_many_that_go_well_as_are_planned() -> None:
    faults = Faults()
    faults.begin(planned(CallFault(2, "late", 1)))
    assert [faults.of(call("s3")) for _ in range(4)] == [None, None, "late", None]
    assert faults.happened == {"s3: late": 1}


def test_a_burst_hits_one_service_and_is_counted_once() -> None:
    faults = Faults()
    faults.begin(planned(CallFault(0, "throttled", 2)))
    hit = [faults.of(call(service)) for service in ("dynamodb", "s3", "dynamodb", "dynamodb")]
    assert hit == ["throttled", None, "throttled", None]
    assert faults.happened == {"dynamodb: throttled": 1}


def test_nothing_fails_before_the_round_after_it_or_where_the_launcher_calls() -> None:
    faults = Faults()
    assert faults.of(call("s3")) is None
    faults.begin(planned(CallFault(0, "refused", 9)))
    with faults.spared():
        assert faults.of(call("s3")) is None
    assert faults.of(call("s3")) == "refused"
    faults.end()
    assert faults.of(call("s3")) is None


@pytest.mark.parametrize("service", ["dynamodb", "s3", "ses", "sqs", "states", "lambda"])
def test_the_service_is_the_one_that_the_request_is_signed_for(service: str) -> None:
    headers = {"Authorization": AUTHORIZATION.format(service), "X-Amz-Target": "DynamoDB_20120810.GetItem"}
    found = call_of("POST", "/", headers, b"")
    assert (found.service, found.action) == (service, "GetItem")


def test_a_presigned_url_names_its_service_in_the_query() -> None:
    path = "/bucket/key?X-Amz-Credential=test%2F20261121%2Fus-east-1%2Fs3%2Faws4_request"
    assert call_of("GET", path, {}, b"").service == "s3"


def test_a_transaction_that_conflicts_says_so_of_one_of_its_members() -> None:
    body = json.dumps({"TransactItems": [{}, {}, {}]}).encode()
    told = Call("dynamodb", "TransactWriteItems", "POST", body)
    status, code = refusal_of(told, "conflict")
    said, _ = refusal_body(told, code)
    assert (status, code) == (400, "TransactionCanceledException")
    assert [reason["Code"] for reason in json.loads(said)["CancellationReasons"]] == [
        "TransactionConflict",
        "None",
        "None",
    ]

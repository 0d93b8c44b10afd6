"""What plans allow, over HTTP: pages, files, requests and jobs, whoever asks and however many at once."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pymupdf
import pytest

from infra.local.service import Service
from infra.local.stack import StartFailed
from ocrchat.http.origin import digest_of
from ocrchat.plans import Plans
from ocrchat.store.balances_table import ANONYMOUS, BalancesTable
from tests.integration.support import FAULTS, Api, new_token

PLANS = Plans.parse(
    json.dumps(
        {
            "anonymous": {"pages": 6},
            "free": {"pages": 100, "file_pages": 8, "file_bytes": 100_000},
            "paid": {"pages": 0, "requests_per_minute": 20, "concurrent_jobs": 2},
        }
    )
)
CHANGES = json.dumps(
    {plan["name"]: {name: value for name, value in plan.items() if name != "name"} for plan in PLANS.as_json()["plans"]}
)

CLIENTS = 10
"""Requests at the same time: each new one of them costs the embedded AWS a process or two, and two cores half a second
for each; fifty such starts take longer than the 29 s that a request has."""

GATEWAY = "127.0.0.1"
"""Whom the embedded gateway sees when it is asked directly."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Of tight plans, with the reader that does what a page says."""
    left = 86_400 - time.time() % 86_400
    if left < 60:  # a day or a month that ends takes what is counted with it
        time.sleep(left + 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAULT_LOG", str(tmp_path_factory.mktemp("faults") / "attempts"))
        with Service(0, tmp_path_factory.mktemp("limits"), overlay=FAULTS, Plans=CHANGES) as running:
            yield running


@pytest.fixture
def free(service: Service) -> Iterator[Api]:
    with Api(service, new_token(service)) as client:
        yield client


@pytest.fixture
def paid(service: Service) -> Iterator[Api]:
    """With a thousand credits."""
    with Api(service, new_token(service, "paid")) as client:
        give(client, 1000)
        yield client


def give(client: Api, credits_: int) -> None:
    account = client.http.get("/api/v1/account/").json()["account"]
    client.service.stack.operate(do="grant", account=account, credits=credits_, reason="a test", key=str(uuid4()))


def pdf(*texts: str) -> bytes:
    with pymupdf.open() as document:
        for text in texts:
            document.new_page().insert_text((72, 72), text)
        data: bytes = document.tobytes()
    return data


THREE = pdf("one", "two", "three")


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    document: dict[str, Any] = answer.json()
    return document


def standing(client: Api) -> dict[str, Any]:
    """What /account/ says of balance, pages and jobs."""
    account = client.http.get("/api/v1/account/").json()
    return {name: account[name] for name in ("balance", "used", "cap", "running")}


def ledger(client: Api, limit: int) -> list[dict[str, Any]]:
    """All of it, page by page."""
    entries: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = client.http.get("/api/v1/account/usage/", params={"limit": str(limit), **after}).json()
        assert len(page["data"]) == limit or not page["has_more"]
        entries += page["data"]
        if not page["has_more"]:
            return entries
        after = {"after": page["after"]}


# ---- pages of an account -------------------------------------------------------------------------------------------


def test_of_fifty_files_as_many_are_taken_as_the_plan_has_pages_for(free: Api) -> None:
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda _: free.send(THREE), range(50)))
    taken = [answer.json() for answer in answers if answer.status_code in (201, 202)]
    assert len(taken) == 33
    others = [answer for answer in answers if answer.status_code not in (201, 202)]
    for answer in others:
        document = refused(answer, 402, "out_of_pages")
        assert (document["used"], document["cap"], document["required"]) == (99, 100, 3)
        assert datetime.fromisoformat(document["resets_at"]) > datetime.now(UTC)
    assert len(others) == 17
    for job in taken:
        assert free.finished(job)["status"] == "done"
    assert standing(free) == {"balance": 0, "used": 99, "cap": 100, "running": 0}
    entries = ledger(free, 7)
    assert sum(entry["credits"] for entry in entries) == -99
    assert len({entry["id"] for entry in entries}) == len(entries) == 66
    assert {entry["job"] for entry in entries} == {job["uuid"] for job in taken}
    assert [entry["at"] for entry in entries] == sorted((entry["at"] for entry in entries), reverse=True)
    assert free.read(pdf("the last one"))["status"] == "done"
    assert refused(free.send(pdf("one more")), 402, "out_of_pages")["used"] == 100


def test_a_page_that_cannot_be_read_gives_its_credit_back(free: Api) -> None:
    job = free.read(pdf("one", "UNREADABLE", "three"))
    assert job["cost"] == {"credits": 3, "refunded": 1}
    assert standing(free)["used"] == 2
    assert [(entry["kind"], entry["credits"], entry["job"]) for entry in ledger(free, 7)] == [
        ("settle", 1, job["uuid"]),
        ("reserve", -3, job["uuid"]),
    ]


def test_bought_credits_come_back_and_can_be_used_again(service: Service) -> None:
    with Api(service, new_token(service, "paid")) as account:
        give(account, 4)
        failed = account.read(pdf(*["UNREADABLE"] * 4))
        assert (failed["status"], failed["cost"]) == ("failed", {"credits": 4, "refunded": 4})
        assert standing(account)["balance"] == 4
        assert account.read(pdf(*["page"] * 4))["status"] == "done"
        assert refused(account.send(pdf("one")), 402, "out_of_pages")["required"] == 1
        assert standing(account)["balance"] == sum(entry["credits"] for entry in ledger(account, 7)) == 0


# ---- anonymous callers, by their address ---------------------------------------------------------------------------


def holder_of(service: Service, address: str) -> str:
    return ANONYMOUS + digest_of(address, origin_secret(service))


def origin_secret(service: Service) -> str:
    stack = service.stack
    found = stack.client("secretsmanager").get_secret_value(SecretId=stack.outputs["OriginSecretArn"])
    secret: str = found["SecretString"]
    return secret


def used_by(service: Service, address: str) -> int:
    stack = service.stack
    table = BalancesTable(stack.client("dynamodb"), stack.outputs["BalancesTableName"])
    return table.standing(holder_of(service, address), PLANS.anonymous, datetime.now(UTC)).used


def at(service: Service, address: str) -> httpx.Client:
    """A client at an address of its own, before the front."""
    return httpx.Client(
        base_url=service.url, timeout=60, transport=httpx.HTTPTransport(local_address=address), follow_redirects=True
    )


def send(client: httpx.Client, **headers: str) -> httpx.Response:
    return client.post("/api/v1/ocr/", files={"file": ("a.pdf", THREE)}, headers=headers)


FORGED = {
    "X-Viewer-Address": "198.51.100.1",
    "X_Viewer_Address": "198.51.100.1",
    "CloudFront-Viewer-Address": "198.51.100.1:443",
    "X-Forwarded-For": "198.51.100.1",
    "X-Real-IP": "198.51.100.1",
    "True-Client-IP": "198.51.100.1",
    "Forwarded": "for=198.51.100.1",
}


def test_through_the_front_an_anonymous_caller_is_the_address_whatever_it_says(service: Service) -> None:
    with at(service, "127.11.0.1") as one, at(service, "127.11.0.2") as another:
        for _ in range(2):
            assert send(one).status_code == 201
        document = refused(send(one), 402, "out_of_pages")
        assert (document["used"], document["cap"], document["required"]) == (6, 6, 1)
        assert datetime.fromisoformat(document["resets_at"]) > datetime.now(UTC)
        for name, value in FORGED.items():
            refused(send(one, **{name: value}), 402, "out_of_pages")
        refused(send(one, **FORGED, **{"X-Origin-Verify": "x" * 48}), 402, "out_of_pages")
        assert send(another).status_code == 201
    assert [used_by(service, address) for address in ("127.11.0.1", "127.11.0.2", "198.51.100.1")] == [6, 3, 0]


@pytest.fixture
def gateway(service: Service) -> Iterator[httpx.Client]:
    """Around the front."""
    stack = service.stack
    base = f"{stack.aws_url}/_aws/execute-api/{stack.outputs['ApiId']}/$default"
    with httpx.Client(base_url=base, timeout=60) as client:
        yield client


def test_at_the_gateway_a_viewer_s_address_without_the_secret_counts_for_nothing(
    service: Service, gateway: httpx.Client
) -> None:
    addresses = [f"198.51.100.{number}" for number in range(2, 6)]
    proofs: list[dict[str, str]] = [{}, {"X-Origin-Verify": ""}, {"X-Origin-Verify": "x" * 48}, {}]
    answers = [
        send(gateway, **{"X-Viewer-Address": address}, **proof)
        for address, proof in zip(addresses, proofs, strict=True)
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 402, 402]
    assert used_by(service, GATEWAY) == 6
    assert [used_by(service, address) for address in addresses] == [0] * 4


def test_with_the_secret_it_counts_and_a_network_of_ipv6_is_one_caller(service: Service, gateway: httpx.Client) -> None:
    def behind_the_edge(address: str) -> httpx.Response:
        proof = {"X-Origin-Verify": origin_secret(service)}
        return send(gateway, **{"X-Viewer-Address": address}, **proof)

    assert behind_the_edge("198.51.100.9").status_code == 201
    assert used_by(service, "198.51.100.9") == 3
    addresses = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:1::3", "2001:db8:0:2::1"]
    assert [behind_the_edge(address).status_code for address in addresses] == [201, 201, 402, 201]
    assert used_by(service, "2001:db8:0:1::") == 6


# ---- how much at a time --------------------------------------------------------------------------------------------


def retry_after(answer: httpx.Response) -> int:
    seconds = int(answer.headers["retry-after"])
    assert 0 < seconds <= 60
    return seconds


def test_requests_a_minute_are_limited_and_looking_at_a_job_is_not_one(paid: Api) -> None:
    """Among twice as many requests and one more are more than a minute may have, wherever a minute ends."""
    job = paid.read(pdf("one"))
    most = PLANS.paid.requests_per_minute
    answers = [paid.http.get("/api/v1/ocr/") for _ in range(2 * most + 1)]
    assert {answer.status_code for answer in answers} == {200, 429}
    limited = next(answer for answer in answers if answer.status_code == 429)
    assert str(most) in refused(limited, 429, "rate_limited")["detail"]
    retry_after(limited)
    assert {paid.http.get(f"/api/v1/ocr/{job['uuid']}/").status_code for _ in range(2 * most + 1)} == {200}


def test_jobs_at_a_time_are_limited_and_one_that_is_deleted_makes_room(paid: Api) -> None:
    slow = pdf(*["SLOW"] * 40)
    running = [paid.send(slow) for _ in range(PLANS.paid.concurrent_jobs)]
    assert [answer.status_code for answer in running] == [202] * PLANS.paid.concurrent_jobs
    before = standing(paid)
    assert before["running"] == PLANS.paid.concurrent_jobs
    answer = paid.send(pdf("one"))
    refused(answer, 429, "rate_limited")
    retry_after(answer)
    assert standing(paid) == before, "who is refused pays nothing"
    delete(paid, running[0])
    last = paid.send(slow)
    assert last.status_code == 202, last.text
    delete(paid, last)
    delete(paid, running[1])
    assert standing(paid)["running"] == 0


def delete(client: Api, answer: httpx.Response) -> None:
    assert client.http.delete(f"/api/v1/ocr/{answer.json()['uuid']}/").status_code == 204


# ---- files ---------------------------------------------------------------------------------------------------------


def objects(service: Service) -> set[str]:
    stack = service.stack
    pages = stack.client("s3").get_paginator("list_objects_v2").paginate(Bucket=stack.outputs["BucketName"])
    return {item["Key"] for page in pages for item in page.get("Contents", [])}


TOO_LONG = pdf(*["page"] * (PLANS.free.file_pages + 1))
TOO_LARGE = THREE + b"\0" * PLANS.free.file_bytes


@pytest.mark.parametrize(
    ("data", "code", "limit"),
    [
        (TOO_LONG, "too_many_pages", PLANS.free.file_pages),
        (TOO_LARGE, "file_too_large", PLANS.free.file_bytes),
    ],
)
def test_a_file_beyond_the_plan_is_refused_and_costs_nothing(
    free: Api, paid: Api, data: bytes, code: str, limit: int
) -> None:
    before = objects(free.service)
    document = refused(free.send(data), 400, code)
    assert document["limit"] == limit
    assert "plan" in document["detail"]
    assert objects(free.service) <= before, "nothing of it is stored; what others store comes and goes"
    assert standing(free) == {"balance": 0, "used": 0, "cap": 100, "running": 0}
    assert ledger(free, 7) == []
    assert paid.read(data)["status"] == "done", "another plan takes it"


def test_a_file_at_the_limit_is_taken(free: Api) -> None:
    assert free.read(pdf(*["page"] * PLANS.free.file_pages))["status"] == "done"
    assert free.read(THREE + b"\0" * (PLANS.free.file_bytes - len(THREE)))["status"] == "done"


def test_an_upload_beyond_the_plan_is_refused_before_it_is_sent(free: Api) -> None:
    answer = free.http.post("/api/v1/uploads/", json={"filename": "a.pdf", "size": PLANS.free.file_bytes + 1})
    assert refused(answer, 400, "file_too_large")["limit"] == PLANS.free.file_bytes


# ---- what is left, in the headers ----------------------------------------------------------------------------------


def parsed(answer: httpx.Response) -> tuple[str, dict[str, int], dict[str, int]]:
    """Name, parameters of RateLimit-Policy, and those of RateLimit."""
    found = []
    for header in ("ratelimit-policy", "ratelimit"):
        match = re.fullmatch(r'"([a-z]+)"((?:;[a-z]=[0-9]+)+)', answer.headers[header])
        assert match, answer.headers[header]
        pairs = (pair.split("=") for pair in match[2].strip(";").split(";"))
        found.append((match[1], {name: int(value) for name, value in pairs}))
    (name, policy), (same, left) = found
    assert name == same
    return name, policy, left


def test_the_headers_count_the_pages_of_the_period_down(free: Api) -> None:
    seen = []
    for data, status in ((THREE, 201), (pdf("one"), 201), (pdf(*["SLOW"] * 6), 202)):
        answer = free.send(data)
        assert answer.status_code == status
        name, policy, left = parsed(answer)
        assert (name, set(policy), set(left)) == ("pages", {"q", "w"}, {"r", "t"})
        assert policy["q"] == 100
        assert policy["w"] in {days * 86_400 for days in range(28, 32)}
        assert 0 < left["t"] <= policy["w"]
        seen.append(left["r"])
    assert seen == [97, 96, 90]


def test_the_headers_of_an_anonymous_caller_count_a_day(service: Service) -> None:
    with at(service, "127.11.0.3") as client:
        _, policy, left = parsed(send(client))
    assert policy == {"q": 6, "w": 86_400}
    assert left["r"] == 3
    assert 0 < left["t"] <= 86_400


def test_the_headers_of_an_account_with_credits_count_them_without_a_window(paid: Api) -> None:
    assert [parsed(paid.send(THREE))[2] for _ in range(2)] == [{"r": 997}, {"r": 994}]
    assert standing(paid)["balance"] == 994


# ---- the line ------------------------------------------------------------------------------------------------------


def most_waiting(client: Api, job: dict[str, Any]) -> dict[str, int]:
    """The most messages that each queue held at a time until the job had ended."""
    stack = client.service.stack
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    most = {"CpuQueueUrl": 0, "CpuPriorityQueueUrl": 0}
    while job["status"] in ("pending", "processing"):
        for queue in most:
            found = stack.client("sqs").get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=names)
            most[queue] = max(most[queue], sum(int(found["Attributes"][name]) for name in names))
        job = client.http.get(f"/api/v1/ocr/{job['uuid']}/").json()
    assert job["status"] == "done"
    return most


def await_quiet(client: Api) -> None:
    """Until nothing of an earlier test waits in a queue."""
    stack = client.service.stack
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + 30
    for queue in ("CpuQueueUrl", "CpuPriorityQueueUrl"):
        while True:
            found = stack.client("sqs").get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=names)
            if not sum(int(found["Attributes"][name]) for name in names):
                break
            assert time.monotonic() < deadline, queue
            time.sleep(0.1)


@pytest.mark.parametrize(
    ("plan", "own", "other"),
    [("paid", "CpuPriorityQueueUrl", "CpuQueueUrl"), ("free", "CpuQueueUrl", "CpuPriorityQueueUrl")],
)
def test_who_pays_has_a_line_of_ones_own(free: Api, paid: Api, plan: str, own: str, other: str) -> None:
    client = {"free": free, "paid": paid}[plan]
    await_quiet(client)
    answer = client.send(pdf(*["SLOW"] * 8))
    assert answer.status_code == 202
    found = most_waiting(client, answer.json())
    assert found[own] > 0
    assert found[other] == 0


# ---- plans that cannot be ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plans", "why"),
    [
        ("{", "PLANS is not JSON"),
        ("[]", "PLANS is not a JSON object"),
        ('{"fre": {}}', "PLANS names fre"),
        ('{"free": {"pagez": 1}}', "PLANS: free has no pagez"),
        ('{"free": {"pages": -1}}', "PLANS: free.pages is a whole number from 0"),
        ('{"prices": {"cpu": "1"}}', "PLANS: prices.cpu is a whole number"),
    ],
)
def test_a_service_whose_plans_are_nonsense_does_not_start_and_says_why(tmp_path: Path, plans: str, why: str) -> None:
    service = Service(0, tmp_path, Plans=plans)
    with pytest.raises(StartFailed) as failure, service:
        pytest.fail("it started")
    assert str(failure.value).startswith(why)
    assert "\n" not in str(failure.value)

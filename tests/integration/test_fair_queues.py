"""Each message says whose it is: queues of AWS are fair between groups. The embedded ones keep that and take no notice."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymupdf
import pytest

from infra.local.service import Service
from ocrchat.limits import LIMITS
from tests.integration.support import Api, new_token

PAGES = LIMITS.inline_pages + 1
"""Of a job: a message each, and no POST waits for them."""


@contextmanager
def unread(service: Service, queue: str) -> Iterator[None]:
    """Nobody takes messages from this queue."""
    functions, url = service.stack.client("lambda"), service.stack.outputs[queue]
    mappings = functions.list_event_source_mappings()["EventSourceMappings"]
    (ours,) = (one for one in mappings if one["EventSourceArn"].rpartition(":")[2] == url.rpartition("/")[2])
    functions.update_event_source_mapping(UUID=ours["UUID"], Enabled=False)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=ours["UUID"], Enabled=True)


def taken_from(service: Service, queue: str, jobs: set[str]) -> list[dict[str, Any]]:
    """The messages of these jobs. They are given back."""
    sqs, url = service.stack.client("sqs"), service.stack.outputs[queue]
    found: dict[str, dict[str, Any]] = {}
    deadline = time.monotonic() + 30
    while len(found) < PAGES * len(jobs):
        assert time.monotonic() < deadline, found
        asked = {"MaxNumberOfMessages": 10, "WaitTimeSeconds": 1, "MessageSystemAttributeNames": ["All"]}
        for message in sqs.receive_message(QueueUrl=url, **asked).get("Messages", []):
            if json.loads(message["Body"])["job"] in jobs:
                found[message["MessageId"]] = message
            else:  # of an earlier test
                give_back(sqs, url, message)
    for message in found.values():
        give_back(sqs, url, message)
    return list(found.values())


def give_back(sqs: Any, url: str, message: dict[str, Any]) -> None:
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)


def submitted(client: Api) -> tuple[str, str]:
    """A job that nobody waits for, and its account."""
    account = client.http.get("/api/v1/account/").json()["account"]
    client.service.stack.operate(do="grant", account=account, credits=PAGES, reason="a test", key=account)
    with pymupdf.open() as pdf:
        for _ in range(PAGES):
            pdf.new_page().insert_text((72, 72), "of a group")
        answer = client.send(pdf.tobytes())
    assert answer.status_code == 202
    return str(answer.json()["uuid"]), account


@pytest.mark.parametrize(("plan", "queue"), [("free", "CpuQueueUrl"), ("paid", "CpuPriorityQueueUrl")])
def test_each_message_is_of_the_group_of_its_account(service: Service, plan: str, queue: str) -> None:
    with Api(service, new_token(service, plan)) as one, Api(service, new_token(service, plan)) as another:
        with unread(service, queue):
            sent = dict(map(submitted, (one, another)))
            messages = taken_from(service, queue, set(sent))
        groups = {(json.loads(each["Body"])["job"], each["Attributes"]["MessageGroupId"]) for each in messages}
        assert groups == set(sent.items())
        for client, uuid in zip((one, another), sent, strict=True):
            assert client.finished(client.http.get(f"/api/v1/ocr/{uuid}/").json())["status"] == "done"

"""A customer who drops files into the bucket, and finds their results there."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.local.service import Service
from ocrchat.drops import status_key
from tests.integration.support import Api
from tests.integration.test_delete import document as new_document

WITHIN_S = 60

document = functools.cache(new_document)
"""The same bytes each time."""


@dataclass
class Customer:
    """An account with a token, and the bucket as its owner's role sees it."""

    service: Service
    account: str
    api: Api

    @property
    def s3(self) -> Any:
        return self.service.stack.client("s3")

    @property
    def bucket(self) -> str:
        return self.service.stack.outputs["BucketName"]

    def key(self, name: str) -> str:
        return f"drop/{self.account}/{name}"

    def drop(self, name: str, data: bytes, **metadata: str) -> str:
        """The key that it lies under."""
        named = {key.replace("_", "-"): value for key, value in metadata.items()}
        self.s3.put_object(Bucket=self.bucket, Key=self.key(name), Body=data, Metadata=named)
        return self.key(name)

    def body(self, key: str) -> bytes | None:
        try:
            data: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except self.s3.exceptions.NoSuchKey:
            return None
        return data

    def status(self, key: str) -> dict[str, Any] | None:
        body = self.body(status_key(key))
        return None if body is None else json.loads(body)

    def ended(self, key: str, when: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The status of what was dropped under the key, once it says how that ended."""
        deadline = time.monotonic() + WITHIN_S
        while True:
            status = self.status(key)
            if status is not None and status["status"] not in ("accepted", "processing") and when(status):
                return status
            assert time.monotonic() < deadline, f"{key}: {status}"
            time.sleep(0.05)

    def jobs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.http.get("/api/v1/ocr/").json()["data"]
        return found

    def entries(self) -> list[tuple[str, int]]:
        """Of the ledger, oldest first, without what was granted."""
        data = self.api.http.get("/api/v1/account/usage/").json()["data"]
        return [(entry["kind"], entry["credits"]) for entry in reversed(data) if entry["kind"] != "grant"]

    def send(self, queue: str, message: object) -> None:
        """To the queue that this output of the stack names."""
        body = message if isinstance(message, str) else json.dumps(message)
        url = self.service.stack.outputs[queue]
        self.service.stack.client("sqs").send_message(QueueUrl=url, MessageBody=body)


def customer_of(service: Service, plan: str) -> Iterator[Customer]:
    account = service.stack.operate(do="account", plan=plan)["account"]
    token: str = service.stack.operate(do="token", account=account)["token"]
    with Api(service, token) as api:
        yield Customer(service, account, api)


def settle(customer: Customer, *queues: str) -> None:
    """Waits until nothing is visible, or worked on, in these queues; messages that are held back are not waited for."""
    names = queues or ("DropQueueUrl", "DeliverQueueUrl")
    wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + WITHIN_S
    while True:
        left = [
            customer.service.stack.client("sqs").get_queue_attributes(
                QueueUrl=customer.service.stack.outputs[name], AttributeNames=wanted
            )["Attributes"]
            for name in names
        ]
        if all(value == "0" for one in left for value in one.values()):
            return
        assert time.monotonic() < deadline, left
        time.sleep(0.05)

"""What the tests of running services share."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import httpx

from infra.local.model import LocalModel
from infra.local.service import Service
from infra.local.stripe import LocalStripe
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.tokens import digest, new_code
from tests.model_server import MODELS, ModelServer
from tests.stripe_server import StripeServer

ROOMY = json.dumps(
    {
        "anonymous": {
            "pages": 100_000,
            "file_pages": 5_000,
            "file_bytes": 100_000_000,
            "requests_per_minute": 100_000,
            "uploads_per_hour": 100_000,
            "concurrent_jobs": 10_000,
        },
        "paid": {"pages": 0},
    }
)
"""Plans under which tests that are not about limits meet none, and paid accounts have credits alone."""

FAULTS = Path(__file__).with_name("faults")
VISIBILITY_S = 5

MOST_EVENTS = 10_000
"""That FilterLogEvents tells at once."""

EVENTS = "/api/v1/account/purchases/events/"
"""Where Stripe's events go."""


def served_by(server: ModelServer) -> LocalModel:
    """What a service asks whose tier vlm asks this server."""
    can = "structured_output=1,prompt_caching=1"
    return LocalModel(MODELS[1], "compatible", server.url, capabilities=can, prices="2,10")


def sold_by(server: StripeServer) -> LocalStripe:
    """What sells a service's credits by this server."""
    return LocalStripe(server.key, server.webhook_secret, server.url)


def new_token(service: Service, plan: str = "free") -> str:
    """Of a new account."""
    account = service.stack.operate(do="account", plan=plan)["account"]
    token: str = service.stack.operate(do="token", account=account)["token"]
    return token


def new_session(accounts: AccountsTable, account: str, began: datetime | None = None) -> str:
    """The code of a browser session that began then, by a link."""
    link, code, at = new_code(), new_code(), began or datetime.now(UTC)
    accounts.put_link(digest(link), "somebody@example.com", at)
    accounts.begin_session(digest(link), digest(code), account, at)
    return code


class Api:
    """A client of a running service."""

    def __init__(self, service: Service, token: str | None = None) -> None:
        self.service = service
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=service.url, timeout=60, headers=headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def send(self, data: bytes, name: str = "file.pdf", **fields: str) -> httpx.Response:
        return self.http.post("/api/v1/ocr/", files={"file": (name, data)}, data=fields)

    def finished(self, job: dict[str, Any], within_s: float = 120) -> dict[str, Any]:
        """The job when it has ended."""
        deadline = time.monotonic() + within_s
        while job["status"] in ("pending", "processing"):
            assert time.monotonic() < deadline, f"job {job['uuid']} did not end: {job}"
            job = self.http.get(f"/api/v1/ocr/{job['uuid']}/", params={"wait": 5}).json()
        return job

    def read(self, data: bytes, name: str = "file.pdf", **fields: str) -> dict[str, Any]:
        answer = self.send(data, name, **fields)
        assert answer.status_code in (201, 202), answer.text
        return self.finished(answer.json())


def logged(service: Service, *awaited: str, within_s: float = 30) -> str:
    """All log groups, and what the embedded AWS itself writes, once each of `awaited` stands there.

    A function writes its last lines after a caller may have seen what it did: they are waited for.
    """
    deadline = time.monotonic() + within_s
    logs = service.stack.client("logs")
    while True:
        groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
        messages = [event["message"] for group in groups for event in _events(logs, group)]
        written = "\n".join([*messages, service.stack.log.read_text(errors="replace")])
        missing = [text for text in awaited if text not in written]
        if not missing:
            return written
        assert time.monotonic() < deadline, f"not in the log within {within_s:.0f} s: {missing}"
        time.sleep(0.5)


def _events(logs: Any, group: str) -> Iterator[dict[str, Any]]:
    """All of them: the embedded AWS answers with the first of them, and no token for the next ones."""
    start = 0
    while len(events := logs.filter_log_events(logGroupName=group, startTime=start)["events"]) == MOST_EVENTS:
        earlier, start = start, events[-1]["timestamp"]
        assert start > earlier, "more in a millisecond than are told at once"
        yield from (event for event in events if event["timestamp"] < start)
    yield from events


def shorten_visibility(service: Service) -> None:
    for queue in (name for name in service.stack.outputs if name.endswith(("QueueUrl", "DeadLettersUrl"))):
        service.stack.client("sqs").set_queue_attributes(
            QueueUrl=service.stack.outputs[queue], Attributes={"VisibilityTimeout": str(VISIBILITY_S)}
        )


def attempts() -> list[str]:
    """What the faulty reader was given, in order: "{text} {index}"."""
    return Path(os.environ["FAULT_LOG"]).read_text().splitlines()

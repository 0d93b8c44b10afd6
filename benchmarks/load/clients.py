"""Clients that do what the API asks of them: they come back when `Retry-After` says, with their Idempotency-Key."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Self
from uuid import uuid4

import httpx

from benchmarks.load.answers import GOOD, NO_ANSWER, WITH_RETRY_AFTER, Answer, Log
from benchmarks.load.planning import Client, Errand, Holder
from benchmarks.pipeline import documents
from infra.local.service import Service
from ocrchat.limits import LIMITS

PATIENCE_S = 600.0
"""For one request with its retries, and for one job to end: a message of pages that found no reader comes back after
330 s, the visibility of its queue."""

AGAIN_AFTER_S = 1.0
"""Where an answer says nothing of it."""

LONG_POLL = {"wait": int(LIMITS.long_poll_s)}
IN_USE = 409
ENDED = ("done", "failed")


class GaveUp(Exception):
    """A client's patience was over, or it was refused for good."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of an errand that was begun: the job as it ended, or why there is none; `attempts`: how often it was sent."""

    errand: Errand
    holder: Holder
    job: dict[str, Any] | None
    seconds: float
    attempts: int
    gave_up: str = ""


@cache
def document(pages: int, kind: str) -> bytes:
    return documents.scanned(pages) if kind == "scanned" else documents.born_digital(pages)


def run(service: Service, clients: Sequence[Client], log: Log, lasts_s: float = float("inf")) -> list[Outcome]:
    """All errands, each client's one after the other. After `lasts_s` none is begun any more."""
    for errand in {(errand.pages, errand.kind) for client in clients for errand in client.errands}:
        document(*errand)
    until = time.monotonic() + lasts_s
    tokens = [token_of(service, client.holder) for client in clients]
    with ThreadPoolExecutor(len(clients)) as pool:
        found = pool.map(lambda client, token: _go(service.url, client, token, log, until), clients, tokens)
        return [outcome for outcomes in found for outcome in outcomes]


def token_of(service: Service, holder: Holder) -> str | None:
    """Of a new account, with credits where it pays; None for nobody in particular."""
    if holder == "anonymous":
        return None
    account = service.stack.operate(do="account", plan=holder)["account"]
    if holder == "paid":
        service.stack.operate(do="grant", account=account, credits=1_000_000, reason="for the load", key=account)
    token: str = service.stack.operate(do="token", account=account)["token"]
    return token


def _go(url: str, client: Client, token: str | None, log: Log, until: float) -> list[Outcome]:
    outcomes = []
    with Visitor(url, token, log) as visitor:
        for errand in client.errands:
            if time.monotonic() >= until:
                break
            outcomes.append(visitor.carry_out(errand, client.holder))
    return outcomes


class Visitor:
    """One client, over one connection."""

    def __init__(self, url: str, token: str | None, log: Log) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=url, timeout=70, headers=headers)
        self._log = log
        self.requests = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def carry_out(self, errand: Errand, holder: Holder) -> Outcome:
        started, attempts = time.monotonic(), 0
        try:
            job, attempts = self.submit(errand)
            job = self.finished(job, errand.size)
            self._log.add(Answer("POST to done", errand.size, time.monotonic() - started, 200))
            for name in errand.exports if job["status"] == "done" else ():
                path = f"/api/v1/ocr/{job['uuid']}/download/?format={name}"
                self.ask(f"download {name}", errand.size, "GET", path, follow_redirects=True)
        except GaveUp as reason:
            return Outcome(errand, holder, None, time.monotonic() - started, attempts, str(reason))
        return Outcome(errand, holder, job, time.monotonic() - started, attempts)

    def submit(self, errand: Errand) -> tuple[dict[str, Any], int]:
        """The job as it was answered, and after how many requests. Raises GaveUp."""
        before = self.requests
        files = {"file": (f"{errand.size}.pdf", document(errand.pages, errand.kind))}
        headers = {"Idempotency-Key": str(uuid4())}
        answer = self.ask("POST", errand.size, "POST", "/api/v1/ocr/", files=files, headers=headers)
        return answer.json(), self.requests - before

    def finished(self, job: dict[str, Any], size: str) -> dict[str, Any]:
        """Raises GaveUp."""
        until = time.monotonic() + PATIENCE_S
        path = f"/api/v1/ocr/{job['uuid']}/"
        while job["status"] not in ENDED:
            if time.monotonic() > until:
                raise GaveUp(f"the job {job['uuid']} does not end")
            asked = time.monotonic()
            answer = self.ask("poll", size, "GET", path, params=LONG_POLL, follow_redirects=True)
            job = answer.json()
            if job["status"] not in ENDED and time.monotonic() - asked < AGAIN_AFTER_S:  # too many are held for us
                time.sleep(float(answer.headers.get("Retry-After", AGAIN_AFTER_S)))
        return job

    def ask(self, route: str, size: str, method: str, path: str, **how: Any) -> httpx.Response:
        """The first good answer. Raises GaveUp."""
        until = time.monotonic() + PATIENCE_S
        while True:
            answer, response = self._once(route, size, method, path, **how)
            self._log.add(answer)
            if response is not None and answer.status in GOOD:
                return response
            can_retry = answer.status in WITH_RETRY_AFTER or answer.status in (NO_ANSWER, IN_USE) or answer.fault
            if not can_retry or time.monotonic() > until:
                raise GaveUp(f"{route}: {answer.status} {answer.code}")
            time.sleep(answer.retry_after if answer.retry_after is not None else AGAIN_AFTER_S)

    def _once(self, route: str, size: str, method: str, path: str, **how: Any) -> tuple[Answer, httpx.Response | None]:
        self.requests += 1
        started = time.perf_counter()
        try:
            response = self.http.request(method, path, **how)
        except httpx.TransportError as error:
            return Answer(route, size, time.perf_counter() - started, NO_ANSWER, type(error).__name__), None
        seconds = time.perf_counter() - started
        is_problem = response.headers.get("content-type", "").startswith("application/problem+json")
        code = str(response.json()["code"]) if is_problem else ""
        after = response.headers.get("Retry-After")
        if after is not None and response.status_code in GOOD:  # it is about the job, and not about the request
            after = None
        told = float(after) if after is not None else None
        return Answer(route, size, seconds, response.status_code, code, told), response

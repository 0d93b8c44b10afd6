"""Who asks for jobs while things go wrong. They do what the documentation asks of a client: the same request again,
with its Idempotency-Key, when there was no answer or one that says that a retry helps."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pymupdf

from infra.local.service import Service
from tests.faults.plan import Errand, Holder

PATIENCE_S = 240.0
"""For one request with its retries: longer than any round lasts, with a restart in it."""

LOOKS_EVERY_S = 2.0
"""At a job that runs: what `Retry-After` says."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 3.0
RETRIED = frozenset({409, 429, 500, 502, 503, 504})
GONE = frozenset({404, 410})


class GaveUp(Exception):
    """A customer's patience was over."""


@dataclass(slots=True)
class Outcome:
    """What came of an errand. `uuids`: of the jobs that were told to it, one if all is well; `accepted_at` as
    `time.time()`; `refused`: the code of an answer that no retry helps with; `job`: as it was read last."""

    errand: Errand
    filename: str
    uuids: set[str] = field(default_factory=set)
    accepted_at: float | None = None
    refused: str | None = None
    is_deleted: bool = False
    is_lost: bool = False
    job: dict[str, Any] | None = None
    exports: dict[str, int] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    asked_again: int = 0


def marker(round_number: int, errand: int, page: int) -> str:
    """Stands on the page, and on no other one."""
    return f"Round {round_number} errand {errand} page {page} of it"


def file_of(round_number: int, errand: Errand) -> bytes:
    with pymupdf.open() as pdf:
        for page in range(errand.pages):
            sheet = pdf.new_page()
            sheet.insert_text((72, 72), marker(round_number, errand.number, page))
            sheet.insert_text((72, 112), "Please pay within 30 days")
        data: bytes = pdf.tobytes(no_new_id=True)
    return data


class Customers:
    """Those of a campaign: one account for each plan, and nobody in particular."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.accounts: dict[Holder, str] = {}
        self._tokens: dict[Holder, str] = {}
        plans: tuple[Holder, ...] = ("free", "paid")
        for plan in plans:
            made = service.stack.operate(do="account", plan=plan)
            self.accounts[plan] = made["account"]
            self._tokens[plan] = service.stack.operate(do="token", account=made["account"])["token"]
        service.stack.operate(
            do="grant", account=self.accounts["paid"], credits=1_000_000, reason="to be attacked", key="attack"
        )

    def run(self, round_number: int, errand: Errand, began: float) -> Outcome:
        """Carries the errand out, from its time on; `began` by the monotonic clock. Never raises: what went wrong is
        in the outcome's `trouble`."""
        outcome = Outcome(errand, f"r{round_number}-e{errand.number}.pdf")
        time.sleep(max(0.0, began + errand.at_s - time.monotonic()))
        token = self._tokens.get(errand.holder)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with httpx.Client(base_url=self._service.url, timeout=70, headers=headers) as http:
            customer = _Customer(self._service, http, self.accounts.get(errand.holder, ""), outcome, round_number)
            try:
                customer.go()
            except GaveUp as reason:
                outcome.trouble.append(str(reason))
        return outcome


@dataclass(slots=True)
class _Customer:
    service: Service
    http: httpx.Client
    account: str
    outcome: Outcome
    round_number: int

    def go(self) -> None:
        errand, data = self.outcome.errand, file_of(self.round_number, self.outcome.errand)
        if errand.way == "drop":
            self._drop(data)
            return
        if not self._submit(data):
            return
        if errand.deleted_after_s is not None:
            time.sleep(errand.deleted_after_s)
            self._delete()
            return
        self._read()
        if self.outcome.job is not None and self.outcome.job["status"] == "done":
            for name in errand.exports:
                self._export(name)
            for number in range(errand.questions):
                self._ask(number)

    @property
    def _uuid(self) -> str:
        return next(iter(self.outcome.uuids))

    def _submit(self, data: bytes) -> bool:
        """With the same request at the same time as often as the errand says."""
        errand = self.outcome.errand
        fields: dict[str, str] = {"tier": errand.tier}
        files: dict[str, Any] | None = {"file": (self.outcome.filename, data)}
        if errand.way == "upload":
            fields["upload_id"], files = self._upload(data), None
            if not fields["upload_id"]:
                return False
        headers = {"Idempotency-Key": f"{self.outcome.filename}-{errand.holder}"}

        def once() -> None:
            body: dict[str, Any] = {"files": files, "data": fields} if files else {"files": _form(fields)}
            try:
                answer = self._request("POST", "/api/v1/ocr/", headers=headers, **body)
            except GaveUp as reason:
                self.outcome.trouble.append(str(reason))
                return
            if answer.status_code in (201, 202):
                self.outcome.uuids.add(answer.json()["uuid"])
                self.outcome.accepted_at = self.outcome.accepted_at or time.time()
            elif answer.status_code in GONE:
                self.outcome.is_deleted = True
            else:
                self.outcome.refused = answer.json()["code"]

        others = [threading.Thread(target=once) for _ in range(errand.repeats)]
        for other in others:
            other.start()
        once()
        for other in others:
            other.join()
        return bool(self.outcome.uuids)

    def _upload(self, data: bytes) -> str:
        """The id of the upload; empty where it was refused."""
        asked = {"filename": self.outcome.filename, "size": len(data)}
        answer = self._request("POST", "/api/v1/uploads/", json=asked)
        if answer.status_code != 201:
            self.outcome.refused = answer.json()["code"]
            return ""
        offer = answer.json()
        sent = self._request("POST", offer["url"], data=offer["fields"], files={"file": ("file.pdf", data)})
        if sent.status_code not in (200, 201, 204):
            self.outcome.refused = f"form {sent.status_code}"
            return ""
        return str(offer["upload_id"])

    def _read(self) -> None:
        """Until the job has ended."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            answer = self._request("GET", f"/api/v1/ocr/{self._uuid}/")
            if answer.status_code in GONE:
                self.outcome.is_lost = True
                return
            self.outcome.job = answer.json()
            if self.outcome.job["status"] in ("done", "failed"):
                return
            time.sleep(LOOKS_EVERY_S)
        raise GaveUp(f"{self.outcome.filename}: the job {self._uuid} does not end: {self.outcome.job}")

    def _delete(self) -> None:
        answer = self._request("DELETE", f"/api/v1/ocr/{self._uuid}/")
        self.outcome.is_deleted = answer.status_code in (204, 410)
        self.outcome.is_lost = answer.status_code == 404

    def _export(self, name: str) -> None:
        path = f"/api/v1/ocr/{self._uuid}/download/"
        answer = self._request("GET", path, params={"format": name}, follow_redirects=True)
        self.outcome.exports[name] = answer.status_code

    def _ask(self, number: int) -> None:
        headers = {"Idempotency-Key": f"{self.outcome.filename}-question-{number}"}
        question = {"message": "Within how many days must one pay?"}
        answer = self._request("POST", f"/api/v1/chat/{self._uuid}/", json=question, headers=headers)
        if answer.status_code != 200 and answer.status_code not in GONE:
            self.outcome.trouble.append(f"{self.outcome.filename}: the chat answers {answer.status_code}")

    def _drop(self, data: bytes) -> None:
        key = f"drop/{self.account}/{self.outcome.filename}"
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                stack = self.service.stack
                stack.client("s3").put_object(Bucket=stack.outputs["BucketName"], Key=key, Body=data)
            except Exception:  # noqa: BLE001 - AWS is restarted: the customer puts it again
                self.outcome.asked_again += 1
                time.sleep(1)
            else:
                return
        raise GaveUp(f"{self.outcome.filename}: it could not be dropped")

    def _request(self, method: str, path: str, **how: Any) -> httpx.Response:
        """The answer that is final. Raises GaveUp."""
        until, pause = time.monotonic() + PATIENCE_S, FIRST_PAUSE_S
        told = ""
        while time.monotonic() < until:
            try:
                answer = self.http.request(method, path, **how)
            except httpx.TransportError as error:
                told = repr(error)
            else:
                if answer.status_code not in RETRIED:
                    return answer
                told = f"{answer.status_code} {answer.text[:200]}"
            self.outcome.asked_again += 1
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
        raise GaveUp(f"{self.outcome.filename}: {method} {path}: {told}")


def _form(fields: Mapping[str, str]) -> dict[str, tuple[None, str]]:
    """As multipart, without a file."""
    return {name: (None, value) for name, value in fields.items()}

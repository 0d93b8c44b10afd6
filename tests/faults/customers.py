"""Who asks for jobs while things go wrong. They do what the documentation asks of a client: the same request again,
with its Idempotency-Key, when there was no answer or one that says that a retry helps."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pymupdf

from infra.local.service import Service
from tests.faults.client import PATIENCE_S, Client, GaveUp, Unknown
from tests.faults.newcomers import Membership, Newcomer
from tests.faults.plan import Errand, Holder

LOOKS_EVERY_S = 2.0
"""At a job that runs: what `Retry-After` says."""

GONE = frozenset({404, 410})


@dataclass(slots=True)
class Outcome:
    """What came of an errand. `uuids`: of the jobs that were told to it, one if all is well; `accepted_at` as
    `time.time()`; `refused`: the code of an answer that no retry helps with; `job`: as it was read last; `member`: the
    account that was made for it; `unknown`: what the service said when it did not know the token."""

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
    member: Membership | None = None
    unknown: str = ""


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
        try:
            account, token = self.accounts.get(errand.holder, ""), self._tokens.get(errand.holder, "")
            if errand.signs_up:
                outcome.member = self._sign_up(outcome, round_number)
                account, token = outcome.member.account, outcome.member.token
            with closing(Client(self._service.url, outcome.filename, token)) as client:
                try:
                    _Customer(self._service, client, account, outcome, round_number).go()
                finally:
                    outcome.asked_again += client.asked_again
        except GaveUp as reason:
            outcome.trouble.append(str(reason))
        except Unknown as reason:
            outcome.unknown = str(reason)
        return outcome

    def _sign_up(self, outcome: Outcome, round_number: int) -> Membership:
        """Raises GaveUp."""
        number = outcome.errand.number
        address = f"127.1.{round_number % 256}.{number + 1}"
        newcomer = Newcomer(self._service.url, self._service.stack.mail, f"r{round_number}-e{number}", address)
        try:
            return newcomer.sign_up()
        finally:
            outcome.asked_again += newcomer.asked_again
            outcome.trouble += newcomer.trouble


@dataclass(slots=True)
class _Customer:
    service: Service
    client: Client
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
                answer = self.client.request("POST", "/api/v1/ocr/", headers=headers, **body)
            except GaveUp as reason:
                self.outcome.trouble.append(str(reason))
                return
            except Unknown as reason:
                self.outcome.unknown = str(reason)
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
        answer = self.client.request("POST", "/api/v1/uploads/", json=asked)
        if answer.status_code != 201:
            self.outcome.refused = answer.json()["code"]
            return ""
        offer = answer.json()
        sent = self.client.request("POST", offer["url"], data=offer["fields"], files={"file": ("file.pdf", data)})
        if sent.status_code not in (200, 201, 204):
            self.outcome.refused = f"form {sent.status_code}"
            return ""
        return str(offer["upload_id"])

    def _read(self) -> None:
        """Until the job has ended."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            answer = self.client.request("GET", f"/api/v1/ocr/{self._uuid}/")
            if answer.status_code in GONE:
                self.outcome.is_lost = True
                return
            self.outcome.job = answer.json()
            if self.outcome.job["status"] in ("done", "failed"):
                return
            time.sleep(LOOKS_EVERY_S)
        raise GaveUp(f"{self.outcome.filename}: the job {self._uuid} does not end: {self.outcome.job}")

    def _delete(self) -> None:
        answer = self.client.request("DELETE", f"/api/v1/ocr/{self._uuid}/")
        self.outcome.is_deleted = answer.status_code in (204, 410)
        self.outcome.is_lost = answer.status_code == 404

    def _export(self, name: str) -> None:
        path = f"/api/v1/ocr/{self._uuid}/download/"
        answer = self.client.request("GET", path, params={"format": name}, follow_redirects=True)
        self.outcome.exports[name] = answer.status_code

    def _ask(self, number: int) -> None:
        headers = {"Idempotency-Key": f"{self.outcome.filename}-question-{number}"}
        question = {"message": "Within how many days must one pay?"}
        answer = self.client.request("POST", f"/api/v1/chat/{self._uuid}/", json=question, headers=headers)
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


def _form(fields: Mapping[str, str]) -> dict[str, tuple[None, str]]:
    """As multipart, without a file."""
    return {name: (None, value) for name, value in fields.items()}

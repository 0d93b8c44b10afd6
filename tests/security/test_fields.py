"""Each text that a caller may send is taken at its limit, and refused by name one character beyond it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from account.fields import MOST_BYTES
from chat.asked import MESSAGE_CHARACTERS, MOST_BODY_BYTES
from infra.local.service import Service
from ocrchat import email
from ocrchat.accounts import LONGEST_NAME
from ocrchat.page_choice import MOST_RANGES
from submit import uploads
from tests.data import make_files
from tests.integration.support import Api, new_token

FILE = {"file": ("a.pdf", make_files.digital_pdf(1))}
FORM_FIELD_BYTES = 4096
"""Of a text field of a submission, as its route parses the form."""


@dataclass(frozen=True)
class Field:
    """`request` makes one with a text of so many characters (or bytes, or parts), of which `most` are taken."""

    call: str
    most: int
    request: Callable[[int], dict[str, Any]]
    taken: int
    code: str = "parameter_invalid"


def address(length: int) -> str:
    """An e-mail address, not the same one twice."""
    local = uuid4().hex
    rest = length - len(f"{local}@.com")
    labels = ["b" * 60] * (rest // 61) + ["c" * (rest % 61)]
    return f"{local}@{'.'.join(labels)}.com"


def padded(body: dict[str, Any], length: int) -> dict[str, Any]:
    """The body as JSON of so many bytes."""
    return {"content": json.dumps(body).encode().ljust(length)}


def submission(**fields: str) -> dict[str, Any]:
    return {"files": FILE, "data": fields}


ASK = {"message": "What is this?"}
OFFER = {"filename": "a.pdf", "size": 9}
FIELDS = {
    "an e-mail address": Field(
        "POST /api/v1/account/", email.LONGEST, lambda most: {"json": {"email": address(most)}}, 202
    ),
    "the body of an account's route": Field(
        "POST /api/v1/account/tokens/", MOST_BYTES, lambda most: padded({"name": "a"}, most), 201
    ),
    "the name of a token": Field(
        "POST /api/v1/account/tokens/", LONGEST_NAME, lambda most: {"json": {"name": "é" * most}}, 201
    ),
    "a question": Field(
        "POST /api/v1/chat/{job}/", MESSAGE_CHARACTERS, lambda most: {"json": {"message": "é" * most}}, 200
    ),
    "the body of a question": Field("POST /api/v1/chat/{job}/", MOST_BODY_BYTES, lambda most: padded(ASK, most), 200),
    "the body that asks for an upload": Field(
        "POST /api/v1/uploads/", uploads.MOST_BODY_BYTES, lambda most: padded(OFFER, most), 201
    ),
    "the key of a submission": Field(
        "POST /api/v1/ocr/",
        255,
        lambda most: submission() | {"headers": {"Idempotency-Key": uuid4().hex.ljust(most, "k")}},
        201,
    ),
    "the key of a question": Field(
        "POST /api/v1/chat/{job}/",
        255,
        lambda most: {"json": ASK, "headers": {"Idempotency-Key": uuid4().hex.ljust(most, "k")}},
        200,
    ),
    "a choice of pages": Field(
        "POST /api/v1/ocr/", MOST_RANGES, lambda most: submission(pages=",".join(["1"] * most)), 201
    ),
    "a field of a submission": Field(
        "POST /api/v1/ocr/", FORM_FIELD_BYTES, lambda most: submission(note="é" * (most // 2) + "e" * (most % 2)), 201
    ),
}

REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a tier": ("POST /api/v1/ocr/", submission(tier="c" * 4000), "parameter_invalid"),
    "a tool": ("POST /api/v1/ocr/", submission(tool="t" * 4000), "parameter_invalid"),
    "a language": ("POST /api/v1/ocr/", submission(language="e" * 4000), "parameter_invalid"),
    "a language to translate to": (
        "POST /api/v1/ocr/",
        submission(tool="translate", translate_to="e" * 4000),
        "parameter_invalid",
    ),
    "an upload": ("POST /api/v1/ocr/", {"data": {"upload_id": "0" * 4000}}, "parameter_invalid"),
    "a conversation": (
        "POST /api/v1/chat/{job}/",
        {"json": ASK | {"conversation": "0" * 4000}},
        "conversation_not_found",
    ),
    "a code of a link": ("POST /api/v1/account/session/", {"json": {"code": "c" * 4000}}, "parameter_invalid"),
    "a number of jobs": ("GET /api/v1/ocr/", {"params": {"limit": "1" * 4000}}, "parameter_invalid"),
    "a place in the jobs": ("GET /api/v1/ocr/", {"params": {"after": "0" * 4000}}, "parameter_invalid"),
    "a place in the ledger": ("GET /api/v1/account/usage/", {"params": {"after": "AAAA" * 1000}}, "parameter_invalid"),
    "a place in a transcript": (
        "GET /api/v1/chat/{job}/history/",
        {"params": {"after": "0" * 4000}},
        "parameter_invalid",
    ),
    "seconds to wait": ("GET /api/v1/ocr/{job}/", {"params": {"wait": "1" * 4000}}, "parameter_invalid"),
    "pages to show": ("GET /api/v1/ocr/{job}/", {"params": {"pages": "1" * 4000}}, "parameter_invalid"),
    "how much to show": ("GET /api/v1/ocr/{job}/", {"params": {"detail": "w" * 4000}}, "parameter_invalid"),
    "a format": ("GET /api/v1/ocr/{job}/download/", {"params": {"format": "t" * 4000}}, "parameter_invalid"),
    "a job": ("GET /api/v1/ocr/" + "0" * 4000 + "/", {}, "job_not_found"),
    "a token's id": ("DELETE /api/v1/account/tokens/" + "0" * 4000 + "/", {}, "token_not_found"),
    "a token": ("GET /api/v1/ocr/", {"headers": {"Authorization": "Bearer " + "t" * 4000}}, "token_invalid"),
}
"""Texts that name something: one that is too long names nothing, and no more of it is repeated than a line."""


@dataclass
class Known:
    client: httpx.Client
    job: str

    def send(self, call: str, request: dict[str, Any]) -> httpx.Response:
        method, path = call.format(job=self.job).split()
        return self.client.request(method, path, **request)


@pytest.fixture(scope="module")
def known(service: Service) -> Iterator[Known]:
    """An account with a job, at an address of its own, since links to sign in are counted by it."""
    token = new_token(service)
    with Api(service, token) as account:
        job = account.read(FILE["file"][1])["uuid"]
    transport = httpx.HTTPTransport(local_address="127.16.0.1")
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=service.url, timeout=60, transport=transport, headers=headers) as client:
        yield Known(client, job)


@pytest.mark.parametrize("name", FIELDS)
def test_a_text_is_taken_up_to_its_limit_and_no_further(known: Known, name: str) -> None:
    field = FIELDS[name]
    taken = known.send(field.call, field.request(field.most))
    assert taken.status_code == field.taken, taken.text
    refused = known.send(field.call, field.request(field.most + 1))
    assert (refused.status_code, refused.json()["code"]) == (400, field.code)


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_of_any_length_is_refused_in_a_few_words(known: Known, name: str) -> None:
    call, request, code = REFUSED[name]
    answer = known.send(call, request)
    assert (answer.status_code in {400, 401, 404}, answer.json()["code"]) == (True, code), answer.text
    assert len(answer.json()["detail"]) < 500


@pytest.mark.parametrize(("length", "kept"), [(200, 200), (201, 200), (3000, 200)])
def test_a_file_s_name_is_cut_at_its_limit(known: Known, length: int, kept: int) -> None:
    sent = {"files": {"file": ("n" * length, FILE["file"][1])}}
    assert known.send("POST /api/v1/ocr/", sent).json()["filename"] == "n" * kept


def test_a_file_s_name_that_fills_a_header_is_refused(known: Known) -> None:
    answer = known.send("POST /api/v1/ocr/", {"files": {"file": ("n" * 60_000, FILE["file"][1])}})
    assert (answer.status_code, answer.json()["code"]) == (400, "parameter_invalid")

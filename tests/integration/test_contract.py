"""What /openapi.json says is what the service does: requests made from the document, right ones and wrong ones, are
answered with a status, headers and a body that it names, whoever calls. EXAMPLES=... of each, at random, where it is
set (`make contract`); else a few, always the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from infra.local.mailbox import Mailbox
from infra.local.service import Service
from ocrchat.http.documentation import openapi_document
from ocrchat.plans import PACKS
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.tokens import new_code
from tests.data import make_files
from tests.integration.support import new_session

FEW = 12
"""Examples of each operation and caller: the whole file then takes well below 45 seconds."""

EXAMPLES = int(os.environ.get("EXAMPLES", FEW))
ADDRESS = "127.14.0.1"
"""Of its own, since links to sign in are counted by the address."""

A_FILE = {"file": ("a.pdf", make_files.digital_pdf(1))}

AnyCase = Case[Any]

SCHEMA = schemathesis.openapi.from_dict(openapi_document())
OPERATIONS = {f"{method.upper()} {path}": SCHEMA[path][method] for path in SCHEMA for method in SCHEMA[path]}
CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


class FromAddress(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, source_address=(ADDRESS, 0), **named)


@dataclass
class Callers:
    """Somebody without credentials, and an account with many credits and one job."""

    service: Service
    http: requests.Session

    def __post_init__(self) -> None:
        stack = self.service.stack
        self.account: str = stack.operate(do="account", plan="paid")["account"]
        granted = stack.operate(do="grant", account=self.account, credits=1_000_000, reason="tests", key=self.account)
        assert granted["granted"]
        self.token: str = stack.operate(do="token", account=self.account)["token"]
        self.accounts = AccountsTable(stack.client("dynamodb"), stack.outputs["BalancesTableName"])

    def headers(self, who: str) -> dict[str, str]:
        """A session is a new one each time: one of the operations ends it."""
        if who == "a token":
            return {"Authorization": f"Bearer {self.token}"}
        if who == "a session":
            code = new_session(self.accounts, self.account)
            return {"Cookie": f"session={code}", "Origin": self.service.url}
        return {}

    def call(self, label: str, who: str = "a token", **request: Any) -> requests.Response:
        """The answer, which is as it is documented. Names in the path are filled in from the request's `path`."""
        method, path = label.split()
        names = request.pop("path", {})
        answer = self.http.request(
            method,
            self.service.url + path.format(**names),
            headers=self.headers(who),
            allow_redirects=False,
            timeout=60,
            **request,
        )
        OPERATIONS[label].Case(path_parameters=names).validate_response(answer, checks=CHECKED)
        return answer

    @cached_property
    def job(self) -> str:
        """The uuid of one that is done."""
        uuid: str = self.call("POST /api/v1/ocr/", files=A_FILE).json()["uuid"]
        return uuid


@pytest.fixture(scope="module")
def callers(service: Service) -> Iterator[Callers]:
    with requests.Session() as session:
        session.mount("http://", FromAddress())
        session.trust_env = False
        yield Callers(service, session)


def cases(label: str) -> st.SearchStrategy[AnyCase]:
    """Right requests, and where anything can be wrong, wrong ones."""
    operation = OPERATIONS[label]
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not operation.body and not operation.query and not operation.path_parameters:
        return right
    return right | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


@pytest.mark.parametrize("who", ["nobody", "a token", "a session"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_an_operation_answers_as_it_is_documented(callers: Callers, label: str, who: str) -> None:
    """About a job that there is, too, but for its deletion."""
    about = st.booleans() if "{uuid}" in label and not label.startswith("DELETE") else st.just(False)

    @settings(
        max_examples=EXAMPLES,
        derandomize="EXAMPLES" not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(label), about_a_job=about)
    def answered(case: AnyCase, about_a_job: bool) -> None:
        if about_a_job:
            case.path_parameters["uuid"] = callers.job
        answer = case.call(
            callers.service.url, session=callers.http, headers=callers.headers(who), allow_redirects=False, timeout=60
        )
        case.validate_response(answer, checks=CHECKED)

    answered()


JOB, CHAT, ACCOUNT = "/api/v1/ocr/{uuid}/", "/api/v1/chat/{uuid}/", "/api/v1/account/"


def test_a_job_answers_as_it_is_documented_from_its_beginning_to_its_end(callers: Callers) -> None:
    made = callers.call("POST /api/v1/ocr/", files=A_FILE)
    assert (made.status_code, made.json()["status"]) == (201, "done")
    path = {"uuid": made.json()["uuid"]}
    assert callers.call("GET /api/v1/ocr/").json()["data"][0]["uuid"] == path["uuid"]
    assert callers.call(f"GET {JOB}", path=path, params={"pages": "1", "detail": "words"}).json()["pages"][0]["blocks"]
    file = callers.call(f"GET {JOB}download/", path=path, params={"format": "txt"}).headers["Location"]
    assert callers.http.get(file, timeout=60).text.strip() == made.json()["text"].strip()
    answer = callers.call(f"POST {CHAT}", path=path, json={"message": "What is this about?"})
    told = callers.call(f"GET {CHAT}history/", path=path).json()["conversations"]
    assert [one["conversation"] for one in told] == [answer.json()["conversation"]]
    assert callers.call(f"DELETE {JOB}", path=path).status_code == 204
    for gone in (f"GET {JOB}", f"GET {JOB}download/", f"GET {CHAT}history/"):
        assert callers.call(gone, path=path).status_code == 410


def test_an_account_answers_as_it_is_documented(callers: Callers) -> None:
    """One of its own: what is sent at random may have used up the tokens that an account may have."""
    callers = Callers(callers.service, callers.http)
    mailbox = Mailbox(callers.service.stack.mail)
    assert (
        callers.call(f"POST {ACCOUNT}", "nobody", json={"email": f"{new_code()[:20]}@example.com"}).status_code == 202
    )
    ((_, link),) = mailbox.new_links()
    signed_in = callers.call(f"POST {ACCOUNT}session/", "nobody", json={"code": link.partition("code=")[2]})
    assert signed_in.json()["plan"]["name"] == "free"
    callers.http.cookies.clear()
    assert callers.call(f"DELETE {ACCOUNT}session/", "a session").status_code == 204
    made = callers.call(f"POST {ACCOUNT}tokens/", json={"name": "another"}).json()
    path = {"token_id": made["id"]}
    assert callers.call(f"POST {ACCOUNT}tokens/{{token_id}}/rotate/", path=path).json()["token"] != made["token"]
    assert made["id"] in {one["id"] for one in callers.call(f"GET {ACCOUNT}tokens/").json()["data"]}
    assert callers.call(f"DELETE {ACCOUNT}tokens/{{token_id}}/", path=path).status_code == 204
    assert callers.call(f"GET {ACCOUNT}").json()["account"] == callers.account
    assert callers.call(f"GET {ACCOUNT}usage/").json()["data"]
    assert callers.call(f"POST {ACCOUNT}purchases/", json={"credits": PACKS[0].credits}).status_code == 201


@pytest.mark.parametrize(
    "label",
    ["GET /api/v1/languages/", "GET /api/v1/tools/", "GET /api/v1/pricing/", "GET /healthz", "GET /schemas/job-1.json"],
)
def test_what_everybody_may_read_is_as_it_is_documented(callers: Callers, label: str) -> None:
    assert callers.call(label, "nobody").status_code == 200


def test_an_upload_is_offered_as_it_is_documented(callers: Callers) -> None:
    answer = callers.call("POST /api/v1/uploads/", json={"filename": "a.pdf", "size": 1000})
    assert answer.status_code == 201

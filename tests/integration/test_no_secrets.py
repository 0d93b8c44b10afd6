"""No secret is logged, and no answer repeats one that it was not asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest

from infra.local.mailbox import Mailbox
from infra.local.service import Service
from ocrchat.plans import PACKS
from ocrchat.tokens import derive, new_code
from tests.data import make_files
from tests.integration.support import EVENTS, ROOMY, logged, sold_by
from tests.stripe_server import KEY, WEBHOOK_SECRET, Refused, StripeServer, signature

ACCOUNT = "/api/v1/account/"
PURCHASES = ACCOUNT + "purchases/"
JOBS = "/api/v1/ocr/"

WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/api/v1/nothing/", {}),
    ("GET", "/nothing/", {}),
    ("PUT", JOBS, {}),
    ("POST", JOBS, {"content": b"nonsense"}),
    ("POST", JOBS, {"content": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}),
    ("POST", JOBS, {"files": {"file": ("a.txt", b"just words " * 50)}}),
    ("GET", f"{JOBS}{uuid4().hex}/", {}),
    ("GET", f"{JOBS}{uuid4().hex}/download/", {}),
    ("DELETE", f"{JOBS}{uuid4().hex}/", {}),
    ("POST", f"/api/v1/chat/{uuid4().hex}/", {"content": b"{"}),
    ("GET", f"/api/v1/chat/{uuid4().hex}/history/", {}),
    ("GET", f"{ACCOUNT}nothing/", {}),
    ("PUT", ACCOUNT, {}),
    ("POST", f"{ACCOUNT}tokens/", {"content": b"{"}),
    ("POST", "/api/v1/uploads/", {"content": b"{"}),
]
"""Requests that are refused with a token as well: by the front, by the routing, and by each function."""


@dataclass
class Visit:
    """What one person does with the service, right and wrong; `told` are the answers whose purpose is a secret."""

    service: Service
    stripe: StripeServer
    email: str = field(default_factory=lambda: f"{uuid4().hex}@example.com")
    secrets: dict[str, str] = field(default_factory=dict)
    answers: list[httpx.Response] = field(default_factory=list)
    told: list[httpx.Response] = field(default_factory=list)
    broken: list[httpx.Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.http = httpx.Client(
            base_url=self.service.url,
            timeout=60,
            transport=httpx.HTTPTransport(local_address="127.12.0.1"),
            headers={"Origin": self.service.url},
        )

    def call(
        self, method: str, path: str, *, tells: bool = False, broken: bool = False, **request: Any
    ) -> httpx.Response:
        """`tells`: the answer's purpose is a secret; `broken`: it is a 5xx, as is to be."""
        answer = self.http.request(method, path, **request)
        (self.told if tells else self.broken if broken else self.answers).append(answer)
        return answer

    def sign_in(self) -> None:
        mailbox = Mailbox(self.service.stack.mail)
        self.call("POST", ACCOUNT, json={"email": self.email})
        ((to, link),) = mailbox.new_links()
        assert to == self.email
        code = link.partition("code=")[2]
        self.secrets |= {"e-mail": self.email, "link": code, "code that never was": new_code()}
        self.call("GET", link, tells=True)
        for wrong in (self.secrets["code that never was"], "not-any-code-at-all"):
            self.call("GET", f"{ACCOUNT}sign-in/", params={"code": wrong})
            self.call("POST", f"{ACCOUNT}session/", json={"code": wrong})
        self.call("POST", f"{ACCOUNT}session/", json={"code": code}, headers={"Origin": "https://other.example"})
        assert self.call("POST", f"{ACCOUNT}session/", json={"code": code}, tells=True).status_code == 200
        self.secrets["session"] = self.http.cookies["session"]
        self.call("POST", f"{ACCOUNT}session/", json={"code": code})
        self.call("DELETE", f"{ACCOUNT}session/", headers={"Origin": "https://other.example"})

    def take_tokens(self) -> None:
        (first,) = self.call("GET", f"{ACCOUNT}tokens/", tells=True).json()["data"]
        self.secrets["old token"] = first["token"]
        rotated = self.call("POST", f"{ACCOUNT}tokens/{first['id']}/rotate/", tells=True)
        self.secrets["token"] = rotated.json()["token"]
        self.secrets["token that never was"] = derive("another secret", "acct_none", "tok_none", 1)
        self.secrets["malformed token"] = f"mistyped-{uuid4().hex}"
        self.http.cookies.clear()

    def go_wrong(self) -> None:
        """With each token, in the header and in the query: what is refused by the API, and by the front."""
        for name in ("token", "old token", "token that never was", "malformed token"):
            token = self.secrets[name]
            for how in ("header", "query"):
                for method, path, body in WRONG:
                    self.call(method, path, **_with(token, how, body))
            self.call("GET", f"{JOBS}?limit=0&after={token}&api_token={token}")
            self.call("GET", f"{JOBS}?api_token={token}&api_token={token}")
            self.call("GET", f"{JOBS}?api_token={token}&X-Amz-Signature=x")
            self.call("GET", JOBS, headers={"Authorization": token})
        for code in (self.secrets["session"], new_code()):
            self.call("POST", JOBS, headers={"Cookie": f"session={code}", "Origin": "https://other.example"})

    def read(self) -> None:
        """A job with its token in the query; its download and a form for an upload, which are signed."""
        token = {"api_token": self.secrets["token"]}
        answer = self.call("POST", JOBS, files={"file": ("a.pdf", make_files.digital_pdf(1))}, params=token)
        assert answer.status_code == 201
        chat = f"/api/v1/chat/{answer.json()['uuid']}/"
        assert self.call("POST", chat, params=token, json={"message": "What is this?"}).status_code == 200
        assert self.call("GET", f"{chat}history/", params=token).status_code == 200
        download = self.call("GET", f"{JOBS}{answer.json()['uuid']}/download/", params=token, tells=True)
        location = download.headers["location"]
        assert self.secrets["token"] not in location
        (self.secrets["signature"],) = parse_qs(urlsplit(location).query)["X-Amz-Signature"]
        assert self.call("GET", location).status_code == 200
        self.call("GET", location.replace("X-Amz-Expires=", "X-Amz-Expires=1"))
        upload = self.call(
            "POST", "/api/v1/uploads/", json={"filename": "a.pdf", "size": 9}, params=token, tells=True
        ).json()
        self.secrets |= {name: upload["fields"][name] for name in ("policy", "x-amz-signature")}
        for data in (b"too long for it", b"%PDF-1.7 "):
            self.call("POST", upload["url"], data=upload["fields"], files={"file": ("a.pdf", data)})
        self.call("POST", JOBS, data={"upload_id": upload["upload_id"]}, params=token)

    def buy(self) -> None:
        """A pack, and events about it, signed well and wrongly; pages that cannot be made, of Stripe's own errors."""
        token = {"Authorization": f"Bearer {self.secrets['token']}"}
        buying: dict[str, Any] = {"json": {"credits": PACKS[0].credits}, "headers": token}
        self.stripe.fail(Refused(401, f"Invalid API Key provided: {KEY}"))
        assert self.call("POST", PURCHASES, broken=True, **buying).status_code == 503
        self.stripe.fail(Refused(400, f"Such a secret: {WEBHOOK_SECRET}"))
        assert self.call("POST", PURCHASES, broken=True, **buying).status_code == 503
        assert self.call("POST", PURCHASES, **buying).status_code == 201
        body = json.dumps(self.stripe.paid(self.stripe.sessions[-1])).encode()
        for secret, status in (("whsec_another", 400), (WEBHOOK_SECRET, 200), (WEBHOOK_SECRET, 200)):
            headers = {"Stripe-Signature": signature(body, secret)}
            assert self.call("POST", EVENTS, content=body, headers=headers).status_code == status
        self.secrets |= {"key of Stripe": KEY, "secret of Stripe's events": WEBHOOK_SECRET}
        self.secrets["signature of Stripe"] = headers["Stripe-Signature"].partition("v1=")[2][:64]

    def service_secrets(self) -> None:
        stack = self.service.stack
        secrets = stack.client("secretsmanager")
        listed = secrets.list_secrets()["SecretList"]
        assert len(listed) == 3
        for secret in listed:
            self.secrets[secret["Name"]] = secrets.get_secret_value(SecretId=secret["ARN"])["SecretString"]
        self.secrets["key of AWS"] = (stack.state / "secret").read_text()


def _with(token: str, how: str, body: dict[str, Any]) -> dict[str, Any]:
    if how == "query":
        return body | {"params": {"api_token": token}}
    return body | {"headers": {"Authorization": f"Bearer {token}", **body.get("headers", {})}}


@pytest.fixture(scope="module")
def stripe() -> Iterator[StripeServer]:
    with StripeServer() as server:
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, stripe: StripeServer) -> Iterator[Service]:
    """One of its own: what is read again and again here is its whole log."""
    with Service(0, tmp_path_factory.mktemp("secrets"), Plans=ROOMY, stripe=sold_by(stripe)) as running:
        stripe.endpoint = running.url + EVENTS
        yield running


@pytest.fixture(scope="module")
def visit(service: Service, stripe: StripeServer) -> Iterator[Visit]:
    made = Visit(service, stripe)
    with made.http:
        made.sign_in()
        made.take_tokens()
        made.go_wrong()
        made.read()
        made.buy()
        made.service_secrets()
        yield made


def test_no_log_holds_a_secret_or_the_address_of_a_person(visit: Visit) -> None:
    log = logged(visit.service)
    answered = [answer.headers["x-request-id"] for answer in visit.answers if "apigw-requestid" in answer.headers]
    assert sum(request_id in log for request_id in answered) > len(answered) / 2 > 50, "it holds these calls"
    assert len(visit.secrets) == 18
    assert [name for name, secret in visit.secrets.items() if secret in log] == []


@pytest.mark.parametrize("mark", ["ocrc_", "api_token", "x-amz-signature", "@example.com", "bearer ", "session="])
def test_no_log_holds_anything_that_looks_like_one(visit: Visit, mark: str) -> None:
    """Of whatever the service has answered, whosever it was."""
    found = re.search(f".{{0,80}}{re.escape(mark)}.{{0,20}}", logged(visit.service), re.IGNORECASE)
    assert found is None, found


def test_no_answer_repeats_a_secret(visit: Visit) -> None:
    statuses = {answer.status_code for answer in visit.answers}
    assert {400, 401, 403, 404, 405} <= statuses
    assert not any(status >= 500 for status in statuses)
    for answer in visit.answers + visit.broken:
        said = answer.text + str(answer.headers.multi_items())
        repeated = {name for name, secret in visit.secrets.items() if secret in said}
        is_own = answer.status_code == 200 and answer.request.url.path == ACCOUNT
        assert repeated <= ({"e-mail"} if is_own else set()), (answer.request.method, answer.request.url)


def test_an_answer_that_tells_a_secret_tells_no_other_and_is_kept_by_no_cache(visit: Visit) -> None:
    told = []
    for answer in visit.told:
        said = answer.text + str(answer.headers.multi_items())
        told.append({name for name, secret in visit.secrets.items() if secret in said})
    page, session, listed, rotated, download, upload = told
    assert (page, session) == ({"e-mail", "link"}, {"e-mail", "session"})
    assert (listed, rotated) == ({"old token"}, {"token"})
    assert (download, upload) == ({"signature"}, {"policy", "x-amz-signature"})
    for answer in visit.told[:-1]:  # that of a POST which says nothing of caches is kept by none
        assert answer.headers["cache-control"] == "no-store", answer.request.url


def test_a_token_that_stands_in_the_path_by_mistake_is_not_logged(visit: Visit) -> None:
    """In the place of its id, say."""
    for path in (f"{ACCOUNT}tokens/{{}}/", f"{JOBS}{{}}/", f"{JOBS}{{}}/download/", "/api/v1/chat/{}/history/"):
        token = derive("another secret", "acct_none", uuid4().hex, 1)
        assert visit.http.get(path.format(token)).status_code in (401, 404, 405)
        assert token not in logged(visit.service), path

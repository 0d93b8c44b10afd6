"""Every route, called by everybody who may and by everybody who may not: what each is answered, that a refusal says
nothing of whose it is, and that it changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal
from uuid import uuid4

import httpx
import pymupdf
import pytest

from infra.local.service import Service
from ocrchat.accounts import SESSION_LIFE
from ocrchat.http.documentation import openapi_document
from ocrchat.plans import PACKS
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.tokens import derive, digest, new_code
from tests.integration.support import Api, new_session, new_token
from tests.stripe_server import WEBHOOK_SECRET, signature

Answer = tuple[int, str | None]
"""Status, and the code of the problem document."""

Kind = Literal["nobody", "ended", "stranger", "owner", "wrong", "elsewhere"]
"""What a caller is to the owner's things: `wrong` shows a token that is none, `elsewhere` is the owner's browser on the
page of another site."""

MISSING: Answer = (401, "token_missing")
INVALID: Answer = (401, "token_invalid")
ELSEWHERE: Answer = (403, "origin_not_allowed")
NO_JOB: Answer = (404, "job_not_found")
NO_TOKEN: Answer = (404, "token_not_found")

FILENAME = "payroll of november"
TEXT = "Nobody else may read this line"
ANOTHER_SITE = "https://other.example"


def pdf(text: str) -> bytes:
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 72), text)
        data: bytes = document.tobytes()
    return data


@dataclass
class World:
    """An owner with a job, and a stranger; each with an account."""

    service: Service
    email: str = field(default_factory=lambda: f"{uuid4().hex}@example.com")

    def __post_init__(self) -> None:
        stack = self.service.stack
        self.accounts = AccountsTable(stack.client("dynamodb"), stack.outputs["BalancesTableName"])
        self.owner: str = stack.operate(do="account", email=self.email)["account"]
        self.token, self.token_id = self.new_token()
        self.stranger: str = stack.operate(do="account")["account"]
        self.strangers_token: str = stack.operate(do="token", account=self.stranger)["token"]
        self.own = Api(self.service, self.token)
        self.browsers = {name: self._browser(number) for number, name in enumerate(CALLERS)}
        self.job = self.new_job()
        self.other_job = self.new_job()

    def _browser(self, number: int) -> httpx.Client:
        """At an address of its own, since links to sign in are counted by it."""
        transport = httpx.HTTPTransport(local_address=f"127.9.0.{number + 1}")
        return httpx.Client(base_url=self.service.url, timeout=60, transport=transport)

    def close(self) -> None:
        for client in (self.own.http, *self.browsers.values()):
            client.close()

    def new_token(self) -> tuple[str, str]:
        """The token and its id."""
        made = self.service.stack.operate(do="token", account=self.owner)
        return made["token"], made["id"]

    def new_job(self) -> dict[str, Any]:
        return self.own.read(pdf(TEXT), f"{FILENAME}.pdf")

    def session(self, account: str, began: datetime | None = None) -> str:
        return new_session(self.accounts, account, began)

    def link(self) -> str:
        """The code of a link that is good."""
        code = new_code()
        self.accounts.put_link(digest(code), f"{uuid4().hex}@example.com", datetime.now(UTC))
        return code

    @cached_property
    def rotated(self) -> str:
        token, token_id = self.new_token()
        assert self.as_owner("POST", f"/api/v1/account/tokens/{token_id}/rotate/").status_code == 200
        return token

    @cached_property
    def revoked(self) -> str:
        token, token_id = self.new_token()
        assert self.as_owner("DELETE", f"/api/v1/account/tokens/{token_id}/").status_code == 204
        return token

    def as_owner(self, method: str, path: str) -> httpx.Response:
        return self.own.http.request(method, path)

    def send(
        self, method: str, path: str, credentials: Mapping[str, Any], who: str = "nobody", **body: Any
    ) -> httpx.Response:
        """With these credentials alone, from the address of `who`; `signature` in the body is Stripe's."""
        client = self.browsers[who]
        client.cookies.clear()
        if "signature" in body:
            headers = {**credentials.get("headers", {}), "Stripe-Signature": body.pop("signature")}
            credentials = {**credentials, "headers": headers}
        return client.request(method, path, **credentials, **body)


@pytest.fixture(scope="module")
def world(service: Service) -> Iterator[World]:
    made = World(service)
    yield made
    made.close()


# ---- who calls -----------------------------------------------------------------------------------------------------


def bearer(token: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {token}"}}


def in_query(token: str) -> dict[str, Any]:
    return {"params": {"api_token": token}}


def browser(world: World, code: str, origin: str | None = None) -> dict[str, Any]:
    """With a session, on the service's own page unless told otherwise."""
    return {"headers": {"Cookie": f"session={code}", "Origin": origin or world.service.url}}


CALLERS: dict[str, tuple[Kind, Callable[[World], dict[str, Any]]]] = {
    "nobody": ("nobody", lambda world: {}),
    "an expired session": (
        "ended",
        lambda world: browser(world, world.session(world.owner, datetime.now(UTC) - SESSION_LIFE)),
    ),
    "a session that never was": ("ended", lambda world: browser(world, new_code())),
    "a stranger": ("stranger", lambda world: bearer(world.strangers_token)),
    "a stranger's session": ("stranger", lambda world: browser(world, world.session(world.stranger))),
    "the owner": ("owner", lambda world: bearer(world.token)),
    "the owner's token in the query": ("owner", lambda world: in_query(world.token)),
    "the owner's session": ("owner", lambda world: browser(world, world.session(world.owner))),
    "the owner's session elsewhere": (
        "elsewhere",
        lambda world: browser(world, world.session(world.owner), ANOTHER_SITE),
    ),
    "a malformed token": ("wrong", lambda world: bearer("not-a-token")),
    "a token that never was": ("wrong", lambda world: bearer(derive("another secret", world.owner, "tok_none", 1))),
    "a revoked token": ("wrong", lambda world: bearer(world.revoked)),
    "a rotated token": ("wrong", lambda world: bearer(world.rotated)),
    "a wrong token in the query": ("wrong", lambda world: in_query("not-a-token")),
}


# ---- what is called ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    """What the owner is answered, and the others where that differs; `body` makes what is sent. With a session that has
    ended nothing is changed as nobody: that would be anybody's."""

    good: int
    nobody: Answer | None = None
    stranger: Answer | None = None
    wrong: Answer | None = INVALID
    ended: Answer | None = None
    elsewhere: Answer | None = None
    body: Callable[[World], dict[str, Any]] = lambda _: {}

    def answer(self, kind: Kind) -> Answer:
        refusals = {
            "nobody": self.nobody,
            "ended": self.ended or self.nobody,
            "stranger": self.stranger,
            "owner": None,
            "wrong": self.wrong,
            "elsewhere": self.elsewhere,
        }
        return refusals[kind] or (self.good, None)


def public(good: int = 200, **changes: Any) -> Route:
    """Reads no token and no session."""
    return Route(good, wrong=None, **changes)


def event(_: World) -> dict[str, Any]:
    """One of no use, signed by Stripe: nobody else is heard, whoever it is, and nothing else counts."""
    body = json.dumps({"id": f"evt_{uuid4().hex}", "type": "customer.created", "livemode": False}).encode()
    return {"content": body, "signature": signature(body, WEBHOOK_SECRET)}


ACCOUNT = "/api/v1/account/"
ROUTES = {
    "POST /api/v1/ocr/": Route(
        201, elsewhere=ELSEWHERE, ended=INVALID, body=lambda _: {"files": {"file": ("a.pdf", pdf("anything at all"))}}
    ),
    "GET /api/v1/ocr/": Route(200, nobody=MISSING),
    "GET /api/v1/ocr/{uuid}/": Route(200, nobody=NO_JOB, stranger=NO_JOB),
    "GET /api/v1/ocr/{uuid}/download/": Route(302, nobody=NO_JOB, stranger=NO_JOB),
    "DELETE /api/v1/ocr/{uuid}/": Route(204, nobody=NO_JOB, stranger=NO_JOB, elsewhere=ELSEWHERE, ended=INVALID),
    "POST /api/v1/chat/{uuid}/": Route(
        200,
        nobody=MISSING,
        stranger=NO_JOB,
        elsewhere=ELSEWHERE,
        ended=INVALID,
        body=lambda _: {"json": {"message": "What does this line say?"}},
    ),
    "GET /api/v1/chat/{uuid}/history/": Route(200, nobody=MISSING, stranger=NO_JOB),
    "POST /api/v1/uploads/": Route(
        201, elsewhere=ELSEWHERE, ended=INVALID, body=lambda _: {"json": {"filename": "a.pdf", "size": 1000}}
    ),
    f"GET {ACCOUNT}": Route(200, nobody=MISSING),
    f"GET {ACCOUNT}usage/": Route(200, nobody=MISSING),
    f"GET {ACCOUNT}tokens/": Route(200, nobody=MISSING),
    f"POST {ACCOUNT}tokens/": Route(
        201, nobody=MISSING, elsewhere=ELSEWHERE, ended=INVALID, body=lambda _: {"data": {"name": "another"}}
    ),
    f"POST {ACCOUNT}tokens/{{token_id}}/rotate/": Route(
        200, nobody=MISSING, stranger=NO_TOKEN, elsewhere=ELSEWHERE, ended=INVALID
    ),
    f"DELETE {ACCOUNT}tokens/{{token_id}}/": Route(
        204, nobody=MISSING, stranger=NO_TOKEN, elsewhere=ELSEWHERE, ended=INVALID
    ),
    f"POST {ACCOUNT}purchases/": Route(
        201, nobody=MISSING, elsewhere=ELSEWHERE, ended=INVALID, body=lambda _: {"json": {"credits": PACKS[0].credits}}
    ),
    f"POST {ACCOUNT}purchases/events/": public(body=event),
    f"POST {ACCOUNT}": public(
        202, elsewhere=ELSEWHERE, body=lambda _: {"json": {"email": f"{uuid4().hex}@example.com"}}
    ),
    f"POST {ACCOUNT}session/": public(elsewhere=ELSEWHERE, body=lambda world: {"json": {"code": world.link()}}),
    f"DELETE {ACCOUNT}session/": public(204, elsewhere=ELSEWHERE),
    "GET /api/v1/languages/": Route(200),
    "GET /api/v1/tools/": Route(200),
    "GET /api/v1/pricing/": Route(200),
    "GET /healthz": public(),
    "GET /schemas/job-1.json": public(),
}


def test_no_route_is_missing_from_the_table() -> None:
    documented = {
        f"{method.upper()} {path}" for path, methods in openapi_document()["paths"].items() for method in methods
    }
    assert documented == set(ROUTES)


def code_of(answer: httpx.Response) -> str | None:
    if answer.headers.get("content-type") != "application/problem+json":
        return None
    code: str = answer.json()["code"]
    return code


def assert_says_nothing(answer: httpx.Response, world: World, asked: str) -> None:
    """Of the owner and of the owner's jobs, but what was asked with."""
    secrets = {FILENAME, TEXT, world.email, world.owner, world.token, world.token_id}
    secrets |= {world.job["uuid"], world.other_job["uuid"]}
    said = answer.text + str(answer.headers)
    assert [secret for secret in secrets if secret in said and secret not in asked] == []


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("name", ROUTES)
def test_everybody_gets_the_answer_of_the_table(world: World, name: str, who: str) -> None:
    method, path = name.split()
    route, (kind, credentials) = ROUTES[name], CALLERS[who]
    expected = route.answer(kind)
    is_good = expected == (route.good, None)
    uuid = world.new_job()["uuid"] if is_good and name.startswith("DELETE /api/v1/ocr/") else world.job["uuid"]
    token_id = world.new_token()[1] if is_good and "{token_id}" in path else world.token_id
    asked = path.format(uuid=uuid, token_id=token_id)
    answer = world.send(method, asked, credentials(world), who, **route.body(world))
    assert (answer.status_code, code_of(answer)) == expected, answer.text
    assert str(answer.status_code) in openapi_document()["paths"][path][method.lower()]["responses"]
    if not is_good:
        assert_says_nothing(answer, world, asked)
        assert world.as_owner("GET", f"/api/v1/ocr/{world.job['uuid']}/").json() == world.job


# ---- another account's job is one that never was -------------------------------------------------------------------


REQUESTS = [
    ("GET", ""),
    ("GET", "?wait=1"),
    ("GET", "?wait=99"),
    ("GET", "?pages=1-1"),
    ("GET", "?pages=7-8"),
    ("GET", "?detail=words"),
    ("GET", "download/"),
    ("GET", "download/?format=md"),
    ("GET", "download/?format=json"),
    ("GET", "download/?format=pdf"),
    ("DELETE", ""),
    ("PUT", ""),
]


def deleted(world: World) -> dict[str, Any]:
    job = world.new_job()
    assert world.as_owner("DELETE", f"/api/v1/ocr/{job['uuid']}/").status_code == 204
    return job


def expired(world: World) -> dict[str, Any]:
    job, stack = world.new_job(), world.service.stack
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["JobsTableName"],
        Key={"pk": {"S": f"job#{job['uuid']}"}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"S": "2020-01-01T00:00:00.000000+00:00"}},
    )
    return job


def all_of(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers, without what differs between any two answers."""
    own = ("date", "x-request-id", "apigw-requestid")
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in own)
    return answer.status_code, answer.content.replace(answer.headers["x-request-id"].encode(), b"-"), headers


@pytest.mark.parametrize("who", [who for who, (kind, _) in CALLERS.items() if kind in ("nobody", "ended", "stranger")])
@pytest.mark.parametrize("make", [lambda world: world.job, deleted, expired], ids=["done", "deleted", "expired"])
def test_another_account_s_job_is_byte_for_byte_one_that_never_was(
    world: World, who: str, make: Callable[[World], dict[str, Any]]
) -> None:
    theirs, none = make(world)["uuid"], uuid4().hex
    credentials = CALLERS[who][1](world)
    for method, rest in REQUESTS:
        found, expected = (world.send(method, f"/api/v1/ocr/{uuid}/{rest}", credentials) for uuid in (theirs, none))
        assert found.status_code in (400, 401, 404, 405)
        assert all_of(found) == all_of(expected), (method, rest)


def test_a_list_shows_nothing_of_another_account(world: World) -> None:
    path = "/api/v1/ocr/"
    one, another = (bearer(new_token(world.service)) for _ in range(2))
    first = world.send("GET", path, one)
    assert first.json() == {"data": [], "has_more": False, "after": None}
    assert all_of(first) == all_of(world.send("GET", path, another))
    theirs, none = (world.send("GET", path, one, params={"after": uuid}) for uuid in (world.job["uuid"], uuid4().hex))
    assert code_of(theirs) == "parameter_invalid"
    assert all_of(theirs) == all_of(none)


@pytest.mark.parametrize(("method", "rest"), [("POST", "rotate/"), ("DELETE", "")])
def test_another_account_s_token_is_byte_for_byte_one_that_never_was(world: World, method: str, rest: str) -> None:
    theirs, none = (
        world.send(method, f"{ACCOUNT}tokens/{token_id}/{rest}", bearer(world.strangers_token))
        for token_id in (world.token_id, "tok_" + "a" * 20)
    )
    assert code_of(theirs) == "token_not_found"
    assert all_of(theirs) == all_of(none)


# ---- credentials that contradict each other, or are none ------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic dXNlcjpwYXNz", "{token}", "Bearer {token} x", "Bearer {token}x"]
)
def test_a_header_that_holds_no_token_is_refused_whatever_else_comes_with_it(world: World, header: str) -> None:
    """Neither a good token in the query nor a good session stands in for it."""
    session = world.session(world.owner)
    headers = {"Authorization": header.format(token=world.token), "Cookie": f"session={session}"}
    for params in ({}, {"api_token": world.token}):
        answer = world.send("GET", f"/api/v1/ocr/{world.job['uuid']}/", {"headers": headers, "params": params})
        assert (answer.status_code, code_of(answer)) == INVALID
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("query", ["api_token=", "api_token={token}&api_token={token}", "api_token={token}%20x"])
def test_a_query_that_holds_no_single_token_is_refused_even_with_a_session(world: World, query: str) -> None:
    path = f"/api/v1/ocr/{world.job['uuid']}/?{query.format(token=world.token)}"
    answer = world.send("GET", path, browser(world, world.session(world.owner)))
    assert (answer.status_code, code_of(answer)) == INVALID

"""Accounts over HTTP: signing in by the mail that was really sent, tokens, usage, and what an operator does."""

from __future__ import annotations

import email
import email.policy
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx
import pytest

from infra.local.service import Service
from ocrchat.accounts import LINK_LIFE, MOST_TOKENS, SESSION_LIFE, Token
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.tokens import digest, new_code, new_id
from tests.integration.support import Api, logged, new_session

ROOT = Path(__file__).parents[2]
ACCOUNT = "/api/v1/account/"
SESSION = ACCOUNT + "session/"
TOKENS = ACCOUNT + "tokens/"
OTHER_SITE = {"Origin": "https://other.example"}

_numbers = count(2)


@dataclass
class Person:
    """Somebody with a browser, at an address of one's own."""

    service: Service
    email: str = field(default_factory=lambda: f"{uuid4().hex}@example.com")

    def __post_init__(self) -> None:
        address = f"127.0.{1 + (number := next(_numbers)) // 250}.{number % 250 + 1}"
        transport = httpx.HTTPTransport(local_address=address)
        self.http = httpx.Client(base_url=self.service.url, timeout=60, transport=transport)
        self.own = {"Origin": self.service.url}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def ask(self, **headers: str) -> httpx.Response:
        return self.http.post(ACCOUNT, json={"email": self.email}, headers=headers)

    def links(self) -> list[str]:
        """In the mails to this person, oldest first."""
        found = []
        for path in sorted(self.service.stack.mail.glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if message["To"] == self.email:
                body = message.get_body(("plain",))
                assert body is not None
                found += re.findall(r"https?://\S+", body.get_content())
        return found

    def code(self) -> str:
        assert self.ask().status_code == 202
        return self.links()[-1].partition("code=")[2]

    def sign_in(self) -> dict[str, Any]:
        answer = self.http.post(SESSION, data={"code": self.code()}, headers=self.own)
        assert answer.status_code == 200, answer.text
        account: dict[str, Any] = answer.json()
        return account

    def tokens(self) -> list[dict[str, Any]]:
        answer = self.http.get(TOKENS)
        assert answer.status_code == 200, answer.text
        data: list[dict[str, Any]] = answer.json()["data"]
        return data


@pytest.fixture
def ada(service: Service) -> Iterator[Person]:
    with Person(service) as person:
        yield person


@pytest.fixture
def table(service: Service) -> AccountsTable:
    return AccountsTable(service.stack.client("dynamodb"), service.stack.outputs["BalancesTableName"])


def operate(service: Service, **order: object) -> dict[str, Any]:
    return service.stack.operate(**order)


def with_token(service: Service, token: str) -> httpx.Client:
    return Api(service, token).http


def is_good(service: Service, token: str) -> bool:
    with with_token(service, token) as http:
        answer = http.get(ACCOUNT)
    if answer.status_code != 200:
        problem(answer, 401, "token_invalid")
    return answer.status_code == 200


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    document: dict[str, Any] = answer.json()
    return document


def rows(service: Service) -> str:
    """The whole table of accounts as text."""
    pages = (
        service.stack.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=service.stack.outputs["BalancesTableName"])
    )
    return json.dumps([page["Items"] for page in pages])


# ---- signing in ----------------------------------------------------------------------------------------------------


def test_the_mailed_link_makes_an_account_with_a_token_that_works(ada: Person) -> None:
    account = ada.sign_in()
    assert account["email"] == ada.email
    assert account["plan"]["name"] == "free"
    assert account == ada.http.get(ACCOUNT).json()
    (token,) = ada.tokens()
    assert token["name"] == "default"
    with with_token(ada.service, token["token"]) as http:
        assert http.get(ACCOUNT).json() == account


def test_the_account_says_what_is_left(ada: Person) -> None:
    account = ada.sign_in()
    assert account.keys() == {
        "account", "email", "plan", "balance", "period", "used", "cap", "resets_at", "running", "concurrent_jobs",
        "created_at",
    }  # fmt: skip
    assert (account["balance"], account["used"], account["running"]) == (0, 0, 0)
    assert account["cap"] == account["plan"]["pages"] > 0
    assert account["created_at"].startswith(account["period"])
    assert account["resets_at"] > account["created_at"]


def test_signing_in_again_leads_to_the_same_account_however_the_address_is_written(ada: Person) -> None:
    account = ada.sign_in()
    with Person(ada.service, ada.email) as again:
        again.http.post(ACCOUNT, json={"email": f" {ada.email.upper()} "})
        code = again.links()[-1].partition("code=")[2]
        found = again.http.post(SESSION, json={"code": code}).json()
    assert found["account"] == account["account"]
    assert len(ada.tokens()) == 1


def test_two_links_of_a_new_person_opened_at_once_make_one_account(ada: Person) -> None:
    codes = [ada.code(), ada.code()]

    def sign_in(code: str) -> dict[str, Any]:
        with Person(ada.service) as browser:
            account: dict[str, Any] = browser.http.post(SESSION, json={"code": code}).json()
            return account

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(sign_in, codes)
    assert first["account"] == second["account"]
    ada.sign_in()
    assert len(ada.tokens()) == 1


def test_opening_the_link_changes_nothing(ada: Person) -> None:
    """Scanners of mail open every link."""
    ada.ask()
    (link,) = ada.links()
    for _ in range(3):
        page = ada.http.get(link)
        assert page.status_code == 200
        assert ada.email in page.text
        assert "set-cookie" not in page.headers
    code = re.search(r'name="code" value="([^"]+)"', page.text)
    action = re.search(r'action="([^"]+)"', page.text)
    assert code
    assert action
    assert ada.http.post(action[1], data={"code": code[1]}, headers=ada.own).status_code == 200


def test_the_page_of_the_link_keeps_the_code_to_itself(ada: Person) -> None:
    ada.ask()
    page = ada.http.get(ada.links()[0])
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in page.text + policy
    assert not re.search(r"(src|href)=", page.text)


def test_a_link_is_good_once_even_for_two_at_the_same_time(ada: Person) -> None:
    code = ada.code()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ada.http.post(SESSION, json={"code": code}), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
    again = ada.http.post(SESSION, json={"code": code})
    assert "a new one" in problem(again, 400, "parameter_invalid")["detail"]
    assert "set-cookie" not in again.headers


def test_a_link_is_too_old_after_a_quarter_of_an_hour(ada: Person, table: AccountsTable) -> None:
    code = new_code()
    table.put_link(digest(code), ada.email, datetime.now(UTC) - LINK_LIFE)
    assert ada.http.get(ACCOUNT + "sign-in/", params={"code": code}).status_code == 400
    problem(ada.http.post(SESSION, json={"code": code}), 400, "parameter_invalid")


@pytest.mark.parametrize("code", ["", "x", "a" * 43, "é" * 43, "a" * 5000, "../../x"])
def test_a_code_that_was_never_sent_signs_nobody_in(ada: Person, code: str) -> None:
    assert ada.http.get(ACCOUNT + "sign-in/", params={"code": code}).status_code == 400
    problem(ada.http.post(SESSION, json={"code": code}), 400, "parameter_invalid")
    problem(ada.http.post(SESSION, data={"code": code}), 400, "parameter_invalid")


def test_a_person_who_presses_the_button_gets_a_page(ada: Person) -> None:
    code, browser = ada.code(), ada.own | {"Accept": "text/html,*/*;q=0.8"}
    good = ada.http.post(SESSION, data={"code": code}, headers=browser)
    assert (good.status_code, good.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert ada.email in good.text
    assert len(ada.tokens()) == 1
    bad = ada.http.post(SESSION, data={"code": code}, headers=browser)
    assert (bad.status_code, bad.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "ask for a new one" in bad.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "application/json"),
        (b"[" * 9000, "application/json"),
        (b'["email"]', "application/json"),
        (b'{"email": 1}', "application/json"),
        (b'{"email": "\\ud800@x.org"}', "application/json"),
        (b"\xff", "application/json"),
        (b"", "application/json"),
        (b"", "application/x-www-form-urlencoded"),
        (b"x", "multipart/form-data; boundary=x"),
        (b'{"email": "' + b"a" * 11_000 + b'"}', "application/json"),
        (b"email=not+an+address", "application/x-www-form-urlencoded"),
        (b"email=a%40x.org%0ABcc%3Ab%40x.org", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_names_no_address_is_a_400(ada: Person, content: bytes, kind: str) -> None:
    answer = ada.http.post(ACCOUNT, content=content, headers={"Content-Type": kind})
    problem(answer, 400, "parameter_invalid")


def test_nobody_learns_who_has_an_account(ada: Person) -> None:
    ada.sign_in()
    with Person(ada.service) as stranger:
        known = stranger.http.post(ACCOUNT, json={"email": ada.email})
        unknown = stranger.http.post(ACCOUNT, data={"email": stranger.email})
    assert known.status_code == unknown.status_code == 202
    assert known.content == unknown.content
    assert known.headers.keys() == unknown.headers.keys()
    assert (len(ada.links()), len(stranger.links())) == (2, 1)


def in_one_window() -> None:
    """Waits where an hour is about to begin, since its counters begin with it."""
    left = 3600 - time.time() % 3600
    if left < 20:
        time.sleep(left + 1)


def test_nobody_is_sent_more_than_three_mails_an_hour_and_nobody_is_told(ada: Person) -> None:
    in_one_window()
    answers = []
    for _ in range(5):
        with Person(ada.service, ada.email) as somebody:
            answers.append(somebody.ask())
    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer.status_code for answer in answers} == {202}
    assert len(ada.links()) == 3
    assert ada.http.get(ada.links()[0]).status_code == 200


def test_one_address_may_ask_for_ten_links_an_hour(ada: Person) -> None:
    in_one_window()
    asked = [uuid4().hex + "@example.com" for _ in range(11)]
    answers = [ada.http.post(ACCOUNT, json={"email": address}) for address in asked]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429]
    problem(answers[-1], 429, "rate_limited")
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3600
    with Person(ada.service, asked[-1]) as elsewhere:
        assert elsewhere.links() == []
        assert elsewhere.ask().status_code == 202


# ---- sessions ------------------------------------------------------------------------------------------------------


def test_another_site_signs_nobody_in_and_the_link_stays_good(ada: Person) -> None:
    """It would be into its own account, whose owner then sees what the visitor submits."""
    code = ada.code()
    for origin in ("https://other.example", "null", ada.service.url + ".other.example", ada.service.url + "/"):
        answer = ada.http.post(SESSION, data={"code": code}, headers={"Origin": origin})
        problem(answer, 403, "origin_not_allowed")
        assert "set-cookie" not in answer.headers
    assert ada.http.post(SESSION, data={"code": code}, headers=ada.own).status_code == 200


def test_another_site_sends_nobody_mail(ada: Person) -> None:
    problem(ada.ask(**OTHER_SITE), 403, "origin_not_allowed")
    assert ada.links() == []


def test_another_site_does_nothing_with_a_session(ada: Person) -> None:
    ada.sign_in()
    (token,) = ada.tokens()
    for headers in (OTHER_SITE, {"Origin": "null"}, {}):
        for method, path in (
            ("POST", TOKENS),
            ("POST", f"{TOKENS}{token['id']}/rotate/"),
            ("DELETE", f"{TOKENS}{token['id']}/"),
            ("DELETE", SESSION),
        ):
            answer = ada.http.request(method, path, headers=headers, data={"name": "x"} if path == TOKENS else None)
            problem(answer, 403, "origin_not_allowed")
    assert ada.tokens() == [token]


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(ada: Person) -> None:
    answer = ada.http.post(SESSION, json={"code": ada.code()})
    name, *flags = re.split(r"; ?", answer.headers["set-cookie"])
    assert name.startswith("session=")
    assert {flag.lower() for flag in flags} == {"httponly", "samesite=lax", "path=/", "max-age=2592000"}


def test_signing_out_ends_the_session_itself(ada: Person) -> None:
    ada.sign_in()
    cookie = ada.http.cookies["session"]
    answer = ada.http.delete(SESSION, headers=ada.own)
    assert answer.status_code == 204
    assert "session" not in ada.http.cookies
    problem(ada.http.get(ACCOUNT, headers={"Cookie": f"session={cookie}"}), 401, "token_missing")
    assert ada.http.delete(SESSION).status_code == 204


def test_a_session_ends_after_thirty_days(ada: Person, table: AccountsTable) -> None:
    account, now = ada.sign_in()["account"], datetime.now(UTC)
    ada.http.cookies.clear()
    for began, status in ((now - SESSION_LIFE, 401), (now - SESSION_LIFE + timedelta(minutes=5), 200)):
        code = new_session(table, account, began)
        assert ada.http.get(ACCOUNT, headers={"Cookie": f"session={code}"}).status_code == status


def test_under_tls_the_cookie_is_kept_to_it_and_a_service_without_mail_says_so(tmp_path: Path) -> None:
    public = "https://ocr.example"
    with Service(0, tmp_path, PublicUrl=public, MailFrom="") as service, Person(service) as person:
        refused = problem(person.ask(), 503, "mail_unavailable")
        assert "token" in refused["detail"]
        code = new_code()
        accounts = AccountsTable(service.stack.client("dynamodb"), service.stack.outputs["BalancesTableName"])
        accounts.put_link(digest(code), person.email, datetime.now(UTC))
        problem(person.http.post(SESSION, json={"code": code}, headers=person.own), 403, "origin_not_allowed")
        answer = person.http.post(SESSION, json={"code": code}, headers={"Origin": public})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-session=")
        assert "; Secure" in cookie
        assert "Domain" not in cookie


# ---- tokens --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [ACCOUNT, ACCOUNT + "usage/", TOKENS])
def test_what_is_an_accounts_own_needs_a_token_and_is_kept_by_no_cache(ada: Person, path: str) -> None:
    problem(ada.http.get(path), 401, "token_missing")
    problem(ada.http.get(path, headers={"Authorization": "Bearer wrong"}), 401, "token_invalid")
    ada.sign_in()
    assert ada.http.get(path).headers["cache-control"] == "no-store"
    assert ada.http.get(path.rstrip("/")).json() == ada.http.get(path).json()


def test_tokens_are_shown_to_their_owner_and_not_to_a_program(ada: Person) -> None:
    ada.sign_in()
    made = ada.http.post(TOKENS, json={"name": "  build  server "}, headers=ada.own)
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    shown = ada.tokens()
    assert [token["name"] for token in shown] == ["default", "build server"]
    assert shown[1] == made.json()
    assert is_good(ada.service, shown[1]["token"])
    with with_token(ada.service, shown[0]["token"]) as http:
        listed = http.get(TOKENS).json()["data"]
    assert [token.keys() for token in listed] == [{"id", "name", "created_at", "last_used"}] * 2
    assert all(token["last_used"] for token in listed)


@pytest.mark.parametrize("path", [TOKENS, TOKENS.rstrip("/")])
def test_a_new_token_is_a_201_under_both_paths(ada: Person, path: str) -> None:
    ada.sign_in()
    assert ada.http.post(path, data={"name": "ci"}, headers=ada.own).status_code == 201


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\x00b", "a\u202eb", "\ud800"])
def test_a_token_has_a_name_that_can_be_seen(ada: Person, name: str) -> None:
    ada.sign_in()
    answer = ada.http.post(TOKENS, content=json.dumps({"name": name}), headers=ada.own)
    problem(answer, 400, "parameter_invalid")


def test_a_rotated_token_is_dead_at_once_and_the_new_one_lives(ada: Person) -> None:
    ada.sign_in()
    (old,) = ada.tokens()
    assert is_good(ada.service, old["token"])
    with with_token(ada.service, old["token"]) as http:
        new = http.post(f"{TOKENS}{old['id']}/rotate").json()
    assert not is_good(ada.service, old["token"])
    assert is_good(ada.service, new["token"])
    assert [(token["id"], token["name"], token["token"]) for token in ada.tokens()] == [
        (old["id"], "default", new["token"])
    ]


def test_of_rotations_at_the_same_time_one_token_is_left(ada: Person) -> None:
    ada.sign_in()
    (token,) = ada.tokens()
    path = f"{TOKENS}{token['id']}/rotate/"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ada.http.post(path, headers=ada.own), range(4)))
    made = {answer.json()["token"] for answer in answers if answer.status_code == 200}
    assert made
    assert {answer.status_code for answer in answers} <= {200, 503}
    (left,) = ada.tokens()
    assert left["token"] in made
    assert [value for value in made | {token["token"]} if is_good(ada.service, value)] == [left["token"]]


def test_a_revoked_token_is_dead_at_once(ada: Person) -> None:
    ada.sign_in()
    (token,) = ada.tokens()
    path = f"{TOKENS}{token['id']}/"
    assert ada.http.delete(path, headers=ada.own).status_code == 204
    assert not is_good(ada.service, token["token"])
    assert ada.tokens() == []
    problem(ada.http.delete(path, headers=ada.own), 404, "token_not_found")
    problem(ada.http.post(path + "rotate/", headers=ada.own), 404, "token_not_found")


def test_a_strangers_token_is_not_found(ada: Person) -> None:
    ada.sign_in()
    (token,) = ada.tokens()
    with Person(ada.service) as stranger:
        stranger.sign_in()
        for method, path in (("DELETE", f"{TOKENS}{token['id']}/"), ("POST", f"{TOKENS}{token['id']}/rotate/")):
            problem(stranger.http.request(method, path, headers=stranger.own), 404, "token_not_found")
    assert is_good(ada.service, token["token"])


def test_an_account_has_twenty_tokens_at_most_even_when_many_are_made_at_once(ada: Person) -> None:
    ada.sign_in()

    def make(number: int) -> httpx.Response:
        return ada.http.post(TOKENS, json={"name": str(number)}, headers=ada.own)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(make, range(MOST_TOKENS + 4)))
    assert len(ada.tokens()) == MOST_TOKENS
    refused = [answer for answer in answers if answer.status_code != 201]
    assert len(answers) - len(refused) == MOST_TOKENS - 1
    assert "20 tokens" in problem(refused[0], 400, "parameter_invalid")["detail"]
    ada.http.delete(f"{TOKENS}{ada.tokens()[0]['id']}/", headers=ada.own)
    assert make(99).status_code == 201
    assert make(100).status_code == 400


def test_a_token_of_an_earlier_secret_works_but_is_not_shown(ada: Person, table: AccountsTable) -> None:
    account = ada.sign_in()["account"]
    old = ada.tokens()[0]["token"]
    with Person(ada.service) as other:
        theirs = other.sign_in()["account"]
        moved = Token(new_id("tok"), "old", digest(old), 1, datetime.now(UTC))
        table.revoke_token(account, table.tokens(account)[0])
        table.add_token(theirs, moved)
        shown = other.tokens()[-1]
        assert (shown["name"], shown["token"]) == ("old", None)
        assert "rotate" in shown["note"]
        assert is_good(ada.service, old)
        new = other.http.post(f"{TOKENS}{moved.id}/rotate/", headers=other.own).json()["token"]
        assert is_good(ada.service, new)
        assert not is_good(ada.service, old)


def test_neither_tokens_nor_codes_nor_sessions_lie_in_the_table_or_the_log(ada: Person) -> None:
    unused = ada.code()
    ada.sign_in()
    (token,) = ada.tokens()
    with with_token(ada.service, token["token"]) as http:
        http.get(ACCOUNT)
        http.get(ACCOUNT, params={"api_token": token["token"]})
    secrets = [unused, token["token"], ada.http.cookies["session"]]
    stored = rows(ada.service)
    assert digest(token["token"]) in stored
    assert not any(secret in stored for secret in secrets)
    log = logged(ada.service)
    assert "signed in" in log
    assert not any(secret in log for secret in [*secrets, ada.email])


# ---- the operator --------------------------------------------------------------------------------------------------


def test_an_operator_makes_accounts_tokens_and_grants(service: Service) -> None:
    account = operate(service, do="account", plan="paid")
    assert account == {"account": account["account"], "email": None, "plan": "paid"}
    token = operate(service, do="token", account=account["account"], name="batch")
    assert (token["account"], token["name"]) == (account["account"], "batch")
    granted = operate(service, do="grant", account=account["account"], credits=30, reason="a gift", key=uuid4().hex)
    assert granted == {"account": account["account"], "plan": "paid", "balance": 30, "granted": True}
    with with_token(service, token["token"]) as http:
        seen = http.get(ACCOUNT).json()
        assert (seen["plan"]["name"], seen["balance"], seen["cap"], seen["resets_at"]) == ("paid", 30, 0, None)
        usage = http.get(ACCOUNT + "usage/").json()
    assert [(entry["kind"], entry["source"], entry["credits"], entry["reason"]) for entry in usage["data"]] == [
        ("grant", "credits", 30, "a gift")
    ]
    assert (usage["balance"], usage["has_more"], usage["after"]) == (30, False, None)


def test_credits_change_no_plan(service: Service) -> None:
    account = operate(service, do="account")["account"]
    given = operate(service, do="grant", account=account, credits=3, reason="sorry", key=uuid4().hex)
    assert (given["plan"], given["balance"]) == ("free", 3)


def test_an_operator_finds_an_account_by_its_address_and_changes_its_plan(ada: Person) -> None:
    account = ada.sign_in()["account"]
    assert operate(ada.service, do="account", email=ada.email.upper()) == {
        "account": account, "email": ada.email, "plan": "free",
    }  # fmt: skip
    assert operate(ada.service, do="account", email=ada.email, plan="paid")["plan"] == "paid"
    assert ada.http.get(ACCOUNT).json()["plan"]["name"] == "paid"
    assert operate(ada.service, do="token", email=ada.email)["account"] == account


def test_a_grant_with_a_key_happens_once(service: Service) -> None:
    account = operate(service, do="account")["account"]
    order = {"do": "grant", "account": account, "credits": 5, "reason": "an invoice", "key": uuid4().hex}
    assert [operate(service, **order)["granted"] for _ in range(3)] == [True, False, False]
    other = operate(service, do="account")["account"]
    for change in ({"credits": 6}, {"account": other}):
        assert operate(service, **order | change)["error"]["code"] == "idempotency_key_reused"
    assert operate(service, **order)["balance"] == 5


@pytest.mark.parametrize(
    "order",
    [
        {"do": "drop"},
        {"do": None},
        {"do": "account", "plan": "anonymous"},
        {"do": "account", "plan": []},
        {"do": "account", "email": "nobody"},
        {"do": "account", "email": 7},
        {"do": "token"},
        {"do": "token", "account": "acct_none"},
        {"do": "token", "email": "none@example.com"},
        {"do": "grant", "account": "acct_none", "credits": 1, "reason": "x"},
        *({"do": "grant", "account": "own", "credits": credits_, "reason": "x"} for credits_ in (0, -1, True, "5", 10**10)),
        {"do": "grant", "account": "own", "credits": 5},
        {"do": "grant", "account": "own", "credits": 5, "reason": "two\nlines"},
        {"do": "grant", "account": "own", "credits": 5, "reason": "x", "key": ""},
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_carried_out_says_why_and_changes_nothing(
    service: Service, order: dict[str, Any]
) -> None:
    if order.get("account") == "own":
        order = order | {"account": operate(service, do="account")["account"]}
    before = rows(service)
    assert operate(service, **order)["error"]["code"] == "parameter_invalid"
    assert rows(service) == before


def test_the_ledger_is_read_in_pages_newest_first_and_is_ones_own(service: Service) -> None:
    account, other = operate(service, do="account")["account"], operate(service, do="account")["account"]
    token = operate(service, do="token", account=account)["token"]
    for credits_ in range(1, 6):
        operate(service, do="grant", account=account, credits=credits_, reason=str(credits_), key=uuid4().hex)
    operate(service, do="grant", account=other, credits=99, reason="not yours", key=uuid4().hex)
    seen, after = [], None
    with with_token(service, token) as http:
        while True:
            page = http.get(ACCOUNT + "usage/", params={"limit": 2} | ({"after": after} if after else {})).json()
            seen += [entry["credits"] for entry in page["data"]]
            assert page["balance"] == 15
            after = page["after"]
            assert page["has_more"] == (after is not None)
            if after is None:
                break
            assert re.fullmatch(r"[A-Za-z0-9_-]+", after)
        assert seen == [5, 4, 3, 2, 1]
        for bad in ("%", "é", "a", "x" * 4000, "=", "AAA\n"):
            problem(http.get(ACCOUNT + "usage/", params={"after": bad}), 400, "parameter_invalid")
        for bad in ("0", "101", "x"):
            problem(http.get(ACCOUNT + "usage/", params={"limit": bad}), 400, "parameter_invalid")


def test_no_request_reaches_the_operators_function(ada: Person) -> None:
    for path in ("operate/", "grant/", "tokens/x/y/", "%2e%2e/operate"):
        assert ada.http.post(ACCOUNT + path, json={"do": "account"}).status_code in (404, 405)


def run_operate(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "infra.operate", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_make_token_prints_a_token_that_works_alone_on_its_last_line(service: Service) -> None:
    state = str(service.stack.state)
    address = f"{uuid4().hex}@example.com"
    made = run_operate("token", "--state", state, "--email", address, "--plan", "paid", "--credits", "1000")
    assert (made.returncode, made.stderr) == (0, "")
    token = made.stdout.splitlines()[-1]
    with with_token(service, token) as http:
        account = http.get(ACCOUNT).json()
    assert (account["email"], account["plan"]["name"], account["balance"]) == (address, "paid", 1000)
    granted = run_operate("grant", "--state", state, "--", address, "5", "for the trouble")
    assert (granted.returncode, granted.stderr) == (0, "")
    assert "1005" in granted.stdout
    refused = run_operate("grant", "--state", state, "--", "nobody@example.com", "5", "x")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "There is no such account\n"


def test_make_token_without_a_service_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "once").mkdir()
    (tmp_path / "once" / "aws.port").write_text("1")  # nothing listens there
    (tmp_path / "once" / "secret").write_text("x")
    for state in (tmp_path, tmp_path / "once"):
        failed = run_operate("token", "--state", str(state))
        assert (failed.returncode, failed.stdout) == (1, "")
        assert failed.stderr == f"No service runs on {state}: start it with `make serve`\n"


# ---- prices --------------------------------------------------------------------------------------------------------


def test_prices_are_anyones_to_read_and_to_keep_for_an_hour(ada: Person) -> None:
    answer = ada.http.get("/api/v1/pricing")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert [plan["name"] for plan in answer.json()["plans"]] == ["anonymous", "free", "paid"]
    assert all(tier["credits_per_page"] >= 1 for tier in answer.json()["tiers"])
    assert ada.http.get("/api/v1/pricing/").json() == answer.json()

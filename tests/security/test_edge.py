"""What the front of a running service gives to other sites, and lets a caller say of itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import httpx
import pytest

from infra.local.mailbox import Mailbox
from infra.local.service import Service
from ocrchat.http.documentation import openapi_document
from tests.data import make_files
from tests.integration.support import Api, new_token

ANOTHER_SITE = "https://other.example"
OPERATIONS = [(method.upper(), path) for path, methods in openapi_document()["paths"].items() for method in methods]


@pytest.fixture(scope="module")
def anybody(service: Service) -> Iterator[httpx.Client]:
    """From an address of its own, since links to sign in are counted by it."""
    transport = httpx.HTTPTransport(local_address="127.15.0.1")
    with httpx.Client(base_url=service.url, timeout=60, transport=transport) as client:
        yield client


@pytest.fixture(scope="module")
def owner(service: Service) -> Iterator[Api]:
    with Api(service, new_token(service)) as account:
        yield account


# ---- other sites -----------------------------------------------------------------------------------------------------


def assert_no_page_of_another_site_may_read(answer: httpx.Response) -> None:
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("origin", [ANOTHER_SITE, "null", "{url}.other.example", "{url}"])
def test_no_answer_is_for_the_pages_of_other_sites(anybody: httpx.Client, service: Service, origin: str) -> None:
    """No origin is echoed, nor any allowed: the service's own pages need no leave."""
    headers = {"Origin": origin.format(url=service.url), "Authorization": "Bearer no-token"}
    for method, path in OPERATIONS:
        url = path.format(uuid=uuid4().hex, token_id="tok_none")
        assert_no_page_of_another_site_may_read(anybody.request(method, url, headers=headers))


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_no_browser_is_given_leave_to_ask_for_another_site(anybody: httpx.Client, method: str) -> None:
    headers = {
        "Origin": ANOTHER_SITE,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization",
    }
    for path in sorted({path for _, path in OPERATIONS}):
        answer = anybody.options(path.format(uuid=uuid4().hex, token_id="tok_none"), headers=headers)
        assert answer.status_code in {403, 405}
        assert_no_page_of_another_site_may_read(answer)


# ---- what a caller says of itself ------------------------------------------------------------------------------------

FORGED = {
    "X-Forwarded-Host": "other.example",
    "X-Forwarded-Proto": "https",
    "Forwarded": "host=other.example;proto=https",
    "X-Original-URL": "/api/v1/account/",
    "X-Rewrite-URL": "/api/v1/account/",
    "X-HTTP-Method-Override": "DELETE",
}


@pytest.mark.parametrize("host", ["other.example", "localhost:1@other.example", "other.example:80"])
def test_no_link_leads_to_the_host_that_a_caller_names(owner: Api, anybody: httpx.Client, host: str) -> None:
    headers = {"Host": host, **FORGED}
    job = owner.http.post("/api/v1/ocr/", files={"file": ("a.pdf", make_files.digital_pdf(1))}, headers=headers)
    assert job.status_code == 201
    download = owner.http.get(f"/api/v1/ocr/{job.json()['uuid']}/download/", headers=headers)
    assert download.status_code == 302
    form = owner.http.post("/api/v1/uploads/", json={"filename": "a.pdf", "size": 9}, headers=headers)
    assert form.status_code == 201
    mailbox = Mailbox(owner.service.stack.mail)
    sent = anybody.post("/api/v1/account/", json={"email": f"{uuid4().hex}@example.com"}, headers=headers)
    assert sent.status_code == 202
    ((_, link),) = mailbox.new_links()
    links = [*job.json()["links"]["download"].values(), download.headers["Location"], form.json()["url"], link]
    assert {link.startswith(owner.service.url + "/") for link in links} == {True}, links
    said = [json.dumps(job.json()), str(download.headers), form.text]
    assert not [text for text in said if "other.example" in text]


# ---- presigned URLs --------------------------------------------------------------------------------------------------


def changed(**changes: str) -> Callable[[str], str]:
    """The URL with other values in its query."""

    def change(url: str) -> str:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query)) | {name.replace("_", "-"): value for name, value in changes.items()}
        return parts._replace(query=urlencode(query)).geturl()

    return change


TAMPERED: dict[str, Callable[[str], str]] = {
    "another file of the job": lambda url: url.replace("/txt?", "/md?").replace(".txt?", ".md?"),
    "a page of its results": lambda url: url.replace("/exports/", "/results/"),
    "what was sent": lambda url: url.replace("/exports/", "/uploads/"),
    "a way up": lambda url: url.replace("/exports/", "/exports/../uploads/"),
    "an escaped way up": lambda url: url.replace("/exports/", "/exports/%2e%2e/uploads/"),
    "a longer life": changed(X_Amz_Expires="899"),
    "a later date": changed(X_Amz_Date="20991231T235959Z"),
    "an earlier date": changed(X_Amz_Date="20200101T000000Z"),
    "another signature": changed(X_Amz_Signature="0" * 64),
    "another key": changed(X_Amz_Credential="ASIAOTHER/20261121/us-east-1/s3/aws4_request"),
    "another name to save it by": changed(response_content_disposition="inline"),
    "another type": changed(response_content_type="text/html"),
    "a signature twice": lambda url: f"{url}&X-Amz-Signature={'0' * 64}",
    "a signature in other letters": lambda url: f"{url}&x-amz-signature={'0' * 64}",
    "a parameter more": lambda url: f"{url}&acl=",
    "no signature": lambda url: url.partition("?")[0],
}


@pytest.fixture(scope="module")
def signed(owner: Api) -> str:
    uuid = owner.read(make_files.digital_pdf(1))["uuid"]
    url: str = owner.http.get(f"/api/v1/ocr/{uuid}/download/", params={"format": "txt"}).headers["Location"]
    assert httpx.get(url, timeout=60).status_code == 200
    return url


@pytest.mark.parametrize("name", TAMPERED)
def test_a_signed_url_opens_what_it_was_signed_for_alone(signed: str, name: str) -> None:
    url = TAMPERED[name](signed)
    assert url != signed
    answer = httpx.get(url, timeout=60)
    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH", "OPTIONS"])
def test_a_signed_url_changes_nothing(signed: str, method: str) -> None:
    before = httpx.get(signed, timeout=60).content
    assert 400 <= httpx.request(method, signed, content=b"x", timeout=60).status_code < 500
    assert httpx.get(signed, timeout=60).content == before

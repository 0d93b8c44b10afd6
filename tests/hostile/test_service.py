"""Hostile files over HTTP, sent directly and by presigned uploads: a documented answer, and pages charged are pages
delivered. A sample by default, the same each time; CORPUS=all takes all."""

from __future__ import annotations

import os
import random
from typing import Any

import httpx
import pytest

from infra.local.service import Service
from ocrchat.errors import PageError, RequestError, error_classes
from ocrchat.limits import LIMITS
from tests.hostile.corpus.files import FILES, KINDS
from tests.integration.support import Api

SEED = 20261122
SAMPLED = 2
"""Of each kind."""

ENDED = "pdf: patterns in patterns"
"""Its reader is ended when the page has taken all the CPU that it may."""

NASTIEST = (
    "pdf: flate in flate 9",
    "pdf: tree of 2^62 by doubling",
    "pdf: encrypted, closed",
    "png: bomb behind one pixel",
    "tif: frames in a ring",
)
MOST_PAGES = 20
"""Of a file whose pages are all waited for: jobs of thousands are left to the tests in one process."""

REQUEST_CODES = frozenset(kind.code for kind in error_classes(RequestError))
PAGE_CODES = frozenset(kind.code for kind in error_classes(PageError))


def taken() -> list[str]:
    if os.environ.get("CORPUS") == "all":
        return sorted(FILES)
    chance = random.Random(SEED)  # noqa: S311 - the same sample each time is what is wanted
    sampled = [f"{kind}: {name}" for kind, files in KINDS.items() for name in chance.sample(sorted(files), SAMPLED)]
    return sorted({*sampled, *NASTIEST, ENDED})


def assert_ends_well(api: Api, answer: httpx.Response) -> None:
    if answer.status_code == 400:
        assert answer.json()["code"] in REQUEST_CODES
        return
    assert answer.status_code in {201, 202}, answer.text
    if answer.json()["page_count"] > MOST_PAGES:
        assert api.http.delete(f"/api/v1/ocr/{answer.json()['uuid']}/").status_code == 204
        return
    assert_is_paid_by_what_was_delivered(api.finished(answer.json(), within_s=240))


def assert_is_paid_by_what_was_delivered(job: dict[str, Any]) -> None:
    pages = job.get("pages", [])  # one that failed has none
    codes = [page["error"]["code"] for page in pages if page["error"]]
    assert set(codes) <= PAGE_CODES
    delivered = len(pages) - len(codes)
    assert job["cost"]["credits"] - job["cost"]["refunded"] == delivered
    assert (job["status"] == "done") == (delivered > 0)
    if not delivered:
        assert job["error"]["code"] in PAGE_CODES | REQUEST_CODES


@pytest.mark.parametrize("name", taken())
def test_a_hostile_file_is_answered_as_documented(service: Service, api: Api, name: str) -> None:
    data = FILES[name]()
    is_long = len(data) > LIMITS.direct_request_bytes - 1_000
    assert_ends_well(api, uploaded(api, data) if is_long else api.send(data, "../" + name + "\u202e.pdf"))


@pytest.mark.parametrize("name", NASTIEST)
def test_an_upload_is_no_way_around(service: Service, api: Api, name: str) -> None:
    assert_ends_well(api, uploaded(api, FILES[name]()))


def uploaded(api: Api, data: bytes) -> httpx.Response:
    """What is answered to a file that was sent by a presigned form."""
    offered = api.http.post("/api/v1/uploads/", json={"filename": "../a\u202e.pdf", "size": len(data)}).json()
    sent = httpx.post(offered["url"], data=offered["fields"], files={"file": ("../../b", data)}, timeout=60)
    assert sent.status_code in {200, 201, 204}, sent.text
    return api.http.post("/api/v1/ocr/", data={"upload_id": offered["upload_id"]})


def test_an_upload_of_another_length_than_it_said_is_refused(service: Service, api: Api) -> None:
    offered = api.http.post("/api/v1/uploads/", json={"filename": "a.pdf", "size": 10}).json()
    sent = httpx.post(offered["url"], data=offered["fields"], files={"file": ("a", b"%PDF-" * 1_000)}, timeout=60)
    assert sent.status_code in {400, 403}
    answer = api.http.post("/api/v1/ocr/", data={"upload_id": offered["upload_id"]})
    assert (answer.status_code, answer.json()["code"]) == (400, "file_missing")

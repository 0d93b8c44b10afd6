"""What a page, a job and an error leave in the metrics."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import create_autospec

import httpx
import pytest
from fastapi import APIRouter

from join.settle import Ending, settle_job
from ocrchat import observe
from ocrchat.errors import OutOfPages, PageTimedOut
from ocrchat.http.app import create_app
from ocrchat.jobs import Job, Settlement
from ocrchat.page_worker import Marks, PageMessage, PageWorker
from ocrchat.pages import PageResult, PreparedPage
from ocrchat.store import metering
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.bucket import Bucket
from ocrchat.store.deliveries import Deliveries
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.metering import Metering
from ocrchat.store.queues import Queues
from ocrchat.store.transaction import NotWritten
from ocrchat.store.workflow import Workflow

NOW = datetime(2026, 1, 2, 3, 5, 6, tzinfo=UTC)
JOB = Job(
    uuid="0123456789abcdef0123456789abcdef",
    account=None,
    holder="anon_1",
    filename="a.pdf",
    media_type="application/pdf",
    size=1,
    page_format="pdf",
    as_it_came=False,
    page_count=3,
    tier="cpu",
    language="auto",
    base_url="https://ocr.example.com",
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    price=5,
    queue="standard",
    result_hours=168,
    original_hours=24,
)
Counts = list[tuple[str, float, dict[str, str]]]


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counts:
    """Each name, value and dimensions, in order."""
    found: Counts = []

    def count(name: str, value: float = 1, *, unit: str = "Count", **dimensions: str) -> None:
        found.append((name, value, dimensions))

    monkeypatch.setattr(observe, "count", count)
    return found


def work(job: Job, made: list[PageResult | PreparedPage | Exception], *, is_new: bool = True) -> None:
    """A worker reads a batch of pages, which come out like this; `is_new`: nobody has written them before."""
    jobs, bucket = create_autospec(JobsTable), create_autospec(Bucket)
    jobs.get.return_value = job
    bucket.put_page_result.return_value = is_new
    coming = iter(made)

    def read(_message: PageMessage, _job: Job, _index: int) -> PageResult | PreparedPage:
        page = next(coming)
        if isinstance(page, Exception):
            raise page
        return page

    worker = PageWorker(jobs, bucket, create_autospec(Workflow), create_autospec(Queues), read)
    message = {"job": job.uuid, "attempt": 1, "first": 0, "last": len(made) - 1, "tier": job.tier}
    message |= {"language": "auto", "tool": None, "format": "pdf", "token": "t"}
    worker.work_off(json.dumps(message), Marks(jobs, "read", 1))


def page(index: int) -> PageResult:
    return PageResult(index, 800, 1000, "px", "cpu", text="text")


def test_pages_are_counted_by_tier_and_their_errors_by_code(counts: Counts) -> None:
    work(JOB, [page(0), PageTimedOut(), page(2)])
    assert [(name, dimensions) for name, _, dimensions in counts] == [
        ("PageSeconds", {"tier": "cpu"}),
        ("PageRead", {"tier": "cpu"}),
        ("PageErrors", {"code": "page_timed_out"}),
        ("PageSeconds", {"tier": "cpu"}),
        ("PageRead", {"tier": "cpu"}),
    ]
    assert all(0 <= value < 60 for name, value, _ in counts if name == "PageSeconds")


def test_a_page_made_ready_for_a_model_is_not_yet_read(counts: Counts) -> None:
    work(replace(JOB, tier="vlm"), [PreparedPage(page(0), b"jpg")])
    assert [(name, dimensions) for name, _, dimensions in counts] == [
        ("PageSeconds", {"tier": "vlm"}),
        ("PagePrepared", {}),
    ]


def test_a_page_that_was_written_before_is_not_counted_again(counts: Counts) -> None:
    work(JOB, [page(0)], is_new=False)
    assert {name for name, _, _ in counts} == {"PageSeconds"}


def test_a_job_that_ends_says_how_and_how_long_it_took_and_which_pages_were_lost(counts: Counts) -> None:
    jobs, bucket, books = create_autospec(JobsTable), create_autospec(Bucket), create_autospec(Metering)
    jobs.get.return_value = replace(JOB, page_count=2)
    bucket.page_results.return_value = iter([page(0).as_json(words=True), None])
    status = settle_job(jobs, bucket, books, JOB.uuid, 1, Ending(), lambda: NOW, create_autospec(Deliveries))
    assert status == "done"
    assert counts == [("PageErrors", 1, {"code": "page_lost"}), ("JobsDone", 1, {}), ("JobSeconds", 61.0, {})]


def books(monkeypatch: pytest.MonkeyPatch, *, holds: bool = True) -> Metering:
    """Whose transactions are written, or are not because the job has changed."""

    def write(*_: Any) -> None:
        if not holds:
            raise NotWritten(["job"])

    monkeypatch.setattr(metering, "write", write)
    return Metering(None, create_autospec(JobsTable), create_autospec(BalancesTable))


def test_what_was_not_delivered_is_counted_as_refunded(counts: Counts, monkeypatch: pytest.MonkeyPatch) -> None:
    settlement = Settlement("done", (), None, 0.9, ("en",), unread_pages=2)
    assert books(monkeypatch).settle(JOB, settlement, 1, NOW, (NOW, NOW))
    assert books(monkeypatch).cancel(JOB, 2, NOW)
    assert counts == [("CreditsRefunded", 10, {}), ("CreditsRefunded", 5, {})]


def test_nothing_is_counted_where_nothing_comes_back(counts: Counts, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Settlement("done", (), None, 0.9, ("en",), unread_pages=0)
    assert books(monkeypatch).settle(JOB, whole, 1, NOW, (NOW, NOW))
    assert not books(monkeypatch, holds=False).settle(JOB, replace(whole, unread_pages=2), 1, NOW, (NOW, NOW))
    assert counts == []


router = APIRouter()


@router.get("/poor/")
def poor() -> None:
    raise OutOfPages


@router.get("/broken/")
def broken() -> None:
    raise LookupError


@router.get("/number/")
def number(value: int) -> int:
    return value


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/poor/", "out_of_pages"),
        ("/broken/", "internal_error"),
        ("/number/?value=x", "parameter_invalid"),
        ("/nowhere/", "route_not_found"),
        ("/number/?value=1", None),
    ],
)
def test_a_request_that_is_refused_is_counted_by_its_code(counts: Counts, path: str, code: str | None) -> None:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(router))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path)

    answer = asyncio.run(get())
    assert answer.json() == 1 if code is None else answer.json()["code"] == code
    assert counts == ([("Problems", 1, {"code": code})] if code else [])

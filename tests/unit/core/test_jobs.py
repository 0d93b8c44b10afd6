"""Decisions about jobs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat import jobs
from ocrchat.jobs import Batch, Job, Progress
from ocrchat.limits import LIMITS
from ocrchat.pages import Notice

NOW = datetime(2026, 11, 1, 12, 0, 0, tzinfo=UTC)
JOB = Job(
    uuid="0" * 32,
    account=None,
    holder="anon_1",
    filename="a.pdf",
    media_type="application/pdf",
    size=1,
    page_format="pdf",
    as_it_came=False,
    page_count=4,
    tier="cpu",
    language="auto",
    base_url="http://host",
    created_at=NOW,
    price=1,
    queue="standard",
    result_hours=168,
    original_hours=24,
)
LOST = Notice("page_lost", "lost")


@given(st.integers(1, 5000), st.integers(1, 8))
def test_batches_hold_every_page_once_and_in_order(page_count: int, size: int) -> None:
    found = jobs.batches(range(page_count), size)
    pages = [page for batch in found for page in range(batch.first, batch.last + 1)]
    assert pages == list(range(page_count))
    assert max(batch.last - batch.first + 1 for batch in found) <= size


def test_short_jobs_go_page_by_page() -> None:
    assert jobs.batches(range(10)) == [Batch(page, page) for page in range(10)]


def test_long_jobs_go_in_batches_and_end_page_by_page() -> None:
    sizes = [batch.last - batch.first + 1 for batch in jobs.batches(range(101))]
    assert sizes == [4] * 23 + [1] * 9


def test_a_batch_holds_neighbours_only() -> None:
    chosen = [0, 1, 2, *range(10, 15), *range(20, 30)]
    assert jobs.batches(chosen)[:5] == [Batch(0, 2), Batch(10, 13), Batch(14, 14), Batch(20, 21), Batch(22, 22)]
    assert [page for batch in jobs.batches(chosen) for page in range(batch.first, batch.last + 1)] == chosen


def test_a_batch_list_of_the_largest_job_fits_the_state_of_an_execution() -> None:
    """Step Functions passes at most 256 KiB between states."""
    found = jobs.batches(range(LIMITS.file_pages))
    assert len(found) * len('{"first":0000,"last":0000},') < 256 * 1024
    assert len(found) * 9 < 25_000, "events of one execution"


@pytest.mark.parametrize(
    ("text", "uuid"),
    [
        ("a" * 32, "a" * 32),
        ("AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA", "a" * 32),
        ("a" * 31, None),
        ("g" * 32, None),
        ("../" + "a" * 32, None),
        ("", None),
    ],
)
def test_a_uuid_is_taken_with_dashes_and_capitals_and_nothing_else(text: str, uuid: str | None) -> None:
    assert jobs.uuid_of(text) == uuid


def test_work_of_another_attempt_or_after_the_end_is_not_current() -> None:
    assert jobs.is_current(JOB, 1)
    assert not jobs.is_current(JOB, 2)
    assert not jobs.is_current(replace(JOB, status="done"), 1)
    assert not jobs.is_current(None, 1)


def test_an_account_s_job_is_readable_by_that_account_alone() -> None:
    mine = replace(JOB, account="me")
    assert jobs.readable_by(mine, "me")
    assert not jobs.readable_by(mine, "you")
    assert not jobs.readable_by(mine, None)
    assert jobs.readable_by(JOB, None)
    assert jobs.readable_by(JOB, "anyone who knows the uuid")


@pytest.mark.parametrize(
    ("stalled", "step"), [(0, "restart"), (2, "restart"), (3, "join"), (4, "abandon"), (9, "abandon")]
)
def test_a_job_is_restarted_until_it_stalls_then_ended_with_what_there_is_then_abandoned(
    stalled: int, step: str
) -> None:
    assert jobs.next_step(stalled) == step


def settled(unread: dict[int, Notice], failure: Notice | None = None, pages: int = 4) -> jobs.Settlement:
    return jobs.settlement_of(pages, unread, (), {}, 0.9, {"en": 100, "de": 300}, failure)


def test_a_page_that_could_not_be_read_does_not_fail_the_job_but_is_warned_of() -> None:
    found = settled({2: LOST})
    assert (found.status, found.error, found.unread_pages) == ("done", None, 1)
    assert [warning.code for warning in found.warnings] == ["pages_unread"]
    assert "page 3" in found.warnings[0].message


def test_a_job_fails_when_no_page_could_be_read() -> None:
    found = settled(dict.fromkeys(range(4), LOST))
    assert found.status == "failed"
    assert found.error is not None
    assert found.error.code == "no_page_read"


def test_a_failed_job_of_one_page_says_what_that_page_says() -> None:
    assert settled({0: LOST}, pages=1).error == LOST


def test_a_job_that_broke_before_any_page_was_read_says_why() -> None:
    broken = Notice("file_corrupt", "broken")
    assert settled(dict.fromkeys(range(4), LOST), broken).error == broken


def test_a_failure_after_pages_were_read_leaves_the_job_done() -> None:
    assert settled({}, Notice("file_corrupt", "broken")).error is None


def test_warnings_of_pages_are_gathered_by_code_with_page_numbers() -> None:
    found = jobs.settlement_of(30, {}, (), {"blank": ("Nothing here", list(range(25)))}, None, {}, None)
    assert found.warnings[0].code == "blank"
    assert found.warnings[0].message.endswith("18, 19, 20 and 5 more)")


def test_languages_come_in_the_order_of_their_share() -> None:
    assert settled({}).detected_languages == ("de", "en")


def test_eta_follows_the_pace_since_the_first_page() -> None:
    at, first = NOW + timedelta(seconds=68), NOW + timedelta(seconds=60)  # a minute in line
    assert jobs.eta_seconds(JOB, Progress(), at) is None
    assert jobs.eta_seconds(JOB, Progress(1, 0, first), first) == 180.0
    assert jobs.eta_seconds(JOB, Progress(2, 0, first), at) == 16.0
    assert jobs.eta_seconds(JOB, Progress(4, 1, first), at) == 0.0


@pytest.mark.parametrize(
    ("status", "done", "shown"),
    [("pending", 0, "pending"), ("pending", 1, "processing"), ("done", 4, "done"), ("failed", 4, "failed")],
)
def test_a_job_is_processing_once_a_page_is_finished(status: str, done: int, shown: str) -> None:
    job = replace(JOB, status=status)  # type: ignore[arg-type]
    assert jobs.view(job, Progress(done), NOW)["status"] == shown


def test_eta_is_shown_only_while_the_job_runs_and_an_error_only_when_it_failed() -> None:
    running = jobs.view(JOB, Progress(1), NOW)
    done = jobs.view(replace(JOB, status="done"), Progress(4), NOW)
    failed = jobs.view(replace(JOB, status="failed", error=LOST), Progress(4), NOW)
    assert "eta_seconds" in running
    assert "eta_seconds" not in done
    assert "error" not in done
    assert failed["error"] == LOST.as_json()


def test_a_redelivered_count_never_shows_more_pages_than_there_are() -> None:
    assert jobs.view(JOB, Progress(9), NOW)["progress"] == {"done": 4, "total": 4}


def test_expiry_is_compared_with_the_clock() -> None:
    job = replace(JOB, expires_at=NOW)
    assert jobs.has_expired(job, NOW)
    assert not jobs.has_expired(job, NOW - timedelta(seconds=1))
    assert not jobs.has_expired(JOB, NOW)

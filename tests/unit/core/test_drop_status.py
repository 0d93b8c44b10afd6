"""What the file beside the results says, and which of two such files stays."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ocrchat.drop_status import of_job, refused, replaces, undelivered
from ocrchat.drops import Drop
from ocrchat.errors import FileEncrypted, InternalError, OutOfPages, ParameterInvalid
from ocrchat.jobs import Job
from ocrchat.pages import Notice

AT = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
DROP = Drop("drop/acct_1/a.pdf", "e1", 10, AT, ("txt", "json"))
JOB = Job(
    uuid="0" * 32,
    account="acct_1",
    holder="acct_1",
    filename="a.pdf",
    media_type="application/pdf",
    size=10,
    page_format="pdf",
    as_it_came=False,
    page_count=3,
    tier="vlm",
    language="deu",
    base_url="http://host",
    created_at=AT,
    price=5,
    queue="standard",
    result_hours=168,
    original_hours=24,
    drop=DROP,
)
DONE = replace(JOB, status="done", settled_at=AT, unread_pages=1, warnings=(Notice("blank", "Nothing there"),))
FIELDS = {
    *("status", "uuid", "code", "detail", "source", "options", "page_count", "cost", "warnings", "formats"),
    *("created_at", "finished_at"),
}


def test_a_status_has_the_same_fields_whatever_it_says() -> None:
    for status in (
        of_job(JOB, DROP, AT),
        of_job(DONE, DROP, AT, formats={"txt": "k"}),
        refused(DROP, FileEncrypted(), None, AT),
        undelivered(JOB, DROP, InternalError(), AT),
    ):
        assert status.keys() == FIELDS
        json.dumps(status)


def test_a_job_that_is_done_tells_what_lies_where_what_it_cost_and_what_is_missing() -> None:
    missing = Notice("original_deleted", "`pdf` was not made")
    status = of_job(DONE, DROP, AT, formats={"txt": "drop-results/acct_1/a.pdf.txt"}, problems=[missing])
    assert status["status"] == "done"
    assert status["cost"] == {"credits": 15, "refunded": 5}
    assert status["formats"] == {"txt": "drop-results/acct_1/a.pdf.txt"}
    assert [warning["code"] for warning in status["warnings"]] == ["blank", "original_deleted"]
    assert status["source"] == {
        "key": "drop/acct_1/a.pdf", "etag": "e1", "size": 10, "dropped_at": "2026-11-21T12:00:00.000Z",
    }  # fmt: skip
    assert status["options"]["formats"] == ["txt", "json"]


@pytest.mark.parametrize(
    ("job", "code"),
    [
        (replace(JOB, status="failed", settled_at=AT, error=Notice("no_page_read", "None")), "no_page_read"),
        (replace(JOB, status="deleted", deleted_at=AT, language=""), "job_deleted"),
        (replace(DONE, expires_at=AT - timedelta(seconds=1)), "job_expired"),
    ],
)
def test_a_job_without_a_result_has_failed_with_a_code_of_the_api(job: Job, code: str) -> None:
    status = of_job(job, DROP, AT)
    assert (status["status"], status["code"]) == ("failed", code)
    assert status["detail"]


def test_a_deleted_job_says_nothing_of_what_was_asked() -> None:
    assert of_job(replace(JOB, status="deleted", language=""), DROP, AT)["options"] is None


def test_a_refusal_has_the_members_of_the_apis_problem() -> None:
    status = refused(DROP, OutOfPages("Nothing left", required=3, used=500, cap=500), None, AT)
    assert (status["status"], status["code"], status["required"]) == ("refused", "out_of_pages", 3)
    assert refused(DROP, ParameterInvalid("`tier`", parameter="tier"), None, AT)["parameter"] == "tier"


def test_a_member_of_a_problem_takes_the_place_of_no_field() -> None:
    assert refused(DROP, ParameterInvalid("x", status="done", uuid="1"), None, AT)["status"] == "refused"


NEW = replace(DROP, etag="e2", dropped_at=AT + timedelta(seconds=5))
OTHER = replace(JOB, uuid="1" * 32, drop=NEW)
REFUSED = refused(DROP, FileEncrypted(), None, AT)


@pytest.mark.parametrize("there", [None, {}, {"status": "done"}, {"status": 7, "source": {}}, {"source": []}])
def test_where_there_is_no_status_any_is_written(there: dict[str, Any] | None) -> None:
    assert replaces(REFUSED, there)


def test_a_status_goes_on_and_not_back() -> None:
    accepted, running, done = of_job(JOB, DROP, AT), of_job(JOB, DROP, AT, seen_running=True), of_job(DONE, DROP, AT)
    for before, after in ((accepted, running), (running, done), (accepted, done)):
        assert replaces(after, before)
        assert not replaces(before, after)
    assert replaces(done, done)
    assert replaces(done, undelivered(JOB, DROP, InternalError(), AT))


def test_what_was_put_later_stays_whenever_the_other_is_done() -> None:
    assert not replaces(of_job(DONE, DROP, AT), of_job(OTHER, NEW, AT))
    assert replaces(of_job(OTHER, NEW, AT), of_job(DONE, DROP, AT))
    assert not replaces(REFUSED, of_job(OTHER, NEW, AT))


def test_of_two_that_were_put_in_the_same_second_the_last_word_stays() -> None:
    twin = of_job(replace(OTHER, drop=replace(NEW, dropped_at=AT)), replace(NEW, dropped_at=AT), AT)
    assert replaces(twin, of_job(DONE, DROP, AT))


def test_an_object_that_was_accepted_is_not_said_to_be_refused() -> None:
    assert not replaces(REFUSED, of_job(JOB, DROP, AT))
    assert replaces(of_job(JOB, DROP, AT), REFUSED)


def test_a_job_whose_object_is_put_once_more_ends_for_both() -> None:
    again = of_job(JOB, replace(DROP, dropped_at=AT + timedelta(seconds=9)), AT)
    assert replaces(again, of_job(DONE, DROP, AT))
    assert replaces(of_job(DONE, DROP, AT), again)

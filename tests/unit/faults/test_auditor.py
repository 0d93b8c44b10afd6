"""Each kind of damage, planted in what is otherwise right, is found; and what is right is not accused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ocrchat.jobs import Job
from ocrchat.metering import CREDITS, Entry, Wallet
from tests.faults.auditor import broken_promises, findings, orphans
from tests.faults.customers import Outcome, marker
from tests.faults.evidence import Evidence, Queue
from tests.faults.newcomers import Membership
from tests.faults.plan import Errand

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HOLDER, UUID, NAME = "acct_1", "a" * 32, "r3-e0.pdf"
EMAIL = "r3-e0@customers.example"
PAGES, PRICE = 3, 5


def job() -> Job:
    """Done, with one page of three that could not be read."""
    return Job(
        uuid=UUID,
        account=HOLDER,
        holder=HOLDER,
        filename=NAME,
        media_type="application/pdf",
        size=1,
        page_format="pdf",
        as_it_came=False,
        page_count=PAGES,
        tier="vlm",
        language="auto",
        base_url="http://host",
        created_at=NOW,
        price=PRICE,
        queue="standard",
        result_hours=1,
        original_hours=1,
        source=CREDITS,
        status="done",
        unread_pages=1,
    )


def page(index: int) -> dict[str, Any]:
    error = {"code": "page_lost"} if index == 1 else None
    return {"index": index, "text": "" if error else marker(3, 0, index), "error": error}


def entry(kind: Any, credits_: int, job: str | None = UUID, mark: str = "") -> Entry:
    return Entry(f"{job}#{kind}{mark}", NOW, kind, CREDITS, credits_, job)


def sound() -> Evidence:
    return Evidence(
        jobs={UUID: job()},
        documents={UUID: {"pages": [page(index) for index in range(PAGES)]}},
        entries={HOLDER: [entry("grant", 100, None), entry("reserve", -15), entry("settle", 5)]},
        wallets={HOLDER: Wallet(90, 0, {})},
        holds={HOLDER: 0},
        queues={"CpuQueueUrl": Queue(0, 0, 0, False, True), "DeliverQueueUrl": Queue(0, 0, 0, False, True)},
        audited={"right": 1},
        accounts={EMAIL: [HOLDER]},
        given_up=[NOW - timedelta(hours=2), NOW],
        logs_begin=NOW - timedelta(hours=1),
        counted_dead=1,
    )


def outcome(**changed: Any) -> Outcome:
    errand = Errand(0, 0.0, "paid", "direct", "vlm", PAGES, 0, None, (), 0)
    told = Outcome(errand, NAME, {UUID}, accepted_at=100.0)
    for name, value in changed.items():
        setattr(told, name, value)
    return told


def test_what_is_right_is_not_accused() -> None:
    assert findings(sound(), NOW) == []
    assert list(broken_promises(sound(), 3, [outcome()], [])) == []
    assert list(orphans([])) == []


def lost_page(evidence: Evidence) -> None:
    evidence.documents[UUID] = {"pages": [page(0), page(1)]}


def repeated_page(evidence: Evidence) -> None:
    evidence.documents[UUID] = {"pages": [page(0), page(0), page(1), page(2)]}


def error_without_refund(evidence: Evidence) -> None:
    evidence.documents[UUID] = {"pages": [page(0), page(1), page(1) | {"index": 2}]}


def no_document(evidence: Evidence) -> None:
    evidence.documents[UUID] = None


def charged_twice(evidence: Evidence) -> None:
    evidence.entries[HOLDER].append(entry("reserve", -15, mark="-again"))
    evidence.wallets[HOLDER] = Wallet(75, 0, {})


def settled_twice(evidence: Evidence) -> None:
    evidence.entries[HOLDER].append(entry("settle", 5, mark="-again"))
    evidence.wallets[HOLDER] = Wallet(95, 0, {})


def not_settled(evidence: Evidence) -> None:
    evidence.entries[HOLDER].pop()
    evidence.wallets[HOLDER] = Wallet(85, 1, {})


def balance_of_its_own(evidence: Evidence) -> None:
    evidence.wallets[HOLDER] = Wallet(91, 0, {})


def credits_held(evidence: Evidence) -> None:
    evidence.holds[HOLDER] = 1


def stuck(evidence: Evidence) -> None:
    evidence.jobs[UUID] = replace(job(), status="pending")


def reconciled_for_ever(evidence: Evidence) -> None:
    evidence.unsettled.add(UUID)


def paid_and_failed(evidence: Evidence) -> None:
    evidence.jobs[UUID] = replace(job(), status="failed")


def paid_for_nothing(evidence: Evidence) -> None:
    evidence.entries[HOLDER] += [entry("reserve", -5, "b" * 32), entry("settle", 5, "b" * 32)]


def message_left(evidence: Evidence) -> None:
    evidence.queues["CpuQueueUrl"] = Queue(1, 0, 0, False, True)


def unwatched_dead_letters(evidence: Evidence) -> None:
    evidence.queues["CpuDeadLettersUrl"] = Queue(0, 0, 0, True, False)


def accused_by_the_service(evidence: Evidence) -> None:
    evidence.audited["wrong"] = 1


def dead_letter_that_is_not_counted(evidence: Evidence) -> None:
    evidence.given_up.append(NOW)


DAMAGES = (
    lost_page,
    repeated_page,
    error_without_refund,
    no_document,
    charged_twice,
    settled_twice,
    not_settled,
    balance_of_its_own,
    credits_held,
    stuck,
    reconciled_for_ever,
    paid_and_failed,
    paid_for_nothing,
    message_left,
    unwatched_dead_letters,
    accused_by_the_service,
    dead_letter_that_is_not_counted,
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found(damage: Callable[[Evidence], None]) -> None:
    evidence = sound()
    damage(evidence)
    assert findings(evidence, NOW)


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"uuids": {UUID, "b" * 32}}, "answered with 2 jobs"),
        ({"uuids": {"b" * 32}}, "is not there"),
        ({"refused": "file_corrupt"}, "refused as file_corrupt"),
        ({"is_deleted": True}, "was deleted, and is done"),
        ({"exports": {"pdf": 500}}, "its pdf was answered with 500"),
        ({"trouble": ["it does not end"]}, "does not end"),
        ({"unknown": "401"}, "token is not known"),
        ({"member": Membership(EMAIL, "acct_2", "token", 100.0)}, "was told to be acct_2"),
        ({"member": Membership("nobody@customers.example", HOLDER, "token", 100.0)}, "is None"),
    ],
)
def test_a_promise_that_is_broken_is_found(told: dict[str, Any], what: str) -> None:
    assert any(what in one for one in broken_promises(sound(), 3, [outcome(**told)], []))


def test_text_of_another_page_is_found() -> None:
    evidence = sound()
    evidence.documents[UUID] = {"pages": [page(0) | {"text": marker(3, 0, 2)}, page(1), page(2)]}
    assert list(broken_promises(evidence, 3, [outcome()], []))


def test_two_jobs_of_one_request_are_found() -> None:
    evidence = sound()
    evidence.jobs["b" * 32] = replace(job(), uuid="b" * 32)
    assert any("2 jobs were made" in one for one in broken_promises(evidence, 3, [outcome()], []))


def test_a_job_of_the_last_two_seconds_before_the_power_was_cut_may_be_lost_and_no_older_one() -> None:
    evidence = sound()
    del evidence.jobs[UUID]
    assert list(broken_promises(evidence, 3, [outcome()], [101.5])) == []
    assert list(broken_promises(evidence, 3, [outcome()], [104.0]))


def test_two_accounts_of_one_address_are_found() -> None:
    evidence, told = sound(), outcome(member=Membership(EMAIL, HOLDER, "token", 100.0))
    assert list(broken_promises(evidence, 3, [told], [])) == []
    evidence.accounts[EMAIL].append("acct_2")
    assert list(broken_promises(evidence, 3, [told], []))


def test_an_account_of_the_last_two_seconds_before_the_power_was_cut_may_be_lost_and_no_older_one() -> None:
    evidence = sound()
    del evidence.accounts[EMAIL]
    told = outcome(member=Membership(EMAIL, HOLDER, "token", 100.0), unknown="401")
    assert list(broken_promises(evidence, 3, [told], [101.5])) == []
    assert list(broken_promises(evidence, 3, [told], [104.0]))


@pytest.mark.parametrize(
    ("status", "delayed", "is_right"),
    [("done", 0, True), ("refused", 0, False), (None, 0, False), ("accepted", 0, False), ("accepted", 1, True)],
)
def test_what_was_dropped_is_done_or_looked_at_once_more(status: str | None, delayed: int, is_right: bool) -> None:
    evidence = sound()
    evidence.drops = {NAME: status}
    evidence.queues["DeliverQueueUrl"] = Queue(0, 0, delayed, False, True)
    dropped = outcome(errand=Errand(0, 0.0, "paid", "drop", "cpu", PAGES, 0, None, (), 0))
    assert (list(broken_promises(evidence, 3, [dropped], [])) == []) is is_right


def test_an_object_that_outlives_the_cleanups_is_found() -> None:
    assert list(orphans([f"pages/{UUID}/00000.pdf"]))

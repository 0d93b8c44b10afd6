"""The audit of the books: what is wrong is found, what is right is never accused, whatever is written meanwhile."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cleanup.audit import LATE, Audit
from cleanup.walk import Walk
from infra.local.service import Service
from ocrchat.errors import OcrChatError
from ocrchat.jobs import Job, Settlement
from ocrchat.metering import CREDITS, Entry
from ocrchat.store.balances_table import wallet_shard
from ocrchat.store.items import attributes, timestamp
from ocrchat.store.transaction import write
from tests.data import make_files
from tests.integration.cleanup_parts import NOW, Parts, Through, counted, made_like
from tests.integration.support import Api, logged

LONG_AGO = NOW - timedelta(days=40)


@pytest.fixture
def own(service: Service, monkeypatch: pytest.MonkeyPatch) -> Parts:
    monkeypatch.setattr("cleanup.audit.PAUSE_S", 0.01)
    return made_like(service)


def auditor(own: Parts, run_s: float = 60.0) -> Audit:
    return Audit(own.balances, own.jobs, Walk(own.cursors, "audit"), run_s)


def audited(own: Parts) -> dict[str, int]:
    return auditor(own).run(datetime.now(UTC), anew=True)


def busy_account(own: Parts, at: datetime) -> Job:
    """One that has bought, read, chatted; returns a job of it that runs. Something is dated at that time, some now."""
    holder, plan = f"acct_{uuid4().hex}", own.plans.paid
    assert own.balances.grant(holder, Entry(uuid4().hex, at, "grant", CREDITS, 1000, reason="a purchase"))
    for number in range(4):
        day = at + timedelta(hours=number)
        job = new_job(holder, day, pages=number + 1)
        job, _ = own.metering.accept(job, plan)
        assert own.metering.settle(job, ended(unread=1), 1, day + timedelta(minutes=1), (NOW, NOW))
    hold, _ = own.metering.hold(holder, plan, 2, uuid4().hex, job.uuid, at + timedelta(days=1))
    own.metering.answered(holder, hold, [])
    running, _ = own.metering.accept(new_job(holder, max(at, NOW - timedelta(days=2)), pages=7), plan)
    free, _ = own.metering.accept(replace(new_job(holder, NOW, pages=9), price=200), own.plans.free)
    assert free.source != CREDITS
    assert own.metering.settle(free, ended(unread=2), 1, NOW, (NOW, NOW))
    return running


def new_job(holder: str, at: datetime, pages: int) -> Job:
    return Job(
        uuid=uuid4().hex,
        account=holder,
        holder=holder,
        filename="a.pdf",
        media_type="application/pdf",
        size=1,
        page_format="pdf",
        as_it_came=False,
        page_count=pages,
        tier="cpu",
        language="auto",
        base_url="http://host",
        created_at=at,
        price=1,
        queue="standard",
        result_hours=24,
        original_hours=24,
    )


def ended(unread: int) -> Settlement:
    return Settlement("done", (), None, None, (), unread)


@pytest.mark.parametrize("at", [LONG_AGO, NOW], ids=["long ago", "now"])
def test_honest_books_are_right(own: Parts, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = counted(monkeypatch)
    for _ in range(5):
        busy_account(own, at)
    assert audited(own) == {"right": 5}
    assert (metrics["LedgersAudited"], metrics["LedgerMismatches"]) == (5, 0)


def test_nobody_without_an_account_is_looked_at(own: Parts) -> None:
    """Their entries end by TTL, one by one."""
    own.done(own.plans.anonymous)
    assert audited(own) == {}


# ---- what is put in by hand -----------------------------------------------------------------------------------------


def change(own: Parts, job: Job, expression: str, sk: str = "wallet") -> None:
    own.dynamodb.update_item(
        TableName=own.names["BalancesTable"],
        Key=attributes({"pk": f"wallet#{job.holder}", "sk": sk}),
        UpdateExpression=expression,
        ExpressionAttributeValues={":one": {"N": "1"}},
    )


def rows(own: Parts, job: Job) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = own.dynamodb.query(
        TableName=own.names["BalancesTable"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=attributes({":pk": f"ledger#{job.holder}"}),
    )["Items"]
    return found


def delete_entry(own: Parts, job: Job, kind: str) -> None:
    row = next(row for row in rows(own, job) if row["kind"]["S"] == kind)
    own.dynamodb.delete_item(TableName=own.names["BalancesTable"], Key={"pk": row["pk"], "sk": row["sk"]})


def write_entry(own: Parts, entry: Entry, job: Job) -> None:
    write(own.dynamodb, own.balances.settle(job.holder, entry))


def a_credit_more(own: Parts, job: Job) -> None:
    change(own, job, "ADD balance :one")


def a_job_more(own: Parts, job: Job) -> None:
    change(own, job, "ADD running :one")


def a_page_more(own: Parts, job: Job) -> None:
    change(own, job, "ADD used :one", f"bucket#{NOW:%Y-%m}")


def a_grant_less(own: Parts, job: Job) -> None:
    delete_entry(own, job, "grant")


def a_settlement_less(own: Parts, job: Job) -> None:
    delete_entry(own, job, "settle")


def a_message_less(own: Parts, job: Job) -> None:
    delete_entry(own, job, "chat")


def settled_twice(own: Parts, job: Job) -> None:
    """The wallet agrees, and yet."""
    for minute in (1, 2):
        at = job.created_at + timedelta(minutes=minute)
        write_entry(own, Entry(f"{job.uuid}#settle", at, "settle", CREDITS, 1, job.uuid), job)


def more_given_back_than_was_taken(own: Parts, job: Job) -> None:
    entry = Entry(f"{job.uuid}#settle", job.created_at, "settle", CREDITS, 8, job.uuid)
    write_entry(own, entry, job)


def ended_behind_the_back_of_the_books(own: Parts, job: Job) -> None:
    """Its pages would be reserved for ever."""
    times = (NOW, NOW)
    write(own.dynamodb, [own.jobs.ending(job, ended(unread=0), 1, NOW, times)])


def gone(own: Parts, job: Job) -> None:
    own.dynamodb.delete_item(TableName=own.names["JobsTable"], Key=attributes({"pk": f"job#{job.uuid}"}))


@pytest.mark.parametrize("at", [LONG_AGO, NOW - timedelta(hours=6)], ids=["long ago", "today"])
@pytest.mark.parametrize(
    "wrong",
    [
        a_credit_more,
        a_job_more,
        a_page_more,
        a_grant_less,
        a_settlement_less,
        a_message_less,
        settled_twice,
        more_given_back_than_was_taken,
        ended_behind_the_back_of_the_books,
        gone,
    ],
)
def test_a_mismatch_is_found_and_told_and_the_neighbours_are_right(
    own: Parts, wrong: Any, at: datetime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    metrics = counted(monkeypatch)
    told: list[Any] = []
    monkeypatch.setattr("cleanup.audit.observe.logger", lambda: Logger(told))
    jobs = [busy_account(own, at) for _ in range(3)]
    wrong(own, jobs[1])
    assert audited(own) == {"right": 2, "wrong": 1}
    assert metrics["LedgerMismatches"] == 1
    ((message, extra),) = told
    assert (message, extra["holder"]) == ("ledger mismatch", jobs[1].holder)
    assert extra["differences"]
    assert audited(own) == {"right": 2, "wrong": 1}, "it mends nothing"


class Logger:
    """Keeps errors."""

    def __init__(self, told: list[Any]) -> None:
        self._told = told

    def error(self, message: str, extra: dict[str, Any]) -> None:
        self._told.append((message, extra))


# ---- while others write ---------------------------------------------------------------------------------------------


def test_an_honest_book_is_not_accused_while_ten_threads_write_it(own: Parts) -> None:
    """Grants, jobs, their ends, messages, deletes; one account, in bursts, so that it is looked at in all states."""
    own.plans = replace(own.plans, paid=replace(own.plans.paid, concurrent_jobs=1000))
    job, stop = busy_account(own, LONG_AGO), threading.Event()
    found: list[dict[str, int]] = []

    def live(_: int) -> int:
        done = 0
        while not stop.is_set():
            try:
                at = datetime.now(UTC)
                own.balances.grant(job.holder, Entry(uuid4().hex, at, "grant", CREDITS, 5))
                one = own.metering.accept(new_job(job.holder, at, pages=3), own.plans.paid)[0]
                hold = own.metering.hold(job.holder, own.plans.paid, 1, uuid4().hex, one.uuid, at)[0]
                if done % 2:
                    own.metering.answered(job.holder, hold, [])
                else:
                    own.metering.release(job.holder, hold, datetime.now(UTC))
                if done % 3:
                    own.metering.settle(one, ended(unread=done % 4), 1, datetime.now(UTC), (NOW, NOW))
                else:
                    own.metering.cancel(one, 1, datetime.now(UTC))
                done += 1
            except OcrChatError:  # too many at one row
                continue
            time.sleep(0.05)
        return done

    with ThreadPoolExecutor(10) as pool:
        writers = [pool.submit(live, number) for number in range(10)]
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            found.append(audited(own))
        stop.set()
        assert sum(writer.result() for writer in writers) > 20
    assert all(outcome in ({"right": 1}, {"busy": 1}) for outcome in found), found
    assert audited(own) == {"right": 1}
    a_credit_more(own, job)
    assert audited(own) == {"wrong": 1}


@pytest.mark.parametrize("when", ["before the wallet is read", "after it"])
def test_what_is_written_between_two_readings_accuses_nobody(own: Parts, when: str) -> None:
    """Each time that it is looked at."""
    job, plain, looks = busy_account(own, LONG_AGO), replace(own), 0

    def spend() -> None:
        for _ in range(3):
            plain.metering.accept(new_job(job.holder, datetime.now(UTC), pages=2), own.plans.paid)

    def query(call: Any, **request: Any) -> Any:
        nonlocal looks
        if not request["ExpressionAttributeValues"].get(":pk", {}).get("S", "").startswith("wallet#"):
            return call(**request)
        looks += 1
        if when == "after it":
            answer = call(**request)
            spend()
            return answer
        spend()
        return call(**request)

    own.dynamodb = Through(own.dynamodb, query=query)
    assert audited(own) == {"right": 1}
    assert looks == 1


def test_where_it_never_is_quiet_nobody_is_accused(own: Parts) -> None:
    job, dynamodb = busy_account(own, LONG_AGO), own.dynamodb
    plain = replace(own)

    def query(call: Any, **request: Any) -> Any:
        answer = call(**request)
        if request["ExpressionAttributeValues"].get(":pk", {}).get("S", "").startswith("wallet#"):
            for _ in range(9):
                plain.balances.grant(job.holder, Entry(uuid4().hex, datetime.now(UTC), "grant", CREDITS, 1))
        return answer

    own.dynamodb = Through(dynamodb, query=query)
    assert audited(own) == {"busy": 1}
    own.dynamodb = dynamodb
    assert audited(own) == {"right": 1}


def test_an_entry_that_is_dated_long_before_it_is_written_is_seen(own: Parts) -> None:
    """Join dates its settlement before it puts the document together, which takes minutes."""
    job = busy_account(own, LONG_AGO)
    dated = datetime.now(UTC) - LATE / 2
    dynamodb, plain, is_ended = own.dynamodb, replace(own), False

    def query(call: Any, **request: Any) -> Any:
        nonlocal is_ended
        answer = call(**request)
        values = request["ExpressionAttributeValues"]
        if ":since" in values and not is_ended:  # behind what was read, before the wallet is
            is_ended = plain.metering.settle(job, ended(unread=1), 1, dated, (NOW, NOW))
        return answer

    own.dynamodb = Through(dynamodb, query=query)
    assert audited(own) == {"right": 1}
    assert is_ended


# ---- in portions ----------------------------------------------------------------------------------------------------


def test_a_long_ledger_is_read_in_as_many_runs_as_it_takes(own: Parts) -> None:
    jobs = [busy_account(own, LONG_AGO) for _ in range(3)]
    a_credit_more(own, jobs[2])
    own.dynamodb = Through(own.dynamodb, query=lambda call, **request: call(**{"Limit": 3} | request))
    runs: list[dict[str, int]] = [{}]
    place: Any = {}
    while place is not None:
        runs.append(auditor(own, run_s=0.0).run(NOW, anew=len(runs) == 1))
        place = own.cursors.get("audit").state["place"]
        assert len(runs) < 100
    assert sum(run.get("right", 0) for run in runs) == 2
    assert sum(run.get("wrong", 0) for run in runs) == 1
    assert max(sum(run.values()) for run in runs) == 1
    assert len(runs) > 3 * 3, "some end within a ledger"


def test_a_run_that_dies_is_repeated_from_the_place_that_was_saved(own: Parts) -> None:
    holders = [busy_account(own, LONG_AGO).holder for _ in range(12)]
    first = min(holders, key=lambda holder: (wallet_shard(holder), holder))
    dynamodb = own.dynamodb

    def query(call: Any, **request: Any) -> Any:
        pk = request["ExpressionAttributeValues"].get(":pk", {}).get("S", "")
        if pk.startswith("wallet#") and not pk.endswith(first):
            raise KeyboardInterrupt
        return call(**request)

    own.dynamodb = Through(dynamodb, query=query)
    with pytest.raises(KeyboardInterrupt):
        audited(own)
    own.dynamodb = dynamodb
    assert auditor(own).run(datetime.now(UTC))["right"] in (11, 12)


def test_one_that_cannot_be_looked_at_keeps_no_other_waiting(own: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    job, metrics = [busy_account(own, LONG_AGO) for _ in range(3)][1], counted(monkeypatch)

    def query(call: Any, **request: Any) -> Any:
        if request["ExpressionAttributeValues"].get(":pk", {}).get("S") == f"wallet#{job.holder}":
            raise ConnectionError
        return call(**request)

    own.dynamodb = Through(own.dynamodb, query=query)
    assert audited(own) == {"right": 2, "error": 1}
    assert metrics["LedgersNotAudited"] == 1


# ---- with its role --------------------------------------------------------------------------------------------------


def test_the_function_finds_a_mismatch_with_its_role_and_logs_no_name(api: Api) -> None:
    service, stack = api.service, api.service.stack
    email = f"{uuid4().hex}@example.com"
    holder = stack.operate(do="account", plan="paid", email=email)["account"]
    token = stack.operate(do="token", account=holder)["token"]
    stack.operate(do="grant", account=holder, credits=50, reason="a purchase", key=uuid4().hex)
    with Api(service, token) as account:
        account.read(make_files.digital_pdf(2))
    before = stack.audit()
    assert before["right"] >= 1
    wallet = {
        "TableName": stack.outputs["BalancesTableName"],
        "Key": attributes({"pk": f"wallet#{holder}", "sk": "wallet"}),
        "UpdateExpression": "ADD balance :change",
    }
    dynamodb = stack.client("dynamodb")
    dynamodb.update_item(**wallet, ExpressionAttributeValues=attributes({":change": 3}))
    after = stack.audit()
    dynamodb.update_item(**wallet, ExpressionAttributeValues=attributes({":change": -3}))
    assert after.get("wrong", 0) == before.get("wrong", 0) + 1
    (line,) = {line for line in logged(service).splitlines() if "ledger mismatch" in line and holder in line}
    assert "the balance is 51, the ledger's 48" in line
    assert email not in line
    assert stack.audit() == before


def test_the_wallets_of_accounts_are_listed_by_shard(own: Parts) -> None:
    holders = {busy_account(own, NOW).holder for _ in range(5)}
    listed: list[str] = []
    for shard in "0123456789abcdef":
        while some := own.balances.listed(shard, listed[-1] if listed and wallet_shard(listed[-1]) == shard else "", 2):
            listed += some
    assert sorted(listed) == sorted(holders)


def test_entries_until_a_time_and_since_it_are_all_of_them(own: Parts) -> None:
    job = busy_account(own, LONG_AGO)
    middle = NOW - timedelta(days=3)
    until = [entry for page, _ in own.balances.ledger_until(job.holder, middle, None) for entry in page]
    since = own.balances.ledger_since(job.holder, middle)
    stored = [row["sk"]["S"] for row in rows(own, job)]
    assert [f"{timestamp(entry.at)}#{entry.id}" for entry in until + since] == stored
    assert until
    assert since

"""The books under random interleavings: what jobs are charged, whatever is repeated, lost or crashes in between.

The machine drives the real metering over the embedded AWS's DynamoDB beside a model of what must be there. A crash is
a client that dies before a transaction reaches the table, or after it and before the answer comes back: between two
writes of one transaction there is nothing to crash in.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cleanup.books import Totals, differences
from infra.local.service import Service
from ocrchat.errors import IdempotencyKeyReused, OutOfPages, RateLimited
from ocrchat.jobs import Job, Settlement
from ocrchat.metering import CREDITS, Entry, Standing, period_name, source_of
from ocrchat.plans import Plan, Plans
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.items import attributes
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.metering import Metering
from ocrchat.store.transaction import Write

STEPS = int(os.environ.get("SOAK_STEPS", "1000"))
STEPS_OF_ONE = 50

PLANS = Plans.parse(
    '{"anonymous": {"pages": 12, "concurrent_jobs": 4}, "free": {"pages": 20, "concurrent_jobs": 5},'
    ' "paid": {"pages": 0, "concurrent_jobs": 6}}'
)
START = datetime(2026, 11, 29, 22, 0, tzinfo=UTC)  # a day's and a month's border are near


class Crashed(Exception):
    """Stands for the end of the process."""


@dataclass
class FlakyClient:
    """A DynamoDB client whose next transaction may crash, before it is carried out or after."""

    client: Any
    crash: str | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def transact_write_items(self, **request: Any) -> Any:
        crash, self.crash = self.crash, None
        if crash == "before":
            raise Crashed
        answer = self.client.transact_write_items(**request)
        if crash == "after":
            raise Crashed
        return answer


@dataclass
class Known:
    """What the model knows of a job; `charged` is what it costs in the end, once that is certain."""

    job: Job
    holder: str
    attempt: int = 1
    running: bool = True
    charged: int = 0


@dataclass
class Holder:
    """What the model knows of a holder: what was granted by each key, and its jobs by uuid."""

    name: str
    plan: Plan
    keys: dict[int, int] = field(default_factory=dict)
    jobs: dict[str, Known] = field(default_factory=dict)
    messages: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Those about jobs that were answered, by their names: what they were taken from, and their prices."""

    @property
    def balance(self) -> int:
        jobs = sum(job.charged for job in self.jobs.values() if job.job.source == CREDITS)
        return sum(self.keys.values()) - jobs - self.said(CREDITS)

    def used(self, period: str) -> int:
        return sum(job.charged for job in self.jobs.values() if job.job.source == period) + self.said(period)

    def said(self, source: str) -> int:
        return sum(price for paid, price in self.messages.values() if paid == source)

    @property
    def running(self) -> int:
        return sum(job.running for job in self.jobs.values())


def new_job(holder: Holder, pages: int, price: int, at: datetime) -> Job:
    return Job(
        uuid=uuid4().hex,
        account=None,
        holder=holder.name,
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
        price=price,
        queue="standard",
        result_hours=24,
        original_hours=24,
    )


def ending(job: Job, unread: int) -> Settlement:
    return Settlement("failed" if unread == job.page_count else "done", (), None, None, (), unread)


class Books(RuleBasedStateMachine):
    """`client` and the tables' names are set by the test."""

    client: Any
    jobs_table: str
    balances_table: str

    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.flaky = FlakyClient(self.client)
        self.table = JobsTable(self.client, self.jobs_table)
        self.balances = BalancesTable(self.client, self.balances_table)
        self.metering = Metering(self.flaky, self.table, self.balances)
        self.now = START
        self.touched: set[str] = set()
        unique = uuid4().hex[:12]
        self.holders = {
            "anonymous": Holder(f"anon_{unique}", PLANS.anonymous),
            "free": Holder(f"acct_free{unique}", PLANS.free),
            "paid": Holder(f"acct_paid{unique}", PLANS.paid),
        }

    def tick(self, minutes: int = 1) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now

    @rule(hours=st.sampled_from([1, 3, 30]))
    def time_passes(self, hours: int) -> None:
        self.tick(60 * hours)

    @rule(key=st.integers(0, 15), given=st.sampled_from([9, 20]), who=st.sampled_from(["paid", "paid", "free"]))
    def grant(self, key: int, given: int, who: str) -> None:
        """The same key again, as when a purchase is told twice, gives nothing."""
        holder = self.holders[who]
        entry = Entry(f"{holder.name}-{key}", self.tick(), "grant", CREDITS, given, reason="a purchase")
        self.touched.add(who)
        if holder.keys.get(key, given) != given:
            with pytest.raises(IdempotencyKeyReused):
                self.balances.grant(holder.name, entry)
            return
        assert self.balances.grant(holder.name, entry) == (key not in holder.keys)
        holder.keys[key] = given

    @rule(
        target=jobs,
        who=st.sampled_from(["anonymous", "free", "paid"]),
        pages=st.integers(1, 9),
        price=st.sampled_from([1, 2]),
        crash=st.sampled_from([None, None, None, "before", "after"]),
    )
    def submit(self, who: str, pages: int, price: int, crash: str | None) -> Known | None:
        holder, at = self.holders[who], self.tick()
        job = new_job(holder, pages, price, at)
        self._come_back(holder, at)
        self.flaky.crash = crash
        self.touched.add(who)
        fits = self._fits(holder, job, at)
        try:
            accepted, _ = self.metering.accept(job, holder.plan)
        except OutOfPages:
            assert not fits
            return None
        except RateLimited:
            assert holder.running >= holder.plan.concurrent_jobs
            return None
        except Crashed:
            stored = self.table.get(job.uuid)
            assert (stored is not None) == (crash == "after")
            if stored is None:
                return None
            accepted = stored
        finally:
            self.flaky.crash = None
        assert fits
        assert holder.running < holder.plan.concurrent_jobs
        known = Known(accepted, who, charged=accepted.cost)
        holder.jobs[accepted.uuid] = known
        return known

    @rule(who=st.sampled_from(["anonymous", "free", "paid"]), pages=st.integers(1, 4), clients=st.integers(2, 5))
    def submit_at_once(self, who: str, pages: int, clients: int) -> None:
        holder, at = self.holders[who], self.tick()
        orders = [new_job(holder, pages, 1, at) for _ in range(clients)]
        metering = Metering(self.client, self.table, self.balances)
        start = threading.Barrier(clients)

        def send(job: Job) -> Job | None:
            start.wait()
            try:
                return metering.accept(job, holder.plan)[0]
            except (OutOfPages, RateLimited):
                return None

        with ThreadPoolExecutor(clients) as pool:
            accepted = [job for job in pool.map(send, orders) if job is not None]
        for job in accepted:
            holder.jobs[job.uuid] = Known(job, who, charged=job.cost)
        self.touched.add(who)

    @rule(
        known=jobs,
        unread=st.integers(0, 9),
        stale=st.booleans(),
        crash=st.sampled_from([None, None, "before", "after"]),
        again=st.booleans(),
    )
    def join(self, known: Known | None, unread: int, stale: bool, crash: str | None, again: bool) -> None:
        """The last step of an execution: of an older attempt too, by a process that dies, and repeated."""
        if known is None:
            return
        unread = min(unread, known.job.page_count)
        attempt = known.attempt - 1 if stale else known.attempt
        seen = replace(known.job, attempt=attempt)
        self.touched.add(known.holder)
        at = self.tick()
        expected = known.running and not stale
        self.flaky.crash = crash
        try:
            ended = self.metering.settle(seen, ending(seen, unread), 1, at, (at, at))
            assert ended == expected
        except Crashed:
            ended = expected and crash == "after"
        self.flaky.crash = None
        if ended:
            self._ended(known, unread)
        if again:
            assert self.metering.settle(seen, ending(seen, 0), 1, at, (at, at)) == (known.running and not stale)
            if known.running and not stale:
                self._ended(known, 0)

    @rule(
        known=jobs,
        price=st.integers(1, 3),
        is_answered=st.booleans(),
        crashes=st.sampled_from([(None, None), (None, None), ("before", None), ("after", None)])
        | st.sampled_from([(None, "before"), (None, "after")]),
    )
    def chat(self, known: Known | None, price: int, is_answered: bool, crashes: tuple[str | None, str | None]) -> None:
        """A message about a job, which holds its price until its answer is stored or it has none; the process may die
        with the first of the two transactions, or the second."""
        if known is None:
            return
        holder, at, name = self.holders[known.holder], self.tick(), uuid4().hex
        self.touched.add(known.holder)
        self._come_back(holder, at)
        source = source_of(holder.plan, self.balances.standing(holder.name, holder.plan, at), price, at)
        row = {"TableName": self.balances_table, "Item": attributes({"pk": name, "sk": "answer"})}
        first, second = crashes
        try:
            self.flaky.crash = first
            hold, _ = self.metering.hold(holder.name, holder.plan, price, name, known.job.uuid, at)
            self.flaky.crash = second
            if is_answered:
                self.metering.answered(holder.name, hold, [Write("answer", {"Put": row})])
            else:
                assert self.metering.release(holder.name, hold, self.tick())
            has_ended = True
        except OutOfPages:
            assert source is None
            has_ended = False
        except Crashed:
            has_ended = second == "after"
        self.flaky.crash = None
        found = self.client.get_item(TableName=self.balances_table, Key=row["Item"], ConsistentRead=True)
        assert ("Item" in found) == (has_ended and is_answered)
        if has_ended and is_answered:
            assert source is not None
            holder.messages[name] = (source, price)

    @rule(who=st.sampled_from(["free", "paid"]), crash=st.sampled_from([None, "before", "after"]))
    def what_was_lost_comes_back(self, who: str, crash: str | None) -> None:
        """Also where the process dies that gives it back."""
        holder, at = self.holders[who], self.tick(minutes=2)
        self.touched.add(who)
        self.flaky.crash = crash
        try:
            self.metering.check_message(holder.name, holder.plan, 0, at)
            assert not self.balances.standing(holder.name, holder.plan, at).holds
        except Crashed:
            pass
        self.flaky.crash = None

    @rule(known=jobs)
    def delete_as_it_was(self, known: Known | None) -> None:
        """By a request that has seen the job before it ended, or before its next attempt."""
        if known is None or (known.running and known.attempt == 1):
            return
        assert not self.metering.cancel(known.job, 0, self.tick())
        self.touched.add(known.holder)

    @rule(known=jobs, done=st.integers(0, 9), crash=st.sampled_from([None, None, "before", "after"]))
    def delete(self, known: Known | None, done: int, crash: str | None) -> None:
        """Cancels what runs; what has ended keeps what it cost."""
        if known is None:
            return
        stored = self.table.get(known.job.uuid)
        assert stored is not None
        assert stored.settled == (not known.running)
        if stored.status == "deleted":
            return
        self.touched.add(known.holder)
        done = min(done, stored.page_count)
        self.flaky.crash = crash
        try:
            gone = self.metering.cancel(stored, done, self.tick())
            assert gone
        except Crashed:
            gone = crash == "after"
        self.flaky.crash = None
        if gone and known.running:
            self._ended(known, stored.page_count - done)

    @rule(known=jobs)
    def reconcile(self, known: Known | None) -> None:
        """The execution has died: the next attempt begins, and the one before may not write any more."""
        if known is None or not known.running:
            return
        raised = self.table.raise_attempt(replace(known.job, attempt=known.attempt), 0, self.tick())
        assert raised is not None
        known.attempt = raised.attempt

    @invariant()
    def the_books_agree(self) -> None:
        """After each step, for those whom it touched."""
        for who in self.touched:
            self._check(self.holders[who])
        self.touched.clear()

    def teardown(self) -> None:
        for holder in self.holders.values():
            self._check(holder)

    def _come_back(self, holder: Holder, at: datetime) -> None:
        """What messages hold whose processes died."""
        Metering(self.client, self.table, self.balances).check_message(holder.name, holder.plan, 0, at)

    def _held(self, holder: Holder, source: str) -> int:
        holds = self.balances.standing(holder.name, holder.plan, self.now).holds
        return sum(hold.credits for hold in holds if hold.source == source)

    def _fits(self, holder: Holder, job: Job, at: datetime) -> bool:
        period = period_name(holder.plan.period, at)
        left = holder.plan.pages - holder.used(period) - self._held(holder, period)
        return job.cost <= holder.balance - self._held(holder, CREDITS) or job.cost <= left

    def _ended(self, known: Known, unread: int) -> None:
        known.running = False
        known.charged = (known.job.page_count - unread) * known.job.price

    def _check(self, holder: Holder) -> None:
        entries = self._ledger(holder)
        sources = {entry.source for entry in entries} - {CREDITS}
        standing = self.balances.standing(holder.name, holder.plan, self.now)
        balance = holder.balance - self._held(holder, CREDITS)
        assert standing.balance == balance == sum(e.credits for e in entries if e.source == CREDITS)
        assert standing.balance >= 0
        assert standing.running == holder.running
        for period in sources:
            used = self._used(holder, period)
            taken = holder.used(period) + self._held(holder, period)
            assert used == taken == -sum(e.credits for e in entries if e.source == period)
            assert 0 <= used <= holder.plan.pages
        for uuid, known in holder.jobs.items():
            own = [entry for entry in entries if entry.job == uuid and entry.kind != "chat"]
            assert -sum(entry.credits for entry in own) == known.charged
            assert [entry.kind for entry in reversed(own)] == (["reserve"] if known.running else ["reserve", "settle"])
        spent: dict[str, int] = {}
        for entry in entries:
            if entry.kind == "chat":
                name = entry.id.removesuffix("#back")
                spent[name] = spent.get(name, 0) - entry.credits
        held = {hold.message: hold.credits for hold in standing.holds}
        answered = {name: price for name, (_, price) in holder.messages.items()}
        assert {name: price for name, price in spent.items() if price} == answered | held
        assert answered.keys().isdisjoint(held)
        assert {entry.job for entry in entries if entry.job} == set(holder.jobs)
        totals = Totals().plus(reversed(entries))
        assert (differences(self.balances.wallet(holder.name), totals, self.now), totals.told()) == ([], [])

    def _ledger(self, holder: Holder) -> list[Entry]:
        entries, after = self.balances.entries(holder.name, 25)
        while after is not None:
            more, after = self.balances.entries(holder.name, 25, after)
            entries += more
        return entries

    def _used(self, holder: Holder, period: str) -> int:
        key = {"pk": {"S": f"wallet#{holder.name}"}, "sk": {"S": f"bucket#{period}"}}
        item = self.client.get_item(TableName=self.balances_table, Key=key, ConsistentRead=True).get("Item", {})
        return int(item.get("used", {"N": "0"})["N"])


@pytest.fixture(scope="module")
def tables(service: Service) -> tuple[Any, str, str]:
    """A client, and two tables like the service's: its reconciler would look after the jobs that are written here."""
    client = service.stack.client("dynamodb")
    names = (f"jobs-{uuid4().hex[:8]}", f"balances-{uuid4().hex[:8]}")
    for name, keys in zip(names, (["pk"], ["pk", "sk"]), strict=True):
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
        )
    return (client, *names)


def test_every_interleaving_leaves_the_books_right(tables: tuple[Any, str, str]) -> None:
    client, jobs, balances = tables
    machine = type("BooksOfThisRun", (Books,), {"client": client, "jobs_table": jobs, "balances_table": balances})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=STEPS // STEPS_OF_ONE,
            stateful_step_count=STEPS_OF_ONE,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.reuse, Phase.generate],  # to shrink a failure over a real table takes many minutes
        ),
    )


@pytest.mark.parametrize("bought", [0, 100])
def test_fifty_at_once_never_pass_a_cap_of_a_hundred(tables: tuple[Any, str, str], bought: int) -> None:
    """Against a period's pages, and against bought credits."""
    client, jobs, own = tables
    balances = BalancesTable(client, own)
    metering = Metering(client, JobsTable(client, jobs), balances)
    changes = '{"free": {"pages": 100}}' if not bought else '{"free": {"pages": 0}}'
    holder = Holder(f"acct_{uuid4().hex}", Plans.parse(changes).free)
    now = datetime.now(UTC)
    if bought:
        assert balances.grant(holder.name, Entry(uuid4().hex, now, "grant", CREDITS, bought))

    def send(_: int) -> bool:
        try:
            metering.accept(new_job(holder, 3, 1, now), holder.plan)
        except OutOfPages:
            return False
        return True

    with ThreadPoolExecutor(50) as pool:
        accepted = sum(pool.map(send, range(50)))
    standing = balances.standing(holder.name, holder.plan, now)
    assert accepted == 33
    assert (standing.balance, standing.used) == ((1, 0) if bought else (0, 99))


def test_no_more_comes_back_than_was_taken(tables: tuple[Any, str, str]) -> None:
    """Whatever the readers of hostile pages say of how many pages they have read."""
    client, jobs, own = tables
    balances = BalancesTable(client, own)
    metering = Metering(client, JobsTable(client, jobs), balances)
    holder = Holder(f"acct_{uuid4().hex}", PLANS.paid)
    assert balances.grant(holder.name, Entry(uuid4().hex, START, "grant", CREDITS, 9))
    for done, left in ((-1_000_000, 9), (1_000_000, 5)):
        job, _ = metering.accept(new_job(holder, 4, 1, START), holder.plan)
        assert metering.cancel(job, done, START)
        assert balances.standing(holder.name, holder.plan, START).balance == left


def test_what_was_seen_yesterday_refuses_nobody_today(tables: tuple[Any, str, str]) -> None:
    client, jobs, own = tables
    metering = Metering(client, JobsTable(client, jobs), BalancesTable(client, own))
    holder = Holder(f"anon_{uuid4().hex}", PLANS.anonymous)
    full = Standing(0, holder.plan.pages, holder.plan.concurrent_jobs)
    job, left = metering.accept(new_job(holder, 3, 1, START), holder.plan, seen=full)
    assert (job.source, left.used) == (period_name("day", START), 3)


def test_what_costs_nothing_is_never_refused(tables: tuple[Any, str, str]) -> None:
    client, jobs, own = tables
    balances = BalancesTable(client, own)
    metering = Metering(client, JobsTable(client, jobs), balances)
    holder = Holder(f"acct_{uuid4().hex}", PLANS.paid)
    job, _ = metering.accept(new_job(holder, 4, 0, START), holder.plan)
    assert metering.settle(job, ending(job, 1), 1, START, (START, START))
    assert balances.standing(holder.name, holder.plan, START) == Standing(0, 0, 0)


def test_a_transaction_whose_answer_is_lost_is_not_taken_for_another_s(tables: tuple[Any, str, str]) -> None:
    """AWS may say that one is in progress which it then carries out."""
    client, _, own = tables
    balances = BalancesTable(client, own)
    told: list[str] = []

    class Busy:
        def __getattr__(self, name: str) -> Any:
            return getattr(client, name)

        def transact_write_items(self, **request: Any) -> Any:
            answer = client.transact_write_items(**request)
            told.append(request["ClientRequestToken"])
            if len(told) == 1:
                error = {"Error": {"Code": "TransactionInProgressException", "Message": ""}}
                raise client.exceptions.TransactionInProgressException(error, "TransactWriteItems")
            return answer

    assert BalancesTable(Busy(), own).grant("acct_lost", Entry(uuid4().hex, START, "grant", CREDITS, 7))
    assert len(told) == 2
    assert len(set(told)) == 1
    assert balances.standing("acct_lost", PLANS.paid, START).balance == 7


def test_one_at_a_time_has_begun_with_something_until_it_ends_or_its_time_is_over(
    tables: tuple[Any, str, str],
) -> None:
    client, _, own = tables
    balances, key = BalancesTable(client, own), uuid4().hex
    assert not balances.is_begun(key, START)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: balances.begin(key, START, 300), range(8))) == 1
    assert balances.is_begun(key, START + timedelta(seconds=299))
    assert not balances.is_begun(key, START + timedelta(seconds=300))
    assert balances.begin(key, START + timedelta(seconds=300), 300)
    balances.end(key)
    assert balances.begin(key, START, 300)

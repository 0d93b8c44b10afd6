"""The plan of a load, what its figures say, and which answers count as faults."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from benchmarks.load import books, report
from benchmarks.load.answers import DOCUMENTED, Answer, Log
from benchmarks.load.figures import percentile, slope, student
from benchmarks.load.memory import READING, grown, points
from benchmarks.load.planning import FORMATS, HOLDERS, PAGES, SCANNED, plan
from ocrchat.metering import Entry, Wallet
from tests.faults.evidence import Evidence

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_seed_always_gives_the_same_plan_and_another_seed_another_one() -> None:
    assert plan(1, 20, 50) == plan(1, 20, 50) != plan(2, 20, 50)


def test_a_plan_holds_every_size_kind_and_holder_in_about_its_share() -> None:
    planned = plan(1, 20, 50)
    errands = [errand for client in planned for errand in client.errands]
    assert [len(client.errands) for client in planned] == [50] * 20
    assert {client.holder for client in planned} == set(HOLDERS)
    assert {errand.pages for errand in errands} == set(PAGES)
    assert sum(errand.kind == "scanned" for errand in errands) / 1000 == pytest.approx(SCANNED, abs=0.02)
    assert {errand.exports for errand in errands} == {(), FORMATS}


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(share: float, value: int) -> None:
    values = list(range(1, 101))
    random.Random(1).shuffle(values)  # noqa: S311 - the same order each time is what is wanted
    assert percentile(values, share) == value
    assert percentile([7.0], share) == 7.0


def test_a_percentile_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_a_line_has_its_slope_and_no_doubt() -> None:
    found = slope([(x, 3.0 + 0.5 * x) for x in range(10)])
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.5, 0.5))


def test_the_interval_holds_the_slope_in_about_as_many_cases_as_it_says() -> None:
    chance = random.Random(1)  # noqa: S311 - the same cases each time are what is wanted
    hits = 0
    for _ in range(400):
        found = slope([(x, 0.2 * x + chance.gauss(0, 3)) for x in range(30)])
        hits += found.low <= 0.2 <= found.high
    assert hits >= 370  # of 380 that are expected: what is widened for likeness is never narrowed


def test_steps_that_last_widen_the_interval() -> None:
    steps = [(float(x), 10.0 if 10 <= x < 20 else 0.0) for x in range(30)]
    mixed = [(float(x), 10.0 if x % 3 == 1 else 0.0) for x in range(30)]
    wide, narrow = slope(steps), slope(mixed)
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


@pytest.mark.parametrize("points_", [[], [(1.0, 1.0), (2.0, 2.0)], [(1.0, 1.0)] * 3])
def test_a_slope_needs_three_points_at_different_places(points_: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match=r"three points|same x"):
        slope(points_)


@pytest.mark.parametrize(("freedom", "quantile"), [(4, 2.776), (10, 2.228), (30, 2.042), (1000, 1.962)])
def test_the_quantile_is_that_of_the_printed_tables(freedom: int, quantile: float) -> None:
    assert student(freedom) == pytest.approx(quantile, rel=0.02)


@pytest.mark.parametrize(
    ("status", "code", "retry_after", "fault"),
    [
        (201, "", None, None),
        (402, "out_of_pages", None, None),
        (429, "rate_limited", 5.0, None),
        (503, "overloaded", 5.0, None),
        (429, "rate_limited", None, "no Retry-After"),
        (429, "", 5.0, "not documented"),
        (503, "", 5.0, "not documented"),
        (500, "internal_error", None, "not documented"),
        (502, "", None, "not documented"),
        (0, "ReadTimeout", None, "not documented"),
    ],
)
def test_an_answer_is_a_fault_where_no_client_is_told_of_it(
    status: int, code: str, retry_after: float | None, fault: str | None
) -> None:
    assert Answer("POST", "1 digital", 0.1, status, code, retry_after).fault == fault


def test_what_is_documented_comes_from_the_tree_of_errors() -> None:
    assert {(400, "file_corrupt"), (429, "rate_limited"), (503, "overloaded")} <= DOCUMENTED
    assert not {code for _, code in DOCUMENTED} & {"page_unreadable", "internal_error"}


def test_the_report_counts_refusals_and_tells_faults_apart() -> None:
    log = Log()
    for status, code, after in ((201, "", None), (429, "rate_limited", 3.0), (502, "", None)):
        log.add(Answer("POST", "1 digital", 0.1, status, code, after))
    told = report.errors(log)
    assert told.startswith("Of 3 answers 2 were refusals, 1 faults.")
    assert "| 429 | rate_limited | 1 |" in told
    assert "| POST | 502 |  | not documented | 1 |" in told


def test_latencies_are_told_by_route_and_size_and_of_good_answers_alone() -> None:
    answers = [
        Answer("poll", "12 digital", 2.0, 200),
        Answer("POST", "12 digital", 1.0, 202),
        Answer("POST", "2 scanned", 3.0, 201),
        Answer("POST", "2 scanned", 9.0, 503, "overloaded", 5.0),
    ]
    rows = report.latencies(answers).splitlines()[2:]
    assert rows == [
        "| POST | all | 2 | 1.00 | 3.00 | 3.00 |",
        "| POST | 2 scanned | 1 | 3.00 | 3.00 | 3.00 |",
        "| POST | 12 digital | 1 | 1.00 | 1.00 | 1.00 |",
        "| poll | all | 1 | 2.00 | 2.00 | 2.00 |",
        "| poll | 12 digital | 1 | 2.00 | 2.00 | 2.00 |",
    ]


def test_memory_is_compared_from_a_quarter_of_the_time_on() -> None:
    samples = [{"Join": {1: kb}} for kb in (1000, 5000, 6000, 7000)] + [{"Join": {1: 8000, 2: 3000}}]
    (join,) = grown(samples)
    assert (join.processes, join.warm_mb, join.end_mb) == (2, 5.0, 11.0)
    assert (join.largest_warm_mb, join.largest_end_mb) == (5.0, 8.0)


def test_growth_is_told_of_processes_that_were_there_all_the_time() -> None:
    samples = [(40, {READING: {1: 10}, "Join": {2: 5}}), (80, {READING: {1: 12}, "Join": {3: 5}})]
    assert points(samples) == {READING: [(40.0, 10.0), (80.0, 12.0)]}


def test_books_with_a_charge_for_nothing_are_told() -> None:
    taken = Entry("1", NOW, "reserve", "2026-11", -3, job="gone")
    evidence = Evidence(entries={"h": [taken]}, wallets={"h": Wallet(0, 1, {"2026-11": 3})})
    found = books.of(evidence, NOW)
    assert (found.charged, found.delivered, found.statuses) == (3, 0, Counter())
    assert "3 pages are charged, 0 delivered" in found.findings
    assert books.of(Evidence(), NOW).findings == []

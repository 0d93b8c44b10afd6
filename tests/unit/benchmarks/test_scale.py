"""The simulation of load: nothing is lost, a seed repeats, more of anything is never worse; and the arithmetic."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from benchmarks.cost.measuring import Measured
from benchmarks.cost.template import Template
from benchmarks.scale.__main__ import first, report
from benchmarks.scale.demand import LIMITS, NEW_ACCOUNT, READERS, Demand
from benchmarks.scale.lines import Clock, Places, Rate
from benchmarks.scale.load import MEAN_PAGES, MIX, Arrival, burst, poisson
from benchmarks.scale.simulation import START, Outcome, Settings, Simulation

SEED = 7
Profile = Callable[[float, float, int], list[Arrival]]


@pytest.fixture(scope="module")
def demand() -> Demand:
    return Demand(Template(), Measured.kept())


@pytest.fixture
def settings(demand: Demand) -> Settings:
    return demand.settings()


def ran(demand: Demand, settings: Settings, arrivals: list[Arrival], seed: int = SEED) -> Outcome:
    return Simulation(settings, demand.span(), seed).run(arrivals)


def test_a_rate_lets_its_burst_through_at_once_and_then_one_after_the_other() -> None:
    rate = Rate(per_second=2.0, burst=3.0)
    assert [rate.take(0.0) for _ in range(5)] == [0.0, 0.0, 0.0, 0.5, 1.0]
    assert rate.waited == 1.5
    assert rate.wait(0.0) == 1.5
    assert rate.take(100.0) == 100.0
    assert rate.wait(100.0) == 0.0


def test_places_are_taken_in_turn_and_grow_only_while_somebody_waits() -> None:
    clock = Clock()
    places = Places(clock, most=3, first=1, growth=0.5)
    begun: list[float] = []
    for _ in range(4):
        places.take(lambda: begun.append(clock.now))
    clock.at(10.0, places.give_back)
    clock.run()
    assert begun == [0.0, 2.0, 4.0, 10.0]
    assert places.highest == 3
    assert places.waits == begun


def test_events_of_one_time_happen_in_the_order_in_which_they_were_put_there() -> None:
    clock, seen = Clock(), list[int]()
    for number, time in enumerate([2.0, 1.0, 2.0]):
        clock.at(time, lambda number=number: seen.append(number))  # type: ignore[misc]
    clock.run()
    assert seen == [1, 0, 2]


@pytest.mark.parametrize("profile", [poisson, burst])
def test_what_comes_is_the_same_for_a_seed_and_as_much_as_was_asked_for(profile: Profile) -> None:
    some = profile(200.0, 300.0, SEED)
    assert some == profile(200.0, 300.0, SEED)
    assert some != profile(200.0, 300.0, SEED + 1)
    assert [one.at for one in some] == sorted(one.at for one in some)
    assert {one.pages for one in some} <= set(MIX)
    assert sum(one.pages for one in some) == pytest.approx(60_000, rel=0.15)
    assert len(some) == pytest.approx(60_000 / MEAN_PAGES, rel=0.1)


@pytest.mark.parametrize("profile", [poisson, burst])
@pytest.mark.parametrize("rate", [1.0, 300.0])
def test_nothing_is_lost_whatever_breaks(demand: Demand, settings: Settings, profile: Profile, rate: float) -> None:
    arrivals = profile(rate, 20.0, SEED)
    for one in (settings, demand.new_account(), replace(settings, start=0.5, start_burst=1.0, token=3.0, wallet=2.0)):
        outcome = ran(demand, one, arrivals)
        assert outcome.jobs == len(arrivals) == len(outcome.done)
        assert outcome.pages == sum(arrival.pages for arrival in arrivals)
        assert min(outcome.done, default=1.0) > 0.0
        assert all(age >= 0.0 for age in outcome.ages)


def test_a_seed_repeats_the_run(demand: Demand, settings: Settings) -> None:
    arrivals = poisson(150.0, 20.0, SEED)
    assert ran(demand, settings, arrivals) == ran(demand, settings, arrivals)
    assert ran(demand, settings, arrivals) != ran(demand, settings, arrivals, SEED + 1)


@pytest.mark.parametrize("profile", [poisson, burst])
def test_more_readers_are_never_worse(demand: Demand, settings: Settings, profile: Profile) -> None:
    arrivals = profile(200.0, 30.0, SEED)
    means = []
    for workers in (10, 25, 50, 100, 200):
        outcome = ran(demand, replace(settings, workers=workers, concurrency=2000), arrivals)
        means.append(sum(outcome.ages) / len(outcome.ages))
    assert means == sorted(means, reverse=True)
    assert means[0] > 5 * means[-1]


def test_a_reader_reads_no_more_than_it_can(demand: Demand, settings: Settings) -> None:
    arrivals = burst(200.0, 30.0, SEED)
    outcome = ran(demand, settings, arrivals)
    fastest = outcome.pages * demand.page_s / (2 * settings.workers)
    assert max(outcome.done) > 0.9 * fastest


def test_executions_that_cannot_be_started_in_time_are_left_to_the_reconciler(
    demand: Demand, settings: Settings
) -> None:
    arrivals = [Arrival(0.0, 10) for _ in range(100)]
    slow = ran(demand, replace(settings, start=1.0, start_burst=1.0), arrivals)
    assert 80 < slow.reconciled < 100
    assert min(sorted(slow.done)[-slow.reconciled :]) > 60.0
    assert slow.jobs == 100
    assert slow.waited[START] > 0.0
    assert ran(demand, settings, arrivals).reconciled == 0


def test_a_limit_is_reached_where_what_a_page_takes_of_it_fills_it(demand: Demand) -> None:
    reached = {one.what: one.at for one in demand.reached()}
    assert reached[READERS] == pytest.approx(2 * demand.workers / demand.page_s)
    assert reached["StartExecution"] == pytest.approx(300 * MEAN_PAGES)
    jobs_by_wallet = 1000 / 4  # two transactions of a job, two write units each
    assert reached["the wallet row, if one account sends all"] == pytest.approx(jobs_by_wallet * MEAN_PAGES)
    assert reached[NEW_ACCOUNT] == pytest.approx(reached["concurrency of the account"] / 100)
    assert list(reached.values()) == sorted(reached.values())


def test_limits_that_are_raised_for_a_load_bear_it(demand: Demand) -> None:
    arrivals = poisson(2000.0, 20.0, SEED)
    enough, usual = (ran(demand, one, arrivals) for one in (demand.raised(2000.0), demand.settings()))
    assert sorted(enough.ages)[int(0.95 * len(enough.ages))] < 1.0
    assert sorted(usual.ages)[int(0.95 * len(usual.ages))] > 60.0
    most = json.loads(LIMITS.read_text())["limits"]["mapping_most"]["value"]
    assert demand.raised(10_000.0).workers <= most


def test_every_limit_says_where_and_when_it_was_read_or_that_it_was_not_and_how_it_is_raised() -> None:
    for name, entry in json.loads(LIMITS.read_text())["limits"].items():
        assert entry["url"].startswith("https://"), name
        assert len({"read", "memory"} & entry.keys()) == 1, name
        date.fromisoformat(entry.get("read") or entry["memory"])
        assert entry["remedy"], name


def test_the_report_names_the_first_limit_of_each_load(demand: Demand) -> None:
    rows = first(demand, [1, 100_000]).splitlines()
    assert rows[2].split("|")[2].strip() == "none"
    assert rows[3].split("|")[2].strip() == READERS
    text = report(demand, {1: 60, 50: 20}, SEED)
    assert Counter(line.startswith("## ") for line in text.splitlines())[True] == 6

"""What a ledger adds up to, and whether a wallet is that."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanup.books import MOST_FAULTS, Totals, differences, unexplained
from ocrchat.metering import CREDITS, Entry, Kind, Wallet

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONTH = "2026-11"


def entry(kind: Kind, amount: int, job: str | None = None, source: str = CREDITS, minutes: int = 0) -> Entry:
    return Entry(f"{job}#{kind}", NOW + timedelta(minutes=minutes), kind, source, amount, job)


LEDGER = [
    entry("grant", 100),
    entry("reserve", -9, "a"),
    entry("settle", 2, "a"),
    entry("reserve", -30, "b"),
    entry("reserve", -5, "c", MONTH),
    entry("settle", 0, "c", MONTH),
    entry("chat", -1, "a"),
]
WALLET = Wallet(62, 1, {MONTH: 5})


def test_a_wallet_is_what_its_ledger_adds_up_to() -> None:
    totals = Totals().plus(LEDGER)
    assert differences(WALLET, totals, NOW) == []
    assert (totals.running, totals.told()) == (["b"], [])


@pytest.mark.parametrize(
    ("wallet", "told"),
    [
        (replace(WALLET, balance=63), ["the balance is 63, the ledger's 62"]),
        (replace(WALLET, running=0), ["0 jobs are counted as running, by the ledger 1"]),
        (replace(WALLET, used={MONTH: 4}), ["4 pages of 2026-11 are used, by the ledger 5"]),
        (replace(WALLET, used={}), ["0 pages of 2026-11 are used, by the ledger 5"]),
        (replace(WALLET, used={MONTH: 5, "2026-10": 1}), ["1 pages of 2026-10 are used, by the ledger 0"]),
    ],
)
def test_each_number_of_a_wallet_is_compared(wallet: Wallet, told: list[str]) -> None:
    assert differences(wallet, Totals().plus(LEDGER), NOW) == told


@pytest.mark.parametrize("period", ["2025-09", "2025-10-01"])
def test_a_period_whose_bucket_may_be_gone_is_not_compared(period: str) -> None:
    old = [entry("reserve", -5, "x", period), entry("settle", 0, "x", period)]
    assert differences(WALLET, Totals().plus([*old, *LEDGER]), NOW) == []


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([entry("settle", 1, "z")], "z is settled and not reserved for"),
        ([entry("settle", 2, "a", minutes=1)], "a is settled and not reserved for"),
        ([entry("settle", 31, "b")], "b was given back more than was taken"),
        ([entry("settle", 3, "b", MONTH)], "b is reserved from credits and settled to 2026-11"),
        ([entry("reserve", -30, "b", minutes=1)], "b has two entries of kind reserve"),
    ],
)
def test_what_cannot_be_of_a_job_is_told(entries: list[Entry], told: str) -> None:
    assert Totals().plus(LEDGER).plus(entries).told() == [told]


def test_of_a_ledger_that_is_all_wrong_some_is_told() -> None:
    totals = Totals().plus([entry("settle", 1, f"job{number}") for number in range(1000)])
    assert len(totals.told()) == MOST_FAULTS


def test_a_settlement_may_be_dated_before_its_reservation() -> None:
    """Their clocks are those of two machines."""
    assert Totals().plus([entry("settle", 2, "a"), entry("reserve", -9, "a")]).told() == []


def test_totals_are_the_same_after_they_were_put_away() -> None:
    half, rest = LEDGER[:4], LEDGER[4:]
    kept = Totals.from_json(json.loads(json.dumps(Totals().plus(half).as_json())))
    assert kept.plus(rest) == Totals().plus(LEDGER)


def test_adding_up_changes_nothing_that_was_added_up_before() -> None:
    before = Totals().plus(LEDGER[:3])
    same = Totals().plus(LEDGER[:3])
    before.plus(LEDGER[3:])
    assert before == same


@given(st.lists(st.integers(-9, 9), max_size=6), st.randoms(use_true_random=False))
def test_what_was_written_meanwhile_explains_a_wallet_in_whatever_order(amounts: list[int], rng: random.Random) -> None:
    since = [entry("grant", amount, f"job{number}") for number, amount in enumerate(amounts)]
    seen = rng.sample(since, rng.randint(0, len(since)))
    wallet = replace(WALLET, balance=WALLET.balance + sum(one.credits for one in seen))
    assert unexplained(wallet, Totals().plus(LEDGER), since, NOW) == []


def test_what_nothing_explains_is_told_with_all_that_there_is() -> None:
    since = [entry("grant", 10), entry("reserve", -4, "d")]
    for balance in (72, 68, 62, 58):
        running = WALLET.running + (balance in (68, 58))
        assert unexplained(replace(WALLET, balance=balance, running=running), Totals().plus(LEDGER), since, NOW) == []
    wrong = unexplained(replace(WALLET, balance=67), Totals().plus(LEDGER), since, NOW)
    assert wrong == ["the balance is 67, the ledger's 68", "1 jobs are counted as running, by the ledger 2"]

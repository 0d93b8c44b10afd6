"""What is counted against what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat import metering
from ocrchat.metering import CREDITS, Entry, Standing
from ocrchat.plans import Plans

PLANS = Plans.parse('{"free": {"pages": 10}, "paid": {"pages": 0}}')
NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_periods_begin_at_midnight_in_utc() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert metering.period_name("day", late) == "2026-12-31"
    assert metering.resets_at("day", late) == datetime(2027, 1, 1, tzinfo=UTC)
    assert metering.resets_at("month", late) == datetime(2027, 1, 1, tzinfo=UTC)
    east = late.astimezone(datetime.strptime("+0500", "%z").tzinfo)
    assert metering.period_name("month", east) == "2026-12"


@given(MOMENTS)
def test_a_period_ends_where_the_next_one_begins(at: datetime) -> None:
    for period in ("day", "month"):
        end = metering.resets_at(period, at)
        assert at < end
        assert metering.period_name(period, end) != metering.period_name(period, at)
        assert metering.period_name(period, end - timedelta(microseconds=1)) == metering.period_name(period, at)
        assert timedelta(0) < end - at <= timedelta(seconds=metering.period_seconds(period, at))


@pytest.mark.parametrize(
    ("balance", "used", "cost", "source"),
    [
        (0, 0, 10, "2026-11"),
        (10, 0, 10, "2026-11"),  # which would be lost at the end of the month
        (0, 1, 10, None),
        (10, 1, 10, CREDITS),
        (9, 5, 10, None),  # a job is paid from one source
        (5, 10, 0, "2026-11"),
        (-5, 0, 10, "2026-11"),
        (-5, 10, 1, None),
    ],
)
def test_credits_are_used_where_the_pages_of_the_period_do_not_cover_it_all(
    balance: int, used: int, cost: int, source: str | None
) -> None:
    assert metering.source_of(PLANS.free, Standing(balance, used, 0), cost, NOW) == source


def test_a_402_says_what_there_is_and_what_is_needed() -> None:
    told = metering.shortfall(PLANS.free, Standing(1, 9, 0), 3, NOW)
    assert told == {"used": 9, "cap": 10, "required": 3, "resets_at": "2026-12-01T00:00:00Z", "balance": 1}
    for balance, cap in ((2, 2), (-2, 0)):
        told = metering.shortfall(PLANS.paid, Standing(balance, 0, 0), 3, NOW)
        assert told == {"used": 0, "cap": cap, "required": 3, "resets_at": None, "balance": balance}


def test_the_headers_count_pages_of_the_period_and_credits() -> None:
    pages, left = '"pages";q=10;w=2592000', f'"pages";r=6;t={9 * 86400 + 41400}'
    for balance in (0, -3):
        headers = metering.rate_limit_headers(PLANS.free, Standing(balance, 4, 1), NOW)
        assert headers == {"RateLimit-Policy": pages, "RateLimit": left}
    headers = metering.rate_limit_headers(PLANS.free, Standing(70, 4, 1), NOW)
    assert headers == {"RateLimit-Policy": f'{pages}, "credits";q=70', "RateLimit": f'{left}, "credits";r=70'}
    headers = metering.rate_limit_headers(PLANS.paid, Standing(70, 0, 1), NOW)
    assert headers == {"RateLimit-Policy": '"credits";q=70', "RateLimit": '"credits";r=70'}


def test_after_a_job_there_is_less() -> None:
    before = Standing(10, 3, 1)
    assert before.less(4, CREDITS) == Standing(6, 3, 2)
    assert before.less(4, "2026-11") == Standing(10, 7, 2)


def test_an_entry_is_shown_with_its_sign() -> None:
    entry = Entry("1#reserve", NOW, "reserve", "2026-11", -3, "1")
    assert entry.as_json() == {
        "id": "1#reserve",
        "at": "2026-11-21T12:30:00.000Z",
        "kind": "reserve",
        "source": "2026-11",
        "credits": -3,
        "job": "1",
        "reason": None,
    }
    assert replace(entry, credits=0).as_json()["credits"] == 0

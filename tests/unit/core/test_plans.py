"""The table of plans, and how it is changed."""

from __future__ import annotations

import json

import pytest

from infra import plans as document
from ocrchat.plans import Pack, Plans, PlansInvalid

DEFAULT = Plans.parse()


def test_an_empty_setting_changes_nothing() -> None:
    assert Plans.parse("") == Plans.parse("{}") == DEFAULT


def test_single_values_are_changed_and_the_others_stay() -> None:
    changed = Plans.parse('{"free": {"pages": 7, "queue": "priority"}, "prices": {"vlm": 9}}')
    assert (changed.free.pages, changed.free.queue, changed.free.file_pages) == (7, "priority", DEFAULT.free.file_pages)
    assert changed.anonymous == DEFAULT.anonymous
    assert changed.prices == {**DEFAULT.prices, "vlm": 9}


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("no", "JSON"),
        ("[]", "object"),
        ('{"gold": {}}', "gold"),
        ('{"free": 3}', "free"),
        ('{"free": {"page": 3}}', "page"),
        ('{"free": {"name": "paid"}}', "name"),
        ('{"free": {"pages": -1}}', "free.pages"),
        ('{"free": {"pages": true}}', "free.pages"),
        ('{"free": {"pages": "3"}}', "free.pages"),
        ('{"free": {"file_pages": 0}}', "free.file_pages"),
        ('{"free": {"file_pages": 5001}}', "free.file_pages"),
        ('{"free": {"period": "week"}}', "free.period"),
        ('{"free": {"queue": "fast"}}', "free.queue"),
        ('{"free": {"title": 3}}', "free.title"),
        ('{"prices": {"gpu": 3}}', "prices"),
        ('{"prices": {"cpu": -1}}', "prices.cpu"),
        ('{"prices": 3}', "prices"),
        ('{"packs": 3}', "packs"),
        ('{"packs": [3]}', "pack"),
        ('{"packs": [{"credits": 5}]}', "cents"),
        ('{"packs": [{"credits": 5, "cents": 99, "price": 3}]}', "currency"),
        ('{"packs": [{"credits": 0, "cents": 99}]}', "credits"),
        ('{"packs": [{"credits": true, "cents": 99}]}', "credits"),
        ('{"packs": [{"credits": 5, "cents": 49}]}', "cents"),
        ('{"packs": [{"credits": 5, "cents": 99, "currency": "EUR"}]}', "currency"),
        ('{"packs": [{"credits": 5, "cents": 99}, {"credits": 5, "cents": 98}]}', "one size"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(setting: str, named: str) -> None:
    with pytest.raises(PlansInvalid, match=named):
        Plans.parse(setting)


def test_packs_take_the_place_of_all_that_there_are() -> None:
    assert Plans.parse('{"packs": []}').packs == ()
    assert Plans.parse('{"packs": [{"credits": 5, "cents": 99, "currency": "eur"}]}').packs == (Pack(5, 99, "eur"),)


def test_who_buys_loses_no_pages() -> None:
    assert DEFAULT.paid.pages >= DEFAULT.free.pages > 0


def test_a_plan_is_found_by_its_name() -> None:
    assert DEFAULT.of("paid") is DEFAULT.paid
    with pytest.raises(LookupError):
        DEFAULT.of("gold")


def test_what_the_pricing_route_says_is_json() -> None:
    told = json.loads(json.dumps(DEFAULT.as_json()))
    assert [plan["name"] for plan in told["plans"]] == ["anonymous", "free", "paid"]
    prices = {tier["name"]: tier["credits_per_page"] for tier in told["tiers"]}
    assert prices | {"chat": told["chat"]["credits_per_message"]} == DEFAULT.prices


def test_the_page_of_plans_is_that_of_the_table() -> None:
    """`make plans` writes it anew."""
    assert document.PAGE.read_text(encoding="utf-8") == document.page()

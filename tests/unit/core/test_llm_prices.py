"""What an answer costs."""

from __future__ import annotations

import pytest

from ocrchat.llm.port import Usage
from ocrchat.llm.prices import Prices, prices_of
from ocrchat.llm.settings import ModelSettings


def test_each_kind_of_token_has_its_price() -> None:
    million = 1_000_000
    prices = Prices(2, 10)
    assert prices.cost(Usage(input_tokens=million)) == 2.0
    assert prices.cost(Usage(output_tokens=million)) == 10.0
    assert prices.cost(Usage(cache_write_tokens=million)) == 2.5
    assert prices.cost(Usage(cache_read_tokens=million)) == pytest.approx(0.2)


def test_a_page_costs_the_sum() -> None:
    usage = Usage(input_tokens=6_000, cache_read_tokens=2_000, output_tokens=1_500)
    assert Prices(2, 10).cost(usage + Usage(output_tokens=500)) == pytest.approx(0.012 + 0.0004 + 0.02)


@pytest.mark.parametrize(
    ("name", "prices"),
    [
        ("claude-haiku-5-5", Prices(0.10, 0.50)),
        ("claude-sonnet-5-5", Prices(2, 10)),
        ("claude-opus-5-5", Prices(4, 20)),
    ],
)
def test_prices_of_the_hosted_models_are_known(name: str, prices: Prices) -> None:
    assert prices_of(ModelSettings("anthropic", name)) == prices


@pytest.mark.parametrize(
    "settings",
    [
        ModelSettings("anthropic", "claude-of-tomorrow"),
        ModelSettings("bedrock", "us.anthropic.claude-sonnet-5-5-v1:0"),
        ModelSettings("compatible", "claude-sonnet-5-5"),
    ],
)
def test_a_price_that_nobody_knows_is_nothing_and_says_so(settings: ModelSettings) -> None:
    prices = prices_of(settings)
    assert prices.cost(Usage(1000, 1000, 1000, 1000)) == 0
    assert not prices.known


@pytest.mark.parametrize("name", ["claude-haiku-5-5", "our-own"])
def test_the_settings_go_before_the_table(name: str) -> None:
    assert prices_of(ModelSettings("anthropic", name, prices=(3, 7))) == Prices(3, 7)
    assert prices_of(ModelSettings("anthropic", name, prices=(0, 0))).known

"""What asking a model about pages is estimated to cost, and what it has cost."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from benchmarks.accuracy.costs import estimated, spent
from benchmarks.accuracy.sets import Page
from benchmarks.peers.model import KEY, configured
from benchmarks.peers.reading import Reading
from ocrchat.llm.prices import Prices
from ocrchat.llm.settings import ModelSettingsInvalid


def page(folder: Path, size: tuple[int, int], truth: str) -> Page:
    path = folder / "a.png"
    Image.new("L", size).save(path)
    return Page("pages", "a", path, truth, "eng", False, False)


def test_an_estimate_grows_with_the_pages_their_pictures_and_their_text(tmp_path: Path) -> None:
    prices = Prices(2, 10)
    small = estimated([page(tmp_path, (280, 280), "a" * 300)], 0, prices)
    assert small.usage.input_tokens == 1400 + 100 + 180
    assert small.usage.output_tokens == 150
    assert small.usd == pytest.approx((1680 * 2 + 150 * 10) / 1e6)
    large = estimated([page(tmp_path, (2000, 2800), "a" * 3000)], 0, prices)
    assert large.usage.input_tokens > small.usage.input_tokens + 4000
    assert estimated([], 2, prices).pages == 2
    assert "not known" in str(estimated([], 1, Prices(0, 0, known=False)))


def test_what_was_spent_is_told_with_the_model_and_not_where_none_was_asked() -> None:
    assert spent([Reading()]) == ""
    asked = Reading(tokens_in=100, tokens_out=50, usd=0.01, answers=2, model="a-model")
    told = spent([asked, Reading(tokens_in=300, tokens_out=70, usd=0.03, answers=1, model="a-model"), Reading()])
    assert "a-model: 2 pages asked about, 1 of them more than once" in told
    assert "200 tokens in and 60 out, $0.0200; $0.04 in all" in told


def test_without_a_model_or_a_key_the_benchmark_says_which_setting_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODEL_NAME", "MODEL_PROVIDER", KEY):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ModelSettingsInvalid, match="MODEL_NAME"):
        configured()
    monkeypatch.setenv("MODEL_NAME", "claude-haiku-5-5")
    with pytest.raises(ModelSettingsInvalid, match=KEY):
        configured()
    monkeypatch.setenv(KEY, "key")
    assert configured().prices.known

"""The clients that the wiring makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ocrchat import wiring
from ocrchat.llm.client import AnthropicModel
from ocrchat.store.secrets import Secrets


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """An environment of a function on AWS in Frankfurt; what is made in it is forgotten."""
    for name, value in {
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "BUCKET": "pages-of-somebody",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL", "PRESIGN_ENDPOINT", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    caches = (
        wiring.settings,
        wiring.jobs_table,
        wiring.bucket,
        wiring.workflow,
        wiring.functions,
        wiring.model,
        wiring._client,
    )
    for cache in caches:
        cache.cache_clear()
    yield monkeypatch
    for cache in caches:
        cache.cache_clear()


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
def test_urls_are_signed_for_the_regional_host_of_the_bucket(fresh: pytest.MonkeyPatch, region: str) -> None:
    """Which is the only one that the site's policy lets its pages reach, beside their own."""
    fresh.setenv("AWS_REGION", region)
    fresh.setenv("AWS_DEFAULT_REGION", region)
    url = wiring.bucket().download_url("results/a/document.json")
    assert url.startswith(f"https://pages-of-somebody.s3.{region}.amazonaws.com/results/a/document.json?")
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url


def test_urls_are_signed_for_the_address_that_clients_use(fresh: pytest.MonkeyPatch) -> None:
    fresh.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    fresh.setenv("PRESIGN_ENDPOINT", "http://localhost:8000")
    assert (
        wiring.bucket()
        .download_url("results/a/document.json")
        .startswith("http://localhost:8000/pages-of-somebody/results/a/document.json?")
    )
    assert wiring.bucket().original_url("a").startswith("http://127.0.0.1:4566/pages-of-somebody/uploads/a/original?")


class SecretsManager:
    """A client of it; each time that it is asked, the secret has changed."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get_secret_value(self, SecretId: str) -> dict[str, Any]:  # noqa: N803 - the name that AWS gave it
        self.asked.append(SecretId)
        return {"SecretString": f'{{"api_key": "key-{len(self.asked)}"}}'}


def test_without_a_name_there_is_no_model(fresh: pytest.MonkeyPatch) -> None:
    fresh.delenv("MODEL_NAME", raising=False)
    assert wiring.model() is None


def test_the_key_of_a_model_is_kept_until_it_is_renewed(fresh: pytest.MonkeyPatch) -> None:
    manager = SecretsManager()
    secrets = Secrets(manager)
    fresh.setattr(wiring, "secrets", lambda: secrets)
    fresh.setenv("MODEL_PROVIDER", "anthropic")
    fresh.setenv("MODEL_NAME", "claude-sonnet-5-5")
    fresh.setenv("MODEL_KEY_SECRET", "ocrchat/model")
    model = wiring.model()
    assert isinstance(model, AnthropicModel)
    assert wiring.model() is model
    assert (model._key, manager.asked) == ("key-1", ["ocrchat/model"])
    assert model._renewed_key is not None
    assert model._renewed_key() == "key-2"
    assert secrets.get("ocrchat/model") == '{"api_key": "key-2"}'


def test_a_model_of_ones_own_needs_no_secret(fresh: pytest.MonkeyPatch) -> None:
    for name, value in {
        "MODEL_PROVIDER": "compatible",
        "MODEL_NAME": "our-own",
        "MODEL_BASE_URL": "http://127.0.0.1:9",
    }.items():
        fresh.setenv(name, value)
    model = wiring.model()
    assert isinstance(model, AnthropicModel)
    assert model._key == ""

"""The clients that the wiring makes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocrchat import wiring


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
    caches = (wiring.settings, wiring.jobs_table, wiring.bucket, wiring.workflow, wiring.functions, wiring._client)
    for cache in caches:
        cache.cache_clear()
    yield monkeypatch
    for cache in caches:
        cache.cache_clear()


def test_urls_are_signed_for_the_regional_host_of_the_bucket(fresh: pytest.MonkeyPatch) -> None:
    url = wiring.bucket().download_url("results/a/document.json")
    assert url.startswith("https://pages-of-somebody.s3.eu-central-1.amazonaws.com/results/a/document.json?")
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

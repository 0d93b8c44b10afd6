"""Where a request comes from."""

from __future__ import annotations

import pytest

from ocrchat.http import origin

SECRET = "s" * 48


def of(headers: dict[str, str], secret: str = SECRET) -> origin.Provenance:
    return origin.provenance(headers, "10.0.0.1", secret)


def test_the_edge_is_believed_for_its_secret_alone() -> None:
    told = {"x-viewer-address": "203.0.113.9", "x-viewer-origin": "https://a.example"}
    assert of(told | {"x-origin-verify": SECRET}) == origin.Provenance("203.0.113.9", "https://a.example")
    for proof in ({}, {"x-origin-verify": ""}, {"x-origin-verify": SECRET[:-1]}, {"x-origin-verify": "é"}):
        assert of(told | proof) == origin.Provenance("10.0.0.1", None)


def test_without_a_secret_nobody_is_the_edge() -> None:
    assert of({"x-viewer-address": "1.2.3.4", "x-origin-verify": ""}, "").address == "10.0.0.1"


def test_what_a_client_says_of_its_address_is_not_looked_at() -> None:
    said = {"x-forwarded-for": "1.2.3.4", "forwarded": "for=1.2.3.4", "x-real-ip": "1.2.3.4"}
    assert of(said).address == "10.0.0.1"
    assert of(said | {"x-origin-verify": SECRET}).address == "10.0.0.1"


def test_what_cloudfront_may_pass_on_for_a_caller_is_not_looked_at() -> None:
    said = {"x-origin-verify": SECRET, "cloudfront-viewer-address": "1.2.3.4:80"}
    assert of(said).address == "10.0.0.1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.8", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("[2001:db8::1]", "2001:db8::2", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("no address", "no address", True),
    ],
)
def test_a_household_is_one_caller(one: str, other: str, same: bool) -> None:
    assert (origin.digest_of(one, SECRET) == origin.digest_of(other, SECRET)) is same


def test_the_digest_needs_the_secret() -> None:
    assert origin.digest_of("203.0.113.9", SECRET) != origin.digest_of("203.0.113.9", SECRET[:-1])
    assert len(origin.digest_of("203.0.113.9", SECRET)) == 24

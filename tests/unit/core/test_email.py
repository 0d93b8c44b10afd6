"""E-mail addresses: one form for one mailbox, and nothing that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat.email import normalised
from ocrchat.errors import ParameterInvalid


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("  Ada@Example.COM\n", "ada@example.com"),
        ("a.b+c@x.org", "a.b+c@x.org"),
        ("a@Bücher.example", "a@xn--bcher-kva.example"),
        ("a@XN--BCHER-KVA.example", "a@xn--bcher-kva.example"),
        ("a@bücher。example", "a@xn--bcher-kva.example"),
        ("a@mail.例え.jp", "a@mail.xn--r8jz45g.jp"),
        ("o'neil@x-y.co", "o'neil@x-y.co"),
        ("a@1.example", "a@1.example"),
    ],
)
def test_an_address_comes_out_trimmed_in_lower_case_and_in_ascii(text: str, address: str) -> None:
    assert normalised(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "a", "a@", "@x.org", "a@b@x.org", "a b@x.org", "a@x", "a@x.", "a@.org", "a@x..org", "a@-x.org",
        "a@x-.org", ".a@x.org", "a.@x.org", "a..b@x.org", "a@1.2.3.4", "a@[1.2.3.4]", '"a b"@x.org', "a\n@x.org",
        "a@x.org\r\nBcc: b@x.org", "<a@x.org>", "a@x.org,b@x.org", "a;b@x.org", "ä@x.org", "a@x_y.org", "a@\ud800.org",
        "\ud800@x.org", "a" * 65 + "@x.org", "a@" + "x" * 64 + ".org", "a@" + "x." * 130 + "org", "a@" + "ü" * 63 + ".org",
        "a\x00@x.org", "a@x.org\x00", "a@x.o rg", "a@％.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ParameterInvalid, match="email") as error:
        normalised(text)
    assert error.value.extra["parameter"] == "email"


def test_a_domain_that_would_become_somebody_elses_is_refused_with_a_way_out() -> None:
    """IDNA 2003 writes ß as ss, which is another domain today."""
    with pytest.raises(ParameterInvalid, match="xn--"):
        normalised("a@faß.de")
    assert normalised("a@xn--fa-hia.de") == "a@xn--fa-hia.de"


@given(st.text(max_size=300))
def test_whatever_comes_out_is_ascii_and_comes_out_of_itself(text: str) -> None:
    for candidate in (text, f"a@{text}", f"{text}@x.org", f"a@{text}.org"):
        try:
            address = normalised(candidate)
        except ParameterInvalid:
            continue
        assert address.isascii()
        assert not any(character.isspace() for character in address)
        assert normalised(address) == address

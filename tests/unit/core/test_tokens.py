"""Tokens: derived, checked by their own characters, and never the same for two things."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat import tokens

names = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20)


def test_a_token_is_the_same_for_the_same_four_and_another_for_any_other() -> None:
    """The value is that of the first release: another one would lock every owner out of seeing theirs."""
    token = tokens.derive("secret", "acct_a", "tok_a", 1)
    assert token == "ocrc_rcojeaHi1CDTmZkUiitsjZJmBUwqzE51yTjfk3k4ioU1c3fFD"
    others = [("Secret", "acct_a", "tok_a", 1), ("secret", "acct_b", "tok_a", 1), ("secret", "acct_a", "tok_b", 1),
              ("secret", "acct_a", "tok_a", 2)]  # fmt: skip
    assert len({token, *(tokens.derive(*other) for other in others)}) == 5


@given(secret=names, account=names, token_id=names, version=st.integers(1, 10**6))
def test_every_token_is_well_formed_and_of_one_length(secret: str, account: str, token_id: str, version: int) -> None:
    token = tokens.derive(secret, account, token_id, version)
    assert len(token) == 54
    assert tokens.is_well_formed(token)


@given(place=st.integers(5, 53), character=st.sampled_from(string.ascii_letters + string.digits))
def test_a_token_with_one_wrong_character_is_told_by_itself(place: int, character: str) -> None:
    token = tokens.derive("secret", "acct_a", "tok_a", 1)
    mistyped = token[:place] + character + token[place + 1 :]
    assert tokens.is_well_formed(mistyped) == (mistyped == token)


@pytest.mark.parametrize(
    "text", ["", "ocrc_", "ocrc_" + "0" * 48, "x" * 54, "ocrc_" + "é" * 49, "ocrc_" + "0" * 49 + "\n"]
)
def test_what_is_no_token_is_not_well_formed(text: str) -> None:
    assert not tokens.is_well_formed(text)


def test_a_digest_is_the_sha256_of_the_text() -> None:
    assert tokens.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_codes_and_ids_differ_each_time_and_codes_are_told_from_other_text() -> None:
    codes = {tokens.new_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(tokens.is_code(code) for code in codes)
    assert not tokens.is_code("é" * 43)
    ids = {tokens.new_id("acct") for _ in range(100)}
    assert len(ids) == 100
    assert all(len(name) == 25 and name.startswith("acct_") for name in ids)

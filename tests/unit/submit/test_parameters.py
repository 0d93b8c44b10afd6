"""Parameters of requests: what is allowed, and what is said about the rest."""

from __future__ import annotations

import pytest

from ocrchat.errors import ParameterInvalid, TierUnavailable, TokenInvalid
from ocrchat.http.auth import token_of
from ocrchat.limits import LIMITS
from ocrchat.packs import Packs
from ocrchat.tiers import tier_of
from submit import parameters


def test_a_language_comes_out_in_its_canonical_code_and_auto_where_none_is_given() -> None:
    assert parameters.readable_language("pt_BR", Packs()) == "pt"
    assert parameters.readable_language(None, Packs()) == parameters.readable_language("Auto", Packs()) == "auto"


def test_a_language_whose_pack_is_missing_is_refused_with_the_command_that_installs_it() -> None:
    assert parameters.readable_language("ara", Packs.parse("ara")) == "ar"
    with pytest.raises(ParameterInvalid, match=r"Arabic.*tesseract-ocr-ara") as error:
        parameters.readable_language("ar", Packs.parse("deu"))
    assert error.value.extra["parameter"] == "language"


def test_a_language_that_needs_no_pack_is_read_without_any() -> None:
    assert parameters.readable_language("de", Packs.parse("none")) == "de"


def test_an_unknown_tier_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ParameterInvalid, match="cpu, vlm"):
        tier_of("gpu", {"cpu"})


def test_a_tier_that_is_not_live_is_a_503_that_names_one_that_is() -> None:
    with pytest.raises(TierUnavailable, match="tier=cpu"):
        tier_of("vlm", {"cpu"})
    assert tier_of("vlm", {"cpu", "vlm"}).credits == 5


@pytest.mark.parametrize(
    ("text", "pages"),
    [("1", range(1)), ("1-3", range(3)), ("4-10", range(3, 10)), ("10", range(9, 10)), ("9-20", range(8, 10))],
)
def test_a_page_range_is_one_based_and_inclusive(text: str, pages: range) -> None:
    assert parameters.page_range(text, range(10), LIMITS) == list(pages)


@pytest.mark.parametrize("text", ["0", "0-1", "3-2", "11", "1-", "-", "a-b", "1-2-3", "1,2", ""])
def test_a_page_range_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ParameterInvalid):
        parameters.page_range(text, range(10), LIMITS)


def test_a_page_range_of_a_job_that_reads_a_part_of_its_file_has_its_pages_only() -> None:
    assert parameters.page_range("2-9", [0, 4, 5, 11], LIMITS) == [4, 5]
    assert parameters.page_range("2-3", [0, 4, 5, 11], LIMITS) == []
    with pytest.raises(ParameterInvalid, match="a <= 12"):
        parameters.page_range("13", [0, 4, 5, 11], LIMITS)


def test_a_page_range_may_hold_only_so_many_pages() -> None:
    assert parameters.page_range("1-20", range(100), LIMITS) == list(range(20))
    with pytest.raises(ParameterInvalid, match="at most 20"):
        parameters.page_range("1-21", range(100), LIMITS)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\a.pdf", "a.pdf"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\r\nX: y.pdf", "aX: y.pdf"),
        ("契約書.pdf", "契約書.pdf"),
        ("", "document"),
        (None, "document"),
        ("...", "document"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_file_name_is_a_visible_last_part(name: str | None, kept: str) -> None:
    assert parameters.clean_filename(name) == kept


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Basic abc", "Bearer a b", "abc", "", "Bearer \x7f", "Bearer " + "x" * 257]
)
def test_a_malformed_authorization_is_never_anonymous(header: str) -> None:
    with pytest.raises(TokenInvalid):
        token_of(header, [])


def test_the_header_goes_before_the_query() -> None:
    assert token_of("bearer one", []) == "one"
    assert token_of("bearer one", ["one"]) == "one"
    with pytest.raises(TokenInvalid):
        token_of("bearer one", ["two"])
    assert token_of(None, ["two"]) == "two"
    assert token_of(None, []) is None


@pytest.mark.parametrize("tokens", [["a", "b"], [""], ["a b"]])
def test_a_malformed_query_token_is_never_anonymous(tokens: list[str]) -> None:
    with pytest.raises(TokenInvalid):
        token_of(None, tokens)

"""Cursors of the ledger: opaque, safe in URLs, and nothing else is taken for one."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from account.views import place_of, usage_view
from ocrchat.errors import ParameterInvalid
from ocrchat.metering import Standing
from ocrchat.plans import Plans

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@given(place=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_a_cursor_leads_back_to_its_place(place: str) -> None:
    view = usage_view([], place, Plans.parse().free, Standing(0, 0, 0), NOW)
    assert view["has_more"]
    assert re.fullmatch(r"[A-Za-z0-9_-]+", view["after"])
    assert place_of(view["after"]) == place


@given(text=st.text(max_size=50))
def test_other_text_is_refused_or_is_a_place(text: str) -> None:
    with suppress(ParameterInvalid):
        assert place_of(text)


@pytest.mark.parametrize("text", ["", "a", "====", "é", "x" * 4000, "_w"])
def test_what_no_page_ended_with_is_refused(text: str) -> None:
    with pytest.raises(ParameterInvalid, match="after"):
        place_of(text)

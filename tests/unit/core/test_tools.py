"""The table of tools, and what a submission makes of it."""

from __future__ import annotations

import pytest

from infra.tools import PAGE, page
from ocrchat.errors import ParameterInvalid, TierUnavailable
from ocrchat.jobs import FORMATS
from ocrchat.tiers import TIERS
from ocrchat.tools import TOOLS, default_format, tier_for, tool_of
from submit.parameters import check_translation

NAMED = (
    "image-to-text pdf-to-text pdf-to-markdown pdf-to-word pdf-to-excel extract-tables handwriting-to-text math-to-latex "
    "receipt invoice business-card form-fields screenshot-to-text translate searchable-pdf"
)


def test_each_tool_names_tiers_and_formats_that_there_are() -> None:
    assert set(NAMED.split()) == set(TOOLS)
    for slug, tool in TOOLS.items():
        assert slug == tool.slug
        assert tool.tiers
        assert set(tool.tiers) <= set(TIERS)
        assert tool.formats
        assert set(tool.formats) <= set(FORMATS)
        assert {"title", "purpose", "tiers", "formats", "available"} < set(tool.as_json({"cpu"}))


@pytest.mark.parametrize("slug", ["PDF-to-Word", "pdf_to_word", " pdf to word "])
def test_a_tool_is_known_in_other_spellings(slug: str) -> None:
    assert tool_of(slug) is TOOLS["pdf-to-word"]


@pytest.mark.parametrize(
    ("slug", "nearest"),
    [("pdf-to-wrod", "pdf-to-word"), ("invoices", "invoice"), ("handwriting", "handwriting-to-text")],
)
def test_an_unknown_tool_is_refused_with_the_nearest_ones(slug: str, nearest: str) -> None:
    with pytest.raises(ParameterInvalid, match=f"did you mean.*{nearest}") as refused:
        tool_of(slug)
    assert nearest in refused.value.extra["nearest"]  # type: ignore[operator]
    assert refused.value.extra["parameter"] == "tool"


def test_a_tool_like_no_other_is_refused_with_the_place_of_the_list() -> None:
    with pytest.raises(ParameterInvalid, match="/api/v1/tools/"):
        tool_of("x" * 10_000)


@pytest.mark.parametrize(
    ("slug", "wanted", "tier"),
    [
        (None, None, "cpu"),
        (None, "cpu", "cpu"),
        (None, "vlm", "vlm"),
        ("invoice", None, "cpu"),
        ("invoice", "cpu", "cpu"),
        ("invoice", "vlm", "vlm"),
        ("translate", None, "vlm"),
    ],
)
def test_the_tier_is_what_was_asked_for_or_the_first_of_the_tool(
    slug: str | None, wanted: str | None, tier: str
) -> None:
    assert tier_for(TOOLS[slug] if slug else None, wanted, {"cpu", "vlm"}).name == tier


def test_a_tool_that_needs_a_model_says_so_on_the_cpu_tier() -> None:
    with pytest.raises(ParameterInvalid, match="tier=vlm") as refused:
        tier_for(TOOLS["handwriting-to-text"], "cpu", {"cpu", "vlm"})
    assert refused.value.extra["parameter"] == "tier"


def test_a_tool_that_needs_a_model_is_unavailable_where_there_is_none() -> None:
    with pytest.raises(TierUnavailable, match=r"ModelName.*docs/vlm\.md"):
        tier_for(TOOLS["math-to-latex"], None, {"cpu"})
    assert not TOOLS["math-to-latex"].as_json({"cpu"})["available"]
    assert TOOLS["math-to-latex"].as_json({"cpu", "vlm"})["available"]


def test_a_name_that_is_no_tier_is_told_with_and_without_a_tool() -> None:
    for tool in (None, TOOLS["translate"]):
        with pytest.raises(ParameterInvalid, match="`tier` is one of"):
            tier_for(tool, "gpu", {"cpu"})


@pytest.mark.parametrize(
    ("slug", "name"), [(None, "txt"), ("pdf-to-word", "docx"), ("searchable-pdf", "pdf"), ("gone", "txt")]
)
def test_the_format_of_a_download_without_one(slug: str | None, name: str) -> None:
    assert default_format(slug) == name


@pytest.mark.parametrize(
    ("slug", "to", "what"),
    [
        ("translate", None, "needs `translate_to`"),
        ("translate", "klingon", "no language that is known"),
        ("invoice", "de", "goes with `tool=translate`"),
        (None, "de", "goes with `tool=translate`"),
    ],
)
def test_a_language_to_translate_to_comes_with_translate_alone(slug: str | None, to: str | None, what: str) -> None:
    with pytest.raises(ParameterInvalid, match=what) as refused:
        check_translation(TOOLS[slug] if slug else None, to)
    assert refused.value.extra["parameter"] == "translate_to"


def test_what_can_be_translated_passes() -> None:
    assert check_translation(TOOLS["translate"], "DEU") == "de"
    assert check_translation(TOOLS["invoice"], None) is None
    assert check_translation(None, None) is None


def test_the_page_of_tools_is_that_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make tools"

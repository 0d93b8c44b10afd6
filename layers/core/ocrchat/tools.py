"""The tools: presets of a submission for what people come for, in one table that code, docs and API share.

A tool says which tiers it works on and what its result is downloaded as where no format is asked for. What it says to a
model comes with the tier that has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ocrchat.errors import ParameterInvalid, TierUnavailable
from ocrchat.jobs import FORMATS
from ocrchat.tiers import DEFAULT_TIER, TIERS, Tier, tier_of

SUGGESTIONS = 3
LONGEST = 40  # characters of what was sent are repeated


@dataclass(frozen=True, slots=True)
class Tool:
    """`tiers` are those that it works on, the one first that is taken where none is named; `formats` those of its
    result, the one first that is downloaded where none is asked for. `translates`: it needs `translate_to`."""

    slug: str
    title: str
    purpose: str
    tiers: tuple[str, ...]
    formats: tuple[str, ...]
    translates: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "slug": self.slug,
            "title": self.title,
            "purpose": self.purpose,
            "tiers": list(self.tiers),
            "formats": list(self.formats),
            "parameters": ["translate_to"] if self.translates else [],
            "available": any(TIERS[name].available for name in self.tiers),
        }


BOTH, MODEL = ("cpu", "vlm"), ("vlm",)

TOOLS = {
    tool.slug: tool
    for tool in (
        Tool("image-to-text", "Image to text", "The text of a photo or a scan", BOTH, ("txt", "md")),
        Tool("pdf-to-text", "PDF to text", "The text of a PDF, scanned or not", BOTH, ("txt", "md")),
        Tool("pdf-to-markdown", "PDF to Markdown", "Headings, lists and tables for a model or a site", BOTH, ("md",)),
        Tool("pdf-to-word", "PDF to Word", "A document to go on writing", BOTH, ("docx",)),
        Tool("pdf-to-excel", "PDF to Excel", "Tables for a spreadsheet", BOTH, ("csv",)),
        Tool("extract-tables", "Extract tables", "The tables of a document with their cells", BOTH, ("csv", "json")),
        Tool("searchable-pdf", "Searchable PDF", "What was sent, with its text to search and copy", BOTH, ("pdf",)),
        Tool("screenshot-to-text", "Screenshot to text", "The text of a screen", BOTH, ("txt", "md")),
        Tool("receipt", "Receipt", "The lines of a receipt, with their places", BOTH, ("json", "txt")),
        Tool("invoice", "Invoice", "The text and tables of an invoice, with their places", BOTH, ("json", "txt")),
        Tool(
            "business-card", "Business card", "The lines of a business card, with their places", BOTH, ("json", "txt")
        ),
        Tool("form-fields", "Form fields", "What stands in which field, handwriting too", MODEL, ("json", "csv")),
        Tool("handwriting-to-text", "Handwriting to text", "Letters, notes and old records", MODEL, ("txt", "docx")),
        Tool("math-to-latex", "Math to LaTeX", "Formulas as LaTeX", MODEL, ("md", "txt")),
        Tool("translate", "Translate", "The text and its translation, block by block", MODEL, ("md", "docx"), True),
    )
}
"""By slug, in the order in which they are listed."""


def tool_of(slug: str) -> Tool:
    """In any case, with `_` or `-`. Raises ParameterInvalid, naming the nearest ones."""
    wanted = slug.strip().casefold().replace("_", "-").replace(" ", "-")
    if wanted in TOOLS:
        return TOOLS[wanted]
    nearest = get_close_matches(wanted[:LONGEST], TOOLS, n=SUGGESTIONS, cutoff=0.4)
    hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ": GET /api/v1/tools/ lists them"
    raise ParameterInvalid(
        f"There is no `tool` {slug[:LONGEST]!r}{hint}", parameter="tool", allowed=list(TOOLS), nearest=nearest
    )


def tier_for(tool: Tool | None, wanted: str | None) -> Tier:
    """The tier that is to read: what was asked for, if the tool works on it. Raises ParameterInvalid, and
    TierUnavailable."""
    if tool is None:
        return tier_of(wanted or DEFAULT_TIER)
    if wanted is not None and wanted not in TIERS:
        return tier_of(wanted)  # which says what there is
    if wanted is not None and wanted not in tool.tiers:
        raise ParameterInvalid(
            f"`tool={tool.slug}` does not work on `tier={wanted}`: use `tier={tool.tiers[0]}`",
            parameter="tier",
            allowed=list(tool.tiers),
        )
    tier = TIERS[wanted or tool.tiers[0]]
    if not tier.available:
        raise TierUnavailable(f"`tool={tool.slug}` is read by `tier={tier.name}`, which this service does not have")
    return tier


def default_format(slug: str | None) -> str:
    """What a job's result is downloaded as where no format is asked for."""
    tool = TOOLS.get(slug or "")
    return tool.formats[0] if tool else FORMATS[0]

"""The tools: presets of a submission for what people come for, in one table that code, docs and API share.

A tool says which tiers it works on, what its result is downloaded as where no format is asked for, and what a model
that reads for it is told.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ocrchat.errors import ParameterInvalid, TierUnavailable
from ocrchat.jobs import FORMATS
from ocrchat.tiers import DEFAULT_TIER, TIERS, WHAT_TO_SET, Tier, tier_of

ANY_FIELDS = ("*",)
"""Of a tool whose fields have the names that stand beside them on the page."""

SUGGESTIONS = 3
LONGEST = 40  # characters of what was sent are repeated


@dataclass(frozen=True, slots=True)
class Tool:
    """`tiers` are those that it works on, the one first that is taken where none is named; `formats` those of its
    result, the one first that is downloaded where none is asked for. `emphasis` is what a model is told beside what it
    is always told; `fields` are what it is asked for by name. `translates`: it needs `translate_to`."""

    slug: str
    title: str
    purpose: str
    tiers: tuple[str, ...]
    formats: tuple[str, ...]
    emphasis: str = ""
    fields: tuple[str, ...] = ()
    translates: bool = False

    def as_json(self, live: Collection[str]) -> dict[str, Any]:
        """`live`: the tiers that this service has."""
        return {
            "slug": self.slug,
            "title": self.title,
            "purpose": self.purpose,
            "tiers": list(self.tiers),
            "formats": list(self.formats),
            "fields": list(self.fields),
            "parameters": ["translate_to"] if self.translates else [],
            "available": any(name in live for name in self.tiers),
        }


BOTH, MODEL = ("cpu", "vlm"), ("vlm",)

PARTIES = ("seller", "seller_address", "seller_tax_id", "buyer", "buyer_address", "buyer_tax_id")
TOTALS = ("currency", "subtotal", "tax", "total")

TOOLS = {
    tool.slug: tool
    for tool in (
        Tool("image-to-text", "Image to text", "The text of a photo or a scan", BOTH, ("txt", "md")),
        Tool("pdf-to-text", "PDF to text", "The text of a PDF, scanned or not", BOTH, ("txt", "md")),
        Tool(
            "pdf-to-markdown",
            "PDF to Markdown",
            "Headings, lists and tables for a model or a site",
            BOTH,
            ("md",),
            emphasis="Structure matters most: the levels of headings, the items of lists, the rows of tables.",
        ),
        Tool(
            "pdf-to-word",
            "PDF to Word",
            "A document to go on writing",
            BOTH,
            ("docx",),
            emphasis="Paragraphs matter most: a paragraph that goes on over several lines is one block, its words "
            "divided at the end of a line are joined.",
        ),
        Tool(
            "pdf-to-excel",
            "PDF to Excel",
            "Tables for a spreadsheet",
            BOTH,
            ("csv",),
            emphasis="Tables matter most: whatever is set in rows and columns is a table, ruled or not, with every "
            "cell in its place, empty ones too. Numbers stay as they are printed.",
        ),
        Tool(
            "extract-tables",
            "Extract tables",
            "The tables of a document with their cells",
            BOTH,
            ("csv", "json"),
            emphasis="Tables matter most: whatever is set in rows and columns is a table, ruled or not, with its rows "
            "of headings, every cell in its place, empty ones too, and spans where a cell reaches over several.",
        ),
        Tool("searchable-pdf", "Searchable PDF", "What was sent, with its text to search and copy", BOTH, ("pdf",)),
        Tool(
            "screenshot-to-text",
            "Screenshot to text",
            "The text of a screen",
            BOTH,
            ("txt", "md"),
            emphasis="The page is a picture of a screen: menus, buttons and labels are text like any other; code keeps "
            "its lines and its indentation.",
        ),
        Tool(
            "receipt",
            "Receipt",
            "The lines of a receipt, with their places; on vlm its fields by name",
            BOTH,
            ("json", "txt"),
            emphasis="The page is a receipt. Its items are a table of description, quantity and amount.",
            fields=("merchant", "address", "phone", "date", "time", "receipt_number", "payment_method", *TOTALS),
        ),
        Tool(
            "invoice",
            "Invoice",
            "The text and tables of an invoice, with their places; on vlm its fields by name",
            BOTH,
            ("json", "txt"),
            emphasis="The page is an invoice. Its items are a table, with its headings.",
            fields=("invoice_number", "invoice_date", "due_date", "order_number", *PARTIES, "iban", *TOTALS),
        ),
        Tool(
            "business-card",
            "Business card",
            "The lines of a business card, with their places; on vlm its fields by name",
            BOTH,
            ("json", "txt"),
            emphasis="The page is a business card.",
            fields=("name", "title", "company", "email", "phone", "mobile", "fax", "website", "address"),
        ),
        Tool(
            "form-fields",
            "Form fields",
            "What stands in which field, handwriting too",
            MODEL,
            ("json", "csv"),
            emphasis="The page is a form. The label of a field and what was filled in are read as they stand, "
            "handwriting too; a box that is ticked reads [x], one that is not [ ].",
            fields=ANY_FIELDS,
        ),
        Tool(
            "handwriting-to-text",
            "Handwriting to text",
            "Letters, notes and old records",
            MODEL,
            ("txt", "docx"),
            emphasis="The page is written by hand. Read it word by word, in its own spelling; a word that cannot be "
            "read is [illegible], and is not guessed. What is crossed out is left out.",
        ),
        Tool(
            "math-to-latex",
            "Math to LaTeX",
            "Formulas as LaTeX",
            MODEL,
            ("md", "txt"),
            emphasis="Formulas matter most: a displayed one is a block of type formula, in LaTeX that compiles; one "
            "within a line of text is LaTeX between single dollar signs.",
        ),
        Tool(
            "translate",
            "Translate",
            "The text and its translation, block by block",
            MODEL,
            ("md", "docx"),
            translates=True,
        ),
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


def tier_for(tool: Tool | None, wanted: str | None, live: Collection[str]) -> Tier:
    """The tier that is to read: what was asked for, if the tool works on it. Raises ParameterInvalid, and
    TierUnavailable where it is none of `live`."""
    if tool is None:
        return tier_of(wanted or DEFAULT_TIER, live)
    if wanted is not None and wanted not in TIERS:
        return tier_of(wanted, live)  # which says what there is
    if wanted is not None and wanted not in tool.tiers:
        raise ParameterInvalid(
            f"`tool={tool.slug}` does not work on `tier={wanted}`: use `tier={tool.tiers[0]}`",
            parameter="tier",
            allowed=list(tool.tiers),
        )
    tier = TIERS[wanted or tool.tiers[0]]
    if tier.name not in live:
        raise TierUnavailable(
            f"`tool={tool.slug}` is read by `tier={tier.name}`, which this service does not have; {WHAT_TO_SET}"
        )
    return tier


def default_format(slug: str | None) -> str:
    """What a job's result is downloaded as where no format is asked for."""
    tool = TOOLS.get(slug or "")
    return tool.formats[0] if tool else FORMATS[0]

"""What a page of this tier warns of: the sentences that users read."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.pages import Notice, PageResult

BLANK = Notice("blank", "Nothing was found on this page")
LINES_ADDED = Notice("lines_added", "The model left lines of this page out: they were added as the cpu tier read them")
TEXT_LEFT_OUT = Notice(
    "text_left_out", "The model wrote text that does not stand on this page: it was left out of the result"
)
TEXT_REPEATED = Notice(
    "text_repeated", "The model wrote text of this page more often than it was read there: whole blocks were left out"
)
UNTRANSLATED = Notice("partly_untranslated", "Some text of this page has no translation")
UNVERIFIED = "Some text on this page was read by the model alone: its boxes are estimated, and its confidence is low"
DISAGREE = "The model and the second reader disagree on print that is clear"
FIELDS = "Some fields do not stand on this page as the model wrote them: they are left out, or their confidence is low"

MOST_NAMED = 12  # words or passages in a sentence
LONGEST = 60  # characters of one

OF_THE_PICTURE = frozenset({"rotated", "skewed", "low_resolution", "text_layer_distrusted", "truncated"})
"""Warnings of the cpu tier that are as true of what a model sees."""


def text_unverified(passages: Sequence[str]) -> Notice:
    """`passages` are some of those that only the model saw."""
    return Notice("text_unverified", _with(UNVERIFIED, passages))


def readers_disagree(words: Sequence[str]) -> Notice:
    """`words` are those that only the second reader saw, or saw elsewhere."""
    return Notice("readers_disagree", _with(DISAGREE, words))


def field_unverified(names: Sequence[str]) -> Notice:
    return Notice("field_unverified", _with(FIELDS, names))


def _with(sentence: str, named: Sequence[str]) -> str:
    if not named:
        return sentence
    told = ", ".join(f"\u201c{_short(one)}\u201d" for one in named[:MOST_NAMED])
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return f"{sentence}: {told}{more}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\u2026"


def inherited(reading: PageResult) -> list[Notice]:
    return [warning for warning in reading.warnings if warning.code in OF_THE_PICTURE]

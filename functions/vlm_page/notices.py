"""What a page of this tier warns of: the sentences that users read."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.pages import Notice, PageResult

BLANK = Notice("blank", "Nothing was found on this page")
LINES_ADDED = Notice("lines_added", "The model left lines of this page out: they were added as the cpu tier read them")
TEXT_LEFT_OUT = Notice(
    "text_left_out", "The model wrote text that does not stand on this page: it was left out of the result"
)
TEXT_UNVERIFIED = Notice(
    "text_unverified",
    "Some text on this page was read by the model alone: its boxes are estimated, and its confidence is low",
)

OF_THE_PICTURE = frozenset({"rotated", "skewed", "low_resolution", "text_layer_distrusted", "truncated"})
"""Warnings of the cpu tier that are as true of what a model sees."""


def readers_disagree(numbers: Sequence[str]) -> Notice:
    """`numbers` are some of those that only the second reader saw."""
    which = f", as on {', '.join(numbers)}" if numbers else ""
    return Notice(
        "readers_disagree",
        f"The model and the second reader disagree on print that is clear{which}: see the words of low confidence",
    )


def inherited(reading: PageResult) -> list[Notice]:
    return [warning for warning in reading.warnings if warning.code in OF_THE_PICTURE]

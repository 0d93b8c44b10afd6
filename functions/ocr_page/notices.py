"""What a page's result warns of: the decisions, and the sentences that users read."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from ocrchat.blocks import Block, weighted_confidence
from ocrchat.packs import how_to_install
from ocrchat.pages import Notice

from .picture import Reading

UNSURE = 0.75  # mean confidence of a page: one word in four is wrong, as in handwriting
LEAST_LINE_HEIGHT = 14.0  # px: below, letters are some 9 px high, and the networks, which see 48 px, guess
LEAST_SKEW = 1.0  # degrees: less is in every scan

BLANK = Notice("blank", "Nothing was found on this page")
LOW_CONFIDENCE = Notice(
    "low_confidence",
    "Much of this page may be read wrong, as where it is written by hand or a photograph: try tier=vlm",
)
ROTATED = Notice("rotated", "This page lay on its side or upside down; it was turned, and boxes are of the turned page")
SKEWED = Notice("skewed", "The lines of this page are not level: boxes are upright ones around slanted lines")
LOW_RESOLUTION = Notice("low_resolution", "The letters are only a few pixels high: scan at 200 dpi or more")
DISTRUSTED = Notice(
    "text_layer_distrusted", "The text that this page carries is not what is seen on it: its picture was read instead"
)
LANGUAGE_UNCERTAIN = Notice(
    "language_uncertain", "It is not sure in which language this page is: name it by the field `language`"
)
TRUNCATED = Notice("truncated", "This page has more pieces of text than are read: some of it is missing")


def of_picture(reading: Reading, blocks: Sequence[Block], *, turned: bool, distrusted: bool) -> tuple[Notice, ...]:
    """`turned` says that the page was turned beyond what its file asks for."""
    said = {
        BLANK: not reading.has_text,
        DISTRUSTED: distrusted,
        ROTATED: turned,
        SKEWED: abs(reading.raster.skew) >= LEAST_SKEW,
        LOW_RESOLUTION: is_of_low_resolution(reading),
        LOW_CONFIDENCE: is_unsure(blocks),
        _missing(reading): reading.missing is not None,
        LANGUAGE_UNCERTAIN: reading.has_text and reading.missing is None and not reading.sure_of_language,
        TRUNCATED: reading.truncated,
    }
    return tuple(notice for notice, applies in said.items() if applies)


def is_unsure(blocks: Sequence[Block]) -> bool:
    mean = weighted_confidence((block.text, block.confidence) for block in blocks)
    return mean is not None and mean < UNSURE


def is_of_low_resolution(reading: Reading) -> bool:
    heights = [min(line.box[3] - line.box[1], line.box[2] - line.box[0]) for line in reading.lines]
    return bool(heights) and median(heights) < LEAST_LINE_HEIGHT


def _missing(reading: Reading) -> Notice:
    if reading.missing is None:
        return LANGUAGE_UNCERTAIN
    return Notice(
        "language_uncertain",
        f"This page seems to be in {reading.missing.name}, which cannot be read on this service: "
        + how_to_install(reading.missing.pack),
    )

"""Whether the text that a PDF page carries is what a person sees on it, or whether its picture must be read instead.

The thresholds were found on a few dozen real pages: scans with the text of an earlier recognition behind them, scans
with a printed stamp, fonts without a character map.
"""

from __future__ import annotations

from dataclasses import dataclass

UNMAPPED_SHARE = 0.02  # characters that are U+FFFD or of a private use area: the font does not say what they are
INVISIBLE_SHARE = 0.5  # characters in render mode 3: an earlier recognition, often worse than a new one
IMAGE_SHARE = 0.5  # of the page's area: it is the picture that holds the content
LITTLE_TEXT = 200  # characters: a stamp, a page number, the line that a scanner's program adds

REPLACEMENT = "\ufffd"
PRIVATE_USE = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What is known of a page's text layer. Characters are counted without white space; `image_share` is the part of
    the page, 0..1, that pictures cover."""

    characters: int
    unmapped: int
    invisible: int
    image_share: float


def is_usable(facts: TextFacts) -> bool:
    """Whether the page's own text can be taken for what stands on it."""
    if facts.characters == 0:
        return False
    if facts.unmapped > UNMAPPED_SHARE * facts.characters:
        return False
    if facts.invisible > INVISIBLE_SHARE * facts.characters:
        return False
    return not (facts.image_share > IMAGE_SHARE and facts.characters < LITTLE_TEXT)


def count_unmapped(text: str) -> int:
    """Characters of `text` that its font gives no meaning."""
    return sum(
        character == REPLACEMENT or any(first <= ord(character) <= last for first, last in PRIVATE_USE)
        for character in text
    )

"""Whether the text that a PDF page carries is what a person sees on it, or whether its picture must be read instead.

The thresholds were found on a few dozen real pages: scans with the text of an earlier recognition behind them, scans
with a printed stamp, fonts without a character map or with a shifted one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import median

from ocrchat.blocks import BBox, is_in, middle_of

from . import naming
from .layout import Piece

UNMAPPED_SHARE = 0.02  # characters that are U+FFFD or of a private use area: the font does not say what they are
INVISIBLE_SHARE = 0.5  # characters in render mode 3: an earlier recognition, often worse than a new one
IMAGE_SHARE = 0.5  # of the page's area: it is the picture that holds the content
LITTLE_TEXT = 200  # characters: a stamp, a page number, the line that a scanner's program adds

FONT_SHARE = 0.2  # of the page's characters: a font with fewer says little about the page
NAMED_CHARACTERS = 4000  # of a font are enough to know a language
OUTLINES = 10_000  # bytes of drawing instructions: a page of so little text has a tenth of them
BARE_PLACES = 3  # at least: one or two are logos
LANGUAGE_SCORE = 350  # of CLD2: shifted texts in Latin and Cyrillic have 3 to 264, right ones 457 and more
SHARED_SCRIPTS = ("Latn", "Cyrl", "Arab", "Deva")  # each of several languages that CLD2 tells apart by their words
HAN = "的一是不了在人有我他这這中大来來上国國为為和你年"
USUAL_SIGNS = {"Kore": "이다는의에을가를고한로지은하사", "Jpan": "のにはをたがでてとしいるれ", "Hans": HAN, "Hant": HAN}
"""The most frequent signs of a script: a quarter to a third of the letters of any text."""

USUAL_SHARE = 0.15  # of the letters, at least; in a shifted text nearly none, but a tenth of kana, which are few
SPOT_LINES = 3
SPOT_SIZE = 6.0  # pt: smaller print is some 12 px high at 200 dpi, and read wrong where it is right
SPOT_CHARACTERS = 3  # of a line that is worth checking
SPOT_ERRORS = 0.3  # of the characters of the middle one of the lines that are read to check

UNMAPPED = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
"""U+FFFD and the private use areas."""


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What is known of a page's text layer. Characters are counted without white space; `image_share` is the part of
    the page, 0..1, that pictures cover; `invisible` ones are not drawn, or lie under a picture. `fonts` has the text of
    each font; `drawing_bytes` is the length of the page's instructions."""

    characters: int
    unmapped: int
    invisible: int
    image_share: float
    fonts: tuple[str, ...] = ()
    drawing_bytes: int = 0


def is_usable(facts: TextFacts) -> bool:
    """Whether the page's own text can be taken for what stands on it."""
    if facts.characters == 0 or is_wrong(facts):
        return False
    return not (facts.image_share > IMAGE_SHARE and facts.characters < LITTLE_TEXT)


def is_wrong(facts: TextFacts) -> bool:
    """Whether the text itself speaks against it: characters without meaning, or that nobody sees."""
    unread = facts.unmapped > UNMAPPED_SHARE * facts.characters or facts.invisible > INVISIBLE_SHARE * facts.characters
    return facts.characters > 0 and unread


def is_suspect(facts: TextFacts) -> bool:
    """Whether a usable text may still not be what is seen, as where a font's character map is shifted: then no language
    is known in which it could be. A page of few letters or of numbers is suspect, too."""
    letters = [text for text in facts.fonts if sum(map(str.isalpha, text)) >= FONT_SHARE * facts.characters]
    return not letters or not all(_is_language(text[:NAMED_CHARACTERS]) for text in letters)


def _is_language(text: str) -> bool:
    """CLD2 takes a shifted text for several languages, or for one that it hardly fits; of a script that has one
    language only, and of Chinese or Japanese, it says the same of any text: there the usual signs must be there."""
    named = naming.name(text)
    if not (named.reliable and len(named.languages) == 1 and named.score >= LANGUAGE_SCORE):
        return False
    script = named.languages[0].script
    if script in SHARED_SCRIPTS:
        return True
    usual = USUAL_SIGNS.get(script, "")
    return sum(map(usual.__contains__, text)) >= USUAL_SHARE * sum(map(str.isalpha, text)) if usual else False


def may_be_outlines(facts: TextFacts) -> bool:
    """Whether much is drawn on a page with little text, as where letters have become curves."""
    return facts.characters < LITTLE_TEXT and facts.drawing_bytes > OUTLINES


def holds(pieces: Sequence[Piece], boxes: Sequence[BBox]) -> bool:
    """Whether most of the places where text is seen are those of `pieces`."""
    bare = [box for box in boxes if not any(is_in(middle_of(box), piece.line.bbox) for piece in pieces)]
    return len(bare) < BARE_PLACES or 2 * len(bare) <= len(boxes)


def to_check(pieces: Sequence[Piece]) -> list[Piece]:
    """The lines whose picture is compared with what they say: some from all over the page."""
    legible = [
        piece
        for piece in pieces
        if piece.level and piece.size >= SPOT_SIZE and len(_signs(piece.line.text)) >= SPOT_CHARACTERS
    ]
    step = max(1.0, len(legible) / SPOT_LINES)
    return [legible[int(place * step)] for place in range(min(SPOT_LINES, len(legible)))]


def differs(drawn: Sequence[str], seen: Sequence[str | None]) -> bool:
    """Whether lines of the text layer say something else than what is read in their places; None could not be read."""
    pairs = [(one, other) for one, other in zip(drawn, seen, strict=True) if other is not None and _signs(one)]
    shares = [_distance(_signs(one), _signs(other)) for one, other in pairs]
    return bool(shares) and median(shares) > SPOT_ERRORS


def _signs(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _distance(one: str, other: str) -> float:
    """0..1: the share of characters that the longest matches of both leave out."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    same = sum(match.size for match in matcher.get_matching_blocks())
    return 1 - same / max(len(one), len(other), 1)


def count_unmapped(text: str) -> int:
    """Characters of `text` that its font gives no meaning."""
    return len(UNMAPPED.findall(text))

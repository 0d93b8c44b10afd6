"""What the characters of a text say about how it is set: joined with or without spaces, from left or from right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

SOFT_HYPHEN = "\u00ad"
_SPACELESS = re.compile(
    "[\u2e80-\u2fdf\u3000-\u312f\u31a0-\u31ff\u3200-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f"
    "\U00020000-\U0003ffff]"
)
"""Han, kana, bopomofo, their punctuation and full-width forms: written without spaces. Hangul is not among them."""

_ACCENTS = {
    "\u00b4": "\u0301",
    "\u02c6": "\u0302",
    "\u02dc": "\u0303",
    "\u00af": "\u0304",
    "\u02d8": "\u0306",
    "\u02d9": "\u0307",
    "\u00a8": "\u0308",
    "\u02da": "\u030a",
    "\u02dd": "\u030b",
    "\u02c7": "\u030c",
}
"""Accents that stand by themselves, and those that are put on a letter."""

_ACCENTED = re.compile(f"([{''.join(_ACCENTS)}])([^\\W\\d_])")
_ARABIC_SHAPES = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")

_LINE_ENDS = re.compile("\r\n|[\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")

_HYPHENS = "-\u2010\u00ad"
_DASHES = "\u2010\u2011\u2012\u2013\u2014-"


def is_spaceless(character: str) -> bool:
    """Whether words of this character's script stand side by side without a space."""
    return _SPACELESS.match(character) is not None


def is_mostly_spaceless(text: str) -> bool:
    inked = sum(not character.isspace() for character in text)
    return 2 * len(_SPACELESS.findall(text)) > inked


def runs_from_the_right(texts: Iterable[str]) -> bool:
    """Whether more of the strong characters are of scripts that run from right to left."""
    right = left = 0
    texts = list(texts)
    if all(map(str.isascii, texts)):
        return False
    for text in texts:
        if text.isascii():
            left += sum(map(str.isalpha, text))
            continue
        for character in text:
            direction = unicodedata.bidirectional(character)
            right += direction in ("R", "AL")
            left += direction == "L"
    return right > left


def mended(text: str) -> str:
    """The text of a PDF as people type it: TeX draws an accent, then the letter under it; Arabic fonts have characters
    for the shapes that a letter takes within a word."""
    if text.isascii():
        return text
    text = _ACCENTED.sub(_accented, text)
    return _ARABIC_SHAPES.sub(lambda shapes: unicodedata.normalize("NFKC", shapes[0]), text)


def _accented(found: re.Match[str]) -> str:
    letter = {"\u0131": "i", "\u0237": "j"}.get(found[2], found[2])
    whole = unicodedata.normalize("NFC", letter + _ACCENTS[found[1]])
    return whole if len(whole) == 1 else found[0]


def in_reading_order(parts: Sequence[T], text: Callable[[T], str]) -> list[T]:
    """Parts of one line, given from left to right, in the order in which they are read. In a line that runs from the
    right, those without a letter of such a script (numbers, Latin words) run from the left among themselves."""
    if all(text(part).isascii() for part in parts) or not runs_from_the_right(map(text, parts)):
        return list(parts)
    ordered: list[T] = []
    run: list[T] = []
    for part in reversed(parts):
        if runs_from_the_right([text(part)]):
            ordered += run[::-1]
            run = []
            ordered.append(part)
        else:
            run.append(part)
    return ordered + run[::-1]


def beside(before: str, after: str) -> str:
    """What divides two texts that stand on one line with little room between them."""
    return "" if before and after and is_spaceless(before[-1]) and is_spaceless(after[0]) else " "


def continued(before: str, after: str) -> str:
    """Both texts as one where the second goes on on the next line: a hyphen that only the line's end asked for is taken
    away."""
    before, after = before.rstrip(), after.lstrip()
    if not before or not after:
        return before + after
    last, first = before[-1], after[0]
    if len(before) > 1 and before[-2].isalpha() and last in _HYPHENS and first.islower():
        return before[:-1] + after
    if last == SOFT_HYPHEN:
        return before[:-1] + after
    if len(before) > 1 and before[-2].isalnum() and last in _DASHES and first.isalnum():
        return before + after
    if is_spaceless(last) or is_spaceless(first):
        return before + after
    return f"{before} {after}"


def first_word(text: str) -> str:
    """What would have to fit on a line for the text to begin there."""
    words = text.split(maxsplit=1)
    if not words:
        return ""
    return words[0][:1] if is_spaceless(words[0][0]) else words[0]


def plain(text: str) -> str:
    """`text` without soft hyphens."""
    return text.replace(SOFT_HYPHEN, "")


def legible(text: str) -> str:
    """`text` as a file can hold it and a terminal show it: every end of a line is a line feed, tabs stay, other control
    characters go; a lone surrogate, which has no form in UTF-8, becomes U+FFFD."""
    if text.isprintable():
        return text
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return _SURROGATES.sub("\ufffd", text)

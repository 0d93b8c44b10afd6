"""The words of a text as they are looked for: without case, accents and forms of numbers, in any script.

Scripts that set no spaces between words, and Hangul, whose words carry their particles, give pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MOST_LETTERS = 40
"""Of a token: what is longer is no word, and is found by its beginning."""

_PAIRED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u0f00-\u0fff"  # Tibetan
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff"  # kana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\u1100-\u11ff\uac00-\ud7ff"  # Hangul
)
_MARKED = r"\u0900-\u0dff\u1200-\u139f\u07a6-\u07b0"
"""Scripts whose vowel signs are no letters to Python, and belong to the word: those of India, Ethiopic, Thaana."""

_DIGIT = re.compile(r"(?![0-9])\d")
_ALIKE = str.maketrans({**dict.fromkeys("أإآٱ", "ا"), **dict.fromkeys("يىئ", "ی"), "ك": "ک", "ة": "ه", "ـ": None})
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]"
)
"""What is written over or under letters: of Latin, Greek, Cyrillic, Hebrew and Arabic. Signs of other scripts are
vowels, which tell words apart."""

_NUMBER = r"\d+(?:[.,'’\u00a0\u202f]\d+)*"
_TOKEN = re.compile(rf"{_NUMBER}|[{_PAIRED}]+|(?:(?![{_PAIRED}])[^\W_]|[{_MARKED}])+")
_JOINED = re.compile(r"(?<![^\W_][,'’])[^\W_]+(?:[-/.@_:+][^\W_]+)+")
_PLAIN_NUMBER = re.compile(_NUMBER)
_PAIR = re.compile(f"[{_PAIRED}]")
_FRACTION = re.compile(r"[.,](\d{1,2}|\d{4,})$")

_ARABIC = re.compile("[\u0620-\u06ff]{4,}")
_ARABIC_START = re.compile("^(?:و?(?:ال|بال|کال|فال|لل)|و(?=...))(?=..)")
_ARABIC_END = re.compile("(?<=...)(?:ها|های|ان|ات|ون|ین|یه|ه|ی)$")
_HEBREW = re.compile("[\u05d0-\u05ea]{4,}")
_HEBREW_START = re.compile("^[והבלמשכ]{1,2}(?=...)")


def folded(text: str) -> str:
    """`text` in the one form of all its spellings."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text).translate(_ALIKE))
    return unicodedata.normalize("NFC", text)


def tokens(text: str) -> Iterator[str]:
    """What `text` is found by: words, numbers, pairs of characters; what is joined by signs, such as a date or the
    number of an article, also as a whole where it has a digit; of an e-mail address also the sign that makes it one.
    None has white space or quotes."""
    text = folded(text)
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token[0].isdecimal():
            yield _number(token)
        elif _PAIR.match(token):
            yield from _pairs(token)
        else:
            yield token[:MOST_LETTERS]
            if not token.isascii():
                yield from _bare(token)
    for found in _JOINED.finditer(text):
        joined = found[0]
        if ("@" in joined or any(map(str.isdigit, joined))) and not _PLAIN_NUMBER.fullmatch(joined):
            yield joined[:MOST_LETTERS]
        if "@" in joined:
            yield "@"


def is_pair(token: str) -> bool:
    return _PAIR.match(token) is not None


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for place in range(len(run) - 1):
        yield run[place : place + 2]


@lru_cache(maxsize=4096)
def _number(written: str) -> str:
    """`1,250.00`, `1.250,00`, `1250` are one number; so are `09` and `9`."""
    fraction = _FRACTION.search(written)
    whole = written[: fraction.start()] if fraction else written
    digits = "".join(filter(str.isdecimal, whole)).lstrip("0") or "0"
    rest = fraction[1].rstrip("0") if fraction else ""
    return (f"{digits}.{rest}" if rest else digits)[:MOST_LETTERS]


def _bare(word: str) -> Iterator[str]:
    """An Arabic or Hebrew word without what is written together with it: article, conjunction, preposition, ending."""
    if _ARABIC.fullmatch(word):
        bare = _ARABIC_END.sub("", _ARABIC_START.sub("", word))
    elif _HEBREW.fullmatch(word):
        bare = _HEBREW_START.sub("", word)
    else:
        return
    if bare != word:
        yield bare[:MOST_LETTERS]

"""What is known of a page from the script of its truth: whether its language has spaces, which pack Tesseract needs."""

from __future__ import annotations

import unicodedata
from collections import Counter

UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN"})
"""Scripts of languages that put no spaces between words (Tibetan puts them between phrases). Hangul has spaces."""

UNSPACED_SHARE = 0.3  # of the letters; a Chinese page of a textbook or a paper is Latin for up to a half

PACKS = {
    "HANGUL": "kor",
    "HIRAGANA": "jpn",
    "CJK": "chi_sim",
    "THAI": "tha",
    "CYRILLIC": "rus",
    "GREEK": "ell",
    "ARABIC": "ara",
    "HEBREW": "heb",
    "DEVANAGARI": "hin",
}
"""The pack for a page of which nothing but the script is known, the first that fits; English for all others. Kana comes
before Chinese characters, which stand in Japanese texts, too."""

PACK_SHARE = 0.15  # of the letters


def shares(text: str) -> dict[str, float]:
    """The part, 0..1, of the letters that each script has, by the first word of their Unicode names."""
    counts = Counter(
        unicodedata.name(character, "?").partition(" ")[0]
        for character in text
        if unicodedata.category(character).startswith("L")
    )
    return {script: count / counts.total() for script, count in counts.items()}


def is_unspaced(text: str) -> bool:
    found = shares(text)
    return sum(found.get(script, 0.0) for script in UNSPACED) > UNSPACED_SHARE


def pack_of(text: str) -> str:
    found = shares(text)
    return next((pack for script, pack in PACKS.items() if found.get(script, 0.0) > PACK_SHARE), "eng")

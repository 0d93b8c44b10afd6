"""What two readers are compared by: the letters, digits and marks of a text, whatever their case and form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ocrchat import script

_COMPARED = ("L", "N", "M")
"""Categories: letters, numbers, and marks, without which half of the signs of Indic and Thai text would not count."""

_TATWEEL = "\u0640"  # which only makes Arabic words longer
_COMMAND = re.compile(r"\\(?:begin|end)\{\w*\*?\}|\\[A-Za-z]+")  # of LaTeX

_UNSPACED = re.compile("[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff]")
"""Thai and Lao, Tibetan, Burmese, Khmer: spaces divide phrases, if anything."""

_WORDS = re.compile("[^\\s\u1361]+\u1361*|\u1361+")  # Ethiopic has a sign for what is between words
_WIDE_FORMS = re.compile("[\uff01-\uff5e]")  # of ASCII, which has words


@dataclass(frozen=True, slots=True)
class Folded:
    """`signs` are compared; sign i comes from the character at `at[i]` of the text."""

    signs: str
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """What is compared as one: a word, or one character where words stand side by side. `start` is its place in the
    text; `spaced` says that white space is before it."""

    text: str
    start: int
    spaced: bool


def folded(text: str) -> Folded:
    """Of LaTeX what is typeset: its commands are not looked at."""
    if "\\" in text:
        text = _COMMAND.sub(lambda command: " " * len(command[0]), text)
    signs: list[str] = []
    at: list[int] = []
    for index, character in enumerate(text):
        for sign in _signs(character):
            signs.append(sign)
            at.append(index)
    return Folded("".join(signs), tuple(at))


def tokens(text: str) -> list[Token]:
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for word in _WORDS.finditer(text):
        spaced = word.start() > 0 and text[word.start() - 1].isspace()
        if word[0].isascii():
            yield Token(word[0], word.start(), spaced)
            continue
        begin = word.start()
        for index in range(word.start(), word.end()):
            if not _stands_alone(text[index]):
                continue
            if begin < index:
                yield Token(text[begin:index], begin, spaced)
                spaced = False
            yield Token(text[index], index, spaced)
            begin, spaced = index + 1, False
        if begin < word.end():
            yield Token(text[begin : word.end()], begin, spaced)


@lru_cache(maxsize=16_384)
def _signs(character: str) -> str:
    """Of the same character in any of its forms the same; decomposed, so that an accent which one reader lost is not
    the letter lost."""
    if character == _TATWEEL:
        return ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(_digit(sign) for sign in plain if unicodedata.category(sign)[0] in _COMPARED and sign != _TATWEEL)


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


@lru_cache(maxsize=16_384)
def _stands_alone(character: str) -> bool:
    if _WIDE_FORMS.match(character):
        return False
    return script.is_spaceless(character) or _UNSPACED.match(character) is not None

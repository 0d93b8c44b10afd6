"""Pages as the cpu tier reads them: words in lines, at places that tests can name."""

from __future__ import annotations

from collections.abc import Iterator

from ocrchat.blocks import BBox, Line, Word

WIDTH, HEIGHT = 600.0, 800.0
SIGN = 10.0  # px a character is wide
SURE = 0.97
AGREED = 0.985  # how sure a word is that was read so surely, and that a model says, too


def line(text: str, x: float = 0.0, y: float = 0.0, sure: float = SURE) -> Line:
    """Characters of 10 px, 10 px high, words as `text` has them."""
    return Line(text, (x, y, x + SIGN * len(text), y + 10), sure, tuple(_words(text, x, y, sure)))


def lines(*texts: str, sure: float = SURE) -> list[Line]:
    """One under the other, 20 px each."""
    return [line(text, y=20.0 * number, sure=sure) for number, text in enumerate(texts)]


def _words(text: str, x: float, y: float, sure: float) -> Iterator[Word]:
    at = 0
    for word in text.split():
        at = text.index(word, at)
        yield Word(word, (x + SIGN * at, y, x + SIGN * (at + len(word)), y + 10), sure)
        at += len(word)


def row(number: int, characters: int, x: float = 0.0) -> BBox:
    """The box of so many characters in the line of that number, from 0."""
    return (x, 20.0 * number, x + SIGN * characters, 20.0 * number + 10)

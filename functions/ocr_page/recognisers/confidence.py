"""How likely a word is right, from how sure its engine says it is.

Each engine's scale was fitted on words of real pages beside their truth (17,000 words: receipts, papers, newspapers,
contracts, one page in each of 57 languages): the share that is right among words of that score, made to rise.
`python -m benchmarks.accuracy` prints how well it fits.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from . import ppocr, tesseract
from .port import RecognisedLine, RecognisedWord

Scale = tuple[tuple[float, float], ...]
"""(score, share right), both 0..1 and rising; between them a straight line."""

SCALES: dict[str, Scale] = {
    ppocr.NAME: (
        (0.0, 0.0), (0.5, 0.01), (0.6, 0.05), (0.7, 0.12), (0.8, 0.3), (0.88, 0.42), (0.92, 0.52), (0.95, 0.65),
        (0.975, 0.75), (0.985, 0.82), (0.993, 0.88), (0.997, 0.93), (1.0, 0.985),
    ),
    tesseract.NAME: (
        (0.0, 0.0), (0.2, 0.2), (0.45, 0.26), (0.55, 0.33), (0.65, 0.49), (0.73, 0.55), (0.78, 0.61), (0.83, 0.7),
        (0.88, 0.87), (0.92, 0.96), (0.94, 0.99), (1.0, 0.995),
    ),
}  # fmt: skip

LEAST_SCORE = {ppocr.NAME: 0.65, tesseract.NAME: 0.25}
"""A line below it is hardly ever text, but a smudge, a rule, a picture."""

LEAST_COVERAGE = 0.25  # the one stop, or the one letter, that PP-OCR sees in a line of another script

SPACELESS = re.compile("[\u2e80-\u2fdf\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff]")
"""Han and kana."""

LETTERS = 0.6  # of the signs of a line of Tesseract's below it, if it is text all the same
FEWEST_LETTERS = 5


def is_text(line: RecognisedLine) -> bool:
    """Tesseract is as sure of a word as of its worst sign, so it may be unsure of whole lines where words are not
    divided by spaces; rules and dots it takes for digits and marks."""
    letters = sum(character.isalpha() for character in line.text)
    is_written = letters >= max(FEWEST_LETTERS, LETTERS * len(line.text))
    if line.coverage < LEAST_COVERAGE:
        return False
    return line.confidence >= LEAST_SCORE[line.engine] or (line.engine == tesseract.NAME and is_written)


def likelihood(line: RecognisedLine | None) -> float:
    """The share of the line's characters that stand in right words, as far as its engine can know, of all its ink; 0
    for no line."""
    if line is None:
        return 0.0
    return _mean([(word, share_right(word.confidence, SCALES[line.engine])) for word in line.words]) * line.coverage


def calibrated(line: RecognisedLine) -> RecognisedLine:
    """The same line with likelihoods in place of scores. What is written without spaces is one word for the engine: for
    it the likelihood is that of one of its signs, which gives the whole when it is multiplied as often as there are
    signs."""
    likely = [(word, share_right(word.confidence, SCALES[line.engine])) for word in line.words]
    likely = [(word, right ** (1 / len(word.text)) if SPACELESS.search(word.text) else right) for word, right in likely]
    words = tuple(replace(word, confidence=right) for word, right in likely)
    return replace(line, words=words, confidence=_mean(likely))


def _mean(likely: Sequence[tuple[RecognisedWord, float]]) -> float:
    characters = sum(len(word.text) for word, _ in likely)
    return sum(right * len(word.text) for word, right in likely) / characters if characters else 0.0


def share_right(score: float, scale: Scale) -> float:
    place = min(max(bisect_right(scale, (score, 2.0)), 1), len(scale) - 1)
    (low, below), (high, above) = scale[place - 1], scale[place]
    return below + (above - below) * (min(max(score, low), high) - low) / (high - low)

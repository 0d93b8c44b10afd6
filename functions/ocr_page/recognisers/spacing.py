"""Words of a line from Tesseract's two answers.

Its text has the spaces where they belong, and right-to-left text in logical order; its table of words (TSV) has boxes
and confidences, but takes Thai, Korean and the like apart into single signs. The signs of both are the same, in the
same order, so each word of the text is made of the next entries of the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

WORD = "5"  # the level of a word in the table
COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Span:
    """`start` and `end` are in px along the line; `confidence` is 0..1."""

    text: str
    start: float
    end: float
    confidence: float


def words(text: str, table: str) -> list[Span]:
    """The words of `text`, with place and confidence of the entries that they are made of. Where an entry goes on in
    the next word, both stay one, so that no sign is lost."""
    entries = list(_entries(table))
    found: list[Span] = []
    pending: list[str] = []
    parts: list[Span] = []
    lacking = 0  # signs of `pending` that `parts` do not cover yet; below 0, parts cover more
    for word in text.split():
        pending.append(word)
        lacking += len(word)
        while entries and lacking > 0:
            parts.append(entries.pop(0))
            lacking -= len(parts[-1].text)
        if parts and lacking == 0:
            found.append(_joined(pending, parts))
            pending, parts = [], []
    rest = parts + entries or ([found.pop()] if found and pending else [])
    if pending and rest:
        said = [] if parts or entries else [rest[0].text]
        found.append(_joined(said + pending, rest))
    return found


def _joined(pending: list[str], parts: list[Span]) -> Span:
    characters = sum(len(part.text) for part in parts)
    confidence = sum(part.confidence * len(part.text) for part in parts) / characters
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    return Span(" ".join(pending), start, end, confidence)


def _entries(table: str) -> Iterator[Span]:
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) == COLUMNS and cells[0] == WORD and (text := "".join(cells[-1].split())):
            left, width = float(cells[6]), float(cells[8])
            yield Span(text, left, left + width, max(float(cells[10]), 0.0) / 100)

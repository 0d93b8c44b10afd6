"""Where sentences end, in any script, and where those that are too long may be cut."""

from __future__ import annotations

import re
from collections.abc import Iterator

PASSAGE_CHARACTERS = 400
"""Of a passage: what is quoted must be read at a glance, and a citation of three sentences still fits an answer."""

_ABBREVIATIONS = """
mr mrs ms dr prof st no nos nr art abs inc ltd co corp vs e.g i.e fig figs eq sec vol pp p ch al cf ca approx jr sr
rev gen gov lt col sgt dept est tel ext hon messrs jan feb mar apr jun jul aug sep sept oct nov dec bzw z.b usw
hr fr hrn str bd u.a d.h vgl sra sres srta mme mlle art núm págs pág cap sig sigg dott ing núm ул г стр им т.е
т.д др руб тел αρ σελ κ π.χ
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
"""What ends in a full stop and is followed by what it belongs to, in lower case and without that stop."""

_FULL = "。！？｡．।॥؟۔።፧፨։။៕៖༎།᙮᠃꓿⸮"
"""End a sentence wherever they stand: no space need follow them."""

_CLOSING = "\"'”’»)\\]』」》）】〕›"
_END = re.compile(rf"[{_FULL}]+[{_CLOSING}]*\s*|(?<![.!?…])[.!?…]+[{_CLOSING}]*\s+")
_LAST_WORD = re.compile(r"(?:^|(?<=[\s(\[«“„\"']))[^\s(\[«“„\"']*$")
_MARKER = re.compile(r"\s*[(\[]?(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,5})[.)\]]*$")
_CLAUSES = re.compile(r"[;:,،؛、，；：—–·|\t](?=\s|[^\x00-\x7f]|$)|\t")
_LETTER = re.compile(r"[^\W_]")
_FARTHEST_BACK = 40  # characters: no abbreviation and no marker is longer


def sentences(line: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the sentences of one line of text, white space around them left out, none longer than
    PASSAGE_CHARACTERS. All but white space is in one of them."""
    start = 0
    for end in _ends(line):
        yield from _cut(line, start, end)
        start = end
    yield from _cut(line, start, len(line))


def pieces(line: str) -> Iterator[tuple[int, int]]:
    """As `sentences`, of what is none, such as a row of a table: the whole line, cut only where it is too long."""
    yield from _cut(line, 0, len(line))


def _ends(line: str) -> Iterator[int]:
    start, word = 0, -1
    for found in _END.finditer(line):
        if word < start:
            next_word = _LETTER.search(line, start)
            word = next_word.start() if next_word else len(line)
        if word >= found.start() or (found[0][0] not in _FULL and not _ends_here(line, start, found)):
            continue  # stops and signs alone are no sentence
        yield found.end()
        start = found.end()


def _ends_here(line: str, start: int, found: re.Match[str]) -> bool:
    """Whether a stop that may stand for something else ends the sentence that began at `start`."""
    if line[found.end() : found.end() + 1].islower():
        return False
    if found[0][0] != "." or found[0][1] in ".!?…":
        return True
    before = line[max(start, found.start() - _FARTHEST_BACK) : found.start()]
    if start + len(before) == found.start() and _MARKER.match(before):
        return False  # the sentence so far is `3.` or `(a).`
    last = _LAST_WORD.search(before)
    word = last[0] if last else before
    is_initial = len(word) == 1 and word.isalpha() and word.isupper()
    is_ordinal = word.isdigit() and len(word) <= 2
    return not (is_initial or is_ordinal or word.lower() in ABBREVIATIONS)


def _cut(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while True:
        while start < end and line[start].isspace():
            start += 1
        while end > start and line[end - 1].isspace():
            end -= 1
        if start == end:
            return
        if end - start <= PASSAGE_CHARACTERS:
            yield start, end
            return
        place = _place(line, start, start + PASSAGE_CHARACTERS)
        yield from _cut(line, start, place)
        start = place


def _place(line: str, start: int, latest: int) -> int:
    """Where to cut what goes on beyond `latest`: behind a clause or a word of the second half, else right there."""
    middle = (start + latest) // 2
    clauses = [found.end() for found in _CLAUSES.finditer(line, middle, latest)]
    if clauses:
        return clauses[-1]
    for place in range(latest, middle, -1):
        if line[place - 1].isspace():
            return place
    return latest

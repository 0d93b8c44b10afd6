"""Which characters of two texts are the same ones: what is rare in both ties them together, what stands between is
aligned exactly."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

GRAM = 4
"""Characters that are looked for together: on a page of 3,000 most are there once, and with one character in ten wrong
in both texts four in ten are still the same."""

MOST_OCCURRENCES = 4  # of them in a text, or they tie nothing
SHORT = 64  # characters of either text: aligned exactly at once
MOST_CELLS = 4_000_000
"""Pairs of characters that are compared exactly, in some 3 ms; of a longer stretch without anything rare in it the
beginnings and the ends are."""

Pair = tuple[int, int]
"""(place in the one text, place in the other)."""


def matches(one: str, other: str) -> list[Pair]:
    """Places of the same characters, rising in both. Takes some O(n log n), whatever the texts."""
    found: list[Pair] = []
    stack = [(0, len(one), 0, len(other))]
    while stack:
        a0, a1, b0, b1 = stack.pop()
        if a0 == a1 or b0 == b1:
            continue
        anchors = [] if min(a1 - a0, b1 - b0) <= SHORT else _anchors(one[a0:a1], other[b0:b1])
        if not anchors:
            found += _bounded(one, other, (a0, a1, b0, b1))
            continue
        begin_a, begin_b = a0, b0
        for a, b in anchors:
            found.append((a0 + a, b0 + b))
            stack.append((begin_a, a0 + a, begin_b, b0 + b))
            begin_a, begin_b = a0 + a + 1, b0 + b + 1
        stack.append((begin_a, a1, begin_b, b1))
    return sorted(found)


def extended(one: str, other: str, pairs: Sequence[Pair]) -> list[Pair]:
    """These and, before and after each stretch of them, what else is the same on both sides: of alignments with equally
    many edits, the exact one may take a character of a stretch from elsewhere."""
    found = dict(pairs)
    used = set(found.values())
    for step, order in ((-1, reversed(pairs)), (1, iter(pairs))):
        for a, b in order:
            a, b = a + step, b + step
            while 0 <= a < len(one) and 0 <= b < len(other) and a not in found and b not in used and one[a] == other[b]:
                found[a] = b
                used.add(b)
                a, b = a + step, b + step
    return sorted(found.items())


def _anchors(one: str, other: str) -> list[Pair]:
    """Places of characters that belong to rare grams: the longest chain that rises in both texts (Hunt and Szymanski,
    1977)."""
    mine, theirs = _places(one), _places(other)
    pairs = []
    for gram, places in mine.items():
        others = theirs.get(gram, ())
        if len(places) <= MOST_OCCURRENCES and 0 < len(others) <= MOST_OCCURRENCES:
            pairs += [(a, -b) for a in places for b in others]
    pairs.sort()
    covered: dict[int, int] = {}
    for a, b in _longest_chain([(a, -b) for a, b in pairs]):
        for step in range(GRAM):
            covered.setdefault(a + step, b + step)
    anchors: list[Pair] = []
    for a, b in sorted(covered.items()):
        if not anchors or b > anchors[-1][1]:
            anchors.append((a, b))
    return anchors


def _places(text: str) -> dict[str, list[int]]:
    places = defaultdict(list)
    for index in range(len(text) - GRAM + 1):
        places[text[index : index + GRAM]].append(index)
    return places


def _longest_chain(pairs: list[Pair]) -> list[Pair]:
    """Of pairs that rise in the first and, for the same first, fall in the second."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, (_, b) in enumerate(pairs):
        place = bisect_left(ends, b)
        before.append(at[place - 1] if place else -1)
        if place == len(ends):
            ends.append(b)
            at.append(index)
        else:
            ends[place], at[place] = b, index
    chain = []
    index = at[-1] if at else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _bounded(one: str, other: str, stretch: tuple[int, int, int, int]) -> Iterator[Pair]:
    a0, a1, b0, b1 = stretch
    if (a1 - a0) * (b1 - b0) <= MOST_CELLS:
        parts = [stretch]
    else:
        side = int(MOST_CELLS**0.5) // 2
        a, b = min(side, (a1 - a0) // 2), min(side, (b1 - b0) // 2)
        parts = [(a0, a0 + a, b0, b0 + b), (a1 - a, a1, b1 - b, b1)]
    for p0, p1, q0, q1 in parts:
        for a, b in _exact(one[p0:p1], other[q0:q1]):
            yield p0 + a, q0 + b


def _exact(one: str, other: str) -> list[Pair]:
    """The same characters of an alignment with the fewest edits, traced back through the columns of its matrix."""
    columns = list(_columns(one, other))
    found = []
    a, b = len(one), len(other)
    while a and b:
        bit = a - 1
        if columns[b - 1][0] >> bit & 1:
            a -= 1
            continue
        b -= 1
        if b and columns[b - 1][1] >> bit & 1:
            continue
        a -= 1
        if one[a] == other[b]:
            found.append((a, b))
    return found[::-1]


def _columns(one: str, other: str) -> Iterator[tuple[int, int]]:
    """Column by column of the matrix of edit distances, where it rises and where it falls on the way down, a bit a row
    (Hyyrö, 2003)."""
    whole = (1 << len(one)) - 1
    where: dict[str, int] = {}
    for index, character in enumerate(one):
        where[character] = where.get(character, 0) | 1 << index
    rises, falls = whole, 0
    for character in other:
        same = where.get(character, 0)
        diagonal = (((same & rises) + rises) ^ rises) | same | falls
        up = falls | (whole & ~(diagonal | rises))
        down = diagonal & rises
        shifted = (up << 1) | 1
        rises = ((down << 1) | ~(diagonal | shifted)) & whole
        falls = shifted & diagonal & whole
        yield rises, falls

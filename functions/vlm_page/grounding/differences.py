"""What the two readings do not have in common, word by word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from ocrchat.blocks import Word, union

from .claims import Claims
from .fold import folded
from .spelling import agree, is_part


def differing(claims: Claims) -> list[tuple[int, Word]]:
    """(line, word) of those words of the page that the model does not say as they were read. Of what stands without
    spaces a word is what differs side by side."""
    read = claims.read
    agreed = _agreed(claims)
    found = []
    for line, its in enumerate(read.tokens_of_line):
        other = [token for token in its if token not in agreed and read.tokens[token].length]
        for _, group in groupby(enumerate(other), key=lambda one: (read.tokens[one[1]].word, one[1] - one[0])):
            tokens = [read.tokens[token] for _, token in group]
            sure = min(token.confidence for token in tokens)
            text = "".join(token.text for token in tokens)
            found.append((line, Word(text, union(token.bbox for token in tokens), sure)))
    return found


def stands_as_written(claims: Claims, block: int, least: float) -> bool:
    """Whether this `least` share of what a block says stands on the page, within longer words, too, and all words that
    have digits."""
    its = claims.said.tokens_of_block[block]
    standing: set[int] = set()
    for said, read in _groups(claims):
        one = "".join(claims.said.tokens[token].text for token in said)
        other = "".join(claims.read.tokens[token].text for token in read)
        if said[0] in its and (_say_the_same(claims, said, read) or is_part(one, other)):
            standing.update(said)
    tokens = [(token, claims.said.tokens[token]) for token in its]
    if any(token not in standing and any(map(str.isdigit, said.text)) for token, said in tokens):
        return False
    signs = sum(said.length for _, said in tokens)
    return sum(said.length for token, said in tokens if token in standing) >= least * signs


def _agreed(claims: Claims) -> set[int]:
    """The tokens of the page that the model says, whatever it divides its words by."""
    agreed: set[int] = set()
    for said, read in _groups(claims):
        if _say_the_same(claims, said, read):
            agreed.update(read)
    return agreed


def _say_the_same(claims: Claims, said: Sequence[int], read: Sequence[int]) -> bool:
    """Marks that stand before a word by themselves may be of it: `- 1` is `-1`."""
    one = "".join(claims.said.tokens[token].text for token in said)
    other = "".join(claims.read.tokens[token].text for token in read)
    if "\\" in one:  # LaTeX has marks of its own
        return folded(one).signs == folded(other).signs
    return agree(one, other) or agree(
        _mark_before_said(claims, said[0]) + one, _mark_before_read(claims, read[0]) + other
    )


def _mark_before_said(claims: Claims, token: int) -> str:
    before = claims.said.tokens[token - 1] if token else None
    return before.text if before and not before.length and before.unit == claims.said.tokens[token].unit else ""


def _mark_before_read(claims: Claims, token: int) -> str:
    before = claims.read.tokens[token - 1] if token else None
    return before.text if before and not before.length and before.line == claims.read.tokens[token].line else ""


def _groups(claims: Claims) -> Iterator[tuple[list[int], list[int]]]:
    """(tokens of the model, tokens of the page) that share signs, ascending: one and one, or several where words are
    divided otherwise. What is claimed once more is not looked at."""
    theirs: dict[int, set[int]] = defaultdict(set)
    mine: dict[int, set[int]] = defaultdict(set)
    for sign, place in enumerate(claims.place):
        if place >= 0 and sign not in claims.again:
            theirs[claims.said.token_of[sign]].add(claims.read.token_of[place])
            mine[claims.read.token_of[place]].add(claims.said.token_of[sign])
    seen: set[int] = set()
    for first in theirs:
        if first in seen:
            continue
        said: set[int] = set()
        read: set[int] = set()
        ahead = [first]
        while ahead:
            token = ahead.pop()
            if token in said:
                continue
            said.add(token)
            for other in theirs[token] - read:
                read.add(other)
                ahead += mine[other] - said
        seen |= said
        yield sorted(said), sorted(read)

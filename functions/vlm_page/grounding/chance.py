"""What is alike by chance: of signs that an alignment says are the same, those that say nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from .align import Pair
from .texts import ReadText, SaidText

LEAST_SHARE = 0.5
"""Of the signs of a line, or of the block if it is shorter, that must be the same: texts that have nothing to do with
each other share a third, real ones with one sign in ten wrong in both four fifths."""

RUN = 8  # signs in a row that are the same: a part of a line, whose rest another block says
LEAST_SHARE_OF_RUN = 0.25  # of the line or block, in which such a run must be
LEAST_PART = 3  # signs of a word that is found whole within a longer one

LEAST_PLACE = 6
"""Signs that a block has on lines near each other, or half of the block: numbers and little words stand everywhere."""
NEAR = 3  # lines on: the cells of a table may be lines


def without_words(read: ReadText, said: SaidText, pairs: Sequence[Pair]) -> list[Pair]:
    """Without the pairs of words that are alike by chance: half of a word is the same, and of the other's word, too, or
    else it is a part of that."""

    def words(pair: Pair) -> Pair:
        return said.token_of[pair[0]], read.token_of[pair[1]]

    both = Counter(map(words, pairs))
    near = []
    for pair in pairs:
        mine, theirs = words(pair)
        if 2 * both[mine, theirs] >= min(said.tokens[mine].length, read.tokens[theirs].length):
            near.append(pair)
    of_mine = Counter(said.token_of[a] for a, _ in near)
    of_theirs = Counter(read.token_of[b] for _, b in near)
    kept = []
    for pair in near:
        mine, theirs = words(pair)
        is_part = of_mine[mine] == said.tokens[mine].length >= LEAST_PART
        is_half = 2 * of_theirs[theirs] >= read.tokens[theirs].length
        if 2 * of_mine[mine] >= said.tokens[mine].length and (is_half or is_part):
            kept.append(pair)
    return kept


def without_lines(
    read: ReadText,
    said: SaidText,
    pairs: Sequence[Pair],
    offered: tuple[Sequence[int], Sequence[int]],
    known: Mapping[int, set[int]],
    least_of_run: float,
) -> list[Pair]:
    """Without the pairs of blocks and lines that are alike by chance. `offered` are the signs of the model and of the
    page that were compared, `known` the lines on which a block is anyway. `least_of_run` is the share of a line, or of
    the block, in which there must be a run."""
    of_blocks = Counter(map(said.block_of, offered[0]))
    of_lines = Counter(map(read.line_of, offered[1]))
    blocks: dict[int, dict[int, list[Pair]]] = defaultdict(lambda: defaultdict(list))
    for pair in pairs:
        blocks[said.block_of(pair[0])][read.line_of(pair[1])].append(pair)
    kept: list[Pair] = []
    for block, lines in blocks.items():
        alike: dict[int, list[Pair]] = {}
        for line, group in lines.items():
            share = len(group) / min(of_blocks[block], of_lines[line])
            if share >= LEAST_SHARE or (share >= least_of_run and _longest_run(group) >= RUN):
                alike[line] = group
        on = known.get(block, set())
        least = min(LEAST_PLACE, LEAST_SHARE * of_blocks[block])
        for place in _places(sorted({*alike, *on})):
            there = [pair for line in place for pair in alike.get(line, ())]
            if len(there) >= least or not on.isdisjoint(place):
                kept += there
    return kept


def _places(lines: Sequence[int]) -> Iterator[list[int]]:
    """Lines that follow each other, as those of a block mostly do."""
    place: list[int] = []
    for line in lines:
        if place and line - place[-1] > NEAR:
            yield place
            place = []
        place.append(line)
    if place:
        yield place


def _longest_run(pairs: Sequence[Pair]) -> int:
    longest = run = 1
    for (a0, b0), (a1, b1) in pairwise(pairs):
        run = run + 1 if a1 - a0 == b1 - b0 == 1 else 1
        longest = max(longest, run)
    return longest

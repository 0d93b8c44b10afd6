"""Which pieces are running text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from .pieces import Piece, is_value

PARAGRAPH_LINES = 3  # at least
WIDTH = 11.0  # em, at least, that a line of running text is wide: some 25 characters
LEADING = 0.9  # em, at most, between two lines of a paragraph
INDENT = 2.0  # em, at most, between the left edges of two lines of a paragraph
FULL_LINE = 0.85  # of the paragraph's width: so far a line reaches unless it is the last one
FULL_LINES = 0.6  # of the lines but the last, at least, are full


def prose_of(pieces: Sequence[Piece], em: float) -> frozenset[Piece]:
    """Which of `pieces` are lines of paragraphs."""
    stacks = ([pieces[number] for number in stack] for stack in _stacks(pieces, em))
    return frozenset(piece for stack in stacks if is_paragraph(stack) for piece in stack)


def is_paragraph(lines: Sequence[Piece]) -> bool:
    """Whether lines that stand below each other fill a column of text."""
    if len(lines) < PARAGRAPH_LINES or sum(is_value(line.text) for line in lines) * 2 > len(lines):
        return False
    left = min(line.bbox[0] for line in lines)
    right = max(line.bbox[2] for line in lines)
    full = sum(line.bbox[2] - left >= FULL_LINE * (right - left) for line in lines[:-1])
    return full >= FULL_LINES * (len(lines) - 1)


def _stacks(pieces: Sequence[Piece], em: float) -> list[list[int]]:
    """Wide pieces that follow each other downwards at about the same left edge."""
    wide = [number for number, piece in enumerate(pieces) if piece.width >= WIDTH * em]
    wide.sort(key=lambda number: pieces[number].bbox[1])
    open_stacks: defaultdict[int, list[list[int]]] = defaultdict(list)
    stacks: list[list[int]] = []
    bucket = max(INDENT * em, 1e-6)
    for number in wide:
        piece = pieces[number]
        column = int(piece.bbox[0] / bucket)
        home = next(
            (
                stack
                for near in (column, column - 1, column + 1)
                for stack in reversed(open_stacks[near][-3:])
                if _follows(pieces[stack[-1]], piece, em)
            ),
            None,
        )
        if home is None:
            home = []
            stacks.append(home)
        home.append(number)
        for near in (column - 1, column, column + 1):
            open_stacks[near] = [stack for stack in open_stacks[near] if stack is not home][-8:]
        open_stacks[column].append(home)
    return stacks


def _follows(above: Piece, below: Piece, em: float) -> bool:
    gap = below.bbox[1] - above.bbox[3]
    return (
        -0.6 * em <= gap <= LEADING * em
        and below.middle > above.middle + 0.4 * em
        and (abs(below.bbox[0] - above.bbox[0]) <= INDENT * em)
    )

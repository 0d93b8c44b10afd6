"""Which lines of the page a block may stand on although they were read as something else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from vlm_page.written import WrittenBlock

from .claims import Claims
from .fold import folded
from .placing import LEAST_SAID
from .texts import is_table

UNSURE = 0.7
"""Confidence of a line below which it is not known to say something else than the model. Found on three pages of
handwriting: lines above it were read well enough for their text to be found."""

LONG_WORDS = 1 / 3
"""Of a line's signs in words of four letters and more: it is prose, and no formula that was misread."""

_COMMAND = re.compile(r"\\[A-Za-z]+")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def lines_between(found: Sequence[int]) -> range:
    return range(min(found) + 1, max(found)) if found else range(0)


def has_room(claims: Claims, lines: Sequence[int], signs: int) -> bool:
    """Whether so many signs may be what stands on these lines."""
    return signs >= LEAST_SAID * sum(len(claims.read.signs_of_line(line)) for line in lines)


def is_believed(claims: Claims, written: WrittenBlock, line: int) -> bool:
    """Whether a line that a block names may be its place although it says something else: no block says what it says,
    and it was not surely read, or nothing at all is written."""
    if claims.left[line] < len(claims.read.signs_of_line(line)):
        return False
    is_empty = not is_table(written) and not written.text.strip()
    return is_empty or claims.read.lines[line].confidence < UNSURE


def formula_lines(claims: Claims, written: WrittenBlock, named: Sequence[int], own: Mapping[int, int]) -> list[int]:
    """Those of the lines that a formula names which may be it, however surely they were read: no other block says them,
    they are no prose, and together no longer than it may be."""
    if written.type != "formula":
        return []
    free = [line for line in named if claims.left[line] + own[line] >= len(claims.read.signs_of_line(line))]
    lines = [line for line in free if not _is_prose(claims.read.lines[line].text)]
    return lines if has_room(claims, lines, _size(written.text)) else []


def _size(latex: str) -> int:
    """How many signs a formula may be read as: a command is one."""
    return len(_COMMAND.findall(latex)) + len(folded(latex).signs)


def _is_prose(text: str) -> bool:
    """What is printed as a formula is read as signs and short words."""
    return sum(map(len, _LONG_WORD.findall(text))) >= LONG_WORDS * sum(map(str.isalnum, text))

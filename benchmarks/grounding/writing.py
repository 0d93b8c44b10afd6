"""A model that writes what truly stands on a page, as well as is asked for: with noise, and with the numbers of lines
that it should name, none, or wrong ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz

from ocrchat.blocks import Line, is_in, middle_of
from vlm_page.written import WrittenBlock, WrittenPage, numbered

from .pages import TrueBlock, TruePage

Numbers = Literal["named", "unnamed", "misnamed"]
SAYS = 70.0  # of 100: a line whose text so much of a block is like is one of it, where no boxes tell
SHORTEST = 3  # characters, of a line that is told so
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Writing:
    """A page as the model writes it; `noisy` are the blocks that do not say what truly stands there."""

    page: WrittenPage
    noisy: frozenset[int]


def written(page: TruePage, noise: float, share: float, numbers: Numbers, seed: int) -> Writing:
    """With `noise`, the share of characters that are wrong, in a `share` of the blocks: the same for any `numbers`."""
    lines = numbered(page.reading)
    chance, lots = random.Random(seed), random.Random(seed)
    blocks = []
    noisy = set()
    for index, block in enumerate(page.blocks):
        true = block.written
        said = _with_noise(true, noise, chance) if chance.random() < share else true
        if said != true:
            noisy.add(index)
        blocks.append(replace(said, lines=_numbers(block, lines, numbers, lots)))
    return Writing(WrittenPage(tuple(blocks)), frozenset(noisy))


def _numbers(block: TrueBlock, lines: Sequence[Line], numbers: Numbers, chance: random.Random) -> tuple[int, ...]:
    if numbers == "unnamed":
        return ()
    right = tuple(number for number, line in enumerate(lines, start=1) if _is_of(block, line))
    if numbers == "named":
        return right
    return tuple(chance.randint(1, len(lines)) for _ in right)


def _is_of(block: TrueBlock, line: Line) -> bool:
    if block.bbox is not None:
        return is_in(middle_of(line.bbox), block.bbox)
    return len(line.text) >= SHORTEST and fuzz.partial_ratio(line.text, block.written.text) >= SAYS


def _with_noise(block: WrittenBlock, noise: float, chance: random.Random) -> WrittenBlock:
    rows = block.rows and tuple(
        tuple(replace(cell, text=_noisy(cell.text, noise, chance)) for cell in row) for row in block.rows
    )
    return replace(block, text=_noisy(block.text, noise, chance), rows=rows)


def _noisy(text: str, noise: float, chance: random.Random) -> str:
    """Letters and digits are exchanged, lost, or doubled by others; those of a text for others of the text."""
    letters = [character for character in text if character.isalnum()] or LETTERS
    signs = []
    for character in text:
        if not character.isalnum() or chance.random() >= noise:
            signs.append(character)
            continue
        other = chance.choice(letters)
        signs.append(chance.choice(("", other, other, character + other)))
    return "".join(signs)

"""From the recogniser's answer to text: connectionist temporal classification, read greedily.

For each column of WIDTH_STEP px the network answers how likely each character of its alphabet is; entry 0 means "no
new character". A character lasts for one or more columns; the same one twice in a row has an empty column between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


FAINT_SPACE = 0.2  # on receipts .1 and .3 are nearly as good; .05 puts too many, 1.0 (none) leaves out one in three


@dataclass(frozen=True, slots=True)
class Character:
    text: str
    confidence: float
    column: int  # the first in which it was seen


def decode(best: NDArray[np.int64], probability: NDArray[np.float32], alphabet: Sequence[str]) -> list[Character]:
    """`best` is the likeliest entry of each column, `probability` how likely it is."""
    import numpy as np

    starts = np.flatnonzero((best != 0) & np.concatenate(([True], best[1:] != best[:-1])))
    return [Character(alphabet[best[column]], float(probability[column]), int(column)) for column in starts]


def with_faint_spaces(characters: Sequence[Character], space: NDArray[np.float32]) -> list[Character]:
    """`characters`, with a space between two of which the network nearly saw one; `space` is how likely it is in each
    column. Narrow spaces, as around the colons of receipts, fall into no column of their own."""
    spaced: list[Character] = []
    for character in characters:
        if spaced and not character.text.isspace() and not spaced[-1].text.isspace():
            between = space[spaced[-1].column : character.column + 1]
            if float(between.max()) > FAINT_SPACE:
                spaced.append(Character(" ", spaced[-1].confidence, spaced[-1].column))
        spaced.append(character)
    return spaced


def words(characters: Sequence[Character]) -> list[Sequence[Character]]:
    """The characters of each word, without the spaces between."""
    found: list[Sequence[Character]] = []
    start = 0
    for index in range(len(characters) + 1):
        if index == len(characters) or characters[index].text.isspace():
            if index > start:
                found.append(characters[start:index])
            start = index + 1
    return found

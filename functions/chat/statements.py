"""What is left of an answer whose server says, block by block, which text is cited: what is proven, and what joins it.

A block whose citations prove nothing is a statement that the document does not make: it goes, with the marker of its
page. Text without citations proves nothing either; models write with it what joins their statements, and sentences such
as "The name is not given". It stays where it stands beside a proven block, up to the end of a sentence on the side of
one that goes, and goes where nothing beside it is proven. So each statement that claims a place has it; of what claims
none it is not shown that the document says it, only that it came with something that the document says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from .prose import MARKER

Standing = Literal["proven", "lost", "plain"]
"""Of a block: one of its citations holds; it has some, and none does; it has none."""

_SENTENCE_END = re.compile(
    r"(?<![.!?\u2026])[.!?\u2026]+[\"'\u201d\u2019)]*(?=\s|$)|[\u3002\uff01\uff1f\u061f\u0964]|\n"
)


@dataclass(frozen=True, slots=True)
class Block:
    text: str
    standing: Standing


def kept(blocks: Iterable[Block]) -> str:
    """The text of an answer without what is not proven; empty where nothing is."""
    runs = [
        Block("".join(block.text for block in run), standing)
        for standing, run in groupby(blocks, key=lambda block: block.standing)
    ]
    standings: list[Standing | None] = [None, *(run.standing for run in runs), None]
    return "".join(_left(run, standings[at], standings[at + 2]) for at, run in enumerate(runs)).strip()


def _left(run: Block, before: Standing | None, after: Standing | None) -> str:
    if run.standing == "proven":
        return run.text
    if run.standing == "lost" or "proven" not in {before, after}:
        return ""
    text = run.text
    if before == "lost":
        marker = MARKER.match(text)
        text = _behind_first_sentence(text[marker.end() :] if marker else text)
    return _up_to_last_sentence(text) if after == "lost" else text


def _behind_first_sentence(text: str) -> str:
    """Without the end of the sentence that went."""
    end = _SENTENCE_END.search(text)
    return text[end.end() :] if end else ""


def _up_to_last_sentence(text: str) -> str:
    """Without the beginning of the sentence that goes."""
    ends: Sequence[re.Match[str]] = list(_SENTENCE_END.finditer(text))
    return text[: ends[-1].end()] if ends else ""

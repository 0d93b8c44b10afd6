"""Words where they stand, and how those are set that were not found: on what was read instead, or in some room."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from ocrchat.blocks import BBox, union

from .spelling import confidence
from .texts import ReadToken, SaidToken, direction_of, sliced


@dataclass(frozen=True, slots=True)
class Mark:
    """A token of the model, or the part of one that stands on one line, and where. `line` is that of the page; those
    with a negative one stand on a line of their own."""

    text: str
    bbox: BBox
    confidence: float
    line: int
    spaced: bool
    cell: int


def mean(parts: Iterable[tuple[str, float]]) -> float:
    """Not rounded, as that of a block is."""
    total = characters = 0.0
    for text, value in parts:
        total += value * len(text)
        characters += len(text)
    return total / characters if characters else 0.0


def on_slots(tokens: Sequence[SaidToken], slots: Sequence[ReadToken]) -> Iterator[Mark]:
    """One by one where they are equally many; else by lines, each as long as what was read there."""
    if len(tokens) == len(slots):
        for token, slot in zip(tokens, slots, strict=True):
            likely = confidence(token.text, slot.text, slot.confidence)
            yield Mark(token.text, slot.bbox, likely, slot.line, token.spaced, token.cell)
        return
    sure = mean((slot.text, slot.confidence) for slot in slots)
    likely = confidence(" ".join(token.text for token in tokens), " ".join(slot.text for slot in slots), sure)
    whole = sum(len(token.text) for token in tokens)
    room = sum(len(slot.text) for slot in slots)
    lines = [list(group) for _, group in groupby(slots, key=lambda slot: slot.line)]
    ends: list[int] = []
    for line in lines:
        ends.append((ends[-1] if ends else 0) + sum(len(slot.text) for slot in line))
    groups: dict[int, list[SaidToken]] = defaultdict(list)
    at = 0
    for token in tokens:
        middle = (at + len(token.text) / 2) * room / whole
        groups[min(bisect_left(ends, middle), len(lines) - 1)].append(token)
        at += len(token.text)
    for index, group in groups.items():
        box = union(slot.bbox for slot in lines[index])
        yield from put(group, box, lines[index][0].line, likely)


def put(tokens: Sequence[SaidToken], box: BBox, line: int, likely: float) -> Iterator[Mark]:
    """One after the other, all characters equally wide, with the width of one between two words."""
    text = " ".join(token.text for token in tokens)
    along = direction_of(text, box)
    at = 0
    for token in tokens:
        end = at + len(token.text)
        yield Mark(
            token.text, sliced(box, at / len(text), end / len(text), along), likely, line, token.spaced, token.cell
        )
        at = end + 1


def room_between(before: Mark, after: Mark) -> BBox | None:
    """The room between two marks of one line; None where they overlap."""
    x0, y0, x1, y1 = before.bbox
    u0, v0, u1, v1 = after.bbox
    if x1 <= u0 or u1 <= x0:
        return (min(x1, u1), min(y0, v0), max(x0, u0), max(y1, v1))
    if y1 <= v0:
        return (min(x0, u0), y1, max(x1, u1), v0)
    return None


def edge_of(mark: Mark, side: Literal["start", "end"]) -> BBox:
    """The place without extent before or after a mark."""
    at = 0.0 if side == "start" else 1.0
    return sliced(mark.bbox, at, at, direction_of(mark.text, mark.bbox))


def width_of_sign(mark: Mark) -> float:
    return length_of(mark.bbox) / len(mark.text)


def length_of(box: BBox) -> float:
    return max(box[2] - box[0], box[3] - box[1])

"""Blocks as the result of a page: the same members as those of the cpu tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from ocrchat import languages, markdown
from ocrchat.blocks import Block, Field, middle_of
from ocrchat.pages import Notice, PageResult

from . import notices


def blank(reading: PageResult) -> PageResult:
    return replace(
        reading,
        source="vlm",
        text_layer=reading.carries_its_text,
        blocks=(),
        text="",
        markdown="",
        warnings=(notices.BLANK,),
    )


def of(
    reading: PageResult,
    blocks: Sequence[Block],
    fields: Sequence[Field],
    language: str | None,
    warnings: Sequence[Notice],
) -> PageResult:
    """`reading` gives the page its size and how it lies; `language` is what the model says it is in."""
    named = languages.lookup(language) if language else None
    codes = [named.code] if named is not None and not reading.language else []
    found = tuple(dict.fromkeys([*reading.languages, *codes]))
    return replace(
        reading,
        source="vlm",
        text_layer=reading.carries_its_text,
        blocks=tuple(blocks),
        text="\n\n".join(block.text for block in blocks if block.text),
        markdown=markdown.of_blocks(blocks, fields),
        language=found[0] if found else None,
        languages=found,
        warnings=tuple(warnings),
        fields=tuple(fields),
    )


def with_lines(blocks: Sequence[Block], missing: Sequence[int], reading: PageResult) -> list[Block]:
    """`blocks` and, where they stand on the page, the lines of the cpu tier's `reading` with these indexes, which are
    ascending: those of one block of it together, and the block itself where all of it is missing."""
    owners = [number for number, block in enumerate(reading.blocks) for _ in block.lines]
    first = {number: owners.index(number) for number in dict.fromkeys(owners)}
    result = list(blocks)
    for number, indexes in groupby(missing, key=owners.__getitem__):
        owner = reading.blocks[number]
        chosen = [owner.lines[index - first[number]] for index in indexes]
        is_whole = len(chosen) == len(owner.lines)
        added = owner if is_whole else Block.of_lines(chosen, "text" if owner.type == "table" else owner.type)
        result.insert(_place(result, added), added)
    return result


def _place(blocks: Sequence[Block], added: Block) -> int:
    """Behind the block that ends last above the middle of `added` and shares some of its width, else behind the last
    that ends above it, else before all."""
    _, middle = middle_of(added.bbox)
    above = [index for index, block in enumerate(blocks) if block.bbox[3] <= middle]
    beside = [
        index for index in above if blocks[index].bbox[0] < added.bbox[2] and blocks[index].bbox[2] > added.bbox[0]
    ]
    return (beside or above or [-1])[-1] + 1

"""A model's answer, from text to what it wrote. Nothing in it is believed yet but that it has the right form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from ocrchat.blocks import BBox, BlockType

from .written import WrittenBlock, WrittenCell, WrittenField, WrittenPage

MOST_BLOCKS = 2_000
MOST_CELLS = 20_000  # of a table
MOST_SPAN = 200
MOST_FIELDS = 500
MOST_LINES = 5_000  # numbers of one block

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
"""Control and format characters, by which text can be shown otherwise than it is; but those that scripts are written
with: joiners, and marks of direction."""
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class AnswerInvalid(Exception):
    """The answer is not JSON of the form that was asked for; the message says where, and repeats nothing of it."""


def _clean(value: object) -> object:
    """Text without what no page shows and no file of ours may hold."""
    if not isinstance(value, str):
        return value
    return _SURROGATE.sub("\ufffd", _UNSEEN.sub("", _BREAKS.sub("\n", value)))


Text = Annotated[str, BeforeValidator(_clean)]
Span = Annotated[int, Field(ge=1, le=MOST_SPAN)]
Numbers = Annotated[tuple[int, ...], Field(max_length=MOST_LINES)]


class _Cell(BaseModel):
    text: Text
    row_span: Span = 1
    column_span: Span = 1
    translation: Text | None = None


class _Block(BaseModel):
    type: BlockType
    text: Text = ""
    level: int | None = None
    lines: Numbers = ()
    box: tuple[float, float, float, float] | None = None
    rows: list[list[_Cell]] | None = None
    header_rows: int | None = None
    translation: Text | None = None


class _Field(BaseModel):
    name: Text
    value: Text
    lines: Numbers = ()


class _Page(BaseModel):
    language: Text | None = None
    blocks: Annotated[list[_Block], Field(max_length=MOST_BLOCKS)]
    fields: Annotated[list[_Field], Field(max_length=MOST_FIELDS)] = []


def parse(
    text: str, scale: float, size: tuple[float, float], *, translates: bool = True, has_fields: bool = True
) -> WrittenPage:
    """`scale` is the number of px for one unit of the page, `size` the page's. Translations and fields that were not
    asked for are passed over. Raises AnswerInvalid."""
    try:
        page = _Page.model_validate(_json_of(text))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise AnswerInvalid(f"{where}: {first['type']}") from None
    fields = page.fields if has_fields else []
    return WrittenPage(
        tuple(written for block in page.blocks for written in _blocks(block, scale, size, translates=translates)),
        tuple(WrittenField(field.name.strip(), field.value.strip(), field.lines) for field in fields),
        page.language,
    )


def _json_of(text: str) -> Any:
    """The first JSON object in a text: a server that cannot hold a model to a schema may put words, or a fence, around
    it."""
    start = text.find("{")
    if start < 0:
        raise AnswerInvalid("no JSON object")
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        raise AnswerInvalid("not JSON") from None
    return found


def _blocks(block: _Block, scale: float, size: tuple[float, float], *, translates: bool) -> Iterator[WrittenBlock]:
    """The block; and a table that has text beside its cells, such as a caption, as two."""
    rows = _rows(block, translates=translates)
    text = block.text.strip("\n")
    box = _box(block.box, scale, size) if block.box is not None else None
    translation = block.translation if translates else None
    if rows is None or text.strip():
        kind = "text" if rows is not None else block.type
        level = min(max(block.level, 1), 6) if kind == "heading" and block.level is not None else None
        yield WrittenBlock(kind, text, block.lines, level, None, translation, box)
    if rows is not None:
        yield WrittenBlock("table", "", block.lines, None, rows, None if text.strip() else translation, box)


def _rows(block: _Block, *, translates: bool) -> tuple[tuple[WrittenCell, ...], ...] | None:
    """None where there are no cells."""
    rows = [row for row in block.rows or () if row]
    if sum(map(len, rows)) > MOST_CELLS:
        raise AnswerInvalid(f"a table of more than {MOST_CELLS} cells")
    heads = block.header_rows or 0
    return (
        tuple(
            tuple(
                WrittenCell(
                    cell.text.strip(),
                    cell.row_span,
                    cell.column_span,
                    number < heads,
                    cell.translation if translates else None,
                )
                for cell in row
            )
            for number, row in enumerate(rows)
        )
        or None
    )


def _box(box: Sequence[float], scale: float, size: tuple[float, float]) -> BBox | None:
    """In the page's unit, within the page; None for what is no box there."""
    if not all(map(isfinite, box)):
        return None
    x0, x1 = sorted(min(max(value / scale, 0.0), size[0]) for value in (box[0], box[2]))
    y0, y1 = sorted(min(max(value / scale, 0.0), size[1]) for value in (box[1], box[3]))
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None

"""What is found and quoted: the sentences, headings and table rows of a document, each with its page and its box."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

from ocrchat.blocks import BBox, union
from ocrchat.pages import Unit
from ocrchat.script import SOFT_HYPHEN

from .sentences import pieces, sentences

Kind = Literal["sentence", "row", "heading"]

MOST_CONTEXT = 200
"""Characters: a heading is a line or two; a block that was taken for one must not multiply the index."""

_LINE = re.compile(r"[^\n]+")
_HYPHENS = "-\u2010" + SOFT_HYPHEN


@dataclass(frozen=True, slots=True)
class Passage:
    """`number` counts from 0 in the order of the document, `page` is the 0-based index of its page. `text` stands
    verbatim in the page's text; `bbox`, within the page, is around the lines that it stands on. The heading row of a
    table is a heading. `context` are words that belong to it and stand elsewhere: the heading over it, those of its
    columns, the name of a field."""

    number: int
    page: int
    text: str
    bbox: BBox
    unit: Unit
    kind: Kind
    context: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    bbox: BBox
    kind: Kind
    context: str


def passages_of(pages: Iterable[Mapping[str, Any]]) -> Iterator[Passage]:
    """All that stands on the pages, which are as `PageResult.as_json(words=True)`. The texts of the passages of a page,
    one behind the other, are the page's text but for white space."""
    number = 0
    for page in pages:
        fields = [(field["name"].replace("_", " "), field["value"]) for field in page.get("fields", ())]
        for piece in _pieces(page):
            names = (name for name, value in fields if value and value in piece.text)
            context = " ".join(filter(None, (*names, piece.context)))
            bbox = _within(page, piece.bbox)
            yield Passage(number, page["index"], piece.text, bbox, page["unit"], piece.kind, context)
            number += 1


def _pieces(page: Mapping[str, Any]) -> Iterator[_Piece]:
    heading = ""
    for block in page["blocks"]:
        if block["type"] == "table":
            yield from _rows(block, heading)
            continue
        kind: Kind = "heading" if block["type"] == "heading" else "sentence"
        context = "" if kind == "heading" else heading
        boxes = _Boxes.of(block)
        split = pieces if kind == "heading" else sentences
        for line in _LINE.finditer(block["text"]):
            for start, end in split(line[0]):
                bbox = boxes.around(line.start() + start, line.start() + end)
                yield _Piece(line[0][start:end], bbox, kind, context)
        if kind == "heading":
            heading = block["text"][:MOST_CONTEXT]


def _rows(block: Mapping[str, Any], heading: str) -> Iterator[_Piece]:
    """The rows of a table. Its first row is taken for headings where the reader saw none."""
    text: str = block["text"]
    lines = text.split("\n")
    table = block.get("table")
    headings = table["header_rows"] if table else 0
    titles = " ".join([*lines[: max(headings, 1)], heading])[:MOST_CONTEXT]
    boxes = _boxes_of_rows(table) if table and table["rows"] == len(lines) else {}
    for row, line in enumerate(lines):
        bbox, beside = boxes.get(row, (block["bbox"], ""))
        context = heading if row < max(headings, 1) else f"{beside} {titles}".strip()
        for start, end in pieces(line):
            yield _Piece(line[start:end], bbox, "heading" if row < headings else "row", context)


def _boxes_of_rows(table: Mapping[str, Any]) -> dict[int, tuple[BBox, str]]:
    """Of each row the box of the cells that begin in it, and the text of those that reach into it from above."""
    boxes: dict[int, list[BBox]] = {}
    beside: dict[int, str] = {}
    for cell in table["cells"]:
        boxes.setdefault(cell["row"], []).append(cell["bbox"])
        for row in range(cell["row"] + 1, min(cell["row"] + cell["row_span"], table["rows"])):
            beside[row] = f"{beside.get(row, '')} {cell['text'][:MOST_CONTEXT]}"[:MOST_CONTEXT]
    return {row: (union(found), beside.get(row, "")) for row, found in boxes.items()}


@dataclass(frozen=True, slots=True)
class _Boxes:
    """Which characters of a block's text stand on which of its lines: `ends` are ascending, the k-th line goes from the
    end before to its own. There are no lines where they do not tell the text of the block."""

    whole: BBox
    ends: Sequence[int]
    lines: Sequence[BBox]

    @classmethod
    def of(cls, block: Mapping[str, Any]) -> _Boxes:
        lines = block.get("lines", ())
        ends = _ends_of_lines(block["text"], [line["text"] for line in lines]) if len(lines) > 1 else ()
        return cls(block["bbox"], ends, [line["bbox"] for line in lines] if ends else ())

    def around(self, start: int, end: int) -> BBox:
        touched = self.lines[bisect_right(self.ends, start) : bisect_left(self.ends, end) + 1]
        return union(touched) if touched else self.whole


def _ends_of_lines(text: str, lines: Sequence[str]) -> list[int]:
    """Up to where in `text` each line reaches; empty where the lines, one behind the other, do not say the text. White
    space may differ, and hyphens of the lines may be missing from the text."""
    place = 0
    ends = []
    for line in lines:
        place = _past(text, place, line)
        if place < 0:
            return []
        ends.append(place)
    return ends


def _past(text: str, place: int, line: str) -> int:
    """The place behind `line` in `text` from `place` on; -1 where something else stands there."""
    for word in line.split():
        while place < len(text) and text[place].isspace():
            place += 1
        if text.startswith(word, place):
            place += len(word)
            continue
        for character in word:
            while place < len(text) and text[place].isspace():
                place += 1
            if place < len(text) and text[place] == character:
                place += 1
            elif character not in _HYPHENS:
                return -1
    return place


def _within(page: Mapping[str, Any], bbox: BBox) -> BBox:
    """`bbox` as far as it is on the page; what is no number, as a model may have said, becomes 0."""
    x0, y0, x1, y1 = (value if isfinite(value) else 0.0 for value in bbox)

    def kept(value: float, most: float) -> float:
        return min(max(value, 0.0), most)

    (x0, x1), (y0, y1) = sorted((x0, x1)), sorted((y0, y1))
    width, height = page["width"], page["height"]
    return (kept(x0, width), kept(y0, height), kept(x1, width), kept(y1, height))

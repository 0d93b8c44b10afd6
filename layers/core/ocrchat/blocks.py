"""What stands on a page: words in lines in blocks, each with its box and how sure the reader is.

A `bbox` is (x0, y0, x1, y1) in the page's own unit (pt for PDF, px for images), origin at the top left of the upright
page. A `confidence` is 0..1: how likely the text is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Literal

BBox = tuple[float, float, float, float]
BlockType = Literal["heading", "text", "list", "table", "formula", "figure", "header", "footer"]
BoxSource = Literal["lines", "alignment", "estimated"]
"""Where the box of something that a model wrote comes from: the lines that it named and that say the same; those that
were found to say the same; or what lies between its neighbours, since no line says it."""


def union(boxes: Iterable[BBox]) -> BBox:
    """The smallest box around all of `boxes`, of which there is at least one."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def middle_of(box: BBox) -> tuple[float, float]:
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def is_in(point: tuple[float, float], box: BBox) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def weighted_confidence(parts: Iterable[tuple[str, float]]) -> float | None:
    """Mean of the confidences of (text, confidence) weighted by characters; None where there is no character."""
    total = 0.0
    characters = 0
    for text, confidence in parts:
        total += confidence * len(text)
        characters += len(text)
    return round(total / characters, 4) if characters else None


def _box(bbox: BBox) -> list[float]:
    return [round(value, 2) for value in bbox]


def _box_from(values: Sequence[float]) -> BBox:
    """What is no number, which a model may say and JSON lets through, becomes 0: no box is worth a page."""
    x0, y0, x1, y1 = (value if isfinite(value) else 0.0 for value in values)
    return (x0, y0, x1, y1)


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    bbox: BBox
    confidence: float

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "bbox": _box(self.bbox), "confidence": round(self.confidence, 4)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Word:
        return cls(data["text"], _box_from(data["bbox"]), data["confidence"])


@dataclass(frozen=True, slots=True)
class Line:
    """`words` is empty where the reader knows lines only."""

    text: str
    bbox: BBox
    confidence: float
    words: tuple[Word, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "bbox": _box(self.bbox),
            "confidence": round(self.confidence, 4),
            "words": [word.as_json() for word in self.words],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Line:
        words = tuple(Word.from_json(word) for word in data["words"])
        return cls(data["text"], _box_from(data["bbox"]), data["confidence"], words)


@dataclass(frozen=True, slots=True)
class Cell:
    """`row` and `column` are 0-based, those of its upper left corner; spans are 1 or more. Empty cells are cells too:
    those of a table cover each place of it exactly once. `translation` is None where none was asked for."""

    row: int
    column: int
    text: str
    bbox: BBox
    confidence: float
    row_span: int = 1
    column_span: int = 1
    translation: str | None = None

    def as_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "row": self.row,
            "column": self.column,
            "row_span": self.row_span,
            "column_span": self.column_span,
            "text": self.text,
            "bbox": _box(self.bbox),
            "confidence": round(self.confidence, 4),
        }
        if self.translation is not None:
            data["translation"] = self.translation
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Cell:
        return cls(
            data["row"],
            data["column"],
            data["text"],
            _box_from(data["bbox"]),
            data["confidence"],
            data["row_span"],
            data["column_span"],
            data.get("translation"),
        )


@dataclass(frozen=True, slots=True)
class Table:
    """`cells` go row by row, left to right; the first `header_rows` rows are headings."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    header_rows: int = 0

    @property
    def has_spans(self) -> bool:
        return any(cell.row_span > 1 or cell.column_span > 1 for cell in self.cells)

    @property
    def text(self) -> str:
        """A line a row, its columns divided by tabs; the text of a cell stays on one line, at its first place."""
        rows = [[""] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            rows[cell.row][cell.column] = " ".join(cell.text.split())
        return "\n".join("\t".join(row) for row in rows)

    @property
    def translated(self) -> Table | None:
        """The same table with the translation of each cell as its text, a cell without one as it is; None where no
        cell has one."""
        if all(cell.translation is None for cell in self.cells):
            return None
        cells = (
            replace(cell, text=cell.text if cell.translation is None else cell.translation, translation=None)
            for cell in self.cells
        )
        return replace(self, cells=tuple(cells))

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "columns": self.columns,
            "header_rows": self.header_rows,
            "cells": [cell.as_json() for cell in self.cells],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Table:
        cells = tuple(Cell.from_json(cell) for cell in data["cells"])
        return cls(data["rows"], data["columns"], cells, data["header_rows"])


@dataclass(frozen=True, slots=True)
class Block:
    """`text` of a paragraph is its lines joined, hyphenation undone; that of a list has a line an item, that of a table
    a line a row. `level`, 1..6, is a heading's; `table` a table's. `translation` has the form of `text`, and is None
    where none was asked for. `bbox_source` is None for what was read where it stands."""

    type: BlockType
    text: str
    bbox: BBox
    confidence: float
    lines: tuple[Line, ...] = ()
    level: int | None = None
    table: Table | None = None
    translation: str | None = None
    bbox_source: BoxSource | None = None

    @property
    def translated(self) -> Block | None:
        """The same block in the other language, without its lines, which are in the first one; None where there is no
        translation."""
        if self.translation is None:
            return None
        table = self.table.translated if self.table is not None else None
        return replace(self, text=self.translation, lines=(), table=table, translation=None)

    @classmethod
    def of_lines(
        cls, lines: Iterable[Line], type: BlockType = "text", *, text: str | None = None, level: int | None = None
    ) -> Block:
        """A block around at least one line, its confidence weighted by characters; its text line by line where no
        other is given."""
        kept = tuple(lines)
        confidence = weighted_confidence((line.text, line.confidence) for line in kept)
        return cls(
            type,
            "\n".join(line.text for line in kept) if text is None else text,
            union(line.bbox for line in kept),
            confidence if confidence is not None else 0.0,
            kept,
            level,
        )

    def moved(self, x: float, y: float) -> Block:
        """The same block so much further right and down, with all that is in it."""

        def place(box: BBox) -> BBox:
            return (box[0] + x, box[1] + y, box[2] + x, box[3] + y)

        return self.placed(place)

    def placed(self, place: Callable[[BBox], BBox]) -> Block:
        """The same block with `place` of each box in it, of words and cells, too."""
        lines = tuple(
            replace(
                line,
                bbox=place(line.bbox),
                words=tuple(replace(word, bbox=place(word.bbox)) for word in line.words),
            )
            for line in self.lines
        )
        table = self.table
        if table is not None:
            table = replace(table, cells=tuple(replace(cell, bbox=place(cell.bbox)) for cell in table.cells))
        bbox = union(line.bbox for line in lines) if lines and table is None else place(self.bbox)
        return replace(self, bbox=bbox, lines=lines, table=table)

    def as_json(self, *, words: bool) -> dict[str, Any]:
        """`words=False` leaves `lines` out, as the API does unless `?detail=words` is asked for."""
        data: dict[str, Any] = {
            "type": self.type,
            "text": self.text,
            "bbox": _box(self.bbox),
            "confidence": round(self.confidence, 4),
        }
        if self.level is not None:
            data["level"] = self.level
        if self.table is not None:
            data["table"] = self.table.as_json()
        if self.translation is not None:
            data["translation"] = self.translation
        if self.bbox_source is not None:
            data["bbox_source"] = self.bbox_source
        if words:
            data["lines"] = [line.as_json() for line in self.lines]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Block:
        lines = tuple(Line.from_json(line) for line in data.get("lines", ()))
        table = Table.from_json(data["table"]) if "table" in data else None
        return cls(
            data["type"],
            data["text"],
            _box_from(data["bbox"]),
            data["confidence"],
            lines,
            data.get("level"),
            table,
            data.get("translation"),
            data.get("bbox_source"),
        )


@dataclass(frozen=True, slots=True)
class Field:
    """Something named that a document says, such as the total of a receipt: `value` as it stands there."""

    name: str
    value: str
    bbox: BBox
    confidence: float
    bbox_source: BoxSource

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.value,
            "bbox": _box(self.bbox),
            "confidence": round(self.confidence, 4),
            "bbox_source": self.bbox_source,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Field:
        return cls(data["name"], data["value"], _box_from(data["bbox"]), data["confidence"], data["bbox_source"])

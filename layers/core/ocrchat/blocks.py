"""What stands on a page: words in lines in blocks, each with its box and how sure the reader is.

A `bbox` is (x0, y0, x1, y1) in the page's own unit (pt for PDF, px for images), origin at the top left of the upright
page. A `confidence` is 0..1: how likely the text is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

BBox = tuple[float, float, float, float]
BlockType = Literal["heading", "text", "list", "table", "formula", "figure", "header", "footer"]


def union(boxes: Iterable[BBox]) -> BBox:
    """The smallest box around all of `boxes`, of which there is at least one."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


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


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    bbox: BBox
    confidence: float

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "bbox": _box(self.bbox), "confidence": round(self.confidence, 4)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Word:
        return cls(data["text"], tuple(data["bbox"]), data["confidence"])


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
        return cls(data["text"], tuple(data["bbox"]), data["confidence"], words)


@dataclass(frozen=True, slots=True)
class Block:
    type: BlockType
    text: str
    bbox: BBox
    confidence: float
    lines: tuple[Line, ...] = ()

    @classmethod
    def of_lines(cls, lines: Iterable[Line], type: BlockType = "text") -> Block:
        """A block around at least one line, its text line by line, its confidence weighted by characters."""
        kept = tuple(lines)
        confidence = weighted_confidence((line.text, line.confidence) for line in kept)
        return cls(
            type,
            "\n".join(line.text for line in kept),
            union(line.bbox for line in kept),
            confidence if confidence is not None else 0.0,
            kept,
        )

    def as_json(self, *, words: bool) -> dict[str, Any]:
        """`words=False` leaves `lines` out, as the API does unless `?detail=words` is asked for."""
        data: dict[str, Any] = {
            "type": self.type,
            "text": self.text,
            "bbox": _box(self.bbox),
            "confidence": round(self.confidence, 4),
        }
        if words:
            data["lines"] = [line.as_json() for line in self.lines]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Block:
        lines = tuple(Line.from_json(line) for line in data.get("lines", ()))
        return cls(data["type"], data["text"], tuple(data["bbox"]), data["confidence"], lines)

"""The result of reading one page: what readers return, workers write and join puts together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ocrchat.blocks import Block, Field, weighted_confidence
from ocrchat.errors import PageError

Unit = Literal["pt", "px"]
Source = Literal["text_layer", "cpu", "vlm"]
PageFormat = Literal["pdf", "png", "jpg", "webp", "gif", "bmp", "tif"]
"""What a page object holds: a PDF of one page, or an image of one frame."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning or an error as users see it: a stable code and a sentence."""

    code: str
    message: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Notice:
        return cls(data["code"], data["message"])

    @classmethod
    def of(cls, error: PageError) -> Notice:
        return cls(error.code, error.detail)


@dataclass(frozen=True, slots=True)
class PageTask:
    """What a reader is told about the page it reads. `language` is as the user gave it (`auto` unless they did);
    `translate_to` is the code of a language where the tool translates."""

    index: int
    format: PageFormat
    language: str = "auto"
    tool: str | None = None
    translate_to: str | None = None


@dataclass(frozen=True, slots=True)
class PageResult:
    """One page. `width` and `height` are of the upright page in `unit`; `rotation` (0, 90, 180, 270) is what was
    applied clockwise to make it upright; `language` is what most of it is in (None: not determined), `languages` all
    that were found, that one first. `fields` are what a tool asks for by name. `text_layer`: the page of the file
    carries its text itself, and it can be believed, wherever the blocks come from. A page that could not be read has
    `error`, no text, and the size 0 x 0 if even that is unknown."""

    index: int
    width: float
    height: float
    unit: Unit
    source: Source
    blocks: tuple[Block, ...] = ()
    text: str = ""
    markdown: str = ""
    rotation: int = 0
    language: str | None = None
    languages: tuple[str, ...] = ()
    warnings: tuple[Notice, ...] = ()
    error: Notice | None = None
    fields: tuple[Field, ...] = ()
    text_layer: bool = False

    @property
    def carries_its_text(self) -> bool:
        return self.source == "text_layer" or self.text_layer

    @classmethod
    def unread(cls, index: int, error: PageError, *, unit: Unit = "px", source: Source = "cpu") -> PageResult:
        return cls(index, 0, 0, unit, source, error=Notice.of(error))

    @property
    def mean_confidence(self) -> float | None:
        """Weighted by characters; None for a page without text."""
        return weighted_confidence((block.text, block.confidence) for block in self.blocks)

    def as_json(self, *, words: bool) -> dict[str, Any]:
        data: dict[str, Any] = {
            "index": self.index,
            "width": round(self.width, 2),
            "height": round(self.height, 2),
            "unit": self.unit,
            "rotation": self.rotation,
            "language": self.language,
            "languages": list(self.languages),
            "source": self.source,
            "text": self.text,
            "markdown": self.markdown,
            "mean_confidence": self.mean_confidence,
            "blocks": [block.as_json(words=words) for block in self.blocks],
            "warnings": [warning.as_json() for warning in self.warnings],
            "error": self.error.as_json() if self.error else None,
        }
        if self.text_layer:
            data["text_layer"] = True
        if self.fields:
            data["fields"] = [field.as_json() for field in self.fields]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PageResult:
        """The inverse of `as_json(words=True)`."""
        return cls(
            index=data["index"],
            width=data["width"],
            height=data["height"],
            unit=data["unit"],
            rotation=data["rotation"],
            language=data["language"],
            languages=tuple(data.get("languages", ())),  # a page that was read before there were any has none
            source=data["source"],
            text=data["text"],
            markdown=data["markdown"],
            blocks=tuple(Block.from_json(block) for block in data["blocks"]),
            warnings=tuple(Notice.from_json(warning) for warning in data["warnings"]),
            error=Notice.from_json(data["error"]) if data["error"] else None,
            fields=tuple(Field.from_json(field) for field in data.get("fields", ())),
            text_layer=data.get("text_layer", False),
        )


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """A page made ready for a model that looks at it: `picture`, a JPEG of the upright page, and `reading`, what the
    cpu tier read on it, with its lines and words. The picture shows all of the page, from edge to edge, so that
    its size in px over that of `reading` in its unit is the scale."""

    reading: PageResult
    picture: bytes

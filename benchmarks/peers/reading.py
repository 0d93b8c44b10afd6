"""What an engine is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Request:
    """One page. `pack` names its languages as Tesseract does, with + between. `turned`: it may not stand upright;
    engines that look for that only when they are told to are told to."""

    path: Path
    pack: str = "eng"
    turned: bool = False


@dataclass(frozen=True, slots=True)
class SaidLine:
    """`words` are (text, confidence 0..1) in the order of the line, of which there is at least one."""

    confidence: float
    words: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine said of a page. `text` is in its reading order; `markdown` is the same text for engines that write
    none. `lines` is empty where an engine tells no confidences. `failure` is why there is nothing; the other fields are
    then as they stand here. CPU is of the engine's process and the programs it ran."""

    text: str = ""
    markdown: str = ""
    language: str | None = None
    rotation: int | None = None
    source: str = ""
    lines: tuple[SaidLine, ...] = ()
    warnings: tuple[str, ...] = ()
    failure: str | None = None
    cpu_s: float = 0.0
    wall_s: float = 0.0
    parts: tuple[tuple[str, float], ...] = ()
    """CPU seconds by part of the engine, where that is measured (`benchmarks.speed`)."""
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float = 0.0
    answers: int = 0
    model: str = ""
    """What a model took for the page, how often it was asked, and which it is; 0 of engines that ask none."""

    @classmethod
    def of_text(cls, text: str) -> Reading:
        return cls(text, text)


Read = Callable[[Request], Reading]

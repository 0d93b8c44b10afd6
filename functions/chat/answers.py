"""What is answered, by whatever answers: by a model, or by the best passages themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ocrchat.blocks import BBox
from ocrchat.pages import Unit

Mode = Literal["extractive", "model"]

NOT_IN_DOCUMENT = "This is not in the document."
"""What is answered where nothing in the document answers."""


@dataclass(frozen=True, slots=True)
class Citation:
    """`snippet` stands verbatim on the page, whose number counts from 1; `bbox` is around what it is part of."""

    page: int
    snippet: str
    bbox: BBox
    unit: Unit


@dataclass(frozen=True, slots=True)
class Answer:
    """`answerable` is False where the document does not say it, as far as could be found. A model's answer has no
    citations then; an extractive one those of the passages that come closest, which are no answer."""

    content: str
    citations: tuple[Citation, ...]
    answerable: bool
    mode: Mode


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said before, the oldest first."""

    role: Literal["user", "assistant"]
    content: str

"""What the reader asks of an engine that reads pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ocrchat.blocks import BBox

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    """An image as RGB, height x width x 3."""


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """`box` is in px of the image that was read; `confidence` is 0..1."""

    box: BBox
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A run of text on one base line: a whole line, or one piece of it where a wide gap divides it.

    `box` is in px of the image that was read, upright, origin at the top left; `confidence` is 0..1. `words` is empty
    where the engine knows lines only.
    """

    box: BBox
    text: str
    confidence: float
    words: tuple[RecognisedWord, ...] = ()


class Recogniser(Protocol):
    @property
    def name(self) -> str: ...

    def read(self, image: Pixels, deadline: float) -> list[RecognisedLine]:
        """The lines that stand on an upright image, in no order that means anything. Raises PageTimedOut when
        `time.monotonic()` passes `deadline` before it is done."""
        ...

"""What the reader asks of an engine that reads lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ocrchat.blocks import BBox

from .regions import Region

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

    `box` is in px of the image that was read, upright, origin at the top left; `confidence` is 0..1: how sure the
    engine says it is, which confidence.py turns into how likely it is right. `coverage` is the share, 0..1, of the ink
    that its characters account for: an engine may be sure of the one sign of a line that it knows. Text and words are
    in logical order.
    """

    box: BBox
    text: str
    confidence: float
    words: tuple[RecognisedWord, ...] = ()
    engine: str = ""
    coverage: float = 1.0

    @property
    def sureness(self) -> float:
        """Of the whole line, what it has left out with it."""
        return self.confidence * self.coverage


class LineReader(Protocol):
    @property
    def name(self) -> str: ...

    def read(self, image: Pixels, regions: Sequence[Region], deadline: float) -> list[RecognisedLine | None]:
        """What stands in each region of an upright image; None where the engine sees nothing. Raises PageTimedOut when
        `time.monotonic()` passes `deadline` before it is done."""
        ...

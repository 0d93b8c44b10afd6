"""A page while it is read: its picture, where text stands on it, and what was read there so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from . import scripts, upright
from .raster import Raster
from .recognisers import confidence
from .recognisers.port import LineReader, RecognisedLine
from .recognisers.regions import Detector, Region

UNSURE = 0.85  # likelihood: a line below it is read by the other engine as well


@dataclass(slots=True)
class Sheet:
    """`lines` are by region; None where nothing was read, or nothing stands."""

    raster: Raster
    regions: list[Region]
    may_turn: bool = True
    lines: list[RecognisedLine | None] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = [None] * len(self.regions)

    def turn(self, quarters: int, detector: Detector) -> None:
        """By so many quarter turns anticlockwise. Text is looked for anew: it is found best where it is upright."""
        self.raster = self.raster.turned(quarters)
        self.regions = detector.find(self.raster.pixels)
        self.lines = [None] * len(self.regions)

    def flipped(self) -> Sheet:
        """Another sheet, unread: this one after half a turn, its regions in the same order."""
        height, width = self.raster.pixels.shape[:2]
        return Sheet(self.raster.turned(2), upright.quarter_turned(self.regions, 2, width, height), self.may_turn)

    def level(self) -> None:
        if degrees := upright.skew(self.regions):
            self.raster, self.regions = self.raster.levelled(self.regions, degrees)

    def of(self, which: Sequence[int]) -> list[Region]:
        return [self.regions[index] for index in which]

    def read(self, reader: LineReader, which: Sequence[int], deadline: float) -> list[RecognisedLine | None]:
        return reader.read(self.raster.pixels, self.of(which), deadline)

    def read_again(self, reader: LineReader, which: Sequence[int], deadline: float) -> None:
        """Keeps of each line what is likelier right: what was read before or what `reader` says now."""
        for index, line in zip(which, self.read(reader, which, deadline), strict=True):
            self.keep_likelier(index, line)

    def read_rest(self, reader: LineReader, deadline: float) -> None:
        """The lines that nothing was made of yet."""
        which = [index for index, line in enumerate(self.lines) if line is None]
        for index, line in zip(which, self.read(reader, which, deadline), strict=True):
            self.lines[index] = line

    def keep_likelier(self, index: int, other: RecognisedLine | None) -> None:
        if confidence.likelihood(other) > confidence.likelihood(self.lines[index]):
            self.lines[index] = other

    def unlikely(self) -> list[int]:
        return [index for index, line in enumerate(self.lines) if confidence.likelihood(line) < UNSURE]

    def sureness(self, which: Sequence[int]) -> float:
        return scripts.sureness([self.lines[index] for index in which], self.of(which))

    def text(self) -> str:
        return "\n".join(line.text for line in self.lines if line is not None)

"""How likely a line is right, from how sure its engine says it is."""

from __future__ import annotations

from .port import RecognisedLine


def likelihood(line: RecognisedLine | None) -> float:
    return 0.0 if line is None else line.confidence


def calibrated(line: RecognisedLine) -> RecognisedLine:
    return line

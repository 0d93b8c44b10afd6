"""What the layout is made from."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.blocks import Line


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text on one base line, as a recogniser or a text layer gives it: a whole line, or a part of one where a
    gap divides it. `size` is that of its font, in the page's unit (estimated from the height of the box where it was
    recognised); `bold` says that its font is heavier than the regular one; `level` that it runs horizontally on the
    upright page; `group` is the same for pieces that the PDF draws together (None: not known)."""

    line: Line
    size: float
    bold: bool = False
    level: bool = True
    group: int | None = None

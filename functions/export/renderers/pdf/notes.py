"""What is said about places of a page, and shown by readers where the pointer rests or in their list of comments: the
translations of blocks, named fields. Nothing of it is drawn or printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ocrchat.blocks import BBox
from ocrchat.pages import PageResult
from ocrchat.script import legible

from .layer import Matrix
from .objects import Target, text_string

_NOTHING = "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</ExtGState<<>>>>>>"
"""An appearance, drawn by an empty stream. PDF.js takes none for a highlight that does not name an `/ExtGState`."""


@dataclass(frozen=True, slots=True)
class Note:
    """`bbox` is in the page's unit."""

    title: str
    text: str
    bbox: BBox


@dataclass(slots=True)
class Annotations:
    """Puts notes into `target`; `language` is the code of that of the translations, if there are any."""

    target: Target
    language: str | None
    _appearance: int = 0

    def notes_of(self, page: PageResult) -> Iterator[Note]:
        for field in page.fields:
            yield Note(field.name, field.value, field.bbox)
        for block in page.blocks:
            if self.language and (translated := block.translated):
                text = (translated.table or translated).text
                if text.strip():
                    yield Note(f"Translation ({self.language})", text, block.bbox)

    def add(self, notes: Iterable[Note], place: Matrix) -> list[int]:
        """The numbers of their objects. `place` leads from the page's unit, y downwards, to the space in which the page
        is drawn."""
        return [self._added(note, _rectangle(note.bbox, place)) for note in notes]

    def _added(self, note: Note, rectangle: BBox) -> int:
        """A highlight without a colour (ISO 32000-1, 12.5.6.10): of a square that is not filled, many readers notice
        the pointer at the border only. Without a flag it is not printed (table 165)."""
        if not self._appearance:
            self._appearance = self.target.add(_NOTHING, b"")
        x0, y0, x1, y1 = (f"{side:.2f}" for side in rectangle)
        return self.target.add(
            f"<</Type/Annot/Subtype/Highlight/Rect[{x0} {y0} {x1} {y1}]"
            f"/QuadPoints[{x0} {y1} {x1} {y1} {x0} {y0} {x1} {y0}]/C[]/CA 0/AP<</N {self._appearance} 0 R>>"
            f"/T{text_string(legible(note.title))}/Contents{text_string(legible(note.text))}>>"
        )


def _rectangle(bbox: BBox, place: Matrix) -> BBox:
    """(left, bottom, right, top) in the space of the page, whose sides are turned by right angles only."""
    a, b, c, d, e, f = place
    (x0, x1), (y0, y1) = (
        sorted(p * x + q * y + r for x, y in (bbox[:2], bbox[2:])) for p, q, r in ((a, c, e), (b, d, f))
    )
    return (x0, y0, x1, y1)

"""The sizes that a document's styles have: those of most of its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .sheets import Sheet
from .styles import HEADING_LEVEL, HEADINGS, Sizes

DEFAULT = Sizes()
TEXT = (8.0, 14.0)  # pt: bounds of the size of text
TABLE = (6.0, 12.0)
HEADING = 28.0  # pt: the most


def sizes_of(sheets: Sequence[Sheet]) -> Sizes:
    """Medians, weighted by characters. A heading is no smaller than the text, nor than one of a level below."""
    found: dict[object, Counter[float]] = {}
    for piece in (piece for sheet in sheets for piece in sheet.pieces):
        block = piece.block
        if piece.size is not None:
            kind: object = block.type
            if block.type == "heading":
                kind = block.level or HEADING_LEVEL
            elif block.type == "list":
                kind = "text"
            found.setdefault(kind, Counter())[piece.size] += len(block.text)
    text = _bounded(_median(found.get("text"), DEFAULT.text), TEXT)
    table = min(_bounded(_median(found.get("table"), DEFAULT.table), TABLE), text)
    least = text
    headings = {}
    for level in range(HEADINGS, 0, -1):
        if level in found:
            least = headings[level] = min(max(least, _median(found[level], least)), HEADING)
    return Sizes(text, table, headings)


def _median(sizes: Counter[float] | None, default: float) -> float:
    if not sizes:
        return default
    seen, half = 0, sizes.total() / 2
    for size in sorted(sizes):
        seen += sizes[size]
        if seen >= half:
            return size
    return default


def _bounded(size: float, bounds: tuple[float, float]) -> float:
    return min(max(size, bounds[0]), bounds[1])

"""Pages of one size as a section of the document: its margins, and the heads and feet that they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from . import running
from .running import Heads
from .sheets import Sheet
from .xml import twips

SAME_SIZE = 0.02  # of a side: scans of one book differ by less
SIDE_MARGINS = (0.04, 0.16)  # of the page's width: bounds
END_MARGINS = (0.03, 0.12)  # of its height
WORD_MARGIN = 18.0  # pt: the least that printers leave
TYPICAL = 10  # the margin of a section is what all but one in so many of its pages keep
ROOM_BELOW = 0.5  # of the free room at a page's foot is given to the text, which may run longer here than on the page
HEAD_DISTANCE = 0.5  # of the margin: where a head stands that is not told


@dataclass(frozen=True, slots=True)
class Margins:
    """In points."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Section:
    """`heads` and `feet` are None where each page keeps its own."""

    sheets: tuple[Sheet, ...]
    margins: Margins
    heads: Heads | None
    feet: Heads | None

    @classmethod
    def of(cls, sheets: Sequence[Sheet]) -> Section:
        heads, feet = running.shared(sheets, "header"), running.shared(sheets, "footer")
        if heads and feet and None not in (heads.offset, feet.offset) and heads.offset != feet.offset:
            heads = None  # a page has one number
        return cls(tuple(sheets), _margins(sheets, _lifted(heads, feet)), heads, feet)

    @property
    def lifted(self) -> set[str]:
        """The types of blocks that stand in heads and feet, no longer in the body."""
        return _lifted(self.heads, self.feet)

    @property
    def width(self) -> float:
        return self.sheets[0].width

    @property
    def height(self) -> float:
        return self.sheets[0].height

    @property
    def text_width(self) -> float:
        return self.width - self.margins.left - self.margins.right

    @property
    def text_height(self) -> float:
        return self.height - self.margins.top - self.margins.bottom

    @property
    def first_differs(self) -> bool:
        return any(shared and shared.first_differs for shared in (self.heads, self.feet))

    @property
    def first_number(self) -> int | None:
        """That of its first page, where heads or feet show it."""
        offsets = (shared.offset for shared in (self.heads, self.feet) if shared)
        offset = next((offset for offset in offsets if offset is not None), None)
        return None if offset is None else offset + self.sheets[0].page.index

    def xml(self, references: str, *, is_first: bool) -> str:
        """`w:sectPr` in the order of its type (ECMA-376-1, A.1); `references` to heads and feet are XML."""
        landscape = ' w:orient="landscape"' if self.width > self.height else ""
        margins = self.margins
        start = f'<w:pgNumType w:start="{self.first_number}"/>' if self.first_number is not None else ""
        right = 2 * sum(sheet.from_the_right for sheet in self.sheets) > len(self.sheets)
        return (
            f"<w:sectPr>{references}{'' if is_first else _NEXT_PAGE}"
            f'<w:pgSz w:w="{twips(self.width)}" w:h="{twips(self.height)}"{landscape}/>'
            f'<w:pgMar w:top="{twips(margins.top)}" w:right="{twips(margins.right)}" '
            f'w:bottom="{twips(margins.bottom)}" w:left="{twips(margins.left)}" '
            f'w:header="{twips(margins.top * HEAD_DISTANCE)}" w:footer="{twips(margins.bottom * HEAD_DISTANCE)}" '
            f'w:gutter="0"/>{start}<w:cols w:space="720"/>{"<w:titlePg/>" if self.first_differs else ""}'
            f"{'<w:bidi/>' if right else ''}</w:sectPr>"
        )


_NEXT_PAGE = '<w:type w:val="nextPage"/>'


def _lifted(heads: Heads | None, feet: Heads | None) -> set[str]:
    return {kind for kind, shared in (("header", heads), ("footer", feet)) if shared}


def sections(sheets: Iterable[Sheet]) -> Iterator[Section]:
    """Of pages of one size and orientation each."""
    kept: list[Sheet] = []
    for sheet in sheets:
        if kept and not _is_alike(kept[0], sheet):
            yield Section.of(kept)
            kept = []
        kept.append(sheet)
    if kept:
        yield Section.of(kept)


def _is_alike(one: Sheet, other: Sheet) -> bool:
    return (
        abs(one.width - other.width) <= SAME_SIZE * one.width
        and abs(one.height - other.height) <= SAME_SIZE * one.height
    )


def _margins(sheets: Sequence[Sheet], lifted: set[str]) -> Margins:
    """What all but a few pages leave free around what stands in their body, within bounds."""
    free: list[tuple[float, float, float, float]] = []
    for sheet in sheets:
        boxes = [piece.block.bbox for piece in sheet.pieces if piece.block.type not in lifted]
        if boxes:
            x0, y0, x1, y1 = (
                pick(box[side] for box in boxes) * sheet.scale for side, pick in enumerate((min, min, max, max))
            )
            free.append((x0, y0, sheet.width - x1, sheet.height - y1))
    width, height = sheets[0].width, sheets[0].height
    if not free:
        free = [(width, height, width, height)]
    left, top, right, bottom = (sorted(sides)[len(free) // TYPICAL] for sides in zip(*free, strict=True))
    return Margins(
        _bounded(left, width, SIDE_MARGINS),
        _bounded(top, height, END_MARGINS),
        _bounded(right, width, SIDE_MARGINS),
        _bounded(bottom * ROOM_BELOW, height, END_MARGINS),
    )


def _bounded(margin: float, side: float, bounds: tuple[float, float]) -> float:
    return min(max(margin, bounds[0] * side, min(WORD_MARGIN, bounds[1] * side)), bounds[1] * side)

"""What is kept of a page until the whole document is known: its blocks without their lines, and how they are set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import median

from ocrchat import script
from ocrchat.blocks import Block, Line
from ocrchat.pages import PageResult

from .paragraphs import Placing
from .xml import clean

A4 = (595.0, 842.0)  # pt
LARGEST = 1584.0  # pt: 22 in, Word's limit
SMALLEST = 72.0
SANE_SIDE = (144.0, 1224.0)  # pt of the longer side, up to A3 and tabloid: else the resolution of a picture is made up
DEFAULT_RESOLUTIONS = (72, 96)  # dpi, written where nobody knows
READABLE = 8.0  # pt: the text of a long narrow picture, as a receipt, is made at least as large
LINE_HEIGHT = 1.2  # of the font's size
SIZES = (6.0, 48.0)  # pt

AREA = 0.15  # of the page's width: text is taken to begin at least so near its edges
CENTRED_GAP = 0.06  # of the width of the text: a centred block leaves more on both sides
CENTRED_SLACK = 0.05  # of it: how much the two sides may differ
RAGGED = 0.02  # of it: lines that are centred begin so differently, at least
RIGHT_GAP = 0.6  # of it: a block at the right edge with so much left of it is set there on purpose


@dataclass(frozen=True, slots=True)
class Piece:
    """`block` has no lines any more; `size` of its font in pt, None where it has none."""

    block: Block
    size: float | None
    placing: Placing


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of `width` x `height` pt; `scale` is the number of pt in a unit of `page`, which has no blocks."""

    page: PageResult
    width: float
    height: float
    scale: float
    pieces: tuple[Piece, ...]
    from_the_right: bool

    @classmethod
    def of(cls, page: PageResult, resolution: float | None, before: Sheet | None) -> Sheet:
        """`resolution` is that of the picture, in px per inch, if it says one. A page whose size is not known is as the
        one before it."""
        blocks = [block for block in page.blocks if any(is_shown(one) for one in (block, block.translated) if one)]
        right = script.runs_from_the_right(block.text for block in blocks)
        scale = 0.0
        if page.width > 0 and page.height > 0:
            scale = 1.0 if page.unit == "pt" else _scale(page, resolution)
            scale = min(scale, LARGEST / max(page.width, page.height))
        if not scale:
            width, height = (before.width, before.height) if before else A4
            return cls(replace(page, blocks=()), width, height, 1.0, tuple(_pieces(blocks, 1.0, width, right)), right)
        width, height = (max(SMALLEST, side * scale) for side in (page.width, page.height))
        pieces = tuple(_pieces(blocks, scale, page.width, right))
        return cls(replace(page, blocks=(), text="", markdown=""), width, height, scale, pieces, right)


def is_shown(block: Block) -> bool:
    return block.type in ("figure", "table") or has_text(block)


def has_text(block: Block) -> bool:
    return bool(clean((block.table or block).text).strip())


def _scale(page: PageResult, resolution: float | None) -> float:
    """Points per px: as the picture says if that is believable, else so that it fits on A4."""
    longer = max(page.width, page.height)
    if resolution and round(resolution) not in DEFAULT_RESOLUTIONS:
        inch = 72 / resolution
        if SANE_SIDE[0] <= longer * inch <= SANE_SIDE[1]:
            return inch
    across, along = A4 if page.width <= page.height else A4[::-1]
    fitting = min(across / page.width, along / page.height)
    sizes = [size for block in page.blocks if (size := _size(block, fitting)) is not None]
    text = median(sizes) if sizes else READABLE
    return min(fitting * max(1.0, READABLE / text), max(across / page.width, fitting))


def _pieces(blocks: Iterable[Block], scale: float, width: float, right: bool) -> Iterator[Piece]:
    blocks = list(blocks)
    body = [block.bbox for block in blocks if block.type not in ("header", "footer")]
    area = (
        min([width * AREA, *(box[0] for box in body)]),
        max([width * (1 - AREA), *(box[2] for box in body)]),
    )
    for block in blocks:
        placing = _placing(block, area)
        if placing == "end" and right:
            placing = "start"
        yield Piece(replace(block, lines=()), _size(block, scale), placing)


def _size(block: Block, scale: float) -> float | None:
    heights = [_height(line) for line in block.lines]
    if not heights:
        return None
    size = median(heights) * scale / LINE_HEIGHT
    return min(max(round(2 * size) / 2, SIZES[0]), SIZES[1])


def _height(line: Line) -> float:
    """Of its words where they are known: the box around a line that is askew is higher than its letters. A line that
    runs down is as high as it is wide."""
    boxes = [word.bbox for word in line.words] or [line.bbox]
    height = median(box[3] - box[1] for box in boxes)
    return min(height, line.bbox[2] - line.bbox[0]) if len(line.text) > 1 else height


def _placing(block: Block, area: tuple[float, float]) -> Placing:
    """How a block stands between the edges of the text: in the middle, its lines too, or at the right."""
    width = area[1] - area[0]
    if width <= 0:
        return "start"
    boxes = [line.bbox for line in block.lines] or [block.bbox]
    gaps = [((box[0] - area[0]) / width, (area[1] - box[2]) / width) for box in boxes]
    widest = min(gaps)
    if all(abs(left - right) <= CENTRED_SLACK for left, right in gaps) and widest[0] >= CENTRED_GAP:
        lefts = [left for left, _ in gaps]
        if len(gaps) == 1 or block.type in ("table", "figure") or max(lefts) - min(lefts) >= RAGGED:
            return "center"
    if all(left >= RIGHT_GAP and right <= CENTRED_SLACK for left, right in gaps):
        return "end"
    return "start"

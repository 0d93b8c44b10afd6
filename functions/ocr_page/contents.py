"""What stands on a page, put together: lines, tables and pictures become blocks in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocrchat.blocks import BBox, Block, Line, is_in, middle_of, weighted_confidence

from . import layout, tables
from .layout import Piece
from .picture import Reading
from .tables import Found

FIGURE_TEXT = 200  # characters: a picture with more is a page in the page, whose blocks stand for themselves
FIGURE_LIKELY = 0.5  # likelihood of a line that is read on a picture: below, it is a pattern of the picture


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture on a page with a text layer, and what was read on it."""

    bbox: BBox
    reading: Reading


def of_reading(reading: Reading) -> list[Block]:
    """The blocks of a page that was read from its picture, where they lie on the page that was sent."""
    raster = reading.raster
    lines = [raster.line(line) for line in reading.lines]
    found = tables.find_on_picture(raster.pixels, raster.scale, lines)
    placed, rest = _placed(found, layout.recognised(lines))
    return [raster.in_place(block) for block in layout.blocks_of(rest, raster.width, raster.height, placed)]


def of_text_layer(
    pieces: Sequence[Piece], found: Sequence[Found], figures: Sequence[Figure], width: float, height: float
) -> list[Block]:
    """The blocks of an upright page of `width` x `height` pt. `found` are tables of lines of `pieces`."""
    placed, rest = _placed(found, pieces)
    texts = [piece.line.bbox for piece in pieces]
    inner = {figure.bbox: _of_figure(figure, texts) for figure in figures}
    placed += [_figure(bbox, blocks) for bbox, blocks in inner.items()]
    ordered: list[Block] = []
    for block in layout.blocks_of(rest, width, height, placed):
        is_page = block.type == "figure" and len(block.text) > FIGURE_TEXT
        ordered += inner[block.bbox] if is_page else [block]
    return ordered


def _placed(found: Sequence[Found], pieces: Sequence[Piece]) -> tuple[list[Block], list[Piece]]:
    """The tables as blocks, and the pieces that are in none."""
    taken = {index for one in found for index in one.lines}
    rest = [piece for index, piece in enumerate(pieces) if index not in taken]
    return [_table(one, [pieces[index].line for index in sorted(one.lines)]) for one in found], rest


def _table(found: Found, lines: Sequence[Line]) -> Block:
    confidence = weighted_confidence((cell.text, cell.confidence) for cell in found.table.cells)
    return Block("table", found.table.text, found.bbox, confidence or 0.0, tuple(lines), table=found.table)


def _of_figure(figure: Figure, texts: Sequence[BBox]) -> list[Block]:
    """Blocks of the page on which the picture stands, without what `texts` that stand on it say themselves."""
    raster, (left, top, _, _) = figure.reading.raster, figure.bbox
    likely = []
    for line in figure.reading.lines:
        x, y = middle_of(raster.box(line.box))
        if line.confidence >= FIGURE_LIKELY and not any(is_in((x + left, y + top), box) for box in texts):
            likely.append(line)
    blocks = of_reading(replace(figure.reading, lines=likely))
    return [block.moved(left, top) for block in blocks]


def _figure(bbox: BBox, blocks: Sequence[Block]) -> Block:
    confidence = weighted_confidence((block.text, block.confidence) for block in blocks)
    lines = tuple(line for block in blocks for line in block.lines)
    return Block("figure", "\n".join(block.text for block in blocks if block.text), bbox, confidence or 0.0, lines)

"""Cells from the pieces that stand in them, and the table from its cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocrchat.blocks import BBox, Cell, Table, union, weighted_confidence

from .grid import Span
from .pieces import Piece

SAME_LINE = 0.5  # of the lower one's height: pieces that overlap so far vertically stand on one line


@dataclass(frozen=True, slots=True)
class Filled:
    """A cell, the box that it takes on the page, and what stands in it."""

    span: Span
    bbox: BBox
    pieces: tuple[Piece, ...]


def table_of(rows: int, columns: int, filled: Sequence[Filled], header_rows: int) -> Table:
    """`filled` covers each place once. An empty cell is as sure as the text of the whole table."""
    everything = [(piece.text, piece.confidence) for cell in filled for piece in cell.pieces]
    usual = weighted_confidence(everything) or 0.0
    cells = []
    for cell in sorted(filled, key=lambda one: (one.span.row, one.span.column)):
        confidence = weighted_confidence((piece.text, piece.confidence) for piece in cell.pieces)
        cells.append(
            Cell(
                cell.span.row,
                cell.span.column,
                text_of(cell.pieces),
                cell.bbox,
                usual if confidence is None else confidence,
                cell.span.rows,
                cell.span.columns,
            )
        )
    return Table(rows, columns, tuple(cells), header_rows)


def text_of(pieces: Iterable[Piece]) -> str:
    """Line by line, from left to right."""
    return "\n".join(" ".join(piece.text for piece in line) for line in lines_of(pieces))


def lines_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The pieces by the line that they stand on, from top to bottom, each from left to right."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if lines and _level(lines[-1], piece):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    for line in lines:
        line.sort(key=lambda piece: piece.bbox[0])
    return lines


def _level(line: Sequence[Piece], piece: Piece) -> bool:
    """Whether `piece` stands on the line, by the line's first piece, so that a slope doesn't add up."""
    first = line[0]
    overlap = min(first.bbox[3], piece.bbox[3]) - max(first.bbox[1], piece.bbox[1])
    return overlap >= SAME_LINE * min(first.height, piece.height)


def around(cells: Iterable[Filled]) -> BBox:
    return union(cell.bbox for cell in cells)

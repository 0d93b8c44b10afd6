"""Tables on the page: their cells where they stand, and which of these stand elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ocrchat.blocks import BBox, Block, BoxSource, Cell, Table, union, weighted_confidence
from vlm_page.written import WrittenBlock, WrittenCell

from .claims import Claims
from .grid import Grid, boxes_of, grid_of, moved_in
from .marks import Mark, mean, put
from .placing import OWN_LINES, Placed, lines_of
from .spelling import MOST_DIFFERING, UNREAD
from .texts import SaidToken


def table_block(
    claims: Claims, written: WrittenBlock, place: Placed, around: BBox, source: BoxSource
) -> tuple[Block, tuple[str, ...]]:
    """And the texts of its cells that stand elsewhere."""
    rows = written.rows or ()
    grid = grid_of(rows)
    own = _by_cell(place.marks)
    known = {}
    for index, one in enumerate(grid.places):
        if boxes := [mark.bbox for cell in one.cells for mark in own.get(cell, ())]:
            known[index] = union(boxes)
    moved = {cell for index in moved_in(grid, known) for cell in grid.places[index].cells}
    boxes = boxes_of(grid, known, union([around, *known.values()]))
    homeless = _in_cells(claims, place.homeless, grid, boxes)
    marks = [_differing(mark) if mark.cell in moved else mark for mark in (*place.marks, *homeless)]
    marks.sort(key=lambda mark: mark.cell)
    every = [cell for row in rows for cell in row]
    cells = _cells(grid, boxes, every, _by_cell(marks))
    table = Table(grid.rows, grid.columns, cells, grid.header_rows)
    translated = table.translated
    block = Block(
        "table",
        table.text,
        union([around, *boxes]) if source == "estimated" else union(boxes),
        weighted_confidence((cell.text, cell.confidence) for cell in cells) or 0.0,
        lines_of(claims, place, marks) if place.marks else (),
        table=table,
        translation=written.translation if translated is None else translated.text,
        bbox_source=source,
    )
    return block, tuple(every[cell].text for cell in sorted(moved))


def _differing(mark: Mark) -> Mark:
    return replace(mark, confidence=min(mark.confidence, MOST_DIFFERING))


def _by_cell(marks: Sequence[Mark]) -> dict[int, list[Mark]]:
    cells: dict[int, list[Mark]] = {}
    for mark in marks:
        cells.setdefault(mark.cell, []).append(mark)
    return cells


def _in_cells(claims: Claims, homeless: Sequence[int], grid: Grid, boxes: Sequence[BBox]) -> list[Mark]:
    """The words of cells of which nothing is found, each cell a line of its own, where its row and column are."""
    box_of = {cell: box for one, box in zip(grid.places, boxes, strict=True) for cell in one.cells}
    tokens: dict[int, list[SaidToken]] = {}
    for token in homeless:
        said = claims.said.tokens[token]
        tokens.setdefault(said.cell, []).append(said)
    return [mark for cell, its in tokens.items() for mark in put(its, box_of[cell], OWN_LINES - cell, UNREAD)]


def _cells(
    grid: Grid, boxes: Sequence[BBox], written: Sequence[WrittenCell], marks: Mapping[int, Sequence[Mark]]
) -> tuple[Cell, ...]:
    """An empty cell is as sure as the text of the whole table."""
    usual = mean((mark.text, mark.confidence) for its in marks.values() for mark in its)
    cells = []
    for one, box in zip(grid.places, boxes, strict=True):
        its = [mark for cell in one.cells for mark in marks.get(cell, ())]
        sure = mean((mark.text, mark.confidence) for mark in its) if its else usual
        text = " ".join(written[cell].text for cell in one.cells)
        said = [written[cell].translation for cell in one.cells]
        translation = None if all(part is None for part in said) else " ".join(part for part in said if part)
        cells.append(Cell(one.row, one.column, text, box, sure, one.rows, one.columns, translation))
    return tuple(cells)

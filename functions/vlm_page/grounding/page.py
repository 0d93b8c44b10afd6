"""The whole of it: what a model wrote about a page, put on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ocrchat.blocks import BBox, Block, BoxSource, Cell, Field, Line, Table, union, weighted_confidence
from vlm_page.written import WrittenBlock, WrittenCell, WrittenField, WrittenPage

from .claims import Claims, claimed, claimed_apart, lines_named
from .estimate import between
from .grid import Grid, boxes_of, grid_of
from .marks import Mark, mean, put
from .placing import OWN_LINES, Placed, lines_of, placed
from .spelling import UNREAD
from .texts import Frame, ReadText, SaidText, SaidToken, is_table

LEAST_FOUND = 0.3
"""Of a block's signs must stand on the page for it to be said there: of texts that have nothing to do with each other
`claims` leaves fewer."""

MOST_FOUND = 0.7  # of a block's signs, or its place is known without lines that it names and does not say

UNSURE = 0.7
"""Confidence of a line below which it is not known to say something else than the model. Found on three pages of
handwriting: lines above it were read well enough for their text to be found."""

LEAST_SAID = 0.5  # of a line's signs, or some block does not say it
LEVELS = 6


@dataclass(frozen=True, slots=True)
class Grounded:
    """`blocks` and `fields` are in the model's order. `unmatched` are the indexes of blocks whose text no line says,
    `missing` those of lines that no block says. `agreement`, 0..1, is the share of all signs, of both readings, that
    are the same in both; None where no line says anything."""

    blocks: tuple[Block, ...]
    fields: tuple[Field, ...]
    unmatched: tuple[int, ...]
    missing: tuple[int, ...]
    agreement: float | None


def ground(lines: Sequence[Line], page: WrittenPage, width: float, height: float) -> Grounded:
    """Every word of `page` with a box, within `width` x `height` in the unit of `lines`, and a confidence. Raises
    nothing, whatever a model writes."""
    frame = Frame(width, height)
    read = ReadText.of(lines, frame)
    claims = claimed(read, page.blocks, SaidText.of(page.blocks))
    unmatched = []
    stands = []
    for number, block in enumerate(page.blocks):
        its = claims.said.tokens_of_block[number]
        if claims.found(its) < LEAST_FOUND * len(claims.said.signs_of(its)):
            unmatched.append(number)
        stands.append(_stand(claims, number, block))
    missing = _missing(claims)
    blocks = _all_placed(claims, page.blocks, stands, missing, frame)
    said, agreed = len(claims.said.signs), sum(map(bool, claims.taken))
    return Grounded(
        tuple(block.placed(frame.within) for block in blocks),
        tuple(_fields(read, page.fields, frame)),
        tuple(unmatched),
        tuple(missing),
        2 * agreed / (said + len(read.signs)) if read.signs else None,
    )


@dataclass(frozen=True, slots=True)
class _Stand:
    """A block that has a place: as it is put on the page, and the lines of the page that it is put on."""

    block: Block
    lines: tuple[int, ...]
    source: BoxSource


def _stand(claims: Claims, number: int, written: WrittenBlock) -> _Stand | None:
    """None where nothing of the block is found, and it names no lines that can be believed."""
    length = len(claims.said.signs_of(claims.said.tokens_of_block[number]))
    named = set(lines_named(written.lines, len(claims.read.lines), length))
    found = [claims.read.line_of(place) for place in claims.places(number)]
    believed: list[int] = []
    if len(found) <= MOST_FOUND * length:
        believed = [line for line in sorted(named) if _is_believed(claims, written, line)]
    on = tuple(sorted({*found, *believed}))
    if not on:
        return None
    source: BoxSource = "lines" if 2 * sum(line in named for line in found) >= len(found) else "alignment"
    place = placed(claims, number, believed)
    around = union(claims.read.lines[line].bbox for line in on)
    return _Stand(_block(claims, written, place, around, source), on, source)


def _is_believed(claims: Claims, written: WrittenBlock, line: int) -> bool:
    """Whether a line that a block names may be its place although it says something else: no block says what it says,
    and it was not surely read, or is of what is read as something else, as formulas are, or not at all."""
    if claims.left[line] < len(claims.read.signs_of_line(line)):
        return False
    is_other = written.type == "formula" or not written.text.strip()
    return is_other or claims.read.lines[line].confidence < UNSURE


def _all_placed(
    claims: Claims,
    written: Sequence[WrittenBlock],
    stands: Sequence[_Stand | None],
    missing: Sequence[int],
    frame: Frame,
) -> list[Block]:
    """Those without a place between their neighbours that have one."""
    following: list[_Stand | None] = [None] * len(stands)
    for number in range(len(stands) - 2, -1, -1):
        following[number] = stands[number + 1] or following[number + 1]
    blocks = []
    before: _Stand | None = None
    for number, stand in enumerate(stands):
        if stand is not None:
            blocks.append(stand.block)
            before = stand
            continue
        after = following[number]
        first = before.lines[-1] if before else -1
        last = after.lines[0] if after else len(claims.read.lines)
        unclaimed = [claims.read.lines[line].bbox for line in missing if first < line < last]
        box = between(before.block.bbox if before else None, after.block.bbox if after else None, unclaimed, frame)
        nothing = Placed((), tuple(claims.said.tokens_of_block[number]), {})
        blocks.append(_block(claims, written[number], nothing, box, "estimated"))
    return blocks


def _block(claims: Claims, written: WrittenBlock, place: Placed, around: BBox, source: BoxSource) -> Block:
    """`around` is the place of what has none of its own."""
    if is_table(written):
        return _table_block(claims, written, place, around, source)
    lines = lines_of(claims, place, place.marks)
    if lines:
        block = Block.of_lines(lines, written.type, text=written.text)
    else:
        block = Block(written.type, written.text, around, UNREAD if written.text.strip() else 0.0)
    level = None if written.level is None or written.type != "heading" else min(max(written.level, 1), LEVELS)
    return replace(block, level=level, translation=written.translation, bbox_source=source)


def _table_block(claims: Claims, written: WrittenBlock, place: Placed, around: BBox, source: BoxSource) -> Block:
    rows = written.rows or ()
    grid = grid_of(rows)
    own = _by_cell(place.marks)
    known = {}
    for index, one in enumerate(grid.places):
        if boxes := [mark.bbox for cell in one.cells for mark in own.get(cell, ())]:
            known[index] = union(boxes)
    boxes = boxes_of(grid, known, union([around, *known.values()]))
    homeless = _in_cells(claims, place.homeless, grid, boxes)
    marks = sorted([*place.marks, *homeless], key=lambda mark: mark.cell)
    cells = _cells(grid, boxes, [cell for row in rows for cell in row], _by_cell(marks))
    table = Table(grid.rows, grid.columns, cells, grid.header_rows)
    translated = table.translated
    return Block(
        "table",
        table.text,
        union([around, *boxes]) if source == "estimated" else union(boxes),
        weighted_confidence((cell.text, cell.confidence) for cell in cells) or 0.0,
        lines_of(claims, place, marks) if place.marks else (),
        table=table,
        translation=written.translation if translated is None else translated.text,
        bbox_source=source,
    )


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


def _missing(claims: Claims) -> list[int]:
    read = claims.read
    missing = []
    for line, tokens in enumerate(read.tokens_of_line):
        said = signs = 0
        for token in tokens:
            first, last = read.tokens[token].signs
            signs += last - first
            said += last - first if token in claims.rests else sum(map(bool, claims.taken[first:last]))
        if said < LEAST_SAID * signs:
            missing.append(line)
    return missing


def _fields(read: ReadText, written: Sequence[WrittenField], frame: Frame) -> Iterator[Field]:
    """Each where its value stands; that of one which does not stand on the page is where it is said to."""
    values = [WrittenBlock("text", field.value, field.lines) for field in written]
    claims = claimed_apart(read, values, SaidText.of(values))
    for number, (field, value) in enumerate(zip(written, values, strict=True)):
        stand = _stand(claims, number, value)
        if stand is not None:
            box, sure, source = frame.within(stand.block.bbox), stand.block.confidence, stand.source
        else:
            named = [read.lines[line - 1].bbox for line in field.lines if 0 < line <= len(read.lines)]
            box, sure, source = union(named) if named else frame.whole, UNREAD, "estimated"
        yield Field(field.name, field.value, box, sure, source)

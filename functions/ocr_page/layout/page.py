"""From the pieces of a page to its blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from statistics import median

from ocrchat.blocks import Block, BlockType
from ocrchat.markers import is_bullet, markers_of

from . import headings, lists, running
from .direction import Direction
from .margins import is_beside_the_text, margins_of
from .paragraphs import Column
from .pieces import Piece
from .regions import regions_of
from .rows import Item, Row, joined, rows_of

PROSE_SHARE = 0.2  # of the page's lines, at least, stand in running text where there is any


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Rows that belong together, in the column in which they stand."""

    rows: tuple[Row, ...]
    column: Column
    is_last: bool


def blocks_of(pieces: Sequence[Piece], width: float, height: float, placed: Sequence[Block] = ()) -> list[Block]:
    """The blocks of an upright page of `width` x `height` in reading order: running heads, the text, running feet.
    `placed` are blocks that others found; they are put whole where they belong, and no piece stands in them."""
    inked = (piece for piece in pieces if piece.line.text.strip())
    pieces = sorted(
        inked, key=lambda piece: (piece.line.bbox, piece.line.text)
    )  # the order in which they come says little
    direction = Direction.of(pieces, width, height)
    size = median(piece.size for piece in pieces) if pieces else 0.0
    along: list[Item] = []
    beside: list[Block] = []
    set_apart: list[Item] = []
    for piece in pieces:
        item = Item(direction.box(piece.line.bbox), piece)
        if direction.is_along(piece):
            along.append(item)
        elif is_beside_the_text(item, direction.extent[0], size):
            beside.append(_block_of([joined([item])], "footer"))
        else:
            set_apart.append(Item(item.box, _block_of([joined([item])])))
    others = [Item(direction.box(block.bbox), block) for block in placed]

    margins = margins_of([*along, *others], *direction.extent)
    found = _typed(list(_paragraphs(regions_of([*margins.body, *set_apart]))))
    heads = [_block_of([joined(row)], "header") for row in margins.heads]
    feet = [_block_of([joined(row)], "footer") for row in margins.feet]
    return [*heads, *found, *feet, *beside]


def _paragraphs(regions: Sequence[Sequence[Item]]) -> Iterator[_Paragraph | Block]:
    """The paragraphs of each region, between them the placed blocks."""
    for region in regions:
        blocks = [(item.box[1], item.content) for item in region if isinstance(item.content, Block)]
        rows = rows_of(region)
        column = Column.of(rows)
        for top, block in sorted(blocks, key=itemgetter(0)):
            above = sum(row.middle < top for row in rows)
            yield from _split(column, rows[:above])
            rows = rows[above:]
            yield block
        yield from _split(column, rows)


def _split(column: Column, rows: Sequence[Row]) -> Iterator[_Paragraph]:
    paragraphs = replace(column, rows=tuple(rows)).paragraphs()
    for index, paragraph in enumerate(paragraphs, start=1):
        yield _Paragraph(tuple(paragraph), column, index == len(paragraphs))


def _typed(parts: Sequence[_Paragraph | Block]) -> list[Block]:
    """Each paragraph as what it is: items of a list, a heading, or text."""
    body = _body([part for part in parts if isinstance(part, _Paragraph)])
    groups = _grouped(parts, body)
    ranks = [None if _is_list(group) else _heading(group[0], body) for group in groups]
    levels = headings.levels_of([rank for rank in ranks if rank is not None])
    blocks = []
    for group, rank in zip(groups, ranks, strict=True):
        first = group[0]
        if isinstance(first, Block):
            blocks.append(first)
        elif rank is not None:
            blocks.append(_block_of(first.rows, "heading", text=running.one_line(first.rows), level=levels[rank]))
        elif _is_list(group):
            items = [item for item in group if isinstance(item, _Paragraph)]
            text = "\n".join(running.one_line(item.rows) for item in items)
            blocks.append(_block_of([row for item in items for row in item.rows], "list", text=text))
        else:
            text = running.text_of(first.rows, first.column.right(first.rows[0]), is_prose=first.column.is_prose)
            blocks.append(_block_of(first.rows, text=text))
    return blocks


def _grouped(parts: Sequence[_Paragraph | Block], body: headings.Body) -> list[list[_Paragraph | Block]]:
    """The parts one by one, the items of a list together."""
    groups: list[list[_Paragraph | Block]] = []
    run = lists.Run()
    for part in parts:
        if isinstance(part, _Paragraph) and not _is_title(part, body):
            row = part.rows[0]
            markers = markers_of(row.text)
            if run.count and run.takes(markers, row.box[0], row.size):
                groups[-1].append(part)
                continue
            run = lists.Run()
            run.takes(markers, row.box[0], row.size)
        else:
            run = lists.Run()
        groups.append([part])
    return [group for whole in groups for group in _sure(whole)]


def _sure(group: list[_Paragraph | Block]) -> list[list[_Paragraph | Block]]:
    return [group] if _is_list(group) else [[part] for part in group]


def _is_list(group: Sequence[_Paragraph | Block]) -> bool:
    """Whether the items are enough to be sure that they are some."""
    if not isinstance(group[0], _Paragraph):
        return False
    text = group[0].rows[0].text
    if any(marker.kind == "bare" for marker in markers_of(text)):
        return len(group) >= lists.BARE_ITEMS
    return len(group) > 1 or is_bullet(text)


def _is_title(paragraph: _Paragraph, body: headings.Body) -> bool:
    """Whether it is set larger than the text, and no item of a list for all that."""
    return body.is_smaller_than(paragraph.rows) and not is_bullet(paragraph.rows[0].text)


def _heading(part: _Paragraph | Block, body: headings.Body) -> headings.Heading | None:
    if isinstance(part, Block):
        return None
    return headings.heading_of(part.rows, body, right=part.column.right(part.rows[0]), is_last=part.is_last)


def _body(paragraphs: Sequence[_Paragraph]) -> headings.Body:
    rows = sum(len(paragraph.rows) for paragraph in paragraphs)
    in_prose = sum(len(paragraph.rows) for paragraph in paragraphs if _is_prose(paragraph))
    return headings.Body.of(
        [paragraph.rows for paragraph in paragraphs], is_prose=in_prose >= PROSE_SHARE * max(rows, 1) and in_prose > 0
    )


def _is_prose(paragraph: _Paragraph) -> bool:
    rows = paragraph.rows
    return paragraph.column.is_prose or (
        len(rows) >= running.PARAGRAPH_ROWS and running.is_running(rows, max(row.box[2] for row in rows))
    )


def _block_of(
    rows: Sequence[Row], kind: BlockType = "text", text: str | None = None, level: int | None = None
) -> Block:
    return Block.of_lines([row.line for row in rows], kind, text=text, level=level)

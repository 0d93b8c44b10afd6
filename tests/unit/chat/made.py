"""Pages as the store holds them, made up for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ocrchat.blocks import BBox, Block, BlockType, Cell, Field, Line, Table
from ocrchat.pages import PageResult

WIDTH, HEIGHT = 600.0, 800.0
LINE = 20.0  # pt from a line to the next


def block(*lines: str, kind: BlockType = "text", text: str | None = None, top: float = 0) -> Block:
    """Lines one below the other, over the page's width."""
    made = [Line(line, (10, top + LINE * row, 590, top + LINE * (row + 1)), 0.9) for row, line in enumerate(lines)]
    return Block.of_lines(made, kind, text=text)


def table(rows: Sequence[Sequence[str]], header_rows: int = 1) -> Block:
    """A table of one-row cells, each row LINE high."""
    width = WIDTH / len(rows[0])
    cells = tuple(
        Cell(row, column, text, (column * width, row * LINE, (column + 1) * width, (row + 1) * LINE), 0.9)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    made = Table(len(rows), len(rows[0]), cells, header_rows)
    return Block("table", made.text, (0, 0, WIDTH, LINE * len(rows)), 0.9, table=made)


def page(*blocks: Block, index: int = 0, fields: Iterable[Field] = ()) -> dict[str, Any]:
    text = "\n\n".join(block.text for block in blocks if block.text)
    result = PageResult(index, WIDTH, HEIGHT, "pt", "cpu", tuple(blocks), text, fields=tuple(fields))
    return result.as_json(words=True)


def pages(*texts: str) -> list[dict[str, Any]]:
    """A page of one paragraph each."""
    return [page(block(text), index=index) for index, text in enumerate(texts)]


def is_within(bbox: BBox, page: dict[str, Any]) -> bool:
    x0, y0, x1, y1 = bbox
    width, height = float(page["width"]), float(page["height"])
    return 0 <= x0 <= x1 <= width and 0 <= y0 <= y1 <= height

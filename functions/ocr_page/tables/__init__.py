"""Tables: what rules and columns of text say stands in rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ocrchat.blocks import Line

from . import aligned, grid, gridded, ruled
from .cells import lines_of
from .model import Found, Rule, Rules, scaled
from .pieces import Piece, em_of, taken_apart, whole
from .rules import tidy, without_letters

if TYPE_CHECKING:
    from ocr_page.recognisers.port import Pixels

__all__ = ["Found", "Rule", "Rules", "find", "find_on_picture"]

ENTRY_WIDTH = 15.0  # em: some 35 characters


def find_on_picture(pixels: Pixels, scale: float, lines: Sequence[Line]) -> list[Found]:
    """Tables on a picture, from top to bottom. `pixels` is the upright page, height x width x 3; `lines` are what was
    read on it, in the page's unit, of which `scale` px make one."""

    def rules(em: float) -> Rules:
        return scaled(ruled.rules_of(pixels, em * scale), 1 / scale)

    return find(lines, rules)


def find(lines: Sequence[Line], rules_of: Callable[[float], Rules]) -> list[Found]:
    """Tables on a page with these `lines`, from top to bottom; no line is in two of them. `rules_of` tells the rules of
    a page whose lines are usually so high; it is asked only where there can be a table."""
    em = em_of(lines)
    pieces = [whole(number, line) for number, line in enumerate(lines) if line.text.strip()]
    parts = [part for piece in pieces for part in taken_apart(piece)]
    if not _may_be_entries(parts, em):
        return []
    rules = without_letters(tidy(rules_of(em), em), lines, em)
    found: list[Found] = []
    taken: set[int] = set()
    for one in sorted(grid.grids_of(rules, em), key=lambda one: one.area):
        rest = [piece for piece in pieces if piece.line not in taken]
        holds_another = any(grid.encloses(one, table.bbox) for table in found)
        table = None if holds_another else gridded.table_of(one, rest, em)
        if table is not None:
            found.append(table)
            taken |= table.lines
    free = tuple(rule for rule in rules.horizontal if not any(_inside(rule, table) for table in found))
    found += aligned.find([part for part in parts if part.line not in taken], free, em)
    return sorted(found, key=lambda table: (table.bbox[1], table.bbox[0]))


def _may_be_entries(pieces: Sequence[Piece], em: float) -> bool:
    """Whether there can be a table of these pieces: some stand side by side, and not all of them are as wide as a
    column of running text. It saves looking for rules."""
    return any(len(row) > 1 and any(piece.width < ENTRY_WIDTH * em for piece in row) for row in lines_of(pieces))


def _inside(rule: Rule, table: Found) -> bool:
    x0, y0, x1, y1 = table.bbox
    return y0 - 1 <= rule.at <= y1 + 1 and rule.start < x1 and rule.end > x0

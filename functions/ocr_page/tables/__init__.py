"""Tables: what rules and columns of text say stands in rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ocrchat.blocks import Line

from . import aligned, grid, gridded, ruled
from .cells import lines_of
from .model import Found, Rule, Rules, scaled
from .pieces import em_of, pieces_of
from .rules import tidy, without_letters

if TYPE_CHECKING:
    from ocr_page.recognisers.port import Pixels

__all__ = ["Found", "Rule", "Rules", "find", "find_by_rules", "may_hold"]

ENTRY_WIDTH = 15.0  # em: some 35 characters


def find(pixels: Pixels, scale: float, lines: Sequence[Line]) -> list[Found]:
    """Tables on a picture, from top to bottom. `pixels` is the upright page, height x width x 3; `lines` are what was
    read on it, in the page's unit, of which `scale` px make one."""
    if not may_hold(lines):
        return []
    rules = ruled.rules_of(pixels, em_of(lines) * scale)
    return find_by_rules(scaled(rules, 1 / scale), lines)


def may_hold(lines: Sequence[Line]) -> bool:
    """Whether there can be a table on the page at all: entries stand side by side, at least twice, and not all of them
    are as wide as a column of running text. It saves looking for rules."""
    em = em_of(lines)
    rows = lines_of(pieces_of(enumerate(lines)))
    beside = [row for row in rows if len(row) > 1 and any(piece.width < ENTRY_WIDTH * em for piece in row)]
    return len(beside) >= 2


def find_by_rules(rules: Rules, lines: Sequence[Line]) -> list[Found]:
    """Tables on a page with these `rules` and `lines`, from top to bottom. No line is in two tables."""
    em = em_of(lines)
    if em <= 0:
        return []
    rules = without_letters(tidy(rules, em), lines, em)
    found: list[Found] = []
    taken: set[int] = set()
    for one in sorted(grid.grids_of(rules, em), key=lambda one: one.area):
        rest = [(number, line) for number, line in enumerate(lines) if number not in taken]
        holds_another = any(grid.encloses(one, table.bbox) for table in found)
        table = None if holds_another else gridded.table_of(one, rest, em)
        if table is not None:
            found.append(table)
            taken |= table.lines
    free = tuple(rule for rule in rules.horizontal if not any(_inside(rule, table) for table in found))
    pieces = pieces_of((number, line) for number, line in enumerate(lines) if number not in taken)
    found += aligned.find(pieces, free, em)
    return sorted(found, key=lambda table: (table.bbox[1], table.bbox[0]))


def _inside(rule: Rule, table: Found) -> bool:
    x0, y0, x1, y1 = table.bbox
    return y0 - 1 <= rule.at <= y1 + 1 and rule.start < x1 and rule.end > x0

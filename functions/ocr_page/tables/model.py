"""What the finders of tables share. Lengths are in the page's unit; `em` is the usual height of a line on it."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.blocks import BBox, Table


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: a horizontal one lies at y = `at` from x = `start` to `end`, a vertical one at x = `at`."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Rules:
    horizontal: tuple[Rule, ...] = ()
    vertical: tuple[Rule, ...] = ()


def scaled(rules: Rules, factor: float) -> Rules:
    """The same in another unit."""
    return Rules(
        tuple(Rule(rule.at * factor, rule.start * factor, rule.end * factor) for rule in rules.horizontal),
        tuple(Rule(rule.at * factor, rule.start * factor, rule.end * factor) for rule in rules.vertical),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A table on a page. `lines` are the places, in the sequence that was searched, of the lines that it took up."""

    table: Table
    bbox: BBox
    lines: frozenset[int]

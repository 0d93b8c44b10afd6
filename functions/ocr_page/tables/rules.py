"""Ruling lines as they were drawn, from the pieces in which they are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ocrchat.blocks import BBox, Line

from .model import Rule, Rules

SAME_PLACE = 0.35  # em: rules nearer than that are one, drawn twice or in pieces
BREAK = 0.3  # em, at most: a gap that fading leaves in a rule, or that stands between two of its pieces
COLUMN_GAP = 1.2  # em, at most, between rules that are drawn below each column on its own
LEVEL_LENGTH = 2.5  # em, at least, of a horizontal rule: its pieces may be shorter
UPRIGHT_LENGTH = 1.2  # em, at least, of a vertical one: a table may have as little as one low row
LARGE = 1.7  # em: the strokes of letters that are so high may be as long as rules
MAX_RULES = 300  # in each direction; more are a drawing's. The longest are kept


def tidy(rules: Rules, em: float) -> Rules:
    """Pieces of a rule joined to one, and the two of a double one; what is too short to be a table's is left out."""
    return Rules(
        _longest(_joined(rules.horizontal, em, BREAK * em), LEVEL_LENGTH * em),
        _longest(_joined(rules.vertical, em, BREAK * em), UPRIGHT_LENGTH * em),
    )


def continued(rules: Sequence[Rule], em: float) -> list[Rule]:
    """Rules that are drawn column by column as one."""
    return _joined(rules, em, COLUMN_GAP * em)


def _longest(rules: Sequence[Rule], least: float) -> tuple[Rule, ...]:
    long = sorted((rule for rule in rules if rule.length >= least), key=lambda rule: -rule.length)
    return tuple(sorted(long[:MAX_RULES], key=lambda rule: (rule.at, rule.start)))


def without_letters(rules: Rules, lines: Iterable[Line], em: float) -> Rules:
    """Without the strokes of letters that are set large."""
    large = [line.bbox for line in lines if line.bbox[3] - line.bbox[1] >= LARGE * em]

    def is_stroke(box: BBox) -> bool:
        return any(
            x0 - em / 2 <= box[0] and box[2] <= x1 + em / 2 and y0 - em / 2 <= box[1] and box[3] <= y1 + em / 2
            for x0, y0, x1, y1 in large
        )

    return Rules(
        tuple(rule for rule in rules.horizontal if not is_stroke((rule.start, rule.at, rule.end, rule.at))),
        tuple(rule for rule in rules.vertical if not is_stroke((rule.at, rule.start, rule.at, rule.end))),
    )


def _joined(rules: Sequence[Rule], em: float, gap: float) -> list[Rule]:
    """Pieces that lie in one line with no more than `gap` between them as one rule."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lines and rule.at - lines[-1][0].at <= SAME_PLACE * em:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    joined: list[Rule] = []
    for line in lines:
        parts: list[list[Rule]] = []
        end = 0.0
        for rule in sorted(line, key=lambda rule: rule.start):
            if parts and rule.start <= end + gap:
                parts[-1].append(rule)
                end = max(end, rule.end)
            else:
                parts.append([rule])
                end = rule.end
        joined += [_one(part) for part in parts]
    return joined


def _one(parts: Sequence[Rule]) -> Rule:
    whole = sum(part.length for part in parts)
    at = sum(part.at * part.length for part in parts) / whole if whole else parts[0].at
    return Rule(at, min(part.start for part in parts), max(part.end for part in parts))

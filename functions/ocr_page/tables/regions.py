"""Where on a page tables without vertical rules may stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrchat.blocks import union

from .cells import lines_of
from .model import Rule
from .pieces import Piece, is_value
from .rules import continued

SAME_END = 1.0  # em: rules of one table begin and end at the same places
PART = 0.9  # of the other rules, at most, is as long as one that runs below some columns only
TABULAR = 0.5  # of the lines between two rules, at least, have several entries
SLACK = 0.6  # em that an entry may reach over the end of a rule
MOST_PROSE = 0.3  # of the lines between two rules, at most, are those of paragraphs
FAR_RULE = 5.0  # em, at least, below the last line: such a rule is the foot of the page, not of the table
ROW_GAP = 1.6  # em, at most, between two rows without a rule between them
ALIGNED = 0.6  # em between the left edges, right edges or centres of entries that stand below each other
LEVEL = 0.4  # em, at most, between the middles of a label and of its numbers
LABELLED = 0.7  # of the lines, at least, begin with a number, and have a label left of it
MOST_ABOVE = 3  # lines of headings above the first rule
STRAY_LINES = 2  # lines with one entry, at most, in a row inside a table without rules


@dataclass(frozen=True, slots=True)
class Region:
    """`rules` are the horizontal ones that run along all of it, from top to bottom; `parts` those inside that run
    below some columns only."""

    pieces: tuple[Piece, ...]
    rules: tuple[Rule, ...]
    parts: tuple[Rule, ...] = ()


def framed(pieces: Sequence[Piece], prose: Collection[Piece], rules: Sequence[Rule], em: float) -> list[Region]:
    """What stands between rules of the same extent, as long as it has several entries a line; the widest first."""
    found: list[Region] = []
    for family in sorted(_families(continued(rules, em), em), key=lambda family: -family[0].length):
        bands = [_between(pieces, upper, lower, em) for upper, lower in pairwise(family)]
        marks = [_is_tabular(band, [piece for piece in band if piece in prose]) for band in bands]
        for first, last in _runs(marks, [len(band) for band in bands]):
            along = family[first : last + 1]
            below = _open_end(bands[last - 1], family[last], em)
            if below is not None:
                along = along[:-1]
            inside = tuple(piece for band in bands[first : last - 1] for piece in band)
            inside += tuple(bands[last - 1] if below is None else below)
            found.append(Region(inside, tuple(along), _parts(rules, along, em)))
    return found


def _families(rules: Sequence[Rule], em: float) -> list[list[Rule]]:
    """Rules that begin and end at the same x, at least two, from top to bottom."""
    families: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        home = next((family for family in families if _same_extent(family[0], rule, em)), None)
        if home is None:
            families.append([rule])
        else:
            home.append(rule)
    return [family for family in families if len(family) >= 2]


def _parts(rules: Sequence[Rule], family: Sequence[Rule], em: float) -> tuple[Rule, ...]:
    """The rules between the first and the last one of the family that are shorter."""
    first, last = family[0], family[-1]
    return tuple(
        rule
        for rule in rules
        if first.at < rule.at < last.at
        and rule.start >= first.start - em
        and rule.end <= first.end + em
        and rule.length <= PART * first.length
    )


def _same_extent(one: Rule, other: Rule, em: float) -> bool:
    return abs(one.start - other.start) <= SAME_END * em and abs(one.end - other.end) <= SAME_END * em


def _between(pieces: Sequence[Piece], upper: Rule, lower: Rule, em: float) -> list[Piece]:
    slack = SLACK * em
    return [
        piece
        for piece in pieces
        if upper.at < piece.middle < lower.at
        and piece.bbox[0] >= upper.start - slack
        and piece.bbox[2] <= upper.end + slack
    ]


def _is_tabular(band: Sequence[Piece], prose: Sequence[Piece]) -> bool:
    lines = lines_of(band)
    if not lines or len(lines_of(prose)) > MOST_PROSE * len(lines):
        return False
    return sum(len(line) >= 2 for line in lines) >= TABULAR * len(lines)


def _open_end(band: Sequence[Piece], lower: Rule, em: float) -> list[Piece] | None:
    """What of the last band belongs to the table, where the rule below it is far away and closes something else: the
    lines up to a wide gap, without those at the end that have one entry. None where the rule closes the table."""
    lines = lines_of(band)
    if lower.at - max(piece.bbox[3] for piece in band) <= FAR_RULE * em:
        return None
    kept = [lines[0]]
    for above, line in pairwise(lines):
        if min(piece.bbox[1] for piece in line) - max(piece.bbox[3] for piece in above) > ROW_GAP * em:
            break
        kept.append(line)
    while kept and len(kept[-1]) < 2:
        kept.pop()
    return [piece for line in kept for piece in line]


def _runs(marks: Sequence[bool], sizes: Sequence[int]) -> list[tuple[int, int]]:
    """[first, last) of bands that follow each other and are tabular; one that holds a single piece, a heading over
    all columns, does not end a run."""
    runs: list[tuple[int, int]] = []
    first = None
    last = 0
    for number, mark in enumerate(marks):
        if mark:
            first = number if first is None else first
            last = number + 1
        elif first is not None and sizes[number] > 1:
            runs.append((first, last))
            first = None
    if first is not None:
        runs.append((first, last))
    return runs


def more_rows(
    region: Region, pieces: Sequence[Piece], columns: Sequence[tuple[float, float]], em: float
) -> list[Piece]:
    """What stands right above the first rule or right below the last one in the same columns: headings without a rule
    over them, rows without one under them."""
    inside = set(region.pieces)
    top, bottom = min(piece.bbox[1] for piece in inside), max(piece.bbox[3] for piece in inside)
    left, right = columns[0][0] - em, columns[-1][1] + em
    near = [piece for piece in pieces if piece not in inside and left <= piece.bbox[0] and piece.bbox[2] <= right]
    lines = lines_of(near)
    above = [line for line in lines if line[0].middle < top][::-1]
    below = [line for line in lines if line[0].middle > bottom]
    found: list[Piece] = []
    for group, limit in ((above, MOST_ABOVE), (below, len(below))):
        low, high = top, bottom
        for line in group[:limit]:
            box = union(piece.bbox for piece in line)
            if max(low - box[3], box[1] - high) > ROW_GAP * em or not _keeps_columns(line, columns):
                break
            found += line
            low, high = min(low, box[1]), max(high, box[3])
    return found


def labels(region: Region, pieces: Sequence[Piece], em: float) -> list[Piece]:
    """What stands left of the region on its lines, where rules run below the columns of numbers only."""
    left = min(piece.bbox[0] for piece in region.pieces)
    top, bottom = min(piece.bbox[1] for piece in region.pieces), max(piece.bbox[3] for piece in region.pieces)
    beside = [piece for piece in pieces if piece.bbox[2] <= left and top <= piece.middle <= bottom]
    lines = [line for line in lines_of(region.pieces) if len(line) >= 2]
    if sum(is_value(line[0].text) for line in lines) < LABELLED * len(lines):
        return []  # they have labels inside
    labelled = [line for line in lines if any(abs(piece.middle - line[0].middle) <= LEVEL * em for piece in beside)]
    return beside if lines and len(labelled) >= LABELLED * len(lines) else []


def _keeps_columns(line: Sequence[Piece], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether the line has entries in at least two columns and half of them, and none that runs across."""
    filled = set()
    for piece in line:
        over = [n for n, (left, right) in enumerate(columns) if min(right, piece.bbox[2]) > max(left, piece.bbox[0])]
        if len(over) != 1:
            return False
        filled.add(over[0])
    return len(filled) >= max(2, len(columns) / 2)


def loose(pieces: Sequence[Piece], rules: Sequence[Rule], em: float) -> list[Region]:
    """Lines that follow each other and have entries which stand below each other; `pieces` are no paragraphs'."""
    lines = lines_of(pieces)
    found: list[Region] = []
    run: list[list[Piece]] = []
    strays = 0
    for line in lines:
        if run and _goes_on(run, line, em):
            strays = strays + 1 if len(line) < 2 else 0
            run.append(line)
            if strays <= STRAY_LINES:
                continue
        _close(found, run, rules)
        run, strays = ([line] if len(line) >= 2 else []), 0
    _close(found, run, rules)
    return found


def _goes_on(run: Sequence[Sequence[Piece]], line: Sequence[Piece], em: float) -> bool:
    bottom = max(piece.bbox[3] for piece in run[-1])
    if min(piece.bbox[1] for piece in line) - bottom > ROW_GAP * em:
        return False
    if len(line) < 2:
        left = min(piece.bbox[0] for before in run for piece in before)
        right = max(piece.bbox[2] for before in run for piece in before)
        return line[0].bbox[0] >= left - em and line[0].bbox[2] <= right + em
    before = next(one for one in reversed(run) if len(one) >= 2)
    matches = sum(any(_aligned(piece, other, em) for other in before) for piece in line)
    return matches >= 2 and 2 * matches >= min(len(line), len(before))


def _aligned(one: Piece, other: Piece, em: float) -> bool:
    near = ALIGNED * em
    return (
        abs(one.bbox[0] - other.bbox[0]) <= near
        or abs(one.bbox[2] - other.bbox[2]) <= near
        or abs(one.centre - other.centre) <= near
    )


def _close(found: list[Region], run: list[list[Piece]], rules: Sequence[Rule]) -> None:
    while run and len(run[-1]) < 2:
        run.pop()
    if len(run) < 2:
        return
    pieces = tuple(piece for line in run for piece in line)
    left, right = min(piece.bbox[0] for piece in pieces), max(piece.bbox[2] for piece in pieces)
    top, bottom = min(piece.bbox[1] for piece in pieces), max(piece.bbox[3] for piece in pieces)
    height = (bottom - top) / len(run)
    along = tuple(
        rule
        for rule in rules
        if top - height < rule.at < bottom + height
        and min(right, rule.end) - max(left, rule.start) >= 0.7 * (right - left)
    )
    found.append(Region(pieces, along))

"""The whole of it: what a model wrote about a page, put on the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from ocrchat.blocks import BBox, Block, BoxSource, Field, Line, Word, union
from vlm_page.written import WrittenBlock, WrittenField, WrittenPage

from .belief import formula_lines, has_room, is_believed, lines_between
from .claims import Claims, claimed, claimed_apart, lines_named
from .differences import differing, stands_as_written
from .estimate import between
from .placing import LEAST_SAID, Placed, lines_of, placed
from .spelling import UNREAD
from .tables import table_block
from .texts import Frame, ReadText, SaidText, is_table

LEAST_FOUND = 0.3
"""Of a block's signs must stand on the page for it to be said there: of texts that have nothing to do with each other
`claims` leaves fewer."""

MOST_FOUND = 0.7  # of a block's signs, or its place is known without lines that it names and does not say

SURE = 0.8  # confidence of a word that nothing else stands for

LEVELS = 6


@dataclass(frozen=True, slots=True)
class Alone:
    """A run of words of a block in whose place nothing was read, or far less: so many `words` of two signs and more,
    and so many `signs`, which are letters and digits."""

    block: int
    text: str
    words: int
    signs: int


@dataclass(frozen=True, slots=True)
class Shared:
    """How many signs of a block, or of a line, there are, how many of them the other reading has, and how many a block
    says that another part of the answer has said."""

    signs: int
    found: int
    again: int = 0


@dataclass(frozen=True, slots=True)
class Grounded:
    """`blocks` and `fields` are in the model's order. `unmatched` are the indexes of blocks whose text no line says,
    `missing` those of lines that no block says. `on` are the lines on which each block stands. `differing` are words
    that the model does not say as they were read, each with the index of its line; `alone` is what nobody but the model
    has read, in blocks that are matched; `doubtful` are the indexes of fields whose value does not stand on the page as
    it is written; `moved` the text of cells that stand in another row or column of their
    table."""

    blocks: tuple[Block, ...]
    fields: tuple[Field, ...]
    unmatched: tuple[int, ...]
    missing: tuple[int, ...]
    on: tuple[tuple[int, ...], ...]
    said: tuple[Shared, ...]
    read: tuple[Shared, ...]
    differing: tuple[tuple[int, Word], ...]
    alone: tuple[Alone, ...]
    doubtful: tuple[int, ...]
    moved: tuple[str, ...]

    @property
    def agreement(self) -> float | None:
        """The share of all signs, of both readings, that are the same in both, 0..1; None where no line says
        anything."""
        return self.agreement_without((), ()) if any(line.signs for line in self.read) else None

    def agreement_without(self, blocks: Container[int], lines: Container[int]) -> float:
        """The same of what is left without some blocks and lines; 1 where nothing is."""
        said = sum(its.signs for number, its in enumerate(self.said) if number not in blocks)
        read = [its for number, its in enumerate(self.read) if number not in lines]
        whole = said + sum(its.signs for its in read)
        return min(1.0, 2 * sum(its.found for its in read) / whole) if whole else 1.0


def ground(lines: Sequence[Line], page: WrittenPage, width: float, height: float) -> Grounded:
    """Every word of `page` with a box, within `width` x `height` in the unit of `lines`, and a confidence. Raises
    nothing, whatever a model writes."""
    frame = Frame(width, height)
    read = ReadText.of(lines, frame)
    claims = claimed(read, page.blocks, SaidText.of(page.blocks))
    said = tuple(_said(claims, number) for number in range(len(page.blocks)))
    stands = [_stand(claims, number, block) for number, block in enumerate(page.blocks)]
    unmatched = tuple(
        number for number, its in enumerate(said) if not _is_matched(page.blocks[number], stands[number], its)
    )
    missing = _missing(claims, stands)
    blocks = _all_placed(claims, page.blocks, stands, missing, frame)
    matched = [(number, stand) for number, stand in enumerate(stands) if stand and number not in unmatched]
    fields = list(_fields(read, page.fields, frame))
    return Grounded(
        tuple(block.placed(frame.within) for block in blocks),
        tuple(field for field, _ in fields),
        unmatched,
        tuple(missing),
        tuple(stand.lines if stand is not None else () for stand in stands),
        said,
        tuple(_read(claims, line) for line in range(len(lines))),
        tuple(differing(claims)),
        tuple(_alone(claims, number, run) for number, stand in matched for run in stand.alone),
        tuple(index for index, (_, stands_there) in enumerate(fields) if not stands_there),
        tuple(text for stand in stands if stand is not None for text in stand.moved),
    )


def _is_matched(written: WrittenBlock, stand: _Stand | None, its: Shared) -> bool:
    """What has no text says nothing that does not stand there; what has marks alone is not compared."""
    if not its.signs:
        return stand is not None or not written.text.strip()
    if stand is None:
        return False
    return stand.is_formula or its.found >= LEAST_FOUND * its.signs


def _said(claims: Claims, block: int) -> Shared:
    its = claims.said.tokens_of_block[block]
    signs = claims.said.signs_of(its)
    return Shared(len(signs), claims.found(its), sum(sign in claims.again for sign in signs))


def _read(claims: Claims, line: int) -> Shared:
    signs = claims.read.signs_of_line(line)
    return Shared(len(signs), len(signs) - claims.left[line])


def _alone(claims: Claims, block: int, run: Sequence[int]) -> Alone:
    its = [claims.said.tokens[token] for token in run]
    text = "".join(f" {token.text}" if token.spaced else token.text for token in its).strip()
    words = sum(sum(map(str.isalnum, word)) > 1 for word in text.split())
    return Alone(block, text, words, sum(token.length for token in its))


@dataclass(frozen=True, slots=True)
class _Stand:
    """A block that has a place: as it is put on the page, and the lines of the page that it is put on, which may be
    read as something else if it `is_formula`."""

    block: Block
    lines: tuple[int, ...]
    source: BoxSource
    is_formula: bool = False
    alone: tuple[tuple[int, ...], ...] = ()
    moved: tuple[str, ...] = ()


def _stand(claims: Claims, number: int, written: WrittenBlock) -> _Stand | None:
    """None where nothing of the block is found, and it names no lines that can be believed."""
    length = len(claims.said.signs_of(claims.said.tokens_of_block[number]))
    named = set(lines_named(written.lines, len(claims.read.lines), length))
    found = [claims.read.line_of(place) for place in claims.places(number)]
    own = Counter(found)
    formula = formula_lines(claims, written, sorted(named), own)
    believed = [
        line for line in sorted(named or lines_between(found)) if is_believed(claims, written, line) or line in formula
    ]
    is_known = not named or len(found) > MOST_FOUND * length
    if is_known and not has_room(claims, believed, length - len(found)):
        believed = []
    on = tuple(sorted({*found, *believed}))
    if not on:
        return None
    source: BoxSource = "lines" if 2 * sum(line in named for line in found) >= len(found) else "alignment"
    place = placed(claims, number, believed)
    place.covered.update((line, len(claims.read.lines[line].text)) for line in formula)
    around = union(claims.read.lines[line].bbox for line in on)
    block, moved = _block(claims, written, place, around, source)
    return _Stand(block, on, source, bool(formula), place.alone, moved)


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
        blocks.append(_block(claims, written[number], nothing, box, "estimated")[0])
    return blocks


def _block(
    claims: Claims, written: WrittenBlock, place: Placed, around: BBox, source: BoxSource
) -> tuple[Block, tuple[str, ...]]:
    """And the texts of its cells that stand elsewhere. `around` is the place of what has none of its own."""
    if is_table(written):
        return table_block(claims, written, place, around, source)
    lines = lines_of(claims, place, place.marks)
    if lines:
        block = Block.of_lines(lines, written.type, text=written.text)
    else:
        block = Block(written.type, written.text, around, UNREAD if written.text.strip() else 0.0)
    level = None if written.level is None or written.type != "heading" else min(max(written.level, 1), LEVELS)
    return replace(block, level=level, translation=written.translation, bbox_source=source), ()


def _missing(claims: Claims, stands: Sequence[_Stand | None]) -> list[int]:
    """The lines of which no block says half. What was not surely read may be what stands in its place, as may all that
    a formula stands on; nothing stands for a clear word."""
    read = claims.read
    formulas = {line for stand in stands if stand is not None and stand.is_formula for line in stand.lines}
    missing = []
    for line, tokens in enumerate(read.tokens_of_line):
        said = signs = 0
        for token in tokens:
            first, last = read.tokens[token].signs
            signs += last - first
            is_rest = token in claims.rests and read.tokens[token].confidence < SURE
            said += last - first if is_rest else sum(map(bool, claims.taken[first:last]))
        if said < LEAST_SAID * signs and line not in formulas:
            missing.append(line)
    return missing


def _fields(read: ReadText, written: Sequence[WrittenField], frame: Frame) -> Iterator[tuple[Field, bool]]:
    """Each where its value stands, or is said to, and whether it stands there as it is written."""
    values = [WrittenBlock("text", field.value, field.lines) for field in written]
    claims = claimed_apart(read, values, SaidText.of(values))
    for number, (field, value) in enumerate(zip(written, values, strict=True)):
        stand = _stand(claims, number, value)
        if stand is not None:
            box, sure, source = frame.within(stand.block.bbox), stand.block.confidence, stand.source
        else:
            named = [read.lines[line - 1].bbox for line in field.lines if 0 < line <= len(read.lines)]
            box, sure, source = union(named) if named else frame.whole, UNREAD, "estimated"
        stands_there = stands_as_written(claims, number, MOST_FOUND)
        yield Field(field.name, field.value, box, sure, source), stands_there

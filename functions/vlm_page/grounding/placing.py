"""Where the words of a block stand: those that were found on the words of the page that they are, the others on what
was read in their place, or in the room that is there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from ocrchat.blocks import BBox, Line, Word, union

from .claims import Claims
from .marks import Mark, edge_of, length_of, mean, on_slots, put, room_between, width_of_sign
from .spelling import UNREAD, confidence
from .texts import ReadToken, SaidToken

WHOLE = 0.8  # of a line's characters in one block: its box is that of the line, else that of the words
LEAST_ROOM = 0.25  # of its usual width a word that was not read needs, to stand between two that were
MOST_SQUEEZED = 3  # characters, that need none: bullets and marks
LEAST_SAID = 0.5  # of the characters of a line, or of other words in their place, or it is not said
LONGER = 20  # signs that are written in the place of words, beyond theirs: more is not what stands there
HYPHENS = "-\u2010\u00ad"
OWN_LINES = -1_000_000  # and below: the lines of cells; above, to 0, those of words between lines


@dataclass(frozen=True, slots=True)
class Segment:
    """What a token of the model takes of one of the page: its characters from `start` to `end`; `sign` is the first of
    the model's signs that stand there."""

    read: ReadToken
    start: int
    end: int
    sign: int

    @property
    def text(self) -> str:
        return self.read.text[self.start : self.end]

    @property
    def bbox(self) -> BBox:
        return self.read.part(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Placed:
    """What is placed of a block, in its order. `homeless` are the model's tokens of cells of which nothing is, and
    `covered` how many characters of each line of the page the block stands on. `alone` are runs of the model's tokens
    in whose place nothing was read, or far less."""

    marks: tuple[Mark, ...]
    homeless: tuple[int, ...]
    covered: dict[int, int]
    alone: tuple[tuple[int, ...], ...] = ()


def placed(claims: Claims, block: int, believed: Sequence[int]) -> Placed:
    """`believed` are lines of the page on which the block stands, whatever was read there. Nothing is placed of a block
    of which nothing is found, and that has none."""
    return _Placing(claims, block, believed).placed()


def lines_of(claims: Claims, its: Placed, marks: Iterable[Mark]) -> tuple[Line, ...]:
    """The model's words on the lines of the page, as they come."""
    words: dict[int, list[Word]] = defaultdict(list)
    before: Mark | None = None
    for mark in marks:
        known = words[mark.line]
        if before is not None and before.line == mark.line and not mark.spaced:
            known[-1] = _joined(known[-1], mark)
        else:
            known.append(Word(mark.text, mark.bbox, mark.confidence))
        before = mark
    lines = []
    for number, group in words.items():
        text = " ".join(word.text for word in group)
        box = union(word.bbox for word in group)
        if number >= 0:
            whole = claims.read.lines[number]
            length = sum(len(claims.read.tokens[token].text) for token in claims.read.tokens_of_line[number])
            box = union([box, whole.bbox]) if its.covered.get(number, 0) >= WHOLE * length else box
        lines.append(Line(text, box, mean((word.text, word.confidence) for word in group), tuple(group)))
    return tuple(lines)


def _joined(word: Word, mark: Mark) -> Word:
    sure = mean([(word.text, word.confidence), (mark.text, mark.confidence)])
    return Word(word.text + mark.text, union([word.bbox, mark.bbox]), sure)


class _Placing:
    def __init__(self, claims: Claims, block: int, believed: Sequence[int]) -> None:
        self.claims = claims
        self.read = claims.read
        self.said = claims.said
        self.its = claims.said.tokens_of_block[block]
        self.segments = self._segments()
        on = {segment.read.line for segments in self.segments.values() for segment in segments}
        self.lines = sorted(on | set(believed))
        self.covered: dict[int, int] = defaultdict(int)
        self.own_lines = 0
        self.alone: list[tuple[int, ...]] = []

    def placed(self) -> Placed:
        if not self.lines:
            return Placed((), (), {})
        for segments in self.segments.values():
            for segment in segments:
                self.covered[segment.read.line] += len(segment.text)
        marks: list[Mark] = []
        homeless: list[int] = []
        before: Mark | None = None
        runs = [(found, list(run)) for found, run in groupby(self.its, key=self.segments.__contains__)]
        ahead = [self._of_found(run[0])[0] if found else None for found, run in runs]
        for index, (found, run) in enumerate(runs):
            if found:
                left_out = [self._left_out(token, after) for token, after in pairwise(run)]
                new = [mark for its in zip(run, [*left_out, ""], strict=True) for mark in self._of_found(*its)]
            else:
                after = ahead[index + 1] if index + 1 < len(runs) else None
                end = self._first_of(runs[index + 1][1][0]) if index + 1 < len(runs) else len(self.read.tokens)
                bounds = (self._last_of(runs[index - 1][1][-1]) if index else -1, end)
                new, left = self._of_open(run, before, after, bounds)
                homeless += left
            marks += new
            before = new[-1] if found else before
        return Placed(tuple(marks), tuple(homeless), dict(self.covered), tuple(self.alone))

    def _segments(self) -> dict[int, list[Segment]]:
        """The tokens of the model that are found, each with what it takes of the page, in its order."""
        owners: dict[int, dict[int, int]] = defaultdict(dict)
        for sign in self.said.signs_of(self.its):
            if (place := self.claims.place[sign]) >= 0:
                owners[self.read.token_of[place]][place] = sign
        segments: dict[int, list[Segment]] = defaultdict(list)
        for token, claimed in owners.items():
            for owner, segment in self._shares(self.read.tokens[token], claimed):
                segments[owner].append(segment)
        for its in segments.values():
            its.sort(key=lambda segment: segment.sign)
        return dict(segments)

    def _shares(self, token: ReadToken, claimed: dict[int, int]) -> Iterator[tuple[int, Segment]]:
        """(token of the model, what it takes) of a token of the page: up to the first sign of the next one. Signs of
        the page that another block claims are left to it."""
        first, last = token.signs
        runs: list[tuple[int, int, int, int]] = []  # whose, from which sign of the page to which, the first of its own
        for sign in range(first, last):
            if sign in claimed:
                owner = self.said.token_of[claimed[sign]]
                if runs and runs[-1][0] == owner:
                    runs[-1] = (owner, runs[-1][1], sign, runs[-1][3])
                else:
                    runs.append((owner, sign, sign, claimed[sign]))
        for index, (owner, begin, end, own) in enumerate(runs):
            floor = first if index == 0 else begin
            while begin > floor and not self.claims.taken[begin - 1]:
                begin -= 1
            limit = runs[index + 1][1] if index + 1 < len(runs) else last
            while end + 1 < limit and not self.claims.taken[end + 1]:
                end += 1
            start = 0 if begin == first else self.read.offset_of[begin]
            stop = len(token.text) if end + 1 == last else self.read.offset_of[end + 1]
            yield owner, Segment(token, start, max(stop, start + 1), own)

    def _left_out(self, token: int, following: int) -> str:
        """What was read between two tokens of the model, found, that stand side by side without a space."""
        if self.said.tokens[following].spaced:
            return ""
        first, last = self._last_of(token), self._first_of(following)
        between = self.read.tokens[first + 1 : last]
        is_free = not any(any(self.claims.taken[slice(*its.signs)]) for its in between)
        same_line = first < last and self.read.tokens[first].line == self.read.tokens[last].line
        return "".join(its.text for its in between) if same_line and is_free else ""

    def _of_found(self, token: int, left_out: str = "") -> list[Mark]:
        """A mark a line that the token stands on. What the model left out after it, it differs in from the reader."""
        said = self.said.tokens[token]
        segments = self.segments[token]
        sure = mean((segment.text, segment.read.confidence) for segment in segments)
        likely = confidence(said.text, "".join(segment.text for segment in segments) + left_out, sure)
        parts = [list(part) for _, part in groupby(segments, key=lambda segment: segment.read.line)]
        cuts = [0, *(self.said.offset_of[part[0].sign] for part in parts[1:]), len(said.text)]
        marks = []
        for part, start, end in zip(parts, cuts, cuts[1:], strict=False):
            text = said.text[start:end]
            if end < len(said.text) and part[-1].text[-1:] in HYPHENS and text[-1:] not in HYPHENS:
                text += "-"
            box = union(segment.bbox for segment in part)
            spaced = said.spaced if start == 0 else True
            marks.append(Mark(text, box, likely, part[0].read.line, spaced, said.cell))
        return marks

    def _last_of(self, token: int) -> int:
        return max(self.read.token_of[self.claims.place[sign]] for sign in self._places_of(token))

    def _first_of(self, token: int) -> int:
        return min(self.read.token_of[self.claims.place[sign]] for sign in self._places_of(token))

    def _places_of(self, token: int) -> Iterator[int]:
        return (sign for sign in range(*self.said.tokens[token].signs) if self.claims.place[sign] >= 0)

    def _of_open(
        self, run: Sequence[int], before: Mark | None, after: Mark | None, bounds: tuple[int, int]
    ) -> tuple[list[Mark], list[int]]:
        """Tokens of the model between two that are found, and those of them that have no place."""
        slots = self._slots(*bounds)
        tokens = [self.said.tokens[token] for token in run]
        reads = [self.read.tokens[slot] for slot in slots]
        signs, room = sum(token.length for token in tokens), sum(read.length for read in reads)
        if signs and (not room or signs - room >= LONGER):
            self.alone.append(tuple(run))
        if reads:
            self._rest(slots, sum(len(token.text) for token in tokens))
            for read in reads:
                self.covered[read.line] += len(read.text)
            return list(on_slots(tokens, reads)), []
        marks: list[Mark] = []
        homeless: list[int] = []
        for cell, group in groupby(run, key=lambda token: self.said.tokens[token].cell):
            its = list(group)
            if all(mark is None or mark.cell != cell for mark in (before, after)):
                homeless += its
            else:
                marks += self._in_room([self.said.tokens[token] for token in its], before, after)
        return marks, homeless

    def _rest(self, slots: Sequence[int], length: int) -> None:
        """So much text stands for no more than twice as much."""
        room = length / LEAST_SAID
        for slot in slots:
            room -= len(self.read.tokens[slot].text)
            if room < 0:
                return
            self.claims.rests.add(slot)

    def _slots(self, after: int, before: int) -> list[int]:
        """What the block says nothing of between two tokens of the page, on its lines."""
        first = 0 if after < 0 else bisect_left(self.lines, self.read.tokens[after].line)
        last = len(self.lines)
        if before < len(self.read.tokens):
            last = bisect_right(self.lines, self.read.tokens[before].line)
        slots = []
        for line in self.lines[first:last]:
            for token in self.read.tokens_of_line[line]:
                begin, end = self.read.tokens[token].signs
                is_free = not any(self.claims.taken[begin:end]) and token not in self.claims.rests
                if after < token < before and is_free:
                    slots.append(token)
        return slots

    def _in_room(self, tokens: Sequence[SaidToken], before: Mark | None, after: Mark | None) -> Iterator[Mark]:
        """Between what stands before and after, where nothing was read."""
        length = sum(len(token.text) for token in tokens)
        if before and after and before.line == after.line and (room := room_between(before, after)) is not None:
            wanted = length * width_of_sign(before)
            if length <= MOST_SQUEEZED or length_of(room) >= LEAST_ROOM * wanted:
                return put(tokens, room, before.line, UNREAD)
        if length <= MOST_SQUEEZED and after and (before is None or _begins_line(tokens[0], before, after)):
            return put(tokens, edge_of(after, "start"), after.line, UNREAD)
        if length <= MOST_SQUEEZED and before:
            return put(tokens, edge_of(before, "end"), before.line, UNREAD)
        self.own_lines += 1
        boxes = [mark.bbox for mark in (before, after) if mark is not None]
        return put(tokens, union(boxes), -self.own_lines, UNREAD)


def _begins_line(token: SaidToken, before: Mark, after: Mark) -> bool:
    """Whether what stands at the end of one line or the start of the next does the latter: most marks do."""
    return token.spaced and after.line != before.line

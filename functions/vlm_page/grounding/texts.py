"""Both readings of a page as running text: tokens in reading order, and the signs that they are compared by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ocrchat import script
from ocrchat.blocks import BBox, Line, Word
from vlm_page.written import WrittenBlock

from .fold import Token, folded, tokens

SIDEWAYS = 1.5  # times as high as wide: text of two characters or more runs down, as in `ocr_page.layout.pieces`


@dataclass(frozen=True, slots=True)
class Frame:
    """The page, within which all boxes are."""

    width: float
    height: float

    @property
    def whole(self) -> BBox:
        return (0.0, 0.0, self.width, self.height)

    def within(self, box: BBox) -> BBox:
        x0, x1 = sorted(min(max(value, 0.0), self.width) for value in (box[0], box[2]))
        y0, y1 = sorted(min(max(value, 0.0), self.height) for value in (box[1], box[3]))
        return (x0, y0, x1, y1)


@dataclass(frozen=True, slots=True)
class ReadToken:
    """A word that the cpu tier read, or a character of one. `signs` are its first sign and the one after its last;
    `bbox` is the whole box of its word, of which it takes the `share` from where to where along the text."""

    text: str
    line: int
    word: BBox
    share: tuple[float, float]
    along: str
    confidence: float
    signs: tuple[int, int]

    @property
    def length(self) -> int:
        """In signs."""
        return self.signs[1] - self.signs[0]

    @property
    def bbox(self) -> BBox:
        return self.part(0, len(self.text))

    def part(self, start: int, end: int) -> BBox:
        """Of the characters from `start` to `end`, all taken as equally wide."""
        begin, whole = self.share[0], self.share[1] - self.share[0]
        length = len(self.text)
        return sliced(self.word, begin + whole * start / length, begin + whole * end / length, self.along)


def direction_of(text: str, box: BBox) -> str:
    """`down`, `left` or `right`: where text that stands in a box runs to."""
    if len(text) > 1 and box[3] - box[1] >= SIDEWAYS * (box[2] - box[0]) > 0:
        return "down"
    return "left" if script.runs_from_the_right([text]) else "right"


def sliced(box: BBox, start: float, end: float, along: str) -> BBox:
    """The part of a box from share `start` to `end` of its length, 0..1, along its text."""
    x0, y0, x1, y1 = box
    if along == "down":
        return (x0, y0 + start * (y1 - y0), x1, y0 + end * (y1 - y0))
    if along == "left":
        start, end = 1 - end, 1 - start
    return (x0 + start * (x1 - x0), y0, x0 + end * (x1 - x0), y1)


@dataclass(slots=True)
class ReadText:
    """What the cpu tier read. `token_of` and `offset_of` say of each sign which token it is of, and of which of its
    characters."""

    lines: list[Line] = field(default_factory=list)
    tokens: list[ReadToken] = field(default_factory=list)
    tokens_of_line: list[range] = field(default_factory=list)
    signs: str = ""
    token_of: list[int] = field(default_factory=list)
    offset_of: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, lines: Sequence[Line], frame: Frame) -> ReadText:
        text = cls()
        parts: list[str] = []
        for number, line in enumerate(lines):
            first = len(text.tokens)
            box = frame.within(line.bbox)
            text.lines.append(Line(line.text, box, line.confidence, line.words))
            for word in _words_of(line):
                place = frame.within(word.bbox)
                along = direction_of(word.text, place)
                parts += [text._add(token, number, word, place, along) for token in tokens(word.text)]
            text.tokens_of_line.append(range(first, len(text.tokens)))
        text.signs = "".join(parts)
        return text

    def _add(self, token: Token, line: int, word: Word, place: BBox, along: str) -> str:
        compared = folded(token.text)
        first = len(self.token_of)
        length = len(word.text)
        share = (token.start / length, (token.start + len(token.text)) / length)
        self.token_of += [len(self.tokens)] * len(compared.signs)
        self.offset_of += compared.at
        confidence = min(max(word.confidence, 0.0), 1.0)
        self.tokens.append(ReadToken(token.text, line, place, share, along, confidence, (first, len(self.token_of))))
        return compared.signs

    def line_of(self, sign: int) -> int:
        return self.tokens[self.token_of[sign]].line

    def signs_of_line(self, line: int) -> range:
        its = self.tokens_of_line[line]
        if not its:
            return range(0)
        return range(self.tokens[its[0]].signs[0], self.tokens[its[-1]].signs[1])


def _words_of(line: Line) -> Iterable[Word]:
    """Where the reader knows none, the whole line as one, which its tokens share."""
    return line.words or (Word(line.text, line.bbox, line.confidence),)


@dataclass(frozen=True, slots=True)
class SaidToken:
    """A word that the model wrote, or a character of one. `unit` counts, over the page, the lines of blocks and the
    cells of tables; `cell` counts those of a block; `signs` as of a read token."""

    text: str
    block: int
    unit: int
    cell: int
    spaced: bool
    signs: tuple[int, int]

    @property
    def length(self) -> int:
        return self.signs[1] - self.signs[0]


@dataclass(slots=True)
class SaidText:
    """What the model wrote."""

    tokens: list[SaidToken] = field(default_factory=list)
    tokens_of_block: list[range] = field(default_factory=list)
    tokens_of_unit: list[range] = field(default_factory=list)
    signs: str = ""
    token_of: list[int] = field(default_factory=list)
    offset_of: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, blocks: Iterable[WrittenBlock]) -> SaidText:
        text = cls()
        parts: list[str] = []
        for number, block in enumerate(blocks):
            first = len(text.tokens)
            for cell, unit in units_of(block):
                begin = len(text.tokens)
                parts += [text._add(token, number, cell) for token in tokens(unit)]
                text.tokens_of_unit.append(range(begin, len(text.tokens)))
            text.tokens_of_block.append(range(first, len(text.tokens)))
        text.signs = "".join(parts)
        return text

    def _add(self, token: Token, block: int, cell: int) -> str:
        compared = folded(token.text)
        first = len(self.token_of)
        self.token_of += [len(self.tokens)] * len(compared.signs)
        self.offset_of += compared.at
        spaced = token.spaced or token.start == 0
        signs = (first, len(self.token_of))
        self.tokens.append(SaidToken(token.text, block, len(self.tokens_of_unit), cell, spaced, signs))
        return compared.signs

    def block_of(self, sign: int) -> int:
        return self.tokens[self.token_of[sign]].block

    def signs_of(self, its: range) -> range:
        return range(self.tokens[its[0]].signs[0], self.tokens[its[-1]].signs[1]) if its else range(0)


def units_of(block: WrittenBlock) -> Iterator[tuple[int, str]]:
    """(the number of its cell, text) of what may stand apart from the rest of a block: its lines, a table's cells."""
    if is_table(block):
        for cell, written in enumerate(cell for row in block.rows or () for cell in row):
            yield cell, written.text
    else:
        for line in block.text.splitlines():
            yield 0, line


def is_table(block: WrittenBlock) -> bool:
    """Of any other block with rows they count where it says nothing else."""
    return any(block.rows or ()) and (block.type == "table" or not block.text.strip())

"""Which of the signs that the cpu tier read are those that the model wrote.

First each block is held against the lines that it names; then what is left of both readings is aligned in reading
order, again and again, since blocks may come in another order; then short lines that a block names are looked for in
it, and each line and cell that is still left by itself. What says the same is claimed, and is not claimed again but by
a block that names the line and stands nowhere else.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from vlm_page.written import WrittenBlock

from . import chance
from .align import Pair, extended, matches
from .texts import ReadText, SaidText

LEAST_NAMED = 0.3  # of a block's signs on the lines that it names, or these are wrong
ROUNDS = 4  # of alignment of all that is left; each takes what rises in both readings
LEAST_LEFT = 6  # signs of words left over side by side, in a block that is found: fewer are misread
NAMED_ROOM = 1.5  # times as many signs as its own a block may name; of more, those lines that are like it count

GRAM = 3
MOST_LABELS = 64  # of a picture, that are named
MOST_LINES = 16  # that a gram is looked up in
MOST_ALIKE = 64  # lines that are compared with a text: the longest paragraphs have as many
MOST_SAID = 2  # times as many signs as were read are aligned, at each step: more cannot stand on the page
LEAST_SAID = 20_000  # ... but so many in any case
LEAST_COST = 128  # signs take no longer than fewer
MOST_WORDS = 4  # of a line that is looked for word by word
REACH = 2_000  # signs before a text, in which is looked for where it may follow


LinesOfGram = Mapping[str, Sequence[int]]


@dataclass(slots=True)
class Claims:
    """`place` is, of each sign of the model, the sign of the page, or -1; `taken` counts the claims on those, `left`
    those of each line that have none; `lines` are those on which a block is. `rests` are words of the page that stand
    where the model wrote something else."""

    read: ReadText
    said: SaidText
    place: list[int] = field(init=False)
    taken: list[int] = field(init=False)
    left: list[int] = field(init=False)
    lines: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    again: set[int] = field(default_factory=set)
    rests: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.place = [-1] * len(self.said.signs)
        self.forget_taken()

    def forget_taken(self) -> None:
        self.taken = [0] * len(self.read.signs)
        self.left = [len(self.read.signs_of_line(line)) for line in range(len(self.read.lines))]

    @property
    def most(self) -> int:
        """How many signs of the model are looked at in one step."""
        return max(MOST_SAID * len(self.read.signs), LEAST_SAID)

    def found(self, its: range) -> int:
        """How many signs of these tokens of the model have a place."""
        return sum(self.place[sign] >= 0 for sign in self.said.signs_of(its))

    def places(self, block: int) -> list[int]:
        """The signs of the page that a block says."""
        its = self.said.signs_of(self.said.tokens_of_block[block])
        return [self.place[sign] for sign in its if self.place[sign] >= 0]

    def claim(self, pairs: Iterable[Pair]) -> None:
        for said, read in pairs:
            line = self.read.line_of(read)
            self.left[line] -= not self.taken[read]
            if self.taken[read]:
                self.again.add(said)
            self.taken[read] += 1
            self.place[said] = read
            self.lines[self.said.block_of(said)].add(line)

    def is_open(self, token: int) -> bool:
        """Whether no sign of this token of the page is claimed, and there is one."""
        first, last = self.read.tokens[token].signs
        return first < last and not any(self.taken[first:last])

    def is_found(self, token: int) -> bool:
        first, last = self.said.tokens[token].signs
        return any(place >= 0 for place in self.place[first:last])

    def last_line_before(self, token: int) -> int:
        """Of the page, where the model's last token before this one is found; -1 where none is near."""
        first = self.said.tokens[token].signs[0]
        for sign in range(first - 1, max(first - REACH, 0) - 1, -1):
            if self.place[sign] >= 0:
                return self.read.line_of(self.place[sign])
        return -1


def claimed(read: ReadText, blocks: Sequence[WrittenBlock], said: SaidText) -> Claims:
    claims = Claims(read, said)
    _claim_named(claims, blocks, again=False)
    for _ in range(ROUNDS):
        if not _take(claims, list(_left(claims))[: claims.most], _open_signs(claims, range(len(read.lines)))):
            break
    _claim_whole_lines(claims, blocks)
    _search(claims)
    _claim_named(claims, blocks, again=True)
    return claims


def claimed_apart(read: ReadText, blocks: Sequence[WrittenBlock], said: SaidText) -> Claims:
    """The same for texts that come in no order, and may repeat each other: such as the values of fields."""
    claims = Claims(read, said)
    _claim_named(claims, blocks, again=False)
    _claim_named(claims, blocks, again=True)
    _search(claims)
    claims.forget_taken()
    _search(claims)
    return claims


def _claim_named(claims: Claims, blocks: Sequence[WrittenBlock], *, again: bool) -> None:
    """What blocks say of the lines that they name: of what is not claimed, or of all of it `again`."""
    if not any(block.lines for block in blocks):
        return
    lines_of_gram = _lines_of_grams(claims)
    most = 2 * claims.most  # of the model and of the lines that it names
    for number, block in enumerate(blocks):
        its = claims.said.tokens_of_block[number]
        named = _named(claims, its, block.lines, lines_of_gram) if block.lines else []
        most -= len(claims.said.signs_of(its)) + sum(claims.left[line] for line in named) + LEAST_COST
        if most < 0:
            return
        offered = _open_signs(claims, named)
        if again:
            offered = [sign for line in named for sign in claims.read.signs_of_line(line)]
        pairs = _same(claims, _left_of(claims, its), offered, chance.LEAST_SHARE)
        if len(pairs) >= LEAST_NAMED * len(claims.said.signs_of(its)):
            claims.claim(pairs)


def _claim_whole_lines(claims: Claims, blocks: Sequence[WrittenBlock]) -> None:
    """Short lines that a block names, such as the cells of a table, and that it says in another order: sign by sign."""
    for number, block in enumerate(blocks):
        its = claims.said.tokens_of_block[number]
        if not block.lines or claims.found(its) == len(claims.said.signs_of(its)):
            continue
        left = [list(run) for is_found, run in groupby(its, key=claims.is_found) if not is_found]
        runs: dict[str, deque[range]] = defaultdict(deque)
        for run in left:
            for first, last in ((a, b) for a in range(len(run)) for b in range(a, min(a + MOST_WORDS, len(run)))):
                signs = claims.said.signs_of(range(run[first], run[last] + 1))
                runs[claims.said.signs[signs.start : signs.stop]].append(signs)
        for line in lines_named(block.lines, len(claims.read.lines), len(claims.said.signs_of(its))):
            its_signs = claims.read.signs_of_line(line)
            if claims.left[line] < len(its_signs) or not its_signs:
                continue
            same = runs[claims.read.signs[its_signs.start : its_signs.stop]]
            while same and any(claims.place[sign] >= 0 for sign in same[0]):
                same.popleft()
            if same:
                claims.claim(zip(same.popleft(), its_signs, strict=True))


def lines_named(numbers: Sequence[int], count: int, length: int) -> list[int]:
    """Which of `count` lines a text with so many signs names: a line has a sign, and a picture's labels have none of
    the text's."""
    return [number - 1 for number in dict.fromkeys(numbers[: length + MOST_LABELS]) if 0 < number <= count]


def _named(claims: Claims, its: range, numbers: Sequence[int], lines_of_gram: LinesOfGram) -> list[int]:
    """The lines that a block names, as it does; of more than it says those that are most like it."""
    read = claims.read
    length = len(claims.said.signs_of(its))
    lines = lines_named(numbers, len(read.lines), length)
    if len(lines) < 2 or sum(len(read.signs_of_line(line)) for line in lines) <= NAMED_ROOM * length:
        return lines
    if length < GRAM:
        return lines[: chance.NEAR]
    alike = _alike(claims, its, lines_of_gram, set(lines))
    return [line for line in lines if line in alike]


def _open_signs(claims: Claims, lines: Iterable[int]) -> list[int]:
    tokens = (token for line in lines for token in claims.read.tokens_of_line[line] if claims.is_open(token))
    return [sign for token in tokens for sign in range(*claims.read.tokens[token].signs)]


def _left_of(claims: Claims, its: Iterable[int]) -> list[int]:
    """The signs of the model's tokens that have no place."""
    return [sign for token in its if not claims.is_found(token) for sign in range(*claims.said.tokens[token].signs)]


def _left(claims: Claims) -> Iterator[int]:
    """The same of all tokens but single ones in blocks that are found."""
    for its in claims.said.tokens_of_block:
        least = LEAST_LEFT if claims.found(its) else 1
        for is_found, run in groupby(its, key=claims.is_found):
            left = [] if is_found else _left_of(claims, run)
            if len(left) >= least:
                yield from left


def _take(claims: Claims, said: Sequence[int], read: Sequence[int]) -> bool:
    """Claims those of these signs that say the same; whether there are any."""
    pairs = _same(claims, said, read, chance.LEAST_SHARE_OF_RUN)
    claims.claim(pairs)
    return bool(pairs)


def _same(claims: Claims, said: Sequence[int], read: Sequence[int], least: float) -> list[Pair]:
    """Those of these signs that say the same, and not by chance; `least` is the share of a line, or of the block, in
    which there must be a run of them."""
    one = "".join(claims.said.signs[sign] for sign in said)
    other = "".join(claims.read.signs[sign] for sign in read)
    pairs = [(said[a], read[b]) for a, b in matches(one, other)]
    places = dict(zip(said, range(len(said)), strict=True)), dict(zip(read, range(len(read)), strict=True))
    words = [(places[0][a], places[1][b]) for a, b in chance.without_words(claims.read, claims.said, pairs)]
    whole = [(said[a], read[b]) for a, b in extended(one, other, words)]
    return chance.without_lines(claims.read, claims.said, whole, (said, read), claims.lines, least)


def _search(claims: Claims) -> None:
    """Looks for each line and cell of the model that is not found yet, the longest first: those are told apart best."""
    said = claims.said
    left = [its for its in said.tokens_of_unit if its and not claims.found(its)]
    left = [its for its in left if len(said.signs_of(its)) >= GRAM]
    if not left:
        return
    lines_of_gram = _lines_of_grams(claims)
    most = claims.most
    for its in sorted(left, key=lambda its: -len(said.signs_of(its))):
        most -= max(len(said.signs_of(its)), LEAST_COST)
        if most < 0:
            return
        lines = sorted(_alike(claims, its, lines_of_gram))
        _take(claims, list(said.signs_of(its)), _open_signs(claims, lines))


def _lines_of_grams(claims: Claims) -> LinesOfGram:
    """Where each gram of what is left of the page stands."""
    lines: dict[str, list[int]] = defaultdict(list)
    for line in range(len(claims.read.lines)):
        for gram in _grams("".join(claims.read.signs[sign] for sign in _open_signs(claims, [line]))):
            lines[gram].append(line)
    return lines


def _grams(text: str) -> set[str]:
    return {text[index : index + GRAM] for index in range(len(text) - GRAM + 1)}


def _alike(claims: Claims, its: range, lines_of_gram: LinesOfGram, among: Container[int] | None = None) -> set[int]:
    """The lines that may say what the model says in these tokens, as many as have its length: those with most grams in
    common, among equals those that say little else, then those next to what was found before it."""
    text = "".join(claims.said.signs[sign] for sign in claims.said.signs_of(its))
    hits: Counter[int] = Counter()
    for gram in _grams(text):
        lines = lines_of_gram.get(gram, ())
        hits.update([line for line in lines if line in among] if among is not None else lines[:MOST_LINES])
    after = claims.last_line_before(its[0]) + 1
    likely = [line for line, _ in hits.most_common(MOST_ALIKE) if claims.left[line]]
    room = len(text)
    chosen = set()
    for line in sorted(likely, key=lambda line: (-hits[line], claims.left[line], abs(line - after))):
        if room > 0:
            chosen.add(line)
            room -= claims.left[line]
    return chosen

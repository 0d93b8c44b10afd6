"""Which of the signs that the cpu tier read are those that the model wrote.

First each block is held against the lines that it names; then what is left of both readings is aligned in reading
order, again and again, since blocks may come in another order; then each line and cell that is still left is looked for
by itself. What says the same is claimed, and no second block claims it unless it names the line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from vlm_page.written import WrittenBlock

from .align import Pair, matches
from .texts import ReadText, SaidText

LEAST_SHARE = 0.5
"""Of the signs of a line, or of the block if it is shorter, that must be the same: texts that have nothing to do with
each other share a third, real ones with one sign in ten wrong in both four fifths."""

RUN = 8  # signs in a row that are the same: a part of a line, whose rest another block says
LEAST_SHARE_OF_RUN = 0.25
LEAST_PART = 3  # signs of a word that is found whole within a longer one

ROUNDS = 4  # of alignment of all that is left; each takes what rises in both readings
LEAST_LEFT = 6  # signs of words left over side by side, in a block that is found: fewer are misread
NAMED_ROOM = 2
"""Times as many signs as its own a block may name, and a line's worth: no time is spent on a list of all lines."""
LINE = 200  # signs

GRAM = 3
MOST_LINES = 16  # that a gram is looked up in
MOST_SAID = 4  # times as many signs as were read are looked for
LEAST_SAID = 4_000
REACH = 2_000  # signs before a text, in which is looked for where it may follow


@dataclass(slots=True)
class Claims:
    """`place` is, of each sign of the model, the sign of the page, or -1; `taken` counts the claims on those. `rests`
    are words of the page that stand where the model wrote something else."""

    read: ReadText
    said: SaidText
    place: list[int] = field(init=False)
    taken: list[int] = field(init=False)
    rests: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.place = [-1] * len(self.said.signs)
        self.taken = [0] * len(self.read.signs)

    def found(self, its: range) -> int:
        """How many signs of these tokens of the model have a place."""
        return sum(self.place[sign] >= 0 for sign in self.said.signs_of(its))

    def places(self, block: int) -> list[int]:
        """The signs of the page that a block says."""
        its = self.said.signs_of(self.said.tokens_of_block[block])
        return [self.place[sign] for sign in its if self.place[sign] >= 0]

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
                return self.read.tokens[self.read.token_of[self.place[sign]]].line
        return -1


def claimed(read: ReadText, blocks: Sequence[WrittenBlock], said: SaidText) -> Claims:
    claims = Claims(read, said)
    for number, block in enumerate(blocks):
        _claim_named(claims, number, block.lines)
    most = max(MOST_SAID * len(read.signs), LEAST_SAID)
    for _ in range(ROUNDS):
        if not _take(claims, list(_left(claims))[:most], _open_signs(claims, range(len(read.lines)))):
            break
    _search(claims, most)
    return claims


def claimed_apart(read: ReadText, blocks: Sequence[WrittenBlock], said: SaidText) -> Claims:
    """The same for texts that come in no order, and may repeat each other: such as the values of fields."""
    claims = Claims(read, said)
    for number, block in enumerate(blocks):
        _claim_named(claims, number, block.lines)
    most = max(MOST_SAID * len(read.signs), LEAST_SAID)
    _search(claims, most)
    claims.taken = [0] * len(claims.taken)
    _search(claims, most)
    return claims


def _claim_named(claims: Claims, block: int, numbers: Iterable[int]) -> None:
    """Lines that another block has claimed are believed, too, but not before those that none has."""
    read, its = claims.read, claims.said.signs_of(claims.said.tokens_of_block[block])
    room = NAMED_ROOM * len(its) + LINE
    lines = []
    for line in dict.fromkeys(number - 1 for number in numbers):
        if 0 <= line < len(read.lines) and room > 0:
            lines.append(line)
            room -= len(read.signs_of_line(line))
    _take(claims, list(its), _open_signs(claims, lines))
    left = _left_of(claims, claims.said.tokens_of_block[block])
    if 2 * len(left) > len(its):
        _take(claims, left, [sign for line in lines for sign in read.signs_of_line(line)])


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
    if not said or not read:
        return False
    one = "".join(claims.said.signs[sign] for sign in said)
    other = "".join(claims.read.signs[sign] for sign in read)
    pairs = [(said[a], read[b]) for a, b in matches(one, other)]
    kept = _of_lines(claims, _of_words(claims, pairs), said, read)
    for a, b in kept:
        claims.place[a] = b
        claims.taken[b] += 1
    return bool(kept)


def _of_words(claims: Claims, pairs: Sequence[Pair]) -> list[Pair]:
    """Without those of words that are alike by chance: half of a word is the same, and of the other's word, too, or
    else it is a part of that."""
    said, read = claims.said, claims.read

    def length(token: int, *, is_said: bool) -> int:
        first, last = said.tokens[token].signs if is_said else read.tokens[token].signs
        return last - first

    def words(pair: Pair) -> tuple[int, int]:
        return said.token_of[pair[0]], read.token_of[pair[1]]

    both = Counter(map(words, pairs))
    near = [pair for pair in pairs if 2 * both[words(pair)] >= min(_lengths(words(pair), length))]
    mine = Counter(words(pair)[0] for pair in near)
    theirs = Counter(words(pair)[1] for pair in near)
    kept = []
    for pair in near:
        a, b = words(pair)
        long, other = _lengths((a, b), length)
        if 2 * mine[a] >= long and (2 * theirs[b] >= other or mine[a] == long >= LEAST_PART):
            kept.append(pair)
    return kept


def _lengths(words: tuple[int, int], length: Callable[..., int]) -> tuple[int, int]:
    return length(words[0], is_said=True), length(words[1], is_said=False)


def _of_lines(claims: Claims, pairs: Sequence[Pair], said: Sequence[int], read: Sequence[int]) -> list[Pair]:
    """Without those of blocks and lines that are alike by chance."""

    def block_of(sign: int) -> int:
        return claims.said.tokens[claims.said.token_of[sign]].block

    def line_of(sign: int) -> int:
        return claims.read.tokens[claims.read.token_of[sign]].line

    offered_by = Counter(map(block_of, said))
    offered_in = Counter(map(line_of, read))
    groups: dict[tuple[int, int], list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[block_of(pair[0]), line_of(pair[1])].append(pair)
    kept: list[Pair] = []
    for (block, line), group in groups.items():
        share = len(group) / min(offered_by[block], offered_in[line])
        if share >= LEAST_SHARE or (share >= LEAST_SHARE_OF_RUN and _longest_run(group) >= RUN):
            kept += group
    return kept


def _longest_run(pairs: Sequence[Pair]) -> int:
    longest = run = 1
    for (a0, b0), (a1, b1) in pairwise(pairs):
        run = run + 1 if a1 - a0 == b1 - b0 == 1 else 1
        longest = max(longest, run)
    return longest


def _search(claims: Claims, most: int) -> None:
    """Looks for each line and cell of the model that is not found yet, the longest first: those are told apart best."""
    said = claims.said
    left = [its for its in said.tokens_of_unit if its and not claims.found(its)]
    left = [its for its in left if len(said.signs_of(its)) >= GRAM]
    if not left:
        return
    lines = _grams_of_lines(claims)
    for its in sorted(left, key=lambda its: -len(said.signs_of(its))):
        most -= len(said.signs_of(its))
        if most < 0:
            return
        signs = list(said.signs_of(its))
        _take(claims, signs, _open_signs(claims, _alike(claims, its, lines)))


def _grams_of_lines(claims: Claims) -> dict[str, list[int]]:
    """Where each gram of what is left of the page stands."""
    lines: dict[str, list[int]] = defaultdict(list)
    for line in range(len(claims.read.lines)):
        for gram in _grams("".join(claims.read.signs[sign] for sign in _open_signs(claims, [line]))):
            lines[gram].append(line)
    return lines


def _grams(text: str) -> set[str]:
    return {text[index : index + GRAM] for index in range(len(text) - GRAM + 1)}


def _alike(claims: Claims, its: range, lines: dict[str, list[int]]) -> list[int]:
    """The lines that may say what a unit of the model says, as many as have its length, in reading order: those with
    most grams in common, among equals those next to what was found before it."""
    text = "".join(claims.said.signs[sign] for sign in claims.said.signs_of(its))
    hits: Counter[int] = Counter()
    for gram in _grams(text):
        for line in lines.get(gram, ())[:MOST_LINES]:
            hits[line] += 1
    after = claims.last_line_before(its[0]) + 1
    room = len(text)
    chosen = []
    for line in sorted(hits, key=lambda line: (-hits[line], abs(line - after))):
        if room <= 0:
            break
        open_signs = len(_open_signs(claims, [line]))
        if open_signs:
            chosen.append(line)
            room -= open_signs
    return sorted(chosen)

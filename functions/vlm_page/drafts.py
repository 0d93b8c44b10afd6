"""What an answer makes of the page: what of it is kept, what the second reader has to add, and what is wrong with it.

What does not stand on the page is taken out before the rest is put there, as if it had never been written: so it can
stand for nothing that was read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from ocrchat.blocks import Field, Word, is_in, middle_of
from ocrchat.llm.port import Answer
from ocrchat.pages import PageResult
from ocrchat.tools import ANY_FIELDS

from . import faults
from .answers import AnswerInvalid
from .asking import Question
from .faults import Fault
from .grounding import Alone, Grounded, Shared, ground
from .grounding.fold import folded
from .written import WrittenPage

MOST_INKED = 200  # blocks that no line says are looked for in the picture, which takes some ms each: no page has more
LEAST_REPEATED = (
    8  # signs of a block that are said elsewhere, at least, to be said twice: shorter ones stand everywhere
)
REPEATED = 0.5  # of the signs of a block


@dataclass(frozen=True, slots=True)
class Draft:
    """`written` is what is kept of the answer, `grounded` the same on the page. `left_out` counts the
    blocks that were taken out since they do not stand there; something was `repeated` that stands there less often, and
    blocks of it were taken out. `unverified` are indexes of
    blocks that stand on no line but where there is ink, `alone` is what the model alone has read in others. `added` are
    indexes of lines that no block says, and that make up `share_lost` of all sure text; `differing` are clear words
    that the model says otherwise or not at all, and the texts of cells that stand elsewhere. `doubtful` are names of
    fields that do not stand on the page as they are written. `agreement`, 0..1, is that of both readings, of all that
    was written; 1 where the cpu tier is not sure of the page. `agreement_beside` is that of what is kept, without what
    is `added`."""

    written: WrittenPage
    grounded: Grounded
    fields: tuple[Field, ...]
    left_out: int
    repeated: bool
    unverified: frozenset[int]
    alone: tuple[str, ...]
    added: tuple[int, ...]
    share_lost: float
    differing: tuple[str, ...]
    doubtful: tuple[str, ...]
    agreement: float
    agreement_beside: float
    faults: tuple[Fault, ...]

    @property
    def is_about_this_page(self) -> bool:
        return self.share_lost < faults.LOST_SHARE and self.agreement >= faults.ANOTHER


def draft_of(answer: Answer, question: Question, reading: PageResult) -> Draft | Fault:
    """A fault where there is nothing to be kept of the answer."""
    if (fault := faults.of_form(answer)) is not None:
        return fault
    try:
        written = question.parsed(answer.text, (reading.width, reading.height))
    except AnswerInvalid as wrong:
        return faults.invalid(str(wrong))
    if any(faults.is_loop_on(question.lines, block.text) for block in written.blocks):
        return faults.REPEATS
    return _Examining(question, reading, written).draft()


class _Examining:
    def __init__(self, question: Question, reading: PageResult, written: WrittenPage) -> None:
        self.question = question
        self.lines = question.lines
        self.reading = reading
        names = question.tool.fields if question.tool else ()
        asked = tuple(field for field in written.fields if names == ANY_FIELDS or field.name in names)
        self.written = replace(written, fields=asked)

    def draft(self) -> Draft:
        first = self._ground(self.written)
        unmatched = {index for index in first.unmatched if first.blocks[index].text.strip()}
        inked = self._inked(first)
        left_out = unmatched - inked
        repeated = {index for index, its in enumerate(first.said) if _is_repeated(its)}
        out = left_out | repeated
        kept = tuple(block for index, block in enumerate(self.written.blocks) if index not in out)
        written = replace(self.written, blocks=kept)
        grounded = self._ground(written) if out else first
        unverified = frozenset(index for index in grounded.unmatched if grounded.blocks[index].text.strip())
        added = self._added(written, grounded, unverified)
        differing = self._differing(written, grounded, added)
        fields, doubtful, is_invented = self._fields(grounded)
        made_up = any(_is_long(its) and not self._has_unread_ink(grounded, its.block) for its in grounded.alone)
        agreement = self._agreement(self.written, first, inked, ())
        found = []
        if faults.share_left_out(self.lines, added) > faults.LEFT_OUT_SHARE:
            found.append(faults.incomplete([index + 1 for index in added]))
        if left_out or made_up or is_invented:
            found.append(faults.INVENTED)
        if any(its.again >= faults.LONG_RUN for its in first.said) or repeated:
            found.append(faults.REPEATED)
        if agreement < faults.AGREED:
            found.append(faults.DISAGREES)
        return Draft(
            written,
            grounded,
            fields,
            len(left_out),
            bool(repeated) or any(its.again for its in grounded.said),
            unverified,
            tuple(its.text for its in grounded.alone),
            added,
            faults.share_lost(self.lines, added),
            (*_numbers_first(differing), *grounded.moved),
            doubtful,
            agreement,
            self._agreement(written, grounded, unverified, added),
            tuple(found),
        )

    def _ground(self, written: WrittenPage) -> Grounded:
        return ground(self.lines, written, self.reading.width, self.reading.height)

    def _inked(self, grounded: Grounded) -> set[int]:
        """Of the blocks that no line says those that stand where there is ink which is not that of a line read
        surely."""
        sure = [self.question.in_px(line.bbox) for line in self.lines if faults.is_sure(line)]
        inked = set()
        for index in grounded.unmatched[:MOST_INKED]:
            box = self.written.blocks[index].box or grounded.blocks[index].bbox
            if self.question.picture.has_ink(self.question.in_px(box), sure):
                inked.add(index)
        return inked

    def _has_unread_ink(self, grounded: Grounded, block: int) -> bool:
        """Whether something stands where a block does that nobody but the model has read."""
        missing = set(grounded.missing)
        read = [
            self.question.in_px(line.bbox)
            for index, line in enumerate(self.lines)
            if faults.is_sure(line) or index not in missing
        ]
        return self.question.picture.has_ink(self.question.in_px(grounded.blocks[block].bbox), read)

    def _added(self, written: WrittenPage, grounded: Grounded, unverified: Collection[int]) -> tuple[int, ...]:
        """The lines that no block says, apart from the noise and what was read where a block stands that has been read
        otherwise."""
        boxes = [written.blocks[index].box or grounded.blocks[index].bbox for index in unverified]
        return tuple(
            index
            for index in grounded.missing
            if faults.is_text(line := self.lines[index])
            and (faults.is_sure(line) or not any(is_in(middle_of(line.bbox), box) for box in boxes))
        )

    def _agreement(
        self, written: WrittenPage, grounded: Grounded, unverified: Iterable[int], added: Iterable[int]
    ) -> float:
        """Of what can be compared: where nobody read anything, nobody contradicts, and LaTeX has other signs than what
        is printed."""
        if grounded.agreement is None or faults.sure_share(self.lines) < faults.SURE_PAGE:
            return 1.0
        formulas = {index for index, block in enumerate(written.blocks) if faults.is_mathematical(block)}
        on = _lines_of(formulas, grounded)
        return grounded.agreement_without({*formulas, *unverified}, {*on, *added})

    def _differing(self, written: WrittenPage, grounded: Grounded, added: Collection[int]) -> list[Word]:
        """The clear words that are not in the result as they were read. Of what a formula stands for each is told that
        was read well: nothing else compares it."""
        formulas = {index for index, block in enumerate(written.blocks) if block.type == "formula"}
        on = _lines_of(formulas, grounded)
        return [
            word
            for line, word in grounded.differing
            if line not in added and word.confidence >= (faults.SURE if line in on else faults.SURE_WORD)
        ]

    def _fields(self, grounded: Grounded) -> tuple[tuple[Field, ...], tuple[str, ...], bool]:
        """Those that are kept, the names of those that do not stand on the page as they are written, and whether any
        stands nowhere. What a block says is as sure as that is."""
        said = "".join(folded(block.text).signs for block in grounded.blocks)
        kept = []
        doubtful = []
        for index, field in enumerate(grounded.fields):
            if index in grounded.doubtful:
                doubtful.append(field.name)
                if folded(field.value).signs not in said:
                    continue
            kept.append(field)
        return tuple(kept), tuple(dict.fromkeys(doubtful)), len(kept) < len(grounded.fields)


def _lines_of(blocks: Iterable[int], grounded: Grounded) -> set[int]:
    return {line for index in blocks for line in grounded.on[index]}


def _numbers_first(words: Iterable[Word]) -> list[str]:
    texts = list(dict.fromkeys(word.text for word in words))
    return sorted(texts, key=lambda text: not any(map(str.isdigit, text)))


def _is_long(alone: Alone) -> bool:
    return alone.words >= faults.LONG_RUN_WORDS or alone.signs >= faults.LONG_RUN


def _is_repeated(its: Shared) -> bool:
    return its.again >= LEAST_REPEATED and its.again >= REPEATED * its.signs

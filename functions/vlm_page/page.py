"""One prepared page in, its result out: asked about, held against what the cpu tier read, and asked about again where
the answer cannot be right. What is still wrong then is mended and said, or the page is given up; never is it silent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ocrchat import languages
from ocrchat.blocks import Block, Line
from ocrchat.errors import ModelFailed, PageCutOff, PageError, PageRefused, PageUnverified
from ocrchat.limits import LIMITS
from ocrchat.llm.port import Answer, ModelBusy
from ocrchat.pages import PageResult, PageTask, PreparedPage
from ocrchat.tools import TOOLS

from . import faults, notices, results
from .answers import AnswerInvalid
from .asked import Asked
from .asking import Question
from .faults import Fault
from .grounding import Grounded, ground
from .pictures import Picture
from .written import WrittenPage, numbered

ERRORS: dict[faults.Kind, type[PageError]] = {
    "refused": PageRefused,
    "cut_off": PageCutOff,
    "repeats": ModelFailed,
    "invalid": ModelFailed,
}
"""What becomes of a page of which there is no text, by what was wrong with the last answer."""

MATHEMATICAL_SHARE = 0.6  # of the text of a page may be formulas: where all of it is said to be, it is compared


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answer makes of the page. `left_out` are indexes of blocks that do not stand on the page, `unverified` of
    those that stand on no line but where there is ink. `missing` are indexes of sure lines that no block says, and that
    make up `share_missing` of all sure text. `agreement`, 0..1, is that of both readings, of all the page; 1 where the
    cpu tier is not sure of it."""

    written: WrittenPage
    grounded: Grounded
    left_out: frozenset[int]
    unverified: frozenset[int]
    missing: tuple[int, ...]
    share_missing: float
    agreement: float
    faults: tuple[Fault, ...]

    @property
    def is_about_this_page(self) -> bool:
        return self.share_missing < faults.LOST_SHARE and self.agreement >= 1 - faults.LOST_SHARE


def read_prepared(prepared: PreparedPage, task: PageTask, asked: Asked, deadline: float) -> PageResult:
    """`deadline` is of `time.monotonic`. Raises PageRefused, PageCutOff, PageUnverified and ModelFailed where there is
    no answer that can be believed; ModelBusy and ModelRejected as the model does."""
    reading = prepared.reading
    bounds = asked.model.capabilities
    picture = Picture.of(prepared.picture, bounds.image_edge, bounds.image_patches)
    lines = numbered(reading)
    if not lines and picture.is_blank:
        return results.blank(reading)
    target = languages.language(task.translate_to) if task.translate_to else None
    tool = TOOLS.get(task.tool or "")
    question = Question(picture, lines, picture.width / reading.width, tool, target)
    draft = _best_draft(question, reading, asked, deadline)
    return _finished(draft, lines, reading)


def _best_draft(question: Question, reading: PageResult, asked: Asked, deadline: float) -> Draft:
    """The first without a fault, else that which has most of the page. Raises PageError where there is none at all."""
    tokens = question.first_tokens()
    complaints: dict[faults.Kind, str] = {}
    drafts: list[Draft] = []
    fault: Fault | None = None
    while asked.may_ask(deadline):
        try:
            answer = asked.ask(question.request(tokens, list(complaints.values())), deadline)
        except ModelBusy:
            if not drafts:
                raise
            break
        made = _examined(answer, question, reading)
        if isinstance(made, Fault):
            fault = made
            complaints[fault.kind] = fault.complaint
        elif made.faults:
            drafts.append(made)
            complaints |= {one.kind: one.complaint for one in made.faults}
        else:
            return made
        if answer.stop == "length":
            tokens = LIMITS.model_answer_tokens
    if drafts:
        return min(drafts, key=lambda draft: (draft.share_missing - draft.agreement, len(draft.left_out)))
    raise ERRORS[fault.kind] if fault is not None else ModelFailed


def _examined(answer: Answer, question: Question, reading: PageResult) -> Draft | Fault:
    if (fault := faults.of_form(answer)) is not None:
        return fault
    try:
        written = question.parsed(answer.text, (reading.width, reading.height))
    except AnswerInvalid as wrong:
        return faults.invalid(str(wrong))
    if any(faults.is_loop(block.text) for block in written.blocks):
        return faults.REPEATS
    grounded = ground(question.lines, written, reading.width, reading.height)
    left_out, unverified = _unmatched(question, written, grounded)
    missing = tuple(index for index in grounded.missing if faults.is_sure(question.lines[index]))
    share_missing = faults.share_left_out(question.lines, missing)
    is_sure = faults.sure_share(question.lines) >= faults.SURE_PAGE and not _is_mathematical(question.lines, written)
    agreement = 1.0
    if is_sure and grounded.agreement is not None:  # what stands where nobody read anything, nobody contradicts
        agreement = _apart_from(grounded.agreement, grounded, question.lines, unverified, ())
    found = []
    if share_missing > faults.LEFT_OUT_SHARE:
        found.append(faults.incomplete([index + 1 for index in missing]))
    if left_out:
        found.append(faults.INVENTED)
    if agreement < faults.AGREED:
        found.append(faults.DISAGREES)
    return Draft(written, grounded, left_out, unverified, missing, share_missing, agreement, tuple(found))


def _unmatched(question: Question, written: WrittenPage, grounded: Grounded) -> tuple[frozenset[int], frozenset[int]]:
    """Of the blocks that no line says: those that stand nowhere, and those that stand where there is ink which is not
    that of a line read surely."""
    sure = [question.in_px(line.bbox) for line in question.lines if faults.is_sure(line)]
    left_out: set[int] = set()
    unverified: set[int] = set()
    for index in grounded.unmatched:
        if not grounded.blocks[index].text.strip():
            continue  # a picture without text, or nothing at all
        box = written.blocks[index].box or grounded.blocks[index].bbox
        (unverified if question.picture.has_ink(question.in_px(box), sure) else left_out).add(index)
    return frozenset(left_out), frozenset(unverified)


def _is_mathematical(lines: Sequence[Line], written: WrittenPage) -> bool:
    """Whether so much of the page is formulas that both readings cannot be compared as a whole: LaTeX has other signs
    than those that are printed."""
    formulas = {
        number - 1
        for block in written.blocks
        if block.type == "formula" or "$" in block.text
        for number in block.lines
        if 0 < number <= len(lines)
    }
    whole = sum(len(line.text) for line in lines)
    share = sum(len(lines[index].text) for index in formulas) / whole if whole else 0.0
    return 1 - faults.AGREED < share <= MATHEMATICAL_SHARE


def _finished(draft: Draft, lines: Sequence[Line], reading: PageResult) -> PageResult:
    """Raises PageUnverified where most of what is surely on the page is not in the draft, or nothing of it is left."""
    if lines and not draft.is_about_this_page:
        raise PageUnverified
    blocks = _kept(draft)
    if lines and not any(block.text for block in blocks):
        raise PageUnverified
    warnings = notices.inherited(reading)
    if draft.missing:
        blocks = results.with_lines(blocks, draft.missing, reading)
        warnings.append(notices.LINES_ADDED)
    if draft.left_out:
        warnings.append(notices.TEXT_LEFT_OUT)
    if draft.unverified:
        warnings.append(notices.TEXT_UNVERIFIED)
    numbers = faults.absent_numbers(lines, [block.text for block in blocks])
    if numbers or _agreement_of_what_is_kept(draft, lines) < faults.CLEAR:
        warnings.append(notices.readers_disagree(numbers[:5]))
    if not blocks:
        warnings.append(notices.BLANK)
    return results.of(reading, blocks, draft.grounded.fields, draft.written.language, warnings)


def _agreement_of_what_is_kept(draft: Draft, lines: Sequence[Line]) -> float:
    """Of both readings, apart from what only one of them has, which was added or left out and is told by itself."""
    return _apart_from(draft.agreement, draft.grounded, lines, draft.left_out, draft.missing)


def _apart_from(
    agreement: float, grounded: Grounded, lines: Sequence[Line], blocks: Iterable[int], missing: Iterable[int]
) -> float:
    """`agreement`, which is the share of all signs that both readings have, 0..1, without the signs of some blocks and
    lines that only one of them has. 1 stays 1."""
    alone = sum(faults.signs(grounded.blocks[index].text) for index in blocks)
    alone += sum(faults.signs(lines[index].text) for index in missing)
    whole = sum(faults.signs(block.text) for block in grounded.blocks)
    whole += sum(faults.signs(line.text) for line in lines)
    return min(1.0, agreement * whole / (whole - alone)) if whole > alone else 1.0


def _kept(draft: Draft) -> list[Block]:
    """In the model's order, without what does not stand on the page; what stands on no line is where the model says."""
    blocks = []
    for index, (block, written) in enumerate(zip(draft.grounded.blocks, draft.written.blocks, strict=True)):
        if index in draft.left_out or not (block.text.strip() or block.type == "figure"):
            continue
        moved = index in draft.unverified and written.box is not None
        blocks.append(replace(block, bbox=written.box) if moved and written.box else block)
    return blocks

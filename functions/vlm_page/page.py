"""One prepared page in, its result out: asked about, held against what the cpu tier read, and asked about again where
the answer cannot be right. What is still wrong then is mended and said, or the page is given up; never is it silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocrchat import languages
from ocrchat.blocks import Block
from ocrchat.errors import ModelFailed, PageCutOff, PageError, PageRefused, PageUnverified
from ocrchat.limits import LIMITS
from ocrchat.llm.port import ModelBusy
from ocrchat.pages import Notice, PageResult, PageTask, PreparedPage
from ocrchat.tools import TOOLS

from . import faults, notices, results
from .asked import Asked
from .asking import Question
from .drafts import Draft, draft_of
from .faults import Fault
from .pictures import Picture
from .written import numbered

ERRORS: dict[faults.Kind, type[PageError]] = {
    "refused": PageRefused,
    "cut_off": PageCutOff,
    "repeats": ModelFailed,
    "invalid": ModelFailed,
}
"""What becomes of a page of which there is no text, by what was wrong with the last answer."""


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
    return _finished(draft, question, reading)


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
        made = draft_of(answer, question, reading)
        if isinstance(made, Fault):
            if made is fault is faults.REFUSED:
                break  # it declines again, and is paid for that
            fault = made
            complaints[fault.kind] = fault.complaint
        elif found := [*made.faults, *_translation_faults(made.grounded.blocks, question)]:
            drafts.append(made)
            complaints |= {one.kind: one.complaint for one in found}
        else:
            return made
        if answer.stop == "length":
            tokens = LIMITS.model_answer_tokens
    if drafts:
        return min(drafts, key=lambda draft: (draft.share_lost - draft.agreement, draft.left_out))
    raise ERRORS[fault.kind] if fault is not None else ModelFailed


def _translation_faults(blocks: Sequence[Block], question: Question) -> list[Fault]:
    is_whole = question.target is None or _untranslated(blocks) <= faults.UNTRANSLATED_SHARE
    return [] if is_whole else [faults.UNTRANSLATED]


def _untranslated(blocks: Sequence[Block]) -> float:
    """The share of the letters of these blocks, 0..1, that stand in blocks without a translation."""
    letters = [sum(map(str.isalpha, block.text)) for block in blocks]
    without = sum(count for count, block in zip(letters, blocks, strict=True) if not (block.translation or "").strip())
    return without / sum(letters) if any(letters) else 0.0


def _finished(draft: Draft, question: Question, reading: PageResult) -> PageResult:
    """Raises PageUnverified where most of what is surely on the page is not in the draft, or nothing of it is left,
    ModelFailed where a translation was asked for and there is none."""
    lines = question.lines
    if lines and not draft.is_about_this_page:
        raise PageUnverified
    blocks = _kept(draft)
    if any(map(faults.is_sure, lines)) and not any(block.text for block in blocks):
        raise PageUnverified
    untranslated = _untranslated(blocks) if question.target is not None else 0.0
    if untranslated == 1.0:
        raise ModelFailed
    blocks = results.with_lines(blocks, draft.added, reading)
    warnings = _warnings(draft, is_blank=not blocks, is_untranslated=untranslated > 0.0)
    language = draft.written.language
    return results.of(reading, blocks, draft.fields, language, [*notices.inherited(reading), *warnings])


def _warnings(draft: Draft, *, is_blank: bool, is_untranslated: bool) -> list[Notice]:
    said = {
        notices.LINES_ADDED: bool(draft.added),
        notices.TEXT_LEFT_OUT: draft.left_out > 0,
        notices.TEXT_REPEATED: draft.repeated,
        notices.text_unverified(draft.alone): bool(draft.unverified or draft.alone),
        notices.readers_disagree(draft.differing): bool(draft.differing) or draft.agreement_beside < faults.CLEAR,
        notices.field_unverified(draft.doubtful): bool(draft.doubtful),
        notices.UNTRANSLATED: is_untranslated,
        notices.BLANK: is_blank,
    }
    return [notice for notice, applies in said.items() if applies]


def _kept(draft: Draft) -> list[Block]:
    """In the model's order; what stands on no line is where the model says."""
    blocks = []
    for index, (block, written) in enumerate(zip(draft.grounded.blocks, draft.written.blocks, strict=True)):
        if not (block.text.strip() or block.type == "figure"):
            continue
        moved = index in draft.unverified and written.box is not None
        blocks.append(replace(block, bbox=written.box) if moved and written.box else block)
    return blocks

"""One prepared page in, its result out: asked about, held against what the cpu tier read, and asked about again where
the answer cannot be right. What is still wrong then is mended and said, or the page is given up; never is it silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocrchat import languages
from ocrchat.blocks import Block, Line
from ocrchat.errors import ModelFailed, PageCutOff, PageError, PageRefused, PageUnverified
from ocrchat.limits import LIMITS
from ocrchat.pages import PageResult, PageTask, PreparedPage
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
    return _finished(draft, lines, reading)


def _best_draft(question: Question, reading: PageResult, asked: Asked, deadline: float) -> Draft:
    """The first without a fault, else that which has most of the page. Raises PageError where there is none at all."""
    tokens = question.first_tokens()
    complaints: dict[faults.Kind, str] = {}
    drafts: list[Draft] = []
    fault: Fault | None = None
    while asked.may_ask:
        answer = asked.ask(question.request(tokens, list(complaints.values())), deadline)
        made = draft_of(answer, question, reading)
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
        return min(drafts, key=lambda draft: (draft.share_lost - draft.agreement, draft.left_out))
    raise ERRORS[fault.kind] if fault is not None else ModelFailed


def _finished(draft: Draft, lines: Sequence[Line], reading: PageResult) -> PageResult:
    """Raises PageUnverified where most of what is surely on the page is not in the draft, or nothing of it is left."""
    if lines and not draft.is_about_this_page:
        raise PageUnverified
    blocks = _kept(draft)
    if any(map(faults.is_sure, lines)) and not any(block.text for block in blocks):
        raise PageUnverified
    warnings = notices.inherited(reading)
    if draft.added:
        blocks = results.with_lines(blocks, draft.added, reading)
        warnings.append(notices.LINES_ADDED)
    if draft.left_out:
        warnings.append(notices.TEXT_LEFT_OUT)
    if draft.repeated:
        warnings.append(notices.TEXT_REPEATED)
    if draft.unverified or draft.alone:
        warnings.append(notices.text_unverified(draft.alone))
    if draft.differing or draft.agreement_beside < faults.CLEAR:
        warnings.append(notices.readers_disagree(draft.differing))
    if draft.doubtful:
        warnings.append(notices.field_unverified(draft.doubtful))
    if not blocks:
        warnings.append(notices.BLANK)
    return results.of(reading, blocks, draft.fields, draft.written.language, warnings)


def _kept(draft: Draft) -> list[Block]:
    """In the model's order; what stands on no line is where the model says."""
    blocks = []
    for index, (block, written) in enumerate(zip(draft.grounded.blocks, draft.written.blocks, strict=True)):
        if not (block.text.strip() or block.type == "figure"):
            continue
        moved = index in draft.unverified and written.box is not None
        blocks.append(replace(block, bbox=written.box) if moved and written.box else block)
    return blocks

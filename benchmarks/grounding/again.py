"""How often a page would be asked about again, and warn, where a model writes what truly stands there."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.accuracy.report import table
from ocrchat.llm.images import LONGEST_EDGE, MOST_PATCHES
from ocrchat.llm.port import Answer, Usage
from vlm_page.asking import Question
from vlm_page.drafts import Draft, draft_of
from vlm_page.faults import Fault
from vlm_page.pictures import QUALITY, Picture
from vlm_page.written import WrittenPage, numbered

from .pages import TruePage
from .writing import Numbers, written

HEADS = "lines|noise >|answers >|asked again % >|why|a word differs % >|lines added % >|read by the model alone % >"


def asked_again(pages: Sequence[TruePage], kinds: Sequence[Numbers], seeds: Sequence[int], noise: float) -> list[str]:
    """The part of the report. What a truth leaves out counts as left out by the model."""
    questions = [_question(page) for page in pages]
    rows = []
    for numbers in kinds:
        for share in (0.0, noise):
            told: Counter[str] = Counter()
            faults: Counter[str] = Counter()
            answers = 0
            for page, question in zip(pages, questions, strict=True):
                for seed in seeds if share or numbers == "misnamed" else seeds[:1]:
                    draft = draft_of(_answer(written(page, share, 1.0, numbers, seed).page), question, page.reading)
                    answers += 1
                    found = _faults(draft)
                    faults.update(fault.kind for fault in found)
                    told["again"] += bool(found)
                    if isinstance(draft, Draft):
                        told["differs"] += bool(draft.differing)
                        told["added"] += bool(draft.added)
                        told["alone"] += bool(draft.alone or draft.unverified)
            why = ", ".join(f"{kind} {count}" for kind, count in faults.most_common())
            shares = [f"{100 * told[name] / answers:.0f}" for name in ("again", "differs", "added", "alone")]
            rows.append([numbers, f"{share:.0%}", answers, shares[0], why, *shares[1:]])
    return ["## Asked again", table(HEADS, rows)]


def _faults(draft: Draft | Fault) -> Sequence[Fault]:
    return draft.faults if isinstance(draft, Draft) else (draft,)


def _question(page: TruePage) -> Question:
    picture = Picture.of(_jpeg(page.path), LONGEST_EDGE, MOST_PATCHES)
    return Question(picture, numbered(page.reading), picture.width / page.reading.width)


def _jpeg(path: Path) -> bytes:
    from PIL import Image, ImageOps

    with Image.open(path) as image:
        out = io.BytesIO()
        ImageOps.exif_transpose(image).convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _answer(page: WrittenPage) -> Answer:
    blocks = [asdict(block) | {"translation": None} for block in page.blocks]
    return Answer(json.dumps({"language": None, "blocks": blocks}), "end", Usage())

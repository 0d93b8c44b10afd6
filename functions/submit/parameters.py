"""The parameters of the job routes, checked. Each function raises ParameterInvalid, saying what is allowed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ocrchat.errors import ParameterInvalid
from ocrchat.languages import AUTO, language, language_of, lookup
from ocrchat.limits import Limits
from ocrchat.packs import Packs, how_to_install
from ocrchat.tools import LONGEST, Tool

_RANGE = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")


def page_range(text: str | None, indexes: Sequence[int], limits: Limits) -> Sequence[int] | None:
    """`pages=a-b`, 1-based and both included, as those of a job's 0-based indexes; None where it was not given. `b` may
    lie beyond the last page, so that one can ask in steps without knowing how many there are."""
    if text is None:
        return None
    match, page_count = _RANGE.fullmatch(text), indexes[-1] + 1
    first = int(match[1]) if match else 0
    last = int(match[2] or match[1]) if match else 0
    if not 1 <= first <= min(last, page_count) or last - first >= limits.partial_pages:
        raise ParameterInvalid(
            f"`pages` is a-b with 1 <= a <= b and a <= {page_count}, at most {limits.partial_pages} pages",
            parameter="pages",
        )
    return [index for index in indexes if first <= index + 1 <= last]


def detail_words(text: str | None) -> bool:
    if text not in (None, "words", "blocks"):
        raise ParameterInvalid("`detail` is `blocks` (the default) or `words`", parameter="detail")
    return text == "words"


def readable_language(code: str | None, packs: Packs) -> str:
    """The canonical code, or `auto`, which is also what no code means."""
    canonical = language_of(code or AUTO)
    if canonical == AUTO:
        return AUTO
    wanted = language(canonical)
    if not wanted.is_available(packs):
        raise ParameterInvalid(
            f"`language` {wanted.code} ({wanted.name}) cannot be read on this service: {how_to_install(wanted.pack)}",
            parameter="language",
        )
    return canonical


def check_translation(tool: Tool | None, translate_to: str | None) -> str | None:
    """The canonical code. `translate_to` comes with a tool that translates, and with no other, and names a language."""
    if tool is None or not tool.translates:
        if translate_to:
            raise ParameterInvalid("`translate_to` goes with `tool=translate`", parameter="translate_to")
        return None
    if not translate_to:
        raise ParameterInvalid(
            f"`tool={tool.slug}` needs `translate_to`: the code of a language, as GET /api/v1/languages/ lists them",
            parameter="translate_to",
        )
    target = lookup(translate_to)
    if target is None:
        raise ParameterInvalid(
            f"`translate_to` is no language that is known here: {translate_to[:LONGEST]!r}; GET /api/v1/languages/ "
            "lists the codes",
            parameter="translate_to",
        )
    return target.code


def clean_filename(name: str | None) -> str:
    """The last part of a path, without control, format and other invisible characters, at most 200 of them."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    return visible.strip(" .")[:200] or "document"

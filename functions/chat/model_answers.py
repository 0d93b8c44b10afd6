"""Answers by a model, of which nothing is believed but what is proven to stand in the document."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from ocrchat import observe
from ocrchat.errors import Overloaded
from ocrchat.language_table import Language
from ocrchat.languages import lookup
from ocrchat.llm import port
from ocrchat.llm.citations import block_citations
from ocrchat.llm.port import Model, ModelBusy, ModelRejected

from . import prompting
from .answers import NOT_IN_DOCUMENT, Answer, Turn
from .gaps import gaps
from .prose import presentable
from .retrieval import Index
from .selection import Selection, retrieved, whole
from .statements import Block, Standing, kept
from .verification import Claim, Location, Quote, Searched, is_proven, verified

DECLINED = "The model declined to answer this question."
CUT_OFF = "(The answer was too long and ends here.)"

WORDS_S = 8.0
"""What asking for words to search with may take of the time for an answer: they are a line."""

WORDS_CHARACTERS = 300
ANSWER_CHARACTERS = 20_000
"""Far above what an answer's tokens make, whatever a server sends."""

MISCONFIGURED_RETRY_S = 300
"""Who runs the service has to change something first."""

TIMED_OUT_RETRY_S = 30
"""An answer that took too long takes as long again, unless the server has more time by then; and it is paid for."""

NOT_SAID_HERE = "not in the document"
"""Stands where a model writes, in the middle of an answer, what is to be the whole of one."""


def answer(
    model: Model, index: Index, question: str, earlier: Sequence[Turn], deadline: float, languages: Sequence[str] = ()
) -> Answer:
    """`languages` are the codes of those that were found in the document, `deadline` is of `time.monotonic`. Raises
    Overloaded where the model gives no usable answer until then; nothing is answered in its place."""
    try:
        return _answer(model, index, question, earlier, deadline, languages)
    except ModelBusy as busy:
        least = TIMED_OUT_RETRY_S if busy.timed_out else 1
        raise Overloaded("The model is busy: ask again shortly", max(least, ceil(busy.retry_after))) from busy
    except ModelRejected as rejected:
        observe.logger().exception("the model's server refused")
        observe.count("ModelMisconfigured" if rejected.is_configuration else "ModelRefusedRequest")
        raise Overloaded("The model cannot be asked at present", retry_after=MISCONFIGURED_RETRY_S) from rejected


def _answer(
    model: Model, index: Index, question: str, earlier: Sequence[Turn], deadline: float, languages: Sequence[str]
) -> Answer:
    selection = whole(index)
    if selection is None:
        words = _search_words(model, index, question, languages, deadline)
        asked_before = [turn.content for turn in earlier if turn.role == "user"]
        selection = retrieved(index, f"{question} {words}", asked_before)
    if not selection.pages:
        return _not_in_document(index)
    cites = model.capabilities.citations
    request_for = prompting.request_for_citations if cites else prompting.request_for_quotes
    caches_prompts = model.capabilities.prompt_caching
    asked = request_for(selection, question, earlier, gaps=gaps(index), caches_prompts=caches_prompts)
    given = model.ask(asked, deadline)
    if given.stop == "refusal":
        return Answer(DECLINED, (), answerable=False, mode="model")
    is_cut_off = given.stop == "length"
    if cites:
        text, claims = _cited(given, selection)
        checked = _checked(text, claims, selection, is_cut_off=is_cut_off)
    else:
        said = None if is_cut_off else _said_in_json(given.text)
        if said is None:
            raise _unusable("cut off" if is_cut_off else "no JSON of the form that was asked for")
        checked = _checked(said["answer"] if said["answerable"] else "", list(_quotes(said)), selection)
    return checked or _not_in_document(index)


def _checked(text: str, claims: Sequence[Claim], selection: Selection, *, is_cut_off: bool = False) -> Answer | None:
    """What is left of an answer; None where nothing is, as without a citation that is proven."""
    citations = () if _is_not_said(text) else verified(claims, selection.passages)
    content = _presentable(text, {citation.page for citation in citations}, selection) if citations else ""
    if content:
        content = f"{content}\n\n{CUT_OFF}" if is_cut_off else content
        return Answer(content, citations, answerable=True, mode="model")
    if is_cut_off:
        raise _unusable("cut off before it cited anything")
    return None


def _is_not_said(text: str) -> bool:
    """Whether all that the model says is that the document does not say it."""
    return text.replace(prompting.NOT_SAID, "").strip(" \t\n.`'\"*") == ""


def _presentable(text: str, pages: Collection[int], selection: Selection) -> str:
    """`pages` are those with citations: with what stands on them addresses are compared."""
    cited = Searched([passage for page in selection.pages if page.number in pages for passage in page.passages])
    if not cited.holds(prompting.NOT_SAID):
        text = text.replace(prompting.NOT_SAID, NOT_SAID_HERE)
    return presentable(text[:ANSWER_CHARACTERS], pages, cited.holds)


def _not_in_document(index: Index) -> Answer:
    content = " ".join(filter(None, (NOT_IN_DOCUMENT, gaps(index))))
    return Answer(content, (), answerable=False, mode="model")


def _unusable(reason: str) -> Overloaded:
    observe.logger().warning("the model's answer is of no use", extra={"reason": reason})
    return Overloaded("The model gave no usable answer: ask again, or ask for less at once")


def _cited(given: port.Answer, selection: Selection) -> tuple[str, list[Location]]:
    """The text of an answer as far as it is proven or joins what is, and the passages that are cited."""
    blocks, claims = [], list[Location]()
    for block in given.content:
        if block.get("type") != "text":
            continue
        locations = list(_locations(block, selection))
        claims += locations
        standing: Standing = "lost" if block.get("citations") else "plain"
        if any(map(is_proven, locations)):
            standing = "proven"
        blocks.append(Block(block["text"], standing))
    return kept(blocks), claims


def _locations(block: Mapping[str, Any], selection: Selection) -> Iterator[Location]:
    """The passages that the server says are cited, as far as there are such."""
    for citation in block_citations([block]):
        if 0 <= citation.document < len(selection.pages):
            passages = selection.pages[citation.document].passages
            if 0 <= citation.first < citation.end <= len(passages):
                yield Location(passages[citation.first : citation.end], citation.text)


def _quotes(said: Mapping[str, Any]) -> Iterator[Quote]:
    """Those that have the form of one."""
    for quote in said["quotes"]:
        if isinstance(quote, dict) and type(quote.get("page")) is int and isinstance(quote.get("text"), str):
            yield Quote(quote["page"], quote["text"])


def _said_in_json(text: str) -> dict[str, Any] | None:
    """The first JSON object of the form of an answer; a server that cannot hold a model to it may put words around it.
    None where there is none."""
    decoder = json.JSONDecoder()
    for brace in re.finditer(r"\{", text[:ANSWER_CHARACTERS]):
        try:
            said, _ = decoder.raw_decode(text, brace.start())
        except (ValueError, RecursionError):
            continue
        kinds = {"answer": str, "answerable": bool, "quotes": list}
        if all(isinstance(said.get(name), kind) for name, kind in kinds.items()):
            return dict(said)
    return None


def _search_words(model: Model, index: Index, question: str, languages: Sequence[str], deadline: float) -> str:
    """Words to search a document in `languages` with beside the question, where that is in another language: in another
    script, or in words that the document has none of. Empty where the model has no time for that: the question may yet
    find something."""
    known = [language for code in languages if (language := lookup(code)) is not None]
    if not known or not (_is_in_another_script(question, known) or not index.search(question, 1)):
        return ""
    try:
        given = model.ask(prompting.request_for_words(question, known), min(deadline, time.monotonic() + WORDS_S))
    except ModelBusy as busy:
        observe.logger().warning("no words to search with", extra={"reason": str(busy)})
        return ""
    return "" if given.stop == "refusal" else given.text[:WORDS_CHARACTERS]


def _is_in_another_script(question: str, languages: Iterable[Language]) -> bool:
    """Whether most letters of the question are of a script that no name of these languages is written in."""
    asked = Counter(filter(None, map(_script, question)))
    own = {_script(letter) for language in languages for letter in language.native_name}
    return bool(asked) and asked.most_common(1)[0][0] not in own


def _script(letter: str) -> str:
    """The first word of the letter's name in Unicode, such as `LATIN`; the kanas are those of a Japanese text, as Han
    is. Empty for what is no letter."""
    name = unicodedata.name(letter, "").split(" ")[0] if letter.isalpha() else ""
    return "CJK" if name in {"HIRAGANA", "KATAKANA"} else name

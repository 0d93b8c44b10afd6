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
from ocrchat.llm.port import Model, ModelBusy, ModelRejected, Usage

from . import prompting
from .answers import NOT_IN_DOCUMENT, Answer, Turn
from .prose import presentable
from .retrieval import Index
from .selection import Selection, retrieved, whole
from .verification import Claim, Location, Quote, Searched, verified

DECLINED = "The model declined to answer this question."
CUT_OFF = "(The answer was too long and ends here.)"

WORDS_S = 8.0
"""What asking for words to search with may take of the time for an answer: they are a line."""

WORDS_CHARACTERS = 300
ANSWER_CHARACTERS = 20_000
"""Far above what an answer's tokens make, whatever a server sends."""

MISCONFIGURED_RETRY_S = 300
"""Who runs the service has to change something first."""


def answer(
    model: Model, index: Index, question: str, earlier: Sequence[Turn], deadline: float, languages: Sequence[str] = ()
) -> Answer:
    """`languages` are the codes of those that were found in the document, `deadline` is of `time.monotonic`. Raises
    Overloaded where the model gives no usable answer until then; nothing is answered in its place."""
    try:
        return _answer(model, index, question, earlier, deadline, languages)
    except ModelBusy as busy:
        raise Overloaded("The model is busy: ask again shortly", retry_after=max(1, ceil(busy.retry_after))) from busy
    except ModelRejected as rejected:
        observe.logger().exception("the model's server refused")
        observe.count("ModelMisconfigured" if rejected.is_configuration else "ModelRefusedRequest")
        raise Overloaded("The model cannot be asked at present", retry_after=MISCONFIGURED_RETRY_S) from rejected


def _answer(
    model: Model, index: Index, question: str, earlier: Sequence[Turn], deadline: float, languages: Sequence[str]
) -> Answer:
    usage = Usage()
    selection = whole(index)
    if selection is None:
        words, usage = _search_words(model, index, question, languages, deadline)
        asked_before = [turn.content for turn in earlier if turn.role == "user"]
        selection = retrieved(index, f"{question} {words}", asked_before)
    if not selection.pages:
        return _not_in_document(usage)
    cites = model.capabilities.citations
    request_for = prompting.request_for_citations if cites else prompting.request_for_quotes
    caches_prompts = model.capabilities.prompt_caching
    given = model.ask(request_for(selection, question, earlier, caches_prompts=caches_prompts), deadline)
    usage += given.usage
    if given.stop == "refusal":
        return Answer(DECLINED, (), answerable=False, mode="model", usage=usage)
    is_cut_off = given.stop == "length"
    if cites:
        return _checked(given.text, _locations(given, selection), selection, usage, is_cut_off=is_cut_off)
    said = None if is_cut_off else _said_in_json(given.text)
    if said is None:
        raise _unusable("cut off" if is_cut_off else "no JSON of the form that was asked for", usage)
    return _checked(said["answer"] if said["answerable"] else "", _quotes(said), selection, usage, is_cut_off=False)


def _checked(text: str, claims: Iterable[Claim], selection: Selection, usage: Usage, *, is_cut_off: bool) -> Answer:
    """What is left of an answer. Without a citation that is proven nothing is."""
    citations = () if prompting.NOT_SAID in text else verified(claims, selection.passages)
    content = _presentable(text, {citation.page for citation in citations}, selection) if citations else ""
    if content:
        content = f"{content}\n\n{CUT_OFF}" if is_cut_off else content
        return Answer(content, citations, answerable=True, mode="model", usage=usage)
    if is_cut_off:
        raise _unusable("cut off before it cited anything", usage)
    return _not_in_document(usage)


def _presentable(text: str, pages: Collection[int], selection: Selection) -> str:
    """`pages` are those with citations: with what stands on them addresses are compared."""
    cited = Searched([passage for page in selection.pages if page.number in pages for passage in page.passages])
    return presentable(text[:ANSWER_CHARACTERS], pages, cited.holds)


def _not_in_document(usage: Usage) -> Answer:
    return Answer(NOT_IN_DOCUMENT, (), answerable=False, mode="model", usage=usage)


def _unusable(reason: str, usage: Usage) -> Overloaded:
    """The tokens of such an answer are paid for, and told nowhere else."""
    observe.logger().warning(
        "the model's answer is of no use",
        extra={"reason": reason, "tokens_in": usage.all_input_tokens, "tokens_out": usage.output_tokens},
    )
    return Overloaded("The model gave no usable answer: ask again, or ask for less at once")


def _locations(given: port.Answer, selection: Selection) -> Iterator[Location]:
    """The passages that the server says are cited, as far as there are such."""
    for citation in block_citations(given.content):
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


def _search_words(
    model: Model, index: Index, question: str, languages: Sequence[str], deadline: float
) -> tuple[str, Usage]:
    """Words to search a document in `languages` with beside the question, where that is in another language: in another
    script, or in words that the document has none of. Empty where the model has no time for that: the question may yet
    find something."""
    known = [language for code in languages if (language := lookup(code)) is not None]
    if not known or not (_is_in_another_script(question, known) or not index.search(question, 1)):
        return "", Usage()
    try:
        given = model.ask(prompting.request_for_words(question, known), min(deadline, time.monotonic() + WORDS_S))
    except ModelBusy as busy:
        observe.logger().warning("no words to search with", extra={"reason": str(busy)})
        return "", Usage()
    return "" if given.stop == "refusal" else given.text[:WORDS_CHARACTERS], given.usage


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

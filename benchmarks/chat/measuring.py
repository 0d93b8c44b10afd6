"""What the extractive mode answers to the questions, and how long it takes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from chat import extractive
from chat.answers import Turn
from chat.passages import passages_of
from chat.retrieval import Index, build
from chat.retrieval.folding import tokens

from .documents import Document, Question

LATENCY_PAGES = 300
FIRST_TIMES = 5
LEAST_TOKENS = 0.6
"""Of the printed answer's tokens that are in what is quoted, where it is said to hold it: a page may be misread."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what came of it. `ranked` are the pages from 1, the best first; `shown` what is quoted, None where
    it was not found."""

    question: Question
    ranked: tuple[int, ...]
    shown: str | None
    cited: tuple[int, ...]

    @property
    def is_first(self) -> bool:
        return bool(self.question.pages.intersection(self.ranked[:1]))

    @property
    def is_in_three(self) -> bool:
        return bool(self.question.pages.intersection(self.ranked[:3]))

    @property
    def is_cited_first(self) -> bool:
        return bool(self.question.pages.intersection(self.cited[:1]))

    @property
    def holds_the_answer(self) -> bool:
        if self.shown is None or self.question.answer is None:
            return False
        wanted = set(tokens(self.question.answer))
        return len(wanted.intersection(tokens(self.shown))) >= LEAST_TOKENS * len(wanted)


@dataclass(frozen=True, slots=True)
class Latencies:
    """Seconds: of the first question, with the index to be built of given page results, and of each further one."""

    first: float
    warm: float
    pages: int
    index_bytes: int
    text_bytes: int


def ask_all(documents: Iterable[Document], questions: Sequence[Question], folder: Path) -> list[Asked]:
    """`folder` takes the indexes."""
    found = []
    for document in documents:
        path = folder / document.id
        build(passages_of(document.pages), path)
        index = Index.open(path)
        found += [_ask(index, question) for question in questions if question.document == document.id]
        index.close()
    return found


def _ask(index: Index, question: Question) -> Asked:
    ranked = tuple(page + 1 for page, _ in index.pages_ranked(question.question, question.earlier))
    answer = extractive.answer(index, question.question, [Turn("user", earlier) for earlier in question.earlier])
    cited = tuple(citation.page for citation in answer.citations)
    return Asked(question, ranked, answer.content if answer.answerable else None, cited)


def latencies(documents: Iterable[Document], questions: Sequence[Question], folder: Path) -> Latencies:
    """Over a document of LATENCY_PAGES, made of the pages of all: medians."""
    every = [page for document in documents for page in document.pages if page["text"]]
    pages = [{**page, "index": index} for index, page in enumerate(islice(cycle(every), LATENCY_PAGES))]
    path = folder / "long"
    first = []
    for question in questions[:FIRST_TIMES]:
        started = time.perf_counter()
        build(passages_of(pages), path)
        index = Index.open(path)
        extractive.answer(index, question.question)
        first.append(time.perf_counter() - started)
        index.close()
    index = Index.open(path)
    warm = []
    for question in questions:
        started = time.perf_counter()
        extractive.answer(index, question.question)
        warm.append(time.perf_counter() - started)
    index.close()
    text_bytes = sum(len(page["text"].encode()) for page in pages)
    return Latencies(median(first), median(warm), len(pages), path.stat().st_size, text_bytes)

"""Hostile files through all that parses them: each meets a documented error or none, and no process dies of it.

A sample is taken by default, the same each time; CORPUS=all takes all.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator

import pytest

from ocrchat.errors import FileTypeUnsupported, OcrChatError, PageError, RequestError, error_classes
from tests.hostile.corpus.files import FILES, KINDS
from tests.hostile.workers import Outcome, load, outcome_of

SEED = 20261121
SAMPLED = 6
"""Of each kind."""

ENDED_BY_DRAWING = frozenset(
    {
        "pdf: patterns in patterns",
        "pdf: mesh of 200,000",
        "pdf: forms that draw 10^9 times",
        "pdf: texts 1,000,000",
    }
)
"""Whose process is ended while they are drawn, after the CPU that a page may take: `test_reading_process` tries it."""

DOCUMENTED = frozenset(
    kind.code for root in (RequestError, PageError) for kind in error_classes(root) if issubclass(kind, OcrChatError)
)


def taken() -> Iterator[str]:
    chance = random.Random(SEED)  # noqa: S311 - the same sample each time is what is wanted
    for kind, files in KINDS.items():
        names = sorted(f"{kind}: {name}" for name in files)
        yield from names if os.environ.get("CORPUS") == "all" else chance.sample(names, SAMPLED)


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    load()


def assert_is_documented(outcome: Outcome) -> None:
    assert outcome.fault is None, outcome.fault
    if outcome.name in ENDED_BY_DRAWING:
        assert (outcome.step, outcome.signal) in {("read", signal.SIGPROF), ("render", None)}
        return
    assert outcome.signal is None, f"{outcome.step} ended by signal {outcome.signal}"
    assert set(outcome.codes) <= DOCUMENTED


@pytest.mark.parametrize("name", list(taken()))
def test_a_hostile_file_is_read_or_refused_with_a_documented_code(name: str) -> None:
    assert_is_documented(outcome_of(name, FILES[name]))


def test_there_are_enough_files() -> None:
    assert len(FILES) >= 600


@pytest.mark.parametrize("name", ["zip named pdf", "html named pdf", "html and pdf", "zip and pdf", "svg with script"])
def test_what_browsers_would_run_is_refused_by_its_content(name: str) -> None:
    outcome = outcome_of(name, KINDS["polyglot"][name])
    assert outcome.codes == (FileTypeUnsupported.code,)
    assert outcome.step == "inspect"

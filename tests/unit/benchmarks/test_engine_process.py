"""An engine that fails on a page is reported, and reads the next one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.peers.process import Engine, EngineUnavailable
from benchmarks.peers.reading import Read, Request
from tests.unit.benchmarks import faulty_engines

GOOD, BAD = Request(Path("good.png")), Request(Path("bad.png"))


@pytest.mark.parametrize(
    ("load", "why"),
    [
        (faulty_engines.raises_on_bad_pages, "ValueError in read: cannot read this"),
        (faulty_engines.dies_on_bad_pages, "its process ended"),
        (faulty_engines.hangs_on_bad_pages, "no answer within 2 s"),
    ],
)
def test_a_page_that_an_engine_fails_on_says_why_and_the_next_one_is_read(load: Callable[[], Read], why: str) -> None:
    engine = Engine("faulty", load, patience_s=2)
    failed = engine.read(BAD)
    assert (failed.failure, failed.text) == (why, "")
    assert engine.read(GOOD).text == "good"
    assert engine.close() > 0


def test_an_engine_that_cannot_be_loaded_is_named_with_the_reason() -> None:
    with pytest.raises(EngineUnavailable, match="peer: FileNotFoundError: no model here"):
        Engine("peer", faulty_engines.not_installed)

"""What is logged and counted by several threads of one process."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator

import pytest

from ocrchat import observe

THREADS, TIMES = 8, 50


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A logger that writes to where pytest looks now."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", f"observed-{id(monkeypatch)}")
    for cache in (observe.logger, observe.metrics):
        cache.cache_clear()
    observe.metrics().clear_metrics()
    yield
    for cache in (observe.logger, observe.metrics):
        cache.cache_clear()


def in_threads(work: object) -> None:
    assert callable(work)
    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_each_thread_logs_about_its_own_job(fresh: None, capsys: pytest.CaptureFixture[str]) -> None:
    log, together = observe.logger(), threading.Barrier(THREADS, timeout=30)

    def work(number: int) -> None:
        for _ in range(TIMES):
            observe.about(f"job-{number}")
            together.wait()
            log.info("page", extra={"of": f"job-{number}"})
            observe.about(None)
            log.info("nothing")

    in_threads(work)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["correlation_id"] for line in lines if "of" in line] == [line["of"] for line in lines if "of" in line]
    assert sum("of" in line for line in lines) == THREADS * TIMES
    assert all("correlation_id" not in line for line in lines if "of" not in line)


def test_no_count_is_lost_between_threads(fresh: None, capsys: pytest.CaptureFixture[str]) -> None:
    observe.logger()

    def work(number: int) -> None:
        for _ in range(TIMES):
            observe.count("PageRead")
            observe.count(f"Of{number}")
            observe.ended("batch")

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads are interrupted wherever they can be
    try:
        in_threads(work)
    finally:
        sys.setswitchinterval(interval)
    observe.ended("all")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(sum(line["PageRead"]) for line in lines if "PageRead" in line) == THREADS * TIMES

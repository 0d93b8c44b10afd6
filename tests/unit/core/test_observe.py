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
    monkeypatch.setattr(observe, "_metrics", {})
    observe.logger.cache_clear()
    yield
    observe.logger.cache_clear()


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


def test_what_has_other_dimensions_is_sent_apart(fresh: None, capsys: pytest.CaptureFixture[str]) -> None:
    observe.count("PageRead", tier="cpu")
    observe.count("PageRead", 2, tier="cpu")
    observe.count("PageRead", tier="vlm")
    observe.count("JobsDone")
    observe.ended("batch")
    observe.count("PageRead", tier="vlm")
    observe.ended("the next batch")
    sent = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "_aws" in line]
    values = [(line.get("tier"), line.get("PageRead"), line.get("JobsDone")) for line in sent]
    assert values == [("cpu", [1, 2], None), ("vlm", [1], None), (None, None, [1]), ("vlm", [1], None)]
    asked = [line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] for line in sent]
    with_tier = ["service", "tier"]
    assert [sorted(names) for (names,) in asked] == [with_tier, with_tier, ["service"], with_tier]


def test_a_stack_has_metrics_of_its_own(
    fresh: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "ocrchat-dev")
    observe.count("JobsDone")
    observe.ended("batch")
    (sent,) = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "_aws" in line]
    assert sent["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "ocrchat-dev"

"""The worker that takes messages from queues by itself, with a reader that does as a test says, on queues of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from infra.local.service import Service
from ocrchat import page_worker
from ocrchat.jobs import Job
from ocrchat.page_worker import PageDelayed, PageMessage
from ocrchat.pages import PageResult
from tests.integration.worker_parts import Parts, parts_of, until
from vlm_page.lanes import Lanes, Times, WorkerBroken

Read = Callable[[str, int], object]
"""What happens while a page is read: told the job and the index."""

QUICK = Times(hidden_s=2, beat_s=0.3, look_s=0.02, retry_s=0.1)


@pytest.fixture
def parts(service: Service) -> Iterator[Parts]:
    with parts_of(service.stack) as made:
        yield made
        until(lambda: not lanes(), "what was left to itself ends, or it would go on, and log, in the next test")


def lanes() -> list[str]:
    """Those of this process that are at work."""
    return [one.name for one in threading.enumerate() if one.name.startswith("lane-")]


class Reader:
    """Reads a page as `during` lets it; `read` are the pages that it began with, in order."""

    def __init__(self, during: Read | None = None) -> None:
        self.read: list[tuple[str, int]] = []
        self._during = during

    def __call__(self, message: PageMessage, job: Job, index: int) -> PageResult:
        self.read.append((job.uuid, index))
        if self._during is not None:
            self._during(job.uuid, index)
        return PageResult(index, 800, 1000, "px", "vlm", text=f"page {index}")


class Running:
    """Lanes at work in a thread. `stop` tells them once, `hurry` twice; both wait until they have ended."""

    def __init__(self, lanes: Lanes) -> None:
        self._told = threading.Semaphore(0)
        self.raised: BaseException | None = None
        self._lanes = lanes
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._lanes.run(lambda seconds: self._told.acquire(timeout=seconds))
        except WorkerBroken as error:
            self.raised = error

    def tell(self) -> None:
        self._told.release()
        until(self._lanes._stopping.is_set, "it knows")

    def stop(self, times: int = 1) -> None:
        for _ in range(times):
            self._told.release()
        self.ended()

    def hurry(self) -> None:
        self.stop(times=2)

    def ended(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()


@contextmanager
def working(parts: Parts, reader: Reader, times: Times = QUICK, **settings: Any) -> Iterator[Running]:
    running = Running(Lanes(parts.worker(reader), parts.settings(**settings), times))
    try:
        yield running
    finally:
        running.hurry()


def test_pages_are_read_several_at_once_and_their_messages_deleted(parts: Parts) -> None:
    together = threading.Barrier(4, timeout=60)
    uuid = parts.sent("a", "b", "c", "d")
    with working(parts, Reader(lambda *_: together.wait())):
        until(lambda: parts.done(uuid) == 4, "four pages")
        until(lambda: parts.messages() == (0, 0), "the messages are gone")
    assert [result.text for index in range(4) if (result := parts.result(uuid, index))] == [
        f"page {index}" for index in range(4)
    ]


def test_no_more_pages_are_read_at_once_than_it_is_said(parts: Parts) -> None:
    at_once, most, lock = 0, 0, threading.Lock()

    def count(_uuid: str, _index: int) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        threading.Event().wait(0.05)
        with lock:
            at_once -= 1

    uuid = parts.sent(*["page"] * 8)
    with working(parts, Reader(count), pages_at_once=2):
        until(lambda: parts.done(uuid) == 8, "eight pages")
    assert most == 2


def test_messages_of_the_first_queue_go_first(parts: Parts) -> None:
    ordinary, urgent = parts.sent("a", "b", "c"), parts.job("a", "b", "c")
    for index in range(3):
        parts.send(urgent, index, parts.second_queue)
    reader = Reader()
    with working(parts, reader, queues=(parts.second_queue, parts.queue), pages_at_once=1):
        until(lambda: parts.done(ordinary) == 3, "all pages")
    assert [uuid for uuid, _ in reader.read] == [urgent] * 3 + [ordinary] * 3


def test_the_heartbeat_keeps_a_message_hidden_while_its_page_is_read(parts: Parts) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slowly(*_: object) -> None:
        begun.set()
        assert may_end.wait(60)

    uuid, reader = parts.sent("slow"), Reader(slowly)
    with working(parts, reader, pages_at_once=1):
        assert begun.wait(60)
        assert parts.received(wait_s=5) is None  # it would be back after two seconds
        may_end.set()
        until(lambda: parts.messages() == (0, 0), "the message is gone")
    assert len(reader.read) == parts.done(uuid) == 1


def test_without_a_heartbeat_it_would_have_come_back(parts: Parts) -> None:
    """What the test before this one relies on."""
    begun, may_end = threading.Event(), threading.Event()

    def slowly(*_: object) -> None:
        begun.set()
        assert may_end.wait(60)

    parts.sent("slow")
    with working(parts, Reader(slowly), Times(hidden_s=2, beat_s=60, look_s=0.02), pages_at_once=1):
        assert begun.wait(60)
        assert parts.received(wait_s=20) is not None
        may_end.set()


def test_a_page_that_has_begun_ends_before_the_worker_does(parts: Parts) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slowly(*_: object) -> None:
        begun.set()
        assert may_end.wait(60)

    uuid = parts.sent("slow")
    with working(parts, Reader(slowly)) as running:
        assert begun.wait(60)
        threading.Timer(0.5, may_end.set).start()
        running.stop()
    assert parts.done(uuid) == 1
    assert parts.messages() == (0, 0)


def test_a_worker_that_was_told_to_stop_takes_no_more_messages(parts: Parts) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slowly(*_: object) -> None:
        begun.set()
        assert may_end.wait(60)

    parts.sent("slow", *["page"] * 5)
    reader = Reader(slowly)
    with working(parts, reader, pages_at_once=1) as running:
        assert begun.wait(60)
        threading.Timer(0.5, may_end.set).start()
        running.stop()
    assert len(reader.read) == 1
    assert parts.messages() == (5, 0)


def test_a_message_that_comes_while_it_stops_is_left_to_others_at_once(parts: Parts) -> None:
    reader = Reader()
    with working(parts, reader, poll_s=10, pages_at_once=1) as running:
        running.tell()
        parts.sent("page")
        running.ended()
    assert reader.read == []
    assert parts.messages() == (1, 0)
    found = parts.received()
    assert found is not None
    assert found.receives == 2


@pytest.mark.parametrize("drain_s", [0.2, 60.0])
def test_a_page_that_does_not_end_in_time_or_may_not_is_left_to_others_at_once(parts: Parts, drain_s: float) -> None:
    """At the end of the time that there is, or as soon as the worker is told to hurry."""
    begun, never = threading.Event(), threading.Event()

    def slowly(*_: object) -> None:
        begun.set()
        never.wait(60)
        raise RuntimeError("its process has ended long ago")

    uuid = parts.sent("slow")
    with working(parts, Reader(slowly), Times(hidden_s=60, beat_s=0.3, drain_s=drain_s, look_s=0.02)) as running:
        assert begun.wait(60)
        running.stop(times=1 if drain_s < 1 else 2)
    assert parts.messages() == (1, 0)
    with working(parts, Reader()):
        until(lambda: parts.done(uuid) == 1, "another worker reads it")
    never.set()


def test_being_interrupted_is_no_crash_of_the_page(parts: Parts) -> None:
    """A page that is begun three times and has no result is left out, unless it was interrupted."""
    never = threading.Event()
    uuid = parts.sent("slow")
    for _ in range(4):
        begun = threading.Event()

        def slowly(*_: object, begun: threading.Event = begun) -> None:
            begun.set()
            never.wait(60)
            raise RuntimeError("its process has ended long ago")

        with working(parts, Reader(slowly)) as running:
            assert begun.wait(60)
            running.hurry()
    with working(parts, Reader()):
        until(lambda: parts.done(uuid) == 1, "the page is read in the end")
    never.set()
    result = parts.result(uuid)
    assert result is not None
    assert (result.error, result.text) == (None, "page 0")


def test_a_page_whose_worker_dies_every_time_is_left_out_and_the_pages_beside_it_are_not(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that never comes back, and messages that nobody gives back, are what a killed process leaves."""
    never = threading.Event()
    uuid = parts.sent("a", "poison", "c", "d")

    for _ in range(4):
        dead = threading.Event()

        def dies(_uuid: str, index: int, dead: threading.Event = dead) -> None:
            if index == 1:
                dead.set()
            if dead.wait(0.3):
                never.wait(60)
                raise RuntimeError("its process has ended long ago")

        lanes = Lanes(parts.worker(Reader(dies)), parts.settings(), QUICK)
        monkeypatch.setattr(lanes._in_hand, "leave", lambda _longest_s: 0)
        running = Running(lanes)
        until(lambda dead=dead: dead.is_set() or parts.done(uuid) == 4, "the next death, or the end")  # type: ignore[misc]
        running.hurry()
    never.set()
    results = [parts.result(uuid, index) for index in range(4)]
    assert [result and result.error and result.error.code for result in results] == [None, "page_crashed", None, None]
    assert [result.text for result in results if result] == ["page 0", "", "page 2", "page 3"]


def test_a_page_that_has_to_wait_comes_back_and_is_no_crash(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_worker, "FIRST_DELAY_S", 0.1)
    waits = iter([True, True, True, False])

    def busy(*_: object) -> None:
        if next(waits):
            raise PageDelayed("busy", 0.1)

    uuid, reader = parts.sent("page"), Reader(busy)
    with working(parts, reader):
        until(lambda: parts.messages() == (0, 0), "the message is gone")
    assert len(reader.read) == 4
    result = parts.result(uuid)
    assert result is not None
    assert result.error is None


def test_a_delay_is_not_shortened_by_the_heartbeat(parts: Parts) -> None:
    def busy(*_: object) -> None:
        raise PageDelayed("busy", 40)

    parts.sent("page")
    reader = Reader(busy)
    with working(parts, reader):
        until(lambda: reader.read, "it was tried")
        assert parts.received(wait_s=5) is None
        assert len(reader.read) == 1


def test_a_reader_that_raises_what_nobody_foresaw_has_the_page_tried_once_more(parts: Parts) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("nobody foresaw this")

    uuid, reader = parts.sent("page"), Reader(fails)
    with working(parts, reader):
        until(lambda: parts.messages() == (0, 0), "the message is gone")
    assert len(reader.read) == 2
    result = parts.result(uuid)
    assert result is not None
    assert result.error is not None
    assert result.error.code == "page_crashed"


def test_a_message_that_is_sent_twice_changes_nothing(parts: Parts) -> None:
    uuid = parts.sent("page")
    parts.send(uuid)
    parts.send(uuid)
    with working(parts, Reader()):
        until(lambda: parts.messages() == (0, 0), "all messages are gone")
    assert parts.done(uuid) == 1


def test_what_is_no_message_comes_back_until_the_queue_has_enough_of_it(parts: Parts) -> None:
    parts.stack.client("sqs").send_message(QueueUrl=parts.queue, MessageBody="garbage")
    uuid = parts.sent("page")
    with working(parts, Reader()):
        until(lambda: parts.done(uuid) == 1, "the page beside it is read")
        until(lambda: parts.messages() == (0, 1), "it waits to be tried again")
    until(lambda: parts.messages() == (1, 0), "it is back")
    found = parts.received()
    assert found is not None
    assert found.receives > 1


def test_a_page_that_hangs_ends_the_worker_and_leaves_the_others_to_the_next(parts: Parts) -> None:
    never = threading.Event()
    stuck, beside = parts.sent("stuck"), parts.job("beside")

    def hangs(uuid: str, _index: int) -> None:
        if uuid == stuck:
            parts.send(beside)
        never.wait(60)
        raise RuntimeError("its process has ended long ago")

    reader = Reader(hangs)
    lanes = Lanes(parts.worker(reader), parts.settings(), Times(hidden_s=60, beat_s=0.2, page_s=2, look_s=0.02))
    running = Running(lanes)
    running.ended()
    assert isinstance(running.raised, WorkerBroken)
    assert {uuid for uuid, _ in reader.read} == {stuck, beside}
    assert parts.messages() == (1, 1)
    left = parts.received()
    assert left is not None
    assert beside in left.body
    never.set()


def test_it_ends_by_itself_when_there_is_nothing_to_do(parts: Parts) -> None:
    uuid = parts.sent("page")
    running = Running(Lanes(parts.worker(Reader()), parts.settings(idle_exit_s=1), QUICK))
    running.ended()
    assert running.raised is None
    assert parts.done(uuid) == 1


def test_it_shows_that_it_is_alive(parts: Parts, tmp_path: Path) -> None:
    file = tmp_path / "alive"
    with working(parts, Reader(), liveness_file=str(file)):
        until(file.exists, "a sign of life")
        file.unlink()
        until(file.exists, "another one")


def test_a_queue_that_is_away_for_a_while_costs_no_message(parts: Parts) -> None:
    uuid = parts.sent("page")
    real, failures = parts.queues.client, iter([True, True, True])

    class Away:
        exceptions = real.exceptions

        def receive_message(self, **request: Any) -> Any:
            if next(failures, False):
                raise OSError("no network")
            return real.receive_message(**request)

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

    parts.queues.client = Away()
    with working(parts, Reader()):
        until(lambda: parts.done(uuid) == 1, "the page is read")
    assert next(failures, None) is None

"""Takes messages from queues, as Lambda's poller does for a function: so many at once, each in a lane of its own, which
waits for a message, works on its page, and deletes it. A heartbeat keeps the messages hidden meanwhile.

A message that fails comes back when it is hidden no longer, one whose page has to wait after that time. When the worker
has to stop, pages that are begun may end within `drain_s`; those that do not are left to other workers at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ocrchat import observe
from ocrchat.page_worker import BatchUnfinished, PageWorker
from ocrchat.settings import WorkerSettings
from ocrchat.store.queues import Received

from .company import Closed, Company
from .in_hand import Held, InHand
from .intake import Intake
from .task_protection import TaskProtection

JOIN_S = 0.1  # how often it is seen which threads have ended

Pause = Callable[[float], bool]
"""Waits so many seconds, or until the worker is told to stop, or to hurry; whether it was."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds."""

    hidden_s: int = 90
    """A message comes back so long after its worker has died: three beats."""

    beat_s: float = 30.0

    page_s: float = 600.0
    """The most that a page takes: the timeout of the function that does the same (`infra/template.yaml`)."""

    drain_s: float = 110.0
    """ECS kills a container 120 s after it has told it to stop (`StopTimeout` in `infra/gpu.yaml`)."""

    look_s: float = 1.0
    """How often it is seen whether a page takes too long, and whether there is nothing to do."""

    retry_s: float = 5.0
    """After a request to a queue that failed."""


class WorkerBroken(Exception):
    """A page takes longer than it may, or the heartbeat has ended. No thread can be ended, so the process has to be."""


class Lanes:
    def __init__(self, worker: PageWorker, settings: WorkerSettings, times: Times | None = None) -> None:
        self._worker = worker
        self._settings = settings
        self._times = times or Times()
        self._intake = Intake(worker.queues, settings.queues, settings.poll_s)
        self._in_hand = InHand()
        self._company = Company()
        self._stopping = threading.Event()
        self._beat_now = threading.Event()
        self._has_ended = False
        self._heart = threading.Thread(target=self._beat, name="heart", daemon=True)
        self._lanes = [
            threading.Thread(target=self._lane, name=f"lane-{number}", daemon=True)
            for number in range(settings.pages_at_once)
        ]

    def run(self, pause: Pause) -> None:
        """Until `pause` says to stop, or there was nothing to do for too long. Raises WorkerBroken. What it could not
        end is left to others when it returns or raises."""
        self._heart.start()
        for lane in self._lanes:
            lane.start()
        try:
            while not pause(self._times.look_s):
                self._raise_if_broken()
                if 0 < self._settings.idle_exit_s <= self._in_hand.idle_s():
                    observe.logger().info("nothing to do")
                    break
            observe.logger().info("worker takes no more pages")
            self._drain(pause)
        finally:
            self._stop()
            left = self._in_hand.leave(self._times.page_s)
            self._let_requests_end(pause)
            self._has_ended = True
            self._beat_now.set()
            observe.logger().info("worker stops", extra={"pages_left": left})

    def _drain(self, pause: Pause) -> None:
        self._stop()
        deadline = time.monotonic() + self._times.drain_s
        while any(lane.is_alive() for lane in self._lanes) and time.monotonic() < deadline:
            if pause(JOIN_S):
                return
            self._raise_if_broken()

    def _let_requests_end(self, pause: Pause) -> None:
        """Lanes that have no page wait for a message, and get one that was just left; they give it back."""
        deadline = time.monotonic() + self._settings.poll_s + 1
        while sum(lane.is_alive() for lane in self._lanes) > len(self._in_hand) and time.monotonic() < deadline:
            if pause(JOIN_S):
                return

    def _stop(self) -> None:
        self._stopping.set()
        self._company.close()

    def _raise_if_broken(self) -> None:
        if self._in_hand.longest_s() >= self._times.page_s:
            raise WorkerBroken(f"a page takes longer than {self._times.page_s:.0f} s")
        if not self._heart.is_alive():
            raise WorkerBroken("the heartbeat has ended")

    def _lane(self) -> None:
        while not self._stopping.is_set():
            try:
                received = self._intake.next(self._times.hidden_s)
                if received is not None:
                    self._work(received)
            except Exception:  # noqa: BLE001 - the queue may be there again after a pause, and the message comes back
                observe.logger().exception("lane failed")
                observe.count("LaneFailed")
                self._stopping.wait(self._times.retry_s)
            finally:
                observe.about(None)

    def _work(self, received: Received) -> None:
        if self._stopping.is_set():
            self._worker.queues.hide(received, 0)
            return
        held = Held(self._worker.queues, received, self._worker.marks(received.receives))
        with self._in_hand.holding(held):
            self._beat_now.set()
            try:
                suspect = self._worker.may_have_crashed(received.body, received.receives)
                with self._company.turn(alone=suspect):
                    held.begin()
                    self._worker.work_off(received.body, held.marks)
                held.done()
            except Closed:
                held.leave()
                return
            except BatchUnfinished as unfinished:
                held.come_back(unfinished.delay_s)
                observe.ended("batch", failed=1)
                return
        observe.ended("batch", failed=0)

    def _beat(self) -> None:
        """Regularly; and the first page that there is protects the task at once."""
        protection = TaskProtection(self._settings.task_agent)
        next_at = 0.0
        while not self._has_ended:
            self._beat_now.clear()
            if time.monotonic() >= next_at:
                next_at = time.monotonic() + self._times.beat_s
                self._in_hand.keep(self._times.hidden_s, self._times.page_s)
                self._show_that_all_is_well()
                protection.update(has_pages=len(self._in_hand) > 0)
            elif len(self._in_hand):
                protection.update(has_pages=True)
            self._beat_now.wait(max(0.0, next_at - time.monotonic()))

    def _show_that_all_is_well(self) -> None:
        if self._settings.liveness_file and all(lane.is_alive() for lane in self._lanes):
            Path(self._settings.liveness_file).touch()

"""What happens to processes, messages, executions and the whole of AWS while jobs run. All of it without privileges: a
process of the same user may be ended, stopped, and told how large its files may be."""

from __future__ import annotations

import json
import os
import resource
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.local.service import Service
from infra.local.stack import StartFailed
from tests.faults.plan import VISIBILITY_S, Attack, AttackKind, Round
from tests.faults.proxy import Proxy

FROZEN_S = 12.0
"""Longer than VISIBILITY_S: who wakes up finds that another one has its message, too."""

FULL_S = 2.0
SMALLEST_FILE = 2048
"""Bytes that a file may have while the disk is full: more than a log line, less than a page."""

HELD_S = 3
"""How long a message that is held back stays away."""

BUSIEST = 4
LOOK_S = 0.03

STARTS = 3

PAGE_QUEUES = ("CpuQueueUrl", "CpuPriorityQueueUrl", "VlmQueueUrl", "VlmPriorityQueueUrl")
QUEUES = (*PAGE_QUEUES, "DropQueueUrl", "DeliverQueueUrl")


def shorten_visibility(service: Service) -> None:
    """Of all queues, those for dead letters too."""
    for name in (name for name in service.stack.outputs if name.endswith(("QueueUrl", "DeadLettersUrl"))):
        service.stack.client("sqs").set_queue_attributes(
            QueueUrl=service.stack.outputs[name], Attributes={"VisibilityTimeout": str(VISIBILITY_S)}
        )


def limit_receives(service: Service, most: int) -> None:
    """Of messages about pages: what is received so often is a dead letter. Those about drops are put off again and
    again by design, which takes as many receives as the template gives them."""
    sqs = service.stack.client("sqs")
    for name in PAGE_QUEUES:
        url = service.stack.outputs[name]
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
        policy = json.loads(answer["Attributes"]["RedrivePolicy"]) | {"maxReceiveCount": most}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(policy)})


class Attacks:
    """Carries out those of a round, in their order. `happened` counts those that met somebody, `missed` the others:
    there is not always a message to repeat."""

    def __init__(self, service: Service, proxy: Proxy) -> None:
        self._service = service
        self._proxy = proxy
        self.happened: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self.cuts: list[float] = []
        """When AWS was killed, as `time.time()`."""
        self.logs_begin: datetime | None = None
        """When AWS was started last, which keeps no log; None where it was not."""
        self.worker_hits = 0
        """How many of those that happened were the worker's."""
        self._healing: list[threading.Thread] = []
        self._kinds: Mapping[AttackKind, Callable[[float], bool]] = {
            "kill": self._kill,
            "freeze": self._freeze,
            "disk full": self._fill_disk,
            "duplicate": self._duplicate,
            "redeliver": self._redeliver,
            "delay": self._delay,
            "stop execution": self._stop_execution,
            "restart": self._restart,
            "power cut": self._cut_power,
        }

    def carry_out(self, planned: Round, began: float) -> None:
        """`began`: by the monotonic clock."""
        for attack in planned.attacks:
            time.sleep(max(0.0, began + attack.at_s - time.monotonic()))
            self._one(attack)

    def heal(self) -> None:
        """Waits until whoever was frozen or starved is well."""
        for thread in self._healing:
            thread.join()
        self._healing.clear()

    def _one(self, attack: Attack) -> None:
        counts = self.happened if self._kinds[attack.kind](attack.draw) else self.missed
        counts[attack.kind] += 1

    def _kill(self, draw: float) -> bool:
        pid = self._victim(draw)
        return pid is not None and _signal(pid, signal.SIGKILL)

    def _freeze(self, draw: float) -> bool:
        pid = self._victim(draw)
        if pid is None or not _signal(pid, signal.SIGSTOP):
            return False
        self._later(FROZEN_S, lambda: _signal(pid, signal.SIGCONT))
        return True

    def _fill_disk(self, _: float) -> bool:
        """Of all functions: no file can grow."""
        pids = function_processes(self._service.stack.pid)
        limit_files(pids, SMALLEST_FILE)
        self._later(FULL_S, lambda: limit_files(pids, None))
        return bool(pids)

    def _duplicate(self, draw: float) -> bool:
        found = self._message(draw, 1)
        if found is None:
            return False
        url, message = found
        self._sqs.send_message(QueueUrl=url, MessageBody=message["Body"])
        return self._visible(url, message)

    def _redeliver(self, draw: float) -> bool:
        found = self._message(draw, 1)
        return found is not None and self._visible(*found)

    def _delay(self, draw: float) -> bool:
        return self._message(draw, HELD_S) is not None

    def _message(self, draw: float, held_s: int) -> tuple[str, dict[str, Any]] | None:
        """One that waits in a queue, and nobody else sees for so long."""
        first = int(draw * len(QUEUES))
        for name in (*QUEUES[first:], *QUEUES[:first]):
            url = self._service.stack.outputs[name]
            answer = self._sqs.receive_message(QueueUrl=url, VisibilityTimeout=held_s, WaitTimeSeconds=0)
            if answer.get("Messages"):
                return url, answer["Messages"][0]
        return None

    def _visible(self, url: str, message: dict[str, Any]) -> bool:
        self._sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
        return True

    def _stop_execution(self, draw: float) -> bool:
        client, machine = self._service.stack.client("stepfunctions"), self._service.stack.outputs["StateMachineArn"]
        running = client.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]
        if not running:
            return False
        client.stop_execution(executionArn=running[int(draw * len(running))]["executionArn"])
        return True

    def _restart(self, _: float) -> bool:
        self.heal()
        with self._proxy.faults.spared():
            self._service.stop()
            self._start()
        return True

    def _cut_power(self, _: float) -> bool:
        self.heal()
        with self._proxy.faults.spared():
            self.cuts.append(time.time())
            self._service.kill()
            self._start()
        return True

    def _start(self) -> None:
        """Once more where the machine is too busy for it."""
        self.logs_begin = datetime.now(UTC)
        for _ in range(STARTS - 1):
            with suppress(StartFailed):
                self._service.start()
                return
        self._service.start()

    def _victim(self, draw: float) -> int | None:
        """One of the functions' processes that work most at this moment, or the worker, where there is one: it waits
        for its model most of the time."""
        before = {pid: _ticks(pid) for pid in function_processes(self._service.stack.pid)}
        time.sleep(LOOK_S)
        victims = sorted(before, key=lambda pid: _ticks(pid) - before[pid], reverse=True)[:BUSIEST]
        worker = self._service.worker
        if worker is not None:
            victims.append(worker.pid)
        if not victims:
            return None
        victim = victims[int(draw * len(victims))]
        self.worker_hits += worker is not None and victim == worker.pid
        return victim

    def _later(self, seconds: float, what: Callable[[], object]) -> None:
        thread = threading.Timer(seconds, what)
        thread.start()
        self._healing.append(thread)

    @property
    def _sqs(self) -> Any:
        return self._service.stack.client("sqs")


def function_processes(aws: int) -> list[int]:
    """The children of the embedded AWS but the one that they are forked from, which works in its folder."""
    found = []
    here = _folder(aws)
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == aws and _folder(int(process.name)) != here:
                found.append(int(process.name))
    return sorted(found)


def limit_files(pids: Sequence[int], most: int | None) -> None:
    """How many bytes a file may have that these processes write; None for as many as before."""
    for pid in pids:
        with suppress(ProcessLookupError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if most is None else most, hard))


def _folder(pid: int) -> str:
    return str((Path("/proc") / str(pid) / "cwd").readlink())


def _ticks(pid: int) -> int:
    """Of processor time; 0 for one that has ended."""
    try:
        fields = (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _signal(pid: int, number: signal.Signals) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True

"""An engine in a process of its own: it touches neither the memory nor the threads of another, and may die."""

from __future__ import annotations

import os
import resource
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection

from .reading import Read, Reading, Request

PATIENCE_S = 240.0
"""An engine that has not answered by then is ended, and the page counts as failed."""

START_S = 120.0  # until an engine is loaded
ONE_THREAD = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
MB_OF_KB = 1024.0  # getrusage counts the resident memory in KiB on Linux


class EngineUnavailable(Exception):
    """The engine could not be loaded; the message says why."""


class Engine:
    """Reads one page after the other. Loading is not measured. Raises EngineUnavailable when it cannot be loaded."""

    def __init__(self, name: str, load: Callable[[], Read], patience_s: float = PATIENCE_S) -> None:
        self.name = name
        self._load = load
        self._patience_s = patience_s
        self._start()

    def read(self, request: Request) -> Reading:
        """A page on which the engine raises, hangs or dies is a Reading with `failure`; the next one finds it running
        again."""
        if not self._process.is_alive():
            self._start()
        try:
            self._pipe.send(request)
            if self._pipe.poll(self._patience_s):
                answer: Reading = self._pipe.recv()
                return answer
            reason = f"no answer within {self._patience_s:.0f} s"
        except (EOFError, OSError):
            reason = "its process ended"
        self._process.kill()
        self._process.join()
        return Reading(failure=reason)

    def close(self) -> float:
        """Ends the process; the most memory that it, or a program that it ran, ever had, in MB (NaN if it had died)."""
        peak = float("nan")
        try:
            self._pipe.send(None)
            peak = self._pipe.recv()
        except (EOFError, OSError):
            self._process.kill()
        self._process.join()
        return peak

    def _start(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._load), daemon=True)
        self._process.start()
        theirs.close()
        problem: str | None = f"not loaded within {START_S:.0f} s"
        try:
            if self._pipe.poll(START_S):
                problem = self._pipe.recv()
        except (EOFError, OSError):
            problem = "its process ended while it was loading"
        if problem is not None:
            self._process.kill()
            raise EngineUnavailable(f"{self.name}: {problem}")


def _serve(pipe: Connection, load: Callable[[], Read]) -> None:
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # before any library is loaded that reads them
    try:
        read = load()
    except Exception as error:  # noqa: BLE001  # whatever it is, the one who started the engine is told
        pipe.send(f"{type(error).__name__}: {error}")
        return
    pipe.send(None)
    while (request := pipe.recv()) is not None:
        pipe.send(_measured(read, request))
    pipe.send(max(resource.getrusage(who).ru_maxrss for who in _WHO) / MB_OF_KB)


def _measured(read: Read, request: Request) -> Reading:
    cpu, wall = cpu_seconds(), time.perf_counter()
    try:
        reading = read(request)
    except Exception as error:  # noqa: BLE001  # an engine's error is its result on this page, and is reported
        place = traceback.extract_tb(error.__traceback__)[-1]
        reading = Reading(failure=f"{type(error).__name__} in {place.name}: {error}")
    return replace(reading, cpu_s=cpu_seconds() - cpu, wall_s=time.perf_counter() - wall)


_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def cpu_seconds() -> float:
    """Of this process and of the programs that it has waited for."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, _WHO))

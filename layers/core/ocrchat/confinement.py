"""Limits that the kernel keeps for a process that parses strangers' bytes, beneath those of Lambda.

Native parsers look at no deadline and ask for whatever memory a file tells them to. Where a limit of memory is met,
they fail as they do for a damaged file; where one of CPU is met, the process ends (docs/adr/0019-confined-parsers.md).
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE_BYTES = resource.getpagesize()

SHORTEST_S = 1e-6
"""Of a timer: 0 would end it."""


def limit_process(more_memory: int, file_bytes: int) -> None:
    """For as long as this process lives: so many bytes of memory of its own beside what it has now, files of at most so
    many bytes, no core dumps. Called again it changes nothing: a hard limit is not raised.

    RLIMIT_AS would count what malloc reserves for each thread and never touches, 64 MB; RLIMIT_DATA counts what can be
    written to. Processes are not counted: the kernel counts those of a user, who may run others.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY:
        most = _own_memory() + more_memory
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Ends this process by SIGPROF when the body takes more CPU than that. An inner limit ends with the outer one.

    A timer, and not RLIMIT_CPU, which counts from the start of the process by another clock than those that can be
    asked: after minutes of work the two are seconds apart, and pages that take nothing would end their process.
    """
    outer, _ = signal.getitimer(signal.ITIMER_PROF)  # 0.0: there is none
    most = min(seconds, outer) if outer else seconds
    signal.setitimer(signal.ITIMER_PROF, most)
    try:
        yield
    finally:
        left, _ = signal.getitimer(signal.ITIMER_PROF)
        signal.setitimer(signal.ITIMER_PROF, max(outer - (most - left), SHORTEST_S) if outer else 0.0)


def _own_memory() -> int:
    """Of this process: data and stack, in bytes (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text().split()[5]) * PAGE_BYTES

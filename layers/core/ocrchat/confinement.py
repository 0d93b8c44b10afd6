"""Limits that the kernel keeps for a process that parses strangers' bytes, beneath those of Lambda.

Native parsers look at no deadline and ask for whatever memory a file tells them to. Where a limit of memory is met,
they fail as they do for a damaged file; where one of CPU is met, the process ends (docs/adr/0019-confined-parsers.md).
"""

from __future__ import annotations

import math
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE_BYTES = resource.getpagesize()


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
    """Ends this process by SIGXCPU when the body takes more CPU than that, counted in whole seconds by the kernel. An
    inner limit does not outlast an outer one."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    before, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = math.ceil(usage.ru_utime + usage.ru_stime + seconds)
    if before != resource.RLIM_INFINITY:
        most = min(most, before)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (before, hard))


def _own_memory() -> int:
    """Of this process: data and stack, in bytes (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text().split()[5]) * PAGE_BYTES

"""Memory of every process of one service while it works, read from /proc (Linux).

What counts is `RssAnon`: what a process has written to, or shares with the process that it is a fork of; files that it
maps do not count. A leak makes it grow; the copying of what was shared does not.
"""

from __future__ import annotations

import os
import re
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local.service import Service

EVERY_S = 3.0
READING = "OcrPage, reading"
"""The process that a worker of OcrPage has pages read in, beside the worker itself."""

_NAME = re.compile(r"ministack-lambda-\w+?-([A-Za-z]+)Function-")

Processes = Mapping[str, Mapping[int, int]]
"""Function -> process id -> kB."""


def of_service(service: Service) -> Processes:
    """Now. The front's process is the one of the clients, too."""
    aws = service.stack.pid
    found: dict[str, dict[int, int]] = {"embedded AWS": {aws: anonymous_kb(aws)}}
    found["front and clients"] = {os.getpid(): anonymous_kb(os.getpid())}
    folders = str(service.stack.state.resolve() / "unpacked")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            folder = str((process / "cwd").readlink())
            if not folder.startswith(folders) or not (match := _NAME.search(folder)):
                continue
            is_fork = _parent(process) != aws
            name = READING if is_fork and match[1] == "OcrPage" else match[1]
            found.setdefault(name, {})[int(process.name)] = anonymous_kb(int(process.name))
        except (OSError, StopIteration):  # it has ended, or is about to
            continue
    return found


def anonymous_kb(pid: int) -> int:
    """Raises OSError for a process that is not there, StopIteration for one that has ended and is not waited for."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1])


def _parent(process: Path) -> int:
    return int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])


@dataclass(frozen=True, slots=True)
class Grown:
    """In MB, of one function's processes together and of the largest of them: after a quarter of the time, when all is
    warm, and at the end."""

    name: str
    processes: int
    warm_mb: float
    end_mb: float
    largest_warm_mb: float
    largest_end_mb: float


def grown(samples: Sequence[Processes]) -> list[Grown]:
    """By name. Raises ValueError where nothing was sampled."""
    if not samples:
        raise ValueError("no samples")
    warm, end = samples[len(samples) // 4], samples[-1]
    none: Mapping[int, int] = {}
    return [
        Grown(
            name,
            len(end[name]),
            sum(warm.get(name, none).values()) / 1000,
            sum(end[name].values()) / 1000,
            max(warm.get(name, none).values(), default=0) / 1000,
            max(end[name].values()) / 1000,
        )
        for name in sorted(end)
    ]


class Sampler:
    """A context manager: inside it samples are taken."""

    def __init__(self, service: Service) -> None:
        self.samples: list[Processes] = []
        self._service = service
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(EVERY_S):
            self.samples.append(of_service(self._service))


def points(samples: Sequence[tuple[int, Processes]]) -> dict[str, list[tuple[float, float]]]:
    """Name -> (pages so far, kB of its processes together), for those whose processes were the same in all samples."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    alike = {
        name
        for name, its in samples[-1][1].items()
        if all(sample.get(name, {}).keys() == its.keys() for _, sample in samples)
    }
    for pages, sample in samples:
        for name in alike:
            found[name].append((float(pages), float(sum(sample[name].values()))))
    return dict(found)

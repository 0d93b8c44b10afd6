"""The first lines of every report: when, where and with what it was measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")


def description(packages: Iterable[str]) -> str:
    """Date, machine and versions in two lines."""
    cores = len(os.sched_getaffinity(0))
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {cores} cores of {cpu_name()} ({platform.machine()}), "
        f"one thread an engine.\n"
        f"Python {platform.python_version()}, {', '.join(f'{name} {_version(name)}' for name in packages)}."
    )


def cpu_name() -> str:
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "an unnamed CPU"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"

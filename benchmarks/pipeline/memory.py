"""Peak memory of the functions' processes, read from /proc (Linux)."""

from __future__ import annotations

import re
from pathlib import Path

_NAME = re.compile(r"ministack-lambda-\w+?-([A-Za-z]+)Function-")


def functions() -> dict[str, list[Path]]:
    """Function name -> the /proc folders of its processes; the embedded AWS itself as `embedded AWS`."""
    found: dict[str, list[Path]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):  # it has ended since
            continue
        name = (
            match[1] if (match := _NAME.search(command)) else "embedded AWS" if "infra.local.aws" in command else None
        )
        if name:
            found.setdefault(name, []).append(folder)
    return found


def reset() -> None:
    """Starts the peaks anew (proc(5), clear_refs)."""
    for folders in functions().values():
        for folder in folders:
            (folder / "clear_refs").write_text("5")


def peaks() -> dict[str, float]:
    """Function name -> the highest peak of its processes since `reset`, in MB of resident memory."""
    return {name: max(_peak(folder) for folder in folders) for name, folders in sorted(functions().items())}


def _peak(folder: Path) -> float:
    line = next(line for line in (folder / "status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1000

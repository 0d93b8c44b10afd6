"""A page reader that does what the page says: laid over the real one to bring faults about on purpose.

KILL         ends its worker at once, every time
KILL_ONCE    the same, but only the first time that this page is read
DIE          ends its own process, which the worker lives on without, every time
RAISE        raises what nobody foresaw
UNREADABLE   raises PageUnreadable
SLOW         takes some time, before anything else
DENSE        finds more text than a page may hold
anything else is read as it stands. Every attempt is a line of the file that FAULT_LOG names.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from ocrchat.blocks import Block, Line
from ocrchat.errors import PageUnreadable
from ocrchat.pages import PageResult, PageTask

SLOW_S = 0.6


def preload() -> None:
    import pymupdf  # noqa: F401


def read_page(data: bytes, task: PageTask) -> PageResult:
    import pymupdf

    with pymupdf.open(stream=data, filetype="pdf") as document:
        text = document[0].get_text().strip()
    first_time = _first_time(f"{text} {task.index}")
    if "SLOW" in text:
        time.sleep(SLOW_S)
    if "KILL" in text and ("KILL_ONCE" not in text or first_time):
        os.kill(os.getppid(), signal.SIGKILL)
        signal.pause()  # until it dies with its worker
    if "DIE" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "RAISE" in text:
        raise RuntimeError("nobody foresaw this")
    if "UNREADABLE" in text:
        raise PageUnreadable
    if "DENSE" in text:
        text *= 2_000_000
    block = Block.of_lines([Line(text, (72.0, 60.0, 300.0, 80.0), 1.0)])
    return PageResult(task.index, 595, 842, "pt", "text_layer", (block,), text, text)


def _first_time(attempt: str) -> bool:
    log = Path(os.environ["FAULT_LOG"])
    earlier = log.read_text().splitlines() if log.exists() else []
    with log.open("a") as file:
        file.write(attempt + "\n")
    return attempt not in earlier

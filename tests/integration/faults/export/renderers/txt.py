"""A renderer that does what the pages say, laid over the real one. Each rendering is a line of the file that FAULT_LOG
names: `rendering {job}`.

SLOWEXPORT   waits until there is a file beside that one, named as it is and `.gate`
CRASHEXPORT  ends its process at once, every time
FAILEXPORT   raises what nobody foresaw
REFUSEEXPORT raises an error of the tree
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import IO

from export.source import Source
from ocrchat.errors import ParameterInvalid

GATE_S = 120


def render(source: Source, out: IO[bytes]) -> None:
    log = Path(os.environ["FAULT_LOG"])
    with log.open("a") as file:
        file.write(f"rendering {source.job.uuid}\n")
    text = "\f".join(page.text for page in source.pages)
    if "SLOWEXPORT" in text:
        _await(log.with_suffix(".gate"))
    if "CRASHEXPORT" in text:
        os._exit(1)
    if "FAILEXPORT" in text:
        raise RuntimeError("nobody foresaw this")
    if "REFUSEEXPORT" in text:
        raise ParameterInvalid("There is no text on these pages", parameter="format")
    out.write(text.encode())


def _await(gate: Path) -> None:
    until = time.monotonic() + GATE_S
    while not gate.exists():
        if time.monotonic() > until:
            raise TimeoutError("nobody opened the gate")
        time.sleep(0.05)

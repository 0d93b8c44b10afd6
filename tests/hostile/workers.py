"""Files on their way through a process each, under the kernel's limits: what became of them, by time and memory."""

from __future__ import annotations

import json
import os
import resource
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from ocr_page.reader import preload
from ocrchat import confinement
from ocrchat.limits import LIMITS
from tests.hostile.journey import Journey, Step

CPU_S = 60
"""Of all steps together; each function has its own limit, this one ends what has none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`codes`: the documented errors that the file met; `step` is the last that it reached. `fault` is the traceback of
    what nobody foresaw, `signal` what ended the process. `memory` is the peak in bytes beside what was loaded."""

    name: str
    codes: tuple[str, ...]
    step: str
    fault: str | None
    signal: int | None
    cpu_s: float
    wall_s: float
    memory: int


def load() -> None:
    """What every process needs, once."""
    import docx

    preload()
    docx.Document()


def outcome_of(name: str, make: Callable[[], bytes]) -> Outcome:
    """Forks: `load` was called before, or each process takes half a second more."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "original"
        path.write_bytes(make())
        before, started = _peak(), time.monotonic()
        told, tell = os.pipe()
        pid = os.fork()
        if pid == 0:
            _travel(path, tell)
        os.close(tell)
        with os.fdopen(told) as lines:
            said = [json.loads(line) for line in lines]
        _, status, usage = os.wait4(pid, 0)
    steps = [line["step"] for line in said if "step" in line]
    end = said[-1] if said and "codes" in said[-1] else {"codes": [], "fault": None}
    return Outcome(
        name=name,
        codes=tuple(end["codes"]),
        step=steps[-1] if steps else "",
        fault=end["fault"],
        signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        cpu_s=usage.ru_utime + usage.ru_stime,
        wall_s=time.monotonic() - started,
        memory=max(0, usage.ru_maxrss * 1024 - before),
    )


def _travel(path: Path, tell: int) -> NoReturn:
    confinement.limit_process(LIMITS.parser_memory_bytes, LIMITS.scratch_bytes)

    def begun(step: Step) -> None:
        os.write(tell, json.dumps({"step": step}).encode() + b"\n")

    journey = Journey(path, begun)
    fault = None
    warnings.simplefilter("ignore")  # what Pillow wonders about is no fault; pytest makes errors of it
    with confinement.cpu_limit(CPU_S):
        try:
            journey.run()
        except Exception:  # noqa: BLE001 - the parent fails its test for it
            fault = traceback.format_exc()
    os.write(tell, json.dumps({"codes": journey.codes, "fault": fault}).encode() + b"\n")
    os._exit(0)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

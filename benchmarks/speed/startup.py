"""What a fresh worker waits for: the imports, and `preload()`, each in a new interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.peers.ours import FUNCTIONS
from benchmarks.peers.process import ONE_THREAD

CORE = FUNCTIONS.parent / "layers" / "core"
REPEATS = 5  # of which the median is reported
MODULES = ("ocr_page.handler", "ocr_page.reader", "numpy", "cv2", "onnxruntime", "pymupdf", "PIL.Image", "tesserocr")
"""The handler, the reader, and what the reader loads when it is first used."""

PROGRAM = """
import resource, time
wall, cpu = time.perf_counter(), time.process_time()
{work}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(time.perf_counter() - wall, time.process_time() - cpu, peak)
"""


@dataclass(frozen=True, slots=True)
class Start:
    """Medians: seconds, CPU seconds, and the most memory of the whole interpreter in MB."""

    what: str
    wall_s: float
    cpu_s: float
    peak_mb: float


def starts() -> list[Start]:
    found = [_measured(f"import {module}", f"import {module}") for module in MODULES]
    found.append(_measured("reader.preload(), imports included", "from ocr_page import reader; reader.preload()"))
    return found


def _measured(what: str, work: str) -> Start:
    once = [_run(work) for _ in range(REPEATS)]
    return Start(what, *(median(values) for values in zip(*once, strict=True)))


def _run(work: str) -> tuple[float, float, float]:
    path = os.pathsep.join(map(str, (FUNCTIONS, CORE)))
    environment = {**os.environ, "PYTHONPATH": path, **dict.fromkeys(ONE_THREAD, "1")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(work=work)],
        env=environment,
        cwd=Path.cwd(),
        capture_output=True,
        text=True,
        check=True,
    )
    wall, cpu, peak = map(float, done.stdout.split())
    return wall, cpu, peak

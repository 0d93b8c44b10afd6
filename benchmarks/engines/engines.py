"""The engines that are compared, each in its own process: neither touches the memory or threads of the other."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

FUNCTIONS = Path(__file__).parents[2] / "functions"

Read = Callable[[Path], dict[str, str]]
"""What an engine makes of an image: its text, by the name under which it is reported."""

OURS = "this reader"
STOCK = "rapidocr as shipped"
STOCK_IN_OUR_ORDER = "its lines in this reader's order"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine said of a page, and the CPU seconds of its process that it took."""

    texts: dict[str, str]
    cpu_s: float


def ours() -> Read:
    """`ocr_page`, as the service runs it."""
    sys.path.insert(0, str(FUNCTIONS))
    from ocr_page import reader
    from ocrchat.pages import PageFormat, PageTask

    reader.preload()

    def read(path: Path) -> dict[str, str]:
        task = PageTask(1, cast("PageFormat", path.suffix.removeprefix(".")))
        return {OURS: reader.read_page(path.read_bytes(), task).text}

    return read


def stock() -> Read:
    """`rapidocr` with its own defaults but for one thread. Its lines come out in its order, and once more in the one
    that `ocr_page` would give them, which tells reading from ordering."""
    sys.path.insert(0, str(FUNCTIONS))
    import cv2
    from rapidocr import RapidOCR

    from ocr_page import order
    from ocrchat.blocks import Line, union

    threads = "EngineConfig.onnxruntime"
    engine = RapidOCR(
        params={f"{threads}.intra_op_num_threads": 1, f"{threads}.inter_op_num_threads": 1, "Global.log_level": "error"}
    )
    cv2.setNumThreads(1)

    def read(path: Path) -> dict[str, str]:
        found = engine(str(path))
        if found.boxes is None:
            return {STOCK: "", STOCK_IN_OUR_ORDER: ""}
        lines = [
            Line(text, union((float(x), float(y), float(x), float(y)) for x, y in corners), float(score))
            for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        ]
        ordered = "\n\n".join(block.text for block in order.blocks_of(lines))
        return {STOCK: "\n".join(found.txts), STOCK_IN_OUR_ORDER: ordered}

    return read


class Engine:
    """An engine in a process that reads one image after the other. Loading and a first read are not measured."""

    def __init__(self, load: Callable[[], Read], warm_up: Path) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, load), daemon=True)
        self._process.start()
        theirs.close()
        self.read(warm_up)

    def read(self, path: Path) -> Reading:
        """Raises EOFError when the engine has ended."""
        self._pipe.send(path)
        texts, cpu_s = self._pipe.recv()
        return Reading(texts, cpu_s)

    def close(self) -> float:
        """Ends the process; the most memory that it ever had, in MB."""
        self._pipe.send(None)
        peak: float = self._pipe.recv()
        self._process.join()
        return peak


def _serve(pipe: Connection, load: Callable[[], Read]) -> None:
    read = load()
    while (path := pipe.recv()) is not None:
        started = time.process_time()
        texts = read(path)
        pipe.send((texts, time.process_time() - started))
    pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)

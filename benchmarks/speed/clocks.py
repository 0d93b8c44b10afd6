"""Where this reader's CPU goes, measured from outside: clocks around the engines that it calls.

Every network is an `onnxruntime.InferenceSession`, and Tesseract is a `tesserocr.PyTessBaseAPI`: both names are
replaced before the reader loads them by ones that keep the time. What is left over is Python, OpenCV and MuPDF.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers import ours
from benchmarks.peers.reading import Read, Reading, Request

if TYPE_CHECKING:
    from collections.abc import Iterator

DETECTOR, RECOGNISER, OTHER, TESSERACT = "detector", "recogniser", "other networks", "Tesseract"
PARTS = (DETECTOR, RECOGNISER, OTHER, TESSERACT)
MARKS = {"_det": DETECTOR, "_rec": RECOGNISER}
"""In a network's file name."""

TESSERACT_CALLS = (
    "Init",
    "SetImage",
    "DetectOS",
    "DetectOrientationScript",
    "AnalyseLayout",
    "Recognize",
    "GetUTF8Text",
)


class Clock:
    """CPU seconds by part. A part that is called within a part is not counted again."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._running = False

    @contextmanager
    def running(self, part: str) -> Iterator[None]:
        if self._running:
            yield
            return
        self._running = True
        started = time.process_time()
        try:
            yield
        finally:
            self.seconds[part] += time.process_time() - started
            self._running = False


def load_timed() -> Read:
    """This reader, each Reading with its `parts`."""
    clock = Clock()
    _replace_sessions(clock)
    _replace_tesseract(clock)
    read = ours.load()

    def timed(request: Request) -> Reading:
        clock.seconds.clear()
        reading = read(request)
        return replace(reading, parts=tuple((part, clock.seconds[part]) for part in PARTS))

    return timed


def part_of(model: object) -> str:
    """The part that a network is, by the name of its file."""
    if not isinstance(model, str | Path):
        return OTHER
    name = Path(model).name
    return next((part for mark, part in MARKS.items() if mark in name), OTHER)


class TimedSession:
    """An onnxruntime session whose runs are clocked."""

    def __init__(self, session: Any, part: str, clock: Clock) -> None:
        self._session, self._part, self._clock = session, part, clock

    def run(self, *arguments: Any, **options: Any) -> Any:
        with self._clock.running(self._part):
            return self._session.run(*arguments, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


def _replace_sessions(clock: Clock) -> None:
    import onnxruntime

    plain = onnxruntime.InferenceSession

    def session(model: object, *arguments: Any, **options: Any) -> TimedSession:
        return TimedSession(plain(model, *arguments, **options), part_of(model), clock)

    onnxruntime.InferenceSession = session


def _replace_tesseract(clock: Clock) -> None:
    import tesserocr

    def clocked(name: str) -> Callable[..., Any]:
        def call(self: Any, *arguments: Any, **options: Any) -> Any:
            with clock.running(TESSERACT):
                return getattr(tesserocr_api, name)(self, *arguments, **options)

        return call

    tesserocr_api = tesserocr.PyTessBaseAPI
    calls = {name: clocked(name) for name in TESSERACT_CALLS if hasattr(tesserocr_api, name)}
    tesserocr.PyTessBaseAPI = type("PyTessBaseAPI", (tesserocr_api,), calls)

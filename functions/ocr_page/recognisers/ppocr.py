"""PP-OCRv6: PaddlePaddle's networks as ONNX, from the wheel of `rapidocr`, run by onnxruntime on one thread.

Reads the Latin script, Chinese and Japanese. Only the models of that wheel are used; what goes in and what comes out is
handled here, at half of its cost: docs/adr/0002-rapidocr.md.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocrchat.blocks import BBox
from ocrchat.errors import PageTimedOut

from . import crops, ctc
from .crops import Crop
from .port import RecognisedLine, RecognisedWord
from .regions import find_regions

if TYPE_CHECKING:
    from .port import Pixels

DETECTOR_FILE = "PP-OCRv6_det_small.onnx"
RECOGNISER_FILE = "PP-OCRv6_rec_small.onnx"
LEAST_CONFIDENCE = 0.5  # a line below it is hardly ever text
SURE = 0.9  # a piece that may be turned is read the other ways too below it


@dataclass(frozen=True, slots=True)
class PpOcr:
    """Both networks, loaded. Keeps no state between pages."""

    detector: Any
    recogniser: Any
    alphabet: tuple[str, ...]
    name: str = "PP-OCRv6"

    @classmethod
    def load(cls) -> PpOcr:
        """Takes about half a second and 130 MB, so once a process."""
        import cv2

        cv2.setNumThreads(1)
        folder = _models_folder()
        # the detector, whose tensors are large, is a fifth cheaper with an arena; the recogniser gains nothing from one
        detector = _session(folder / DETECTOR_FILE, arena=True)
        recogniser = _session(folder / RECOGNISER_FILE, arena=False)
        characters = recogniser.get_modelmeta().custom_metadata_map["character"].splitlines()
        # entry 0 means "no new character"; the space is not in the file's list and comes last
        return cls(detector, recogniser, ("", *characters, " "))

    def read(self, image: Pixels, deadline: float) -> list[RecognisedLine]:
        cuts = [crop for region in find_regions(self.detector, image) if (crop := crops.cut(image, region))]
        lines: list[RecognisedLine | None] = [None] * len(cuts)
        waiting = list(range(len(cuts)))
        for attempt in range(3):
            waiting = [index for index in waiting if attempt < len(cuts[index].turns) and not _is_sure(lines[index])]
            turned = [(cuts[index], cuts[index].turns[attempt]) for index in waiting]
            for index, line in zip(waiting, self._read_crops(turned, deadline), strict=True):
                lines[index] = _surer(lines[index], line)
        return [line for line in lines if line is not None]

    def _read_crops(self, turned: list[tuple[Crop, int]], deadline: float) -> list[RecognisedLine | None]:
        """What each crop says after so many quarter turns anticlockwise; None where that is hardly text."""
        pictures = [crops.picture(crop, turn) for crop, turn in turned]
        lines: list[RecognisedLine | None] = [None] * len(pictures)
        for batch in crops.batches(pictures):
            if time.monotonic() > deadline:
                raise PageTimedOut
            answers = self.recogniser.run(None, {"x": crops.network_input([pictures[index] for index in batch])})[0]
            for index, best, answer in zip(batch, answers.argmax(axis=2), answers, strict=True):
                characters = ctc.decode(best, answer[range(len(best)), best], self.alphabet)
                lines[index] = _line(*turned[index], pictures[index].shape[1], characters)
        return lines


def _is_sure(line: RecognisedLine | None) -> bool:
    return line is not None and line.confidence >= SURE


def _surer(one: RecognisedLine | None, other: RecognisedLine | None) -> RecognisedLine | None:
    if one is None or other is None:
        return one or other
    return other if other.confidence > one.confidence else one


def _line(crop: Crop, turn: int, length: int, characters: list[ctc.Character]) -> RecognisedLine | None:
    """`length` is that of the crop's picture in px."""
    text = "".join(character.text for character in characters).strip()
    if not text:
        return None
    confidence = sum(character.confidence for character in characters) / len(characters)
    if confidence < LEAST_CONFIDENCE:
        return None
    words = tuple(_word(crop, turn, length, word) for word in ctc.words(characters))
    return RecognisedLine(crop.box, text, confidence, words)


def _word(crop: Crop, turn: int, length: int, word: Sequence[ctc.Character]) -> RecognisedWord:
    """A character is seen at its middle, and most are two columns wide."""
    start = max((word[0].column - 0.5) * crops.WIDTH_STEP / length, 0.0)
    end = min((word[-1].column + 1.5) * crops.WIDTH_STEP / length, 1.0)
    return RecognisedWord(
        _part(crop.box, turn, start, end),
        "".join(character.text for character in word),
        sum(character.confidence for character in word) / len(word),
    )


def _part(box: BBox, turn: int, start: float, end: float) -> BBox:
    """The part of a box between two shares of the way that its text runs: rightwards, downwards after one quarter turn
    anticlockwise, upwards after one clockwise."""
    x0, y0, x1, y1 = box
    if turn == 0:
        return (x0 + start * (x1 - x0), y0, x0 + end * (x1 - x0), y1)
    if turn == 1:
        return (x0, y0 + start * (y1 - y0), x1, y0 + end * (y1 - y0))
    return (x0, y1 - end * (y1 - y0), x1, y1 - start * (y1 - y0))


def _models_folder() -> Path:
    """Found without importing `rapidocr`, which would load all of it."""
    from importlib.util import find_spec

    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package `rapidocr`, whose models are read, is not installed")
    return Path(spec.origin).parent / "models"


def _session(path: Path, *, arena: bool) -> Any:
    """`arena` keeps memory between runs, which saves page faults."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = arena
    # a plan of the memory for each shape of input, and every page has another: 300 MB more after a few of them
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

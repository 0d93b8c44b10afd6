"""PP-OCRv6: PaddlePaddle's recogniser as ONNX, from the wheel of `rapidocr`, run by onnxruntime on one thread.

Reads the Latin script, Chinese and Japanese. Only the models of that wheel are used; what goes in and what comes out is
handled here, at half of its cost: docs/adr/0002-rapidocr.md.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocrchat.errors import PageTimedOut

from . import crops, ctc, networks
from .crops import Crop
from .port import RecognisedLine, RecognisedWord
from .regions import Region

if TYPE_CHECKING:
    from .port import Pixels

MODEL_FILE = "PP-OCRv6_rec_small.onnx"
NAME = "PP-OCRv6"


@dataclass(frozen=True, slots=True)
class PpOcr:
    """The network, loaded. Keeps no state between pages."""

    session: Any
    alphabet: tuple[str, ...]
    name: str = NAME

    @classmethod
    def load(cls) -> PpOcr:
        """Takes about half a second and 100 MB, so once a process."""
        import cv2

        cv2.setNumThreads(1)
        session = networks.session(networks.of_rapidocr(MODEL_FILE), arena=False)  # an arena would gain it nothing
        characters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
        # entry 0 means "no new character"; the space is not in the file's list and comes last
        return cls(session, ("", *characters, " "))

    def read(self, image: Pixels, regions: Sequence[Region], deadline: float) -> list[RecognisedLine | None]:
        return crops.read_turned(image, regions, lambda turned: self._read_crops(turned, deadline))

    def _read_crops(self, turned: list[tuple[Crop, int]], deadline: float) -> list[RecognisedLine | None]:
        """What each crop says after so many quarter turns anticlockwise; None where there is no character."""
        pictures = [crops.picture(crop, turn) for crop, turn in turned]
        lines: list[RecognisedLine | None] = [None] * len(pictures)
        for batch in crops.batches(pictures):
            if time.monotonic() > deadline:
                raise PageTimedOut
            answers = self.session.run(None, {"x": crops.network_input([pictures[index] for index in batch])})[0]
            for index, best, answer in zip(batch, answers.argmax(axis=2), answers, strict=True):
                characters = ctc.decode(best, answer[range(len(best)), best], self.alphabet)
                characters = ctc.with_faint_spaces(characters, answer[:, -1])
                lines[index] = _line(*turned[index], pictures[index], characters)
        return lines


def _line(crop: Crop, turn: int, picture: Pixels, characters: list[ctc.Character]) -> RecognisedLine | None:
    text = "".join(character.text for character in characters).strip()
    if not text:
        return None
    confidence = sum(character.confidence for character in characters) / len(characters)
    words = tuple(_word(crop, turn, picture.shape[1], word) for word in ctc.words(characters))
    seen = [round((character.column + 0.5) * crops.WIDTH_STEP) for character in characters if character.text != " "]
    return RecognisedLine(crop.box, text, confidence, words, NAME, crops.coverage(picture, seen))


def _word(crop: Crop, turn: int, length: int, word: Sequence[ctc.Character]) -> RecognisedWord:
    """A character is seen at its middle, and most are two columns wide."""
    start = max((word[0].column - 0.5) * crops.WIDTH_STEP / length, 0.0)
    end = min((word[-1].column + 1.5) * crops.WIDTH_STEP / length, 1.0)
    return RecognisedWord(
        crops.part(crop.box, turn, start, end),
        "".join(character.text for character in word),
        sum(character.confidence for character in word) / len(word),
    )

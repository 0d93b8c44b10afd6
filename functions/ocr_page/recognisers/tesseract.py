"""Tesseract through `tesserocr`: reads the lines that the detector found, with the pack of one language.

Its own page segmentation is not used: on the lines that the detector finds it reads scripts with tall or stacked signs
far better (Korean, Burmese, Lao, Dhivehi), and pages of several scripts can be read line by line.
"""

from __future__ import annotations

import os
import re
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ocrchat.errors import PageTimedOut

from . import crops, packs, spacing
from .crops import Crop
from .port import RecognisedLine, RecognisedWord
from .regions import Region

if TYPE_CHECKING:
    from .port import Pixels

NAME = "Tesseract"
MOST_LOADED = 6  # packs that one worker keeps, each 5 to 40 MB
UNSURE = 0.85  # a line read below it is read in another way, too
TRIM = 0.08  # of its height above and below
HIGHEST = 72  # px: a higher crop is shrunk to it; the networks look at 36 to 48 px
LOWEST = 24  # px: a lower one is enlarged
DPI = "200"  # it wants to know; the networks do not depend on it
BIDI_CONTROLS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""They only steer how text is shown; ours is in logical order without them."""
BARE_JOINER = re.compile("[\u200c\u200d]+(?!\\w)")
"""Joiners that join nothing: the pack of Tamil puts one after each word that ends in a virama."""

MICRO_SIGN = {0xB5: 0x3BC}
"""The packs of Greek write the sign for millionths in place of mu."""

GREEK = ("ell", "grc", "script/Greek")

COMPOSED = {"\u0e4d\u0e32": "\u0e33", "\u0ecd\u0eb2": "\u0eb3"}
"""Thai and Lao `am`, which NFC leaves in two signs."""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """One pack, loaded. `pack` is named as in ocrchat.packs."""

    api: Any
    pack: str

    @property
    def name(self) -> str:
        return f"{NAME} {self.pack}"

    def read(self, image: Pixels, regions: Sequence[Region], deadline: float) -> list[RecognisedLine | None]:
        return crops.read_turned(image, regions, lambda turned: self._read_crops(turned, deadline))

    def glance(self, image: Pixels, *, thorough: bool) -> float:
        """How sure of a line this pack is, 0..1. `thorough` looks twice where it is not."""
        from tesserocr import PSM

        _show(self.api, _grey(image))
        confidence = 0.0
        for mode in (PSM.SINGLE_LINE, PSM.RAW_LINE) if thorough else (PSM.SINGLE_LINE,):
            if confidence < UNSURE:
                self.api.SetPageSegMode(mode)
                seen = float(self.api.MeanTextConf()) / 100 if self.api.GetUTF8Text().strip() else 0.0
                confidence = max(confidence, seen)
        self.api.SetPageSegMode(PSM.SINGLE_LINE)
        return confidence

    def _read_crops(self, turned: list[tuple[Crop, int]], deadline: float) -> list[RecognisedLine | None]:
        lines = []
        for crop, turn in turned:
            if time.monotonic() > deadline:
                raise PageTimedOut
            lines.append(self._read_crop(crop, turn))
        return lines

    def _read_crop(self, crop: Crop, turn: int) -> RecognisedLine | None:
        import numpy as np
        from tesserocr import PSM

        picture = _grey(np.rot90(crop.pixels, turn))
        height, width = picture.shape
        trim = round(TRIM * height)
        best: RecognisedLine | None = None
        for shown, mode in (
            (picture, PSM.SINGLE_LINE),
            (picture, PSM.RAW_LINE),  # does not look for the base line
            (picture[trim : height - trim], PSM.SINGLE_LINE),  # without what reaches in from the lines above and below
        ):
            if best is None or best.confidence < UNSURE:
                _show(self.api, shown)
                best = crops.surer(best, self._line(crop, turn, width, mode))
        self.api.SetPageSegMode(PSM.SINGLE_LINE)
        return best

    def _line(self, crop: Crop, turn: int, length: int, mode: int) -> RecognisedLine | None:
        self.api.SetPageSegMode(mode)
        steering = BIDI_CONTROLS | (MICRO_SIGN if self.pack in GREEK else {})
        text = self.api.GetUTF8Text().translate(steering)
        if not text.strip():
            return None
        words = tuple(
            RecognisedWord(
                crops.part(crop.box, turn, word.start / length, min(word.end / length, 1.0)),
                _composed(word.text),
                word.confidence,
            )
            for word in spacing.words(text, self.api.GetTSVText(0).translate(steering))
        )
        characters = sum(len(word.text) for word in words)
        if not characters:
            return None
        confidence = sum(word.confidence * len(word.text) for word in words) / characters
        return RecognisedLine(crop.box, " ".join(word.text for word in words), confidence, words, NAME)


@dataclass(frozen=True, slots=True)
class Orientation:
    """What Tesseract says of a whole page: the script's English name, and by how many degrees clockwise it lies."""

    script: str
    script_confidence: float
    degrees: int
    orientation_confidence: float


@dataclass(slots=True)
class Packs:
    """Loads packs when they are first asked for, and keeps the MOST_LOADED that were used last."""

    apis: OrderedDict[str, Any] = field(default_factory=OrderedDict)

    def reader(self, pack: str, language: str) -> Tesseract:
        """Raises LanguageUnavailable when the pack is not installed; `language` names it to the user. What is returned
        is good until MOST_LOADED other packs have been asked for."""
        return Tesseract(self._api(packs.require(pack, language)), pack)

    def orientation_and_script(self, image: Pixels) -> Orientation | None:
        """None for a page with too little text. The pack `osd` must be installed."""
        import cv2

        api = self._api("osd")
        _show(api, cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
        seen = api.DetectOrientationScript()
        if not seen:
            return None
        return Orientation(seen["script_name"], seen["script_conf"], seen["orient_deg"], seen["orient_conf"])

    def _api(self, name: str) -> Any:
        if name not in self.apis:
            while len(self.apis) >= MOST_LOADED:
                self.apis.popitem(last=False)[1].End()
            self.apis[name] = _loaded(name)
        self.apis.move_to_end(name)
        return self.apis[name]


def _loaded(name: str) -> Any:
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # before the library starts its threads
    from tesserocr import PSM, PyTessBaseAPI

    variables = {"debug_file": "/dev/null", "user_defined_dpi": DPI}
    mode = PSM.OSD_ONLY if name == "osd" else PSM.SINGLE_LINE
    return PyTessBaseAPI(path=str(packs.folder()), lang=name, psm=mode, variables=variables)


def _show(api: Any, grey: Any) -> None:
    height, width = grey.shape
    api.SetImageBytes(grey.tobytes(), width, height, 1, width)


def _grey(pixels: Pixels) -> Any:
    """A line in grey, of a height that Tesseract reads well."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    wanted = min(max(height, LOWEST), HIGHEST)
    if wanted == height:
        return grey
    size = (max(1, round(width * wanted / height)), wanted)
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA if wanted < height else cv2.INTER_CUBIC)


def _composed(text: str) -> str:
    text = BARE_JOINER.sub("", unicodedata.normalize("NFC", text))
    for parts, whole in COMPOSED.items():
        text = text.replace(parts, whole)
    return text

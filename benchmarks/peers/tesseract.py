"""Tesseract through `tesserocr`, told the right language: the best case for it, since its users must know the language.

A pack is loaded when a page first asks for it and kept until another is asked for, within the time measured: so a page
of a set in many languages bears the loading of its pack, one of an English set does not.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .reading import Read, Reading, Request

if TYPE_CHECKING:
    from tesserocr import PyTessBaseAPI

DEBIAN_PACKS = Path("/usr/share/tesseract-ocr/5/tessdata")


def packs_folder() -> Path:
    """Where the language packs are: TESSDATA_PREFIX, or Debian's place."""
    return Path(os.environ.get("TESSDATA_PREFIX", DEBIAN_PACKS))


def load() -> Read:
    import tesserocr
    from PIL import Image

    folder = packs_folder()
    if not (folder / "eng.traineddata").exists():
        raise FileNotFoundError(f"no language packs in {folder}: install tesseract-ocr-all or set TESSDATA_PREFIX")
    current: tuple[str, PyTessBaseAPI] | None = None

    def engine_for(pack: str) -> PyTessBaseAPI:
        nonlocal current
        if current is None or current[0] != pack:
            if current is not None:
                current[1].End()
            current = (pack, tesserocr.PyTessBaseAPI(path=str(folder), lang=pack))
        return current[1]

    def read(request: Request) -> Reading:
        engine = engine_for(request.pack)
        engine.SetPageSegMode(tesserocr.PSM.AUTO_OSD if request.turned else tesserocr.PSM.AUTO)
        with Image.open(request.path) as image:
            engine.SetImage(image.copy())  # of an opened JPEG tesserocr would make another JPEG, and read that
        return Reading.of_text(engine.GetUTF8Text())

    return read

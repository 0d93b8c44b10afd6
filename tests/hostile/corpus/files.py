"""All files of the corpus: each is made when it is asked for, the same bytes each time (but for a key of encryption)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .mixtures import CUTS, POLYGLOTS, WRONG_MAGIC
from .pdf_files import PDF_FILES
from .pictures import BMP_FILES, GIF_FILES, JPEG_FILES, PNG_FILES, WEBP_FILES
from .tiffs import TIFF_FILES

KINDS: Mapping[str, Mapping[str, Callable[[], bytes]]] = {
    "pdf": PDF_FILES,
    "png": PNG_FILES,
    "jpg": JPEG_FILES,
    "gif": GIF_FILES,
    "webp": WEBP_FILES,
    "bmp": BMP_FILES,
    "tif": TIFF_FILES,
    "polyglot": POLYGLOTS,
    "wrong magic": WRONG_MAGIC,
    "cut": CUTS,
}

FILES: Mapping[str, Callable[[], bytes]] = {
    f"{kind}: {name}": make for kind, files in KINDS.items() for name, make in files.items()
}

"""OCRmyPDF as a program, told the language; its text is that of its sidecar file.

Its CPU time holds what it does beside reading, a searchable PDF, and the start of Python and Tesseract for each page.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from .process import PATIENCE_S
from .reading import Read, Reading, Request

RASTER_DPI = 200  # of the pages given as images; it asks for it where the file does not say
LEFT_TO_SAY = 5.0  # seconds that it must end before the engine as a whole is given up


def load() -> Read:
    from importlib.metadata import version

    version("ocrmypdf")  # raises PackageNotFoundError
    folder = tempfile.TemporaryDirectory(prefix="ocrmypdf-")

    def read(request: Request) -> Reading:
        sidecar = Path(folder.name) / "text.txt"
        sidecar.unlink(missing_ok=True)
        done = subprocess.run(
            [*command(request), "--sidecar", str(sidecar), str(request.path), str(Path(folder.name) / "out.pdf")],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S - LEFT_TO_SAY,
            check=False,
        )
        if done.returncode:
            return Reading(failure=f"exit {done.returncode}: {(done.stderr.strip() or '?').splitlines()[-1]}")
        return Reading.of_text(sidecar.read_text())

    return read


def command(request: Request) -> list[str]:
    words = [sys.executable, "-m", "ocrmypdf", "--quiet", "--force-ocr", "--output-type", "pdf", "--jobs", "1"]
    words += ["-l", request.pack]
    if request.path.suffix != ".pdf":
        words += ["--image-dpi", str(RASTER_DPI)]
    if request.turned:
        words += ["--rotate-pages", "--deskew"]
    return words

"""The engines that are compared: this reader and its peers, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable

from . import model, ocrmypdf, ours, rapid, tesseract
from .reading import Read

OURS, RAPID, TESSERACT, OCRMYPDF = "this reader", "rapidocr", "Tesseract", "OCRmyPDF"
MODEL = "this reader, vlm"

LOADERS: dict[str, Callable[[], Read]] = {
    OURS: ours.load,
    RAPID: rapid.load,
    TESSERACT: tesseract.load,
    OCRMYPDF: ocrmypdf.load,
    MODEL: model.load,
}
"""By the name under which an engine is reported."""

KEYS = {"ours": OURS, "rapidocr": RAPID, "tesseract": TESSERACT, "ocrmypdf": OCRMYPDF}
"""As they are named on the command line; the one that asks a model runs where a tier is named."""

"""What kind of file a scan is, as far as it matters to how large a PDF of it becomes."""

from __future__ import annotations

from pathlib import Path

from .scans import Scan

KINDS = {"jpg": "JPEG", "png": "PNG", "webp": "WebP", "gif": "GIF", "bmp": "BMP"}
"""By format, where it says all; the kinds of others depend on how they are compressed."""


def kind_of(scan: Scan) -> str:
    if scan.format == "tif":
        kind = "G4 TIFF" if _is_group_4(scan.path) else "TIFF, other"
        return kind if len(scan.pages) == 1 else f"{kind}, several frames"
    if scan.format == "pdf":
        return "G4 PDF" if _has_group_4(scan.path) else "PDF"
    return KINDS[scan.format]


def has_text(scan: Scan) -> bool:
    """Whether the file has text of its own, which OCRmyPDF refuses to add to."""
    return any(texts_of(scan))


def texts_of(scan: Scan) -> list[bool]:
    """Whether each of its pages that were read has text in the file that was sent."""
    import pymupdf

    if scan.format != "pdf":
        return [False] * len(scan.pages)
    with pymupdf.open(scan.path) as document:
        return [bool(document[index].get_text().strip()) for index in range(len(scan.pages))]


def _is_group_4(path: Path) -> bool:
    from PIL import Image

    with Image.open(path) as image:
        return bool(image.info.get("compression") == "group4")


def _has_group_4(path: Path) -> bool:
    import pymupdf

    with pymupdf.open(path) as document:
        images = (image for page in document for image in page.get_images(full=True))
        return any("CCITTFaxDecode" in image[8] for image in images)

"""Long documents, made of the scans that there are, repeated in order, with the results of their pages."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocrchat.blocks import BBox
from ocrchat.pages import PageFormat, PageResult

from .scans import Scan

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 200.0  # of the pages: so were those of most of the sets rendered
JPEG_QUALITY = 30  # of grey pages: some 100 kB each, as scanners make them


@dataclass(frozen=True, slots=True)
class Made:
    """`results` holds a PageResult's JSON a line, as the store keeps each in a file of its own."""

    name: str
    format: PageFormat
    original: Path
    results: Path
    page_count: int

    def results_json(self) -> Iterator[dict[str, Any]]:
        with self.results.open() as file:
            yield from map(json.loads, file)

    def pages(self) -> Iterator[PageResult]:
        return map(PageResult.from_json, self.results_json())


def usable(scans: Sequence[Scan]) -> list[Scan]:
    """Images that stand as they were read."""
    return [scan for scan in scans if scan.format in ("jpg", "png") and scan.pages[0].rotation == 0]


def pdf_of(scans: Sequence[Scan], count: int, folder: Path) -> Made:
    """A PDF of grey JPEGs, no two of which are shared by pages."""
    import pymupdf

    pictures = [_jpeg(scan) for scan in scans]
    path = folder / f"pages-{count}.pdf"
    results = (_in_points(scan.pages[0], index) for index, scan in enumerate(islice(cycle(scans), count)))
    made = Made(f"PDF of {count} scans", "pdf", path, _written(results, path), count)
    with pymupdf.open() as document:
        for index, result in enumerate(made.pages()):
            page = document.new_page(width=result.width, height=result.height)
            picture = pictures[index % len(pictures)] + index.to_bytes(
                4, "big"
            )  # what follows its end is not looked at
            page.insert_image(page.rect, stream=picture)
        document.save(path)
    return made


def tiff_of(scans: Sequence[Scan], count: int, folder: Path, *, grey: bool) -> Made:
    """A TIFF of as many frames: black and white by CCITT group 4, or grey by Deflate."""
    kind, mode, compression = ("grey", "L", "tiff_adobe_deflate") if grey else ("G4", "1", "group4")
    path = folder / f"frames-{count}-{kind}.tif"
    first, *others = scans
    frames = (_upright(scan, mode) for scan in islice(cycle([*others, first]), count - 1))
    _upright(first, mode).save(path, save_all=True, append_images=frames, compression=compression, dpi=(DPI, DPI))
    results = (replace(scan.pages[0], index=index) for index, scan in enumerate(islice(cycle(scans), count)))
    return Made(f"{kind} TIFF of {count} frames", "tif", path, _written(results, path), count)


def group_4_scan(scans: Sequence[Scan], folder: Path) -> Scan:
    """One file of several frames by CCITT group 4, of images that may be of any kind."""
    path = folder / "several-frames.tif"
    first, *others = (_upright(scan, "1") for scan in scans)
    first.save(path, save_all=True, append_images=others, compression="group4", dpi=(DPI, DPI))
    pages = tuple(replace(scan.pages[0], index=index) for index, scan in enumerate(scans))
    return Scan("made up", "1", path, "tif", pages, scans[0].pack)


def _written(results: Iterator[PageResult], original: Path) -> Path:
    path = original.with_suffix(".jsonl")
    with path.open("w") as file:
        for result in results:
            file.write(json.dumps(result.as_json(words=True)) + "\n")
    return path


def _in_points(page: PageResult, index: int) -> PageResult:
    """The result of an image as that of a page of a PDF which shows it."""
    scale = 72 / DPI

    def place(box: BBox) -> BBox:
        return (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)

    blocks = tuple(block.placed(place) for block in page.blocks)
    return replace(page, index=index, unit="pt", width=page.width * scale, height=page.height * scale, blocks=blocks)


def _jpeg(scan: Scan) -> bytes:
    out = io.BytesIO()
    _upright(scan, "L").save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _upright(scan: Scan, mode: str) -> Image:
    from PIL import Image, ImageOps

    with Image.open(scan.path) as image:
        return ImageOps.exif_transpose(image).convert("RGB").convert(mode, dither=Image.Dither.NONE)

"""What the reader does with pages that are too much, too small or too slow for it."""

from __future__ import annotations

import time

import numpy as np
import pymupdf
import pytest
from PIL import Image, ImageDraw

from ocr_page import notices, pdf, pdf_drawing, pdf_pictures, pdf_text, picture, reader
from ocr_page.picture import Engines
from ocr_page.raster import Raster
from ocr_page.recognisers import regions
from ocr_page.recognisers.ppocr import PpOcr
from ocr_page.recognisers.regions import MOST_REGIONS, Detector, Region
from ocr_page.recognisers.tesseract import MOST_LOADED, Packs
from ocrchat.errors import PageTimedOut
from ocrchat.limits import Limits
from tests.unit.ocr_page import crowded_page, drawn, written

NEVER = float("inf")


def noise(width: int, height: int) -> Raster:
    pixels = np.random.default_rng(4711).integers(0, 256, (height, width, 3)).astype(np.uint8)
    return Raster(pixels, width, height, "px", 0, 1.0)


def test_a_detector_that_sees_text_everywhere_names_so_many_pieces_and_no_more() -> None:
    heat = crowded_page.CrowdedDetector().run(None, {"x": np.zeros((1, 3, 1280, 992), np.float32)})[0][0, 0]
    assert (1280 // crowded_page.PITCH) * (992 // crowded_page.PITCH) > 20_000
    found = regions._regions(heat, 1.0, 1.0)
    assert len(found) == MOST_REGIONS


def test_a_page_with_too_many_pieces_is_read_in_part_and_says_so() -> None:
    engines = Engines(
        Detector(crowded_page.CrowdedDetector()),
        PpOcr(crowded_page.BlindRecogniser(), ("", "a", " ")),
        Packs(),
    )
    reading = picture.read(noise(992, 1280), "en", engines, NEVER)
    assert reading.truncated
    warnings = notices.of_picture(reading, [], turned=False, distrusted=False)
    assert "truncated" in [notice.code for notice in warnings]


def test_a_page_with_as_much_as_is_read_is_whole() -> None:
    reading = picture.read(
        Raster(np.asarray(drawn.lines_on_paper().image), 520, 260, "px", 0, 1.0), "en", picture.engines(), NEVER
    )
    assert not reading.truncated
    assert len(reading.lines) == len(drawn.LINES)


@pytest.mark.parametrize("size", [(30, 30), (3, 3), (30, 8)])
def test_a_tiny_image_is_read_without_a_fault(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).line((0, 0, *size), "black", 2)
    page = written.read(image)
    assert (page.width, page.height) == size
    assert page.error is None
    for x0, y0, x1, y1 in drawn.line_boxes(page):
        assert 0 <= x0 < x1 <= size[0]
        assert 0 <= y0 < y1 <= size[1]


def test_noise_is_not_taken_for_much_text() -> None:
    page = written.read(Image.fromarray(noise(400, 300).pixels))
    assert len(page.text) < 20


@pytest.mark.parametrize("engine", ["PP-OCR", "Tesseract"])
def test_every_engine_stops_when_the_time_of_the_page_is_over(engine: str) -> None:
    loaded = picture.engines()
    one = loaded.ppocr if engine == "PP-OCR" else loaded.packs.reader("eng", "English")
    pixels = np.asarray(drawn.lines_on_paper().image)
    lines = loaded.detector.find(pixels)
    with pytest.raises(PageTimedOut):
        one.read(pixels, lines, time.monotonic() - 1)
    assert [line is not None for line in one.read(pixels, lines, NEVER)] == [True] * len(lines)


@pytest.mark.parametrize("code", ["ar", "th"])
def test_a_page_for_tesseract_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(reader, "LIMITS", Limits(page_read_s=0.0))
    data = drawn.encoded(written.image_of(written.ARTICLE_1[code]), "PNG")
    with pytest.raises(PageTimedOut):
        reader.read_page(data, drawn.task("png"))


def test_no_more_packs_than_that_are_kept() -> None:
    packs = Packs()
    names = ["eng", "fra", "deu", "ita", "spa", "por", "nld", "eng"]
    image = np.asarray(drawn.lines_on_paper().image)
    lines = [Region.of_image(image[30:80])]
    for name in names:
        (line,) = packs.reader(name, name).read(image[30:80], lines, NEVER)
        assert line is not None
        assert line.text.split()[-1] == "4711"
        assert len(packs.apis) <= MOST_LOADED
    assert list(packs.apis)[-1] == "eng"


def test_a_page_of_thousands_of_small_pictures_is_not_searched_for_text() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=600)
        page.insert_text((50, 50), drawn.LINES[0], fontsize=12)
        page.insert_image(pymupdf.Rect(0, 100, 400, 300), stream=drawn.encoded(Image.new("L", (4, 2)), "PNG"))
        (*_, xref) = page.get_contents()
        document.update_stream(xref, (document.xref_stream(xref) + b"\n") * (pdf_drawing.MAX_LOGGED + 1))
        with pdf.opened(document.tobytes()) as crowded:
            text = pdf_text.of_page(crowded)
            assert pdf_pictures.find(crowded, text) == []
            assert text.pieces[0].line.text == drawn.LINES[0]

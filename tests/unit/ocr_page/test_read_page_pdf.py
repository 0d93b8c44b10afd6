"""What is read from a page of a PDF."""

from __future__ import annotations

import pymupdf
import pytest
from PIL import Image

from ocr_page import pdf
from ocr_page.reader import read_page
from ocrchat.errors import PageUnreadable
from tests.unit.ocr_page import drawn

UPRIGHT = (400.0, 600.0)


def test_a_page_with_text_is_read_from_its_text_layer() -> None:
    result = read_page(drawn.pdf_of_text(), drawn.task("pdf"))
    assert (result.source, result.unit, result.width, result.height) == ("text_layer", "pt", *UPRIGHT)
    assert drawn.words_of(result) == " ".join(drawn.LINES).split()
    assert [line for line in result.text.split("\n") if line] == list(drawn.LINES)
    assert result.mean_confidence == 1.0


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_rotated_page_reports_boxes_of_the_upright_page(rotate: int) -> None:
    result = read_page(drawn.pdf_of_text(rotate=rotate), drawn.task("pdf"))
    assert (result.width, result.height, result.rotation) == (*UPRIGHT, rotate)
    assert drawn.words_of(result) == " ".join(drawn.LINES).split()
    for row, (x0, y0, x1, y1) in enumerate(drawn.line_boxes(result)):
        base_line = 100 + row * 40
        assert x0 == pytest.approx(50, abs=1)
        assert x0 < x1 < 300
        assert base_line - 18 < y0 < base_line < y1 < base_line + 6


def test_text_that_runs_up_a_page_makes_it_be_turned() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=600, height=400)
        page.insert_text((100, 350), "This line runs upwards", fontsize=14, rotate=90)
        result = read_page(document.tobytes(), drawn.task("pdf"))
    assert (result.width, result.height, result.rotation) == (*UPRIGHT, 90)
    x0, y0, x1, y1 = result.blocks[0].bbox
    assert x1 - x0 > 5 * (y1 - y0)
    assert x0 == pytest.approx(50, abs=1)


def test_a_stamp_in_the_margin_does_not_turn_a_scan() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=600)
        page.insert_image(page.rect, stream=drawn.encoded(Image.new("RGB", (40, 60), "white"), "PNG"))
        page.insert_text((20, 400), "arXiv:2403.01234", fontsize=14, rotate=90)
        result = read_page(document.tobytes(), drawn.task("pdf"))
    assert (result.source, result.rotation, result.width, result.height) == ("cpu", 0, *UPRIGHT)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_scanned_page_is_read_from_its_picture(rotate: int) -> None:
    drawing = drawn.lines_on_paper()
    result = read_page(drawn.pdf_of_picture(drawing.image, rotate=rotate), drawn.task("pdf"))
    assert (result.source, result.unit, result.rotation) == ("cpu", "pt", rotate)
    assert (result.width, result.height) == UPRIGHT
    assert drawn.words_of(result) == " ".join(drawn.LINES).split()
    scale = 300 / drawing.image.width
    for found, truth in zip(drawn.line_boxes(result), drawing.boxes, strict=True):
        assert found == pytest.approx([50 + value * scale for value in truth], abs=5)


def test_an_invisible_text_layer_is_not_believed() -> None:
    result = read_page(drawn.pdf_of_text(invisible=True), drawn.task("pdf"))
    assert result.source == "cpu"
    assert result.text == ""
    assert [warning.code for warning in result.warnings] == ["blank", "text_layer_distrusted"]


def test_larger_text_becomes_a_heading() -> None:
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_text((50, 80), "Report on # things", fontsize=24)
        page.insert_textbox((50, 120, 500, 400), drawn.PROSE * 4, fontsize=11)
        result = read_page(document.tobytes(), drawn.task("pdf"))
    assert [block.type for block in result.blocks] == ["heading", "text"]
    assert result.markdown.startswith("# Report on # things\n\nThe quick brown fox")


def test_the_cells_of_a_row_come_out_on_one_line() -> None:
    with pymupdf.open() as document:
        page = document.new_page()
        for row, (name, price) in enumerate((("Coffee", "2.50"), ("Sandwich", "4.80"))):
            page.insert_text((50, 100 + row * 14), name, fontsize=11)
            page.insert_text((250, 100 + row * 14), price, fontsize=11)
        result = read_page(document.tobytes(), drawn.task("pdf"))
    assert result.text.split() == ["Coffee", "2.50", "Sandwich", "4.80"]
    assert "Coffee 2.50" in result.text


def test_an_empty_page_has_no_blocks_and_a_warning() -> None:
    with pymupdf.open() as document:
        document.new_page()
        result = read_page(document.tobytes(), drawn.task("pdf"))
    assert (result.blocks, result.text, result.markdown) == ((), "", "")
    assert [warning.code for warning in result.warnings] == ["blank"]


def test_a_huge_page_is_rendered_within_bounds() -> None:
    with pymupdf.open() as document:
        document.new_page(width=14_400, height=14_400)
        with pdf.opened(document.tobytes()) as page:
            raster = pdf.render(page)
    height, width, _ = raster.pixels.shape
    assert width * height <= pdf.RENDER_PIXELS * 1.01
    assert raster.scale == pytest.approx(width / 14_400, rel=0.01)


def test_the_same_page_is_read_the_same_way_twice() -> None:
    data = drawn.pdf_of_picture(drawn.lines_on_paper().image)
    assert read_page(data, drawn.task("pdf")) == read_page(data, drawn.task("pdf"))


def encrypted() -> bytes:
    with pymupdf.open() as document:
        document.new_page()
        return bytes(document.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="secret"))


@pytest.mark.parametrize(
    "data",
    [b"", b"garbage", b"%PDF-1.7\ngarbage", drawn.pdf_of_text()[:300], encrypted()],
    ids=["empty", "garbage", "only a header", "cut off", "encrypted"],
)
def test_what_is_no_pdf_is_unreadable(data: bytes) -> None:
    with pytest.raises(PageUnreadable):
        read_page(data, drawn.task("pdf"))


def test_a_damaged_pdf_writes_nothing_to_the_standard_streams(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PageUnreadable):
        read_page(b"%PDF-1.7\ngarbage", drawn.task("pdf"))
    assert capfd.readouterr() == ("", "")


def test_a_picture_under_a_stamp_is_read_with_the_stamp() -> None:
    paper = Image.new("RGB", (800, 1200), "white")
    paper.paste(drawn.lines_on_paper().image, (100, 300))
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=600)
        page.insert_image(page.rect, stream=drawn.encoded(paper, "PNG"))
        page.insert_text((60, 40), "RECEIVED", fontsize=16)
        result = read_page(document.tobytes(), drawn.task("pdf"))
    assert result.source == "cpu"
    assert drawn.words_of(result) == ["RECEIVED", *" ".join(drawn.LINES).split()]

"""PDF pages whose text layer is not all that is seen on them: pictures of text, hidden text, fonts that lie."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pymupdf
import pytest
from PIL import Image

from ocr_page.reader import read_page
from ocrchat.pages import PageResult
from tests.unit.ocr_page import drawn, written
from tests.unit.ocr_page.written import ARTICLE_1

WIDTH, HEIGHT = 420.0, 595.0
MOST_ERRORS = 0.05
PICTURE = (40.0, 150.0, 380.0)  # x0, y0 and x1 of a picture on a page
MAPPING = re.compile(r"(<[0-9a-f]{4}>(?: <[0-9a-f]{4}>)? )<([0-9a-f]{4})>")


def pdf(draw: Callable[[Any], object]) -> bytes:
    with pymupdf.open() as document:
        draw(document.new_page(width=WIDTH, height=HEIGHT))
        return bytes(document.tobytes())


def read(data: bytes) -> PageResult:
    return read_page(data, drawn.task("pdf"))


def pdf_in(code: str) -> bytes:
    """A digital page that holds Article 1."""
    return pdf(lambda page: page.insert_htmlbox(pymupdf.Rect(40, 40, 380, 560), ARTICLE_1[code].as_html(12)))


def with_shifted_map(data: bytes, by: int) -> bytes:
    """The same page to the eye; but its fonts say of each character that it is the one so many places on."""
    with pymupdf.open(stream=data) as document:
        for xref in range(1, document.xref_length()):
            kind, target = document.xref_get_key(xref, "ToUnicode")
            if kind == "xref":
                stream = int(target.split()[0])
                mapping = document.xref_stream(stream).decode()
                shifted = MAPPING.sub(lambda found: f"{found[1]}<{int(found[2], 16) + by:04x}>", mapping)
                document.update_stream(stream, shifted.encode())
        return bytes(document.tobytes())


def codes(page: PageResult) -> list[str]:
    return [warning.code for warning in page.warnings]


def lines_of(text: str, page: PageResult) -> list[tuple[float, float, float, float]]:
    """Boxes of the lines whose words are part of `text`."""
    return [line.bbox for block in page.blocks for line in block.lines if line.text in text]


@pytest.mark.parametrize("code", ["en", "fr", "ru", "el", "ja", "zh", "ko", "he", "vi"])
def test_a_text_layer_that_is_true_is_believed(code: str) -> None:
    page = read(pdf_in(code))
    assert (page.source, page.language, page.warnings) == ("text_layer", code, ())
    assert written.errors(page.text, ARTICLE_1[code].text) <= MOST_ERRORS


@pytest.mark.parametrize(("code", "by"), [("en", 1), ("en", 29), ("fr", 13)])
def test_a_font_whose_character_map_is_shifted_is_not_believed(code: str, by: int) -> None:
    page = read(with_shifted_map(pdf_in(code), by))
    assert (page.source, page.language, codes(page)) == ("cpu", code, ["text_layer_distrusted"])
    assert written.errors(page.text, ARTICLE_1[code].text) <= MOST_ERRORS


def test_text_under_a_picture_of_the_whole_page_is_not_believed() -> None:
    scan = Image.new("RGB", (1167, 1653), "white")
    scan.paste(written.image_of(ARTICLE_1["fr"]), (0, 200))

    def draw(page: Any) -> None:
        page.insert_textbox(pymupdf.Rect(40, 40, 380, 300), ARTICLE_1["en"].text * 3, fontsize=12)
        page.insert_image(page.rect, stream=drawn.encoded(scan, "PNG"))

    page = read(pdf(draw))
    assert (page.source, page.languages, codes(page)) == ("cpu", ("fr",), ["text_layer_distrusted"])
    assert written.errors(page.text, ARTICLE_1["fr"].text) <= MOST_ERRORS


def test_text_on_a_picture_of_the_whole_page_is_believed() -> None:
    def draw(page: Any) -> None:
        page.insert_image(page.rect, stream=drawn.encoded(Image.new("RGB", (40, 60), "#eeeeff"), "PNG"))
        page.insert_textbox(pymupdf.Rect(40, 40, 380, 300), ARTICLE_1["en"].text * 3, fontsize=12)

    page = read(pdf(draw))
    assert (page.source, page.warnings) == ("text_layer", ())


def with_picture(image: Image.Image) -> Callable[[Any], None]:
    """English prose, a picture below it, and other prose below that."""
    x0, y0, x1 = PICTURE
    y1 = y0 + (x1 - x0) * image.height / image.width

    def draw(page: Any) -> None:
        page.insert_textbox(pymupdf.Rect(40, 40, 380, y0), ARTICLE_1["en"].text, fontsize=12)
        page.insert_image(pymupdf.Rect(x0, y0, x1, y1), stream=drawn.encoded(image, "PNG"))
        page.insert_textbox(pymupdf.Rect(40, y1 + 20, 380, y1 + 120), drawn.PROSE * 2, fontsize=12)

    return draw


@pytest.mark.parametrize("rotate", [0, 90])
def test_a_picture_of_text_is_read_in_its_place_among_the_text(rotate: int) -> None:
    image = written.image_of(ARTICLE_1["fr"])

    def draw(page: Any) -> None:
        with_picture(image)(page)
        page.set_rotation(rotate)  # which lays the text on its side, and is not obeyed

    page = read(pdf(draw))
    assert (page.source, page.rotation, page.languages, page.warnings) == ("text_layer", 0, ("en", "fr"), ())
    assert written.errors(page.text, f"{ARTICLE_1['en'].text} {ARTICLE_1['fr'].text} {drawn.PROSE * 2}") <= MOST_ERRORS
    (figure,) = [block for block in page.blocks if block.type == "figure"]
    x0, y0, x1 = PICTURE
    assert figure.bbox == pytest.approx((x0, y0, x1, y0 + (x1 - x0) * image.height / image.width), abs=1)
    assert 0 < figure.confidence < 1
    scale = (x1 - x0) / image.width
    inner = [
        ((a - x0) / scale, (b - y0) / scale, (c - x0) / scale, (d - y0) / scale)
        for a, b, c, d in (line.bbox for line in figure.lines)
    ]
    assert written.ink_inside(image, inner) > 0.97
    assert [block.confidence for block in page.blocks if block.type == "text"] == [1.0, 1.0]


def test_a_picture_with_much_text_gives_blocks_of_its_own() -> None:
    text = written.longer("fr", 2)
    page = read(pdf(with_picture(written.image_of(text))))
    assert page.source == "text_layer"
    assert "figure" not in {block.type for block in page.blocks}
    assert written.errors(page.text, f"{ARTICLE_1['en'].text} {text.text} {drawn.PROSE * 2}") <= MOST_ERRORS


def test_a_picture_without_text_leaves_the_text_as_it_is() -> None:
    page = read(pdf(with_picture(Image.effect_noise((300, 150), 20))))
    assert page.languages == ("en",)
    assert written.errors(page.text, f"{ARTICLE_1['en'].text} {drawn.PROSE * 2}") == 0


def test_a_logo_is_not_read() -> None:
    def draw(page: Any) -> None:
        page.insert_textbox(pymupdf.Rect(40, 100, 380, 350), ARTICLE_1["en"].text, fontsize=12)
        page.insert_image(pymupdf.Rect(40, 40, 120, 70), stream=drawn.encoded(drawn.lines_on_paper().image, "PNG"))

    page = read(pdf(draw))
    assert page.source == "text_layer"
    assert written.errors(page.text, ARTICLE_1["en"].text) == 0


def test_a_page_of_numbers_is_taken_from_its_text_layer() -> None:
    rows = [f"{row}.  1{row}34.50   {row}8.20  7{row}1,00" for row in range(5)]

    def draw(page: Any) -> None:
        for number, row in enumerate(rows):
            page.insert_text((60, 80 + 20 * number), row, fontsize=12)

    page = read(pdf(draw))
    assert (page.source, page.languages, page.warnings) == ("text_layer", (), ())
    assert page.text.split() == " ".join(rows).split()


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_scan_that_its_file_turns_wrongly_is_turned_on(rotate: int) -> None:
    """The picture stands upright in the page; /Rotate lays it on its side."""
    image = written.image_of(ARTICLE_1["en"])

    def draw(page: Any) -> None:
        page.insert_image(pymupdf.Rect(0, 40, WIDTH, 40 + WIDTH * image.height / image.width), pixmap=pixmap(image))
        page.set_rotation(rotate)

    page = read(pdf(draw))
    assert (page.source, page.rotation, codes(page)) == ("cpu", 0, ["rotated"])
    assert (page.width, page.height) == (WIDTH, HEIGHT)
    assert written.errors(page.text, ARTICLE_1["en"].text) <= MOST_ERRORS
    assert all(40 < y0 < y1 < 260 for _, y0, _, y1 in lines_of(ARTICLE_1["en"].text, page))
    assert lines_of(ARTICLE_1["en"].text, page)


def pixmap(image: Image.Image) -> Any:
    return pymupdf.Pixmap(pymupdf.csRGB, image.width, image.height, image.tobytes(), False)

"""Pages that were once read wrong, each of its kind."""

from __future__ import annotations

import io

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from ocr_page import scripts
from ocr_page.reader import read_page
from ocrchat.blocks import BBox
from tests.unit.ocr_page import drawn, written
from tests.unit.ocr_page.test_boxes_in_place import raster
from tests.unit.ocr_page.test_read_languages import bare_machine  # noqa: F401
from tests.unit.ocr_page.test_read_pdf_pictures import codes, pdf, pdf_in, read, with_picture, with_shifted_map
from tests.unit.ocr_page.test_read_turned import TURNS
from tests.unit.ocr_page.written import ARTICLE_1, Text


@pytest.mark.parametrize(("code", "by"), [("en", 2), ("fr", 1), ("ru", 3)])
def test_a_font_whose_map_is_shifted_into_another_language_is_not_believed(code: str, by: int) -> None:
    page = read(with_shifted_map(pdf_in(code), by))
    assert (page.source, page.language, codes(page)) == ("cpu", code, ["text_layer_distrusted"])
    assert written.errors(page.text, ARTICLE_1[code].text) <= 0.05


def test_a_digital_page_of_two_scripts_is_believed() -> None:
    text = "<br/>".join(ARTICLE_1[code].text for code in ("en", "ru", "th"))
    with pymupdf.open() as document:
        document.new_page(width=400, height=600).insert_htmlbox(
            (20, 20, 380, 580), f'<p style="font-size:10px">{text}</p>'
        )
        page = read(document.tobytes())
    assert page.source == "text_layer"
    assert page.warnings == ()


def test_lines_that_run_up_are_no_vertical_writing() -> None:
    text = written.longer("ja")
    page = written.read(written.image_of(text).transpose(TURNS[90]))
    assert page.rotation == 90
    assert written.errors(page.text, text.text) <= 0.05


def test_a_korean_page_upside_down_is_turned() -> None:
    text = written.longer("ko", 3)
    page = written.read(written.image_of(text).transpose(TURNS[180]))
    assert (page.language, page.rotation) == ("ko", 180)
    assert written.errors(page.text, text.text) <= 0.05


def test_a_page_of_two_lines_is_turned() -> None:
    text = Text("en", "Invoice number 4711<br/>Total amount due")
    page = written.read(written.image_of(text).transpose(TURNS[270]))
    assert written.errors(page.text, "Invoice number 4711 Total amount due") <= 0.05


def test_lines_of_a_script_of_which_only_the_stops_are_known_are_read() -> None:
    page = written.read(written.image_of(ARTICLE_1["en"], ARTICLE_1["ru"]))
    assert set(page.languages) == {"en", "ru"}
    assert "Все люди рождаются" in page.text


def test_lines_of_three_scripts_are_read() -> None:
    page = written.read(written.image_of(ARTICLE_1["en"], ARTICLE_1["ko"], ARTICLE_1["ar"]))
    assert {"en", "ko", "ar"} <= set(page.languages)


def test_lines_that_no_pack_reads_better_are_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[scripts.Script] = []

    def answer_khmer(*_: object) -> scripts.Script:
        tried.append(scripts.Script("khm", upside_down=False, confidence=0.6))
        return tried[-1]

    monkeypatch.setattr(scripts, "of_lines", answer_khmer)
    written.read(written.image_of(ARTICLE_1["en"], ARTICLE_1["th"]))
    assert len(tried) == 1


def test_a_picture_in_another_script_than_its_page_is_read() -> None:
    page = read(pdf(with_picture(written.image_of(ARTICLE_1["ar"]))))
    assert "ar" in page.languages
    assert "يولد جميع الناس" in page.text


@pytest.mark.usefixtures("bare_machine")
def test_a_page_full_of_text_that_nothing_here_reads_is_not_blank() -> None:
    page = written.read(written.image_of(written.longer("ar", 3)))
    assert "blank" not in codes(page)
    assert "language_uncertain" in codes(page)


@pytest.mark.parametrize(("code", "text"), [("hi", "कुल राशि"), ("ru", "Спасибо")])
def test_a_page_of_a_word_or_two_is_read(code: str, text: str) -> None:
    assert written.errors(written.read(written.image_of(Text(code, text))).text, text) <= 0.2


def test_greek_has_greek_letters_only() -> None:
    assert "\u00b5" not in written.read(written.image_of(ARTICLE_1["el"])).text


def test_a_single_short_word_makes_no_page_askew() -> None:
    assert "skewed" not in codes(written.read(written.image_of(Text("ar", "فاتورة رقم", "rtl"))))


def test_a_mixed_page_whose_lines_are_all_read_surely_is_not_uncertain() -> None:
    assert written.read(written.image_of(ARTICLE_1["ar"], ARTICLE_1["fr"])).warnings == ()


def test_every_line_of_a_long_receipt_is_read() -> None:
    image = Image.new("L", (500, 5000), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(22)
    for number in range(100):
        pen.text((15, 20 + 49 * number), f"Item {number + 100} of this receipt 12.50", fill="black", font=font)
    data = io.BytesIO()
    image.save(data, "PNG")
    text = read_page(data.getvalue(), drawn.task("png")).text
    assert [number for number in range(100, 200) if f"Item {number} of this receipt" not in text] == []


@given(
    st.floats(-40, 40).filter(bool),
    st.tuples(st.floats(0, 300), st.floats(0, 400), st.floats(0, 300), st.floats(0, 400)),
)
def test_no_box_that_is_put_back_is_inside_out(degrees: float, corners: BBox) -> None:
    x0, x1 = sorted((corners[0], corners[2]))
    y0, y1 = sorted((corners[1], corners[3]))
    box = raster(degrees)._askew((x0, y0, x1, y1))
    assert box[0] <= box[2]
    assert box[1] <= box[3]


def test_for_a_logo_in_a_text_no_other_script_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("another script was tried")

    monkeypatch.setattr(scripts, "of_page", refuse)
    monkeypatch.setattr(scripts, "of_lines", refuse)
    word = written.image_of(Text("am", "ማስተዋል"), size=24).crop((86, 140, 384, 311))
    assert read(pdf(with_picture(word))).languages == ("en",)

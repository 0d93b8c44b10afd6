"""Figures are cut from the file that was sent, as it stood upright when it was read."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from export.renderers.docx import figures
from ocrchat.blocks import BBox, Block
from ocrchat.pages import PageFormat, PageResult
from tests.unit.export.docx_pages import block, page, word
from tests.unit.export.docx_read import WP, Word

WIDTH, HEIGHT = 400, 600
RED, BLUE = (255, 0, 0), (0, 0, 255)
PLACE: BBox = (40.0, 60.0, 200.0, 120.0)  # red in its left half, blue in its right one


def upright() -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    left, top, right, bottom = map(int, PLACE)
    image.paste(RED, (left, top, (left + right) // 2, bottom))
    image.paste(BLUE, ((left + right) // 2, top, right, bottom))
    return image


def shown(unit: str = "px", rotation: int = 0, index: int = 0) -> PageResult:
    figure = Block("figure", "Red and blue", PLACE, 0.9)
    found = page(block("Words."), figure, index=index, width=WIDTH, height=HEIGHT, rotation=rotation)
    return replace(found, unit="pt" if unit == "pt" else "px")


def of_picture(path: Path, *pages: PageResult, form: PageFormat = "png") -> Word:
    return word(*pages, original=path, page_format=form)


def pictures(found: Word) -> list[Image.Image]:
    return [Image.open(io.BytesIO(data)) for name, data in sorted(found.parts.items()) if "/media/" in name]


def assert_is_the_figure(picture: Image.Image) -> None:
    assert picture.width / picture.height == pytest.approx(160 / 60, rel=0.03)
    for x, colour in ((0.25, RED), (0.75, BLUE)):
        pixel = picture.convert("RGB").getpixel((int(x * picture.width), picture.height // 2))
        assert isinstance(pixel, tuple)
        assert pixel == pytest.approx(colour, abs=12)


def pdf_of(path: Path, rotation: int) -> Path:
    """A page whose /Rotate makes it upright; its content is turned the other way."""
    out = io.BytesIO()
    upright().rotate(rotation, expand=True).save(out, "PNG")
    with pymupdf.open() as document:
        size = (WIDTH, HEIGHT) if rotation % 180 == 0 else (HEIGHT, WIDTH)
        drawn = document.new_page(width=size[0], height=size[1])
        drawn.insert_image(drawn.rect, stream=out.getvalue())
        document.save(path)
    return path


def test_a_figure_has_its_size_and_its_words(tmp_path: Path) -> None:
    upright().save(tmp_path / "original", "PNG")
    found = of_picture(tmp_path / "original", shown())
    assert_is_the_figure(pictures(found)[0])
    (drawing,) = found.body.iter(f"{WP}inline")
    assert drawing.find(f"{WP}docPr").get("descr") == "Red and blue"
    extent = drawing.find(f"{WP}extent")
    assert int(extent.get("cx")) / int(extent.get("cy")) == pytest.approx(160 / 60, rel=0.01)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_pdf_page_is_turned_as_it_was_read(tmp_path: Path, rotation: int) -> None:
    found = of_picture(pdf_of(tmp_path / "original", rotation), shown("pt", rotation), form="pdf")
    assert_is_the_figure(pictures(found)[0])


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_photo_that_lay_sideways_is_turned_as_it_was_read(tmp_path: Path, rotation: int) -> None:
    upright().rotate(rotation, expand=True).save(tmp_path / "a.png")
    found = of_picture(tmp_path / "a.png", shown(rotation=rotation))
    assert_is_the_figure(pictures(found)[0])


@pytest.mark.parametrize(
    ("orientation", "rotation"), [(1, 0), (2, 0), (3, 180), (4, 180), (5, 270), (6, 90), (7, 90), (8, 270)]
)
def test_exif_turns_and_mirrors(tmp_path: Path, orientation: int, rotation: int) -> None:
    undone = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    image = upright() if undone is None else upright().transpose(Image.Transpose(undone))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(tmp_path / "a.jpg", quality=95, exif=exif)
    found = of_picture(tmp_path / "a.jpg", shown(rotation=rotation), form="jpg")
    assert_is_the_figure(pictures(found)[0])


def test_each_page_is_a_frame(tmp_path: Path) -> None:
    blank = Image.new("RGB", (WIDTH, HEIGHT), "white")
    blank.save(tmp_path / "a.tif", save_all=True, append_images=[upright()])
    found = of_picture(tmp_path / "a.tif", page(index=0, width=WIDTH, height=HEIGHT), shown(index=1), form="tif")
    assert_is_the_figure(pictures(found)[0])


@pytest.mark.parametrize(("saved", "form"), [("PNG", "png"), ("TIFF", "tif"), ("JPEG", "jpg")])
def test_the_resolution_of_a_picture_is_the_size_of_the_page(saved: str, form: PageFormat, tmp_path: Path) -> None:
    upright().convert("RGB").save(tmp_path / "a", saved, dpi=(120, 120))
    found = of_picture(tmp_path / "a", shown(), form=form)
    size = dict(found.body.find(".//{*}pgSz").attrib)
    assert [int(value) for value in size.values()] == pytest.approx([WIDTH * 12, HEIGHT * 12], abs=5)


def test_the_same_picture_is_stored_once(tmp_path: Path) -> None:
    path = pdf_of(tmp_path / "original", 0)
    first = shown("pt")
    found = of_picture(path, replace(first, blocks=(*first.blocks, *first.blocks)), form="pdf")
    assert len(pictures(found)) == 1
    assert len(list(found.body.iter(f"{WP}inline"))) == 2


def test_without_an_original_the_words_of_a_figure_are_text() -> None:
    found = word(shown())
    assert [text for _, text in found.paragraphs()] == ["Words.", "Red and blue"]


@pytest.mark.parametrize("form", ["pdf", "png"])
@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n"])
def test_a_damaged_original_costs_the_figures_only(
    tmp_path: Path, form: PageFormat, data: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "original").write_bytes(data)
    found = of_picture(tmp_path / "original", shown("pt" if form == "pdf" else "px"), form=form)
    assert [text for _, text in found.paragraphs()] == ["Words.", "Red and blue"]
    assert "MuPDF" not in "".join(capfd.readouterr())


def test_a_picture_that_ends_early_costs_the_figures_only(tmp_path: Path) -> None:
    upright().save(tmp_path / "a.jpg")
    whole = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(whole[: len(whole) // 2])
    found = of_picture(tmp_path / "a.jpg", shown(), form="jpg")
    assert [text for _, text in found.paragraphs()] == ["Words.", "Red and blue"]


def test_an_original_of_another_size_is_not_cut(tmp_path: Path) -> None:
    Image.new("RGB", (100, 100)).save(tmp_path / "a.png")
    assert pictures(of_picture(tmp_path / "a.png", shown())) == []


def test_figures_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "FIGURES_OF_A_PAGE", 2)
    path = pdf_of(tmp_path / "original", 0)
    places = [(40.0, 60.0 + number, 200.0, 120.0) for number in range(4)]
    shapes = tuple(Block("figure", f"Figure {number}", place, 0.9) for number, place in enumerate(places))
    found = of_picture(path, replace(shown("pt"), blocks=shapes), form="pdf")
    assert len(pictures(found)) == 2
    assert "Figure 3" in found.text_of(found.body)


def test_a_large_figure_is_scaled_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "CROP_PIXELS", 1000)
    for original, form, unit in ((pdf_of(tmp_path / "a", 0), "pdf", "pt"), (tmp_path / "b.png", "png", "px")):
        if form == "png":
            upright().save(original)
        (picture,) = pictures(of_picture(original, shown(unit), form="pdf" if form == "pdf" else "png"))
        assert picture.width * picture.height <= 1100

"""Figures are cut from the file that was sent, as it stood upright when it was read."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from export.renderers.docx import figures, originals
from ocrchat.blocks import BBox, Block
from ocrchat.limits import Limits
from ocrchat.orientation import TAG
from ocrchat.pages import PageFormat, PageResult
from tests.data.make_files import EXIF_TURNS
from tests.unit.export.docx_pages import block, page, word
from tests.unit.export.docx_read import WP, Word

WIDTH, HEIGHT = 400, 600
RED, BLUE, GREEN, BLACK = (255, 0, 0), (0, 0, 255), (0, 128, 0), (0, 0, 0)
PLACE: BBox = (40.0, 60.0, 200.0, 120.0)
CORNERS = {(0.25, 0.25): RED, (0.75, 0.25): BLUE, (0.25, 0.75): GREEN, (0.75, 0.75): BLACK}
"""What colour the quarters of that place have, by their middle."""

ROTATIONS = {1: 0, 2: 0, 3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}
"""What the reader says of a picture of that EXIF orientation that is upright then."""

XMP_TAG = 700
ORIENTATIONS = pytest.mark.parametrize("orientation", list(ROTATIONS))


def upright() -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    left, top, right, bottom = map(int, PLACE)
    width, height = (right - left) // 2, (bottom - top) // 2
    for (x, y), colour in CORNERS.items():
        corner = (left + int(2 * x) * width, top + int(2 * y) * height)
        image.paste(colour, (*corner, corner[0] + width, corner[1] + height))
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
    for (x, y), colour in CORNERS.items():
        pixel = picture.convert("RGB").getpixel((int(x * picture.width), int(y * picture.height)))
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


def stored(orientation: int, rotation: int = 0) -> Image.Image:
    """What is upright once it is turned as that orientation says, and then by `rotation` clockwise."""
    image = upright().rotate(rotation, expand=True)
    turn = EXIF_TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def noted(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[TAG] = orientation
    return exif


@pytest.mark.parametrize("further", [0, 90, 180, 270])
@pytest.mark.parametrize(("saved", "form"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("TIFF", "tif")])
@ORIENTATIONS
def test_exif_turns_and_mirrors(orientation: int, saved: str, form: PageFormat, further: int, tmp_path: Path) -> None:
    stored(orientation, further).save(tmp_path / "a", saved, quality=95, exif=noted(orientation))
    rotation = (ROTATIONS[orientation] + further) % 360
    assert_is_the_figure(pictures(of_picture(tmp_path / "a", shown(rotation=rotation), form=form))[0])


@pytest.mark.parametrize("orientation", [5, 6])
def test_a_tiff_that_says_in_xmp_how_it_lies_is_turned(orientation: int, tmp_path: Path) -> None:
    xmp = f'<rdf:Description tiff:Orientation="{orientation}"/>'.encode()
    stored(orientation).save(tmp_path / "a.tif", tiffinfo={XMP_TAG: xmp})
    rotation = ROTATIONS[orientation]
    assert_is_the_figure(pictures(of_picture(tmp_path / "a.tif", shown(rotation=rotation), form="tif"))[0])


@pytest.mark.parametrize("further", [0, 90])
@ORIENTATIONS
def test_each_page_is_a_frame_that_was_upright_when_it_was_read(orientation: int, further: int, tmp_path: Path) -> None:
    frames = [stored(orientation, further), stored(orientation, further)]
    frames[0].paste("white", (0, 0, *frames[0].size))
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:], exif=noted(orientation))
    found = of_picture(
        tmp_path / "a.tif", page(index=0, width=WIDTH, height=HEIGHT), shown(rotation=further, index=1), form="png"
    )
    assert_is_the_figure(pictures(found)[0])


@ORIENTATIONS
def test_a_large_jpeg_is_decoded_to_fewer_pixels(
    orientation: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originals, "HELD_PIXELS", WIDTH * HEIGHT // 2)
    stored(orientation).save(tmp_path / "a.jpg", quality=95, exif=noted(orientation))
    (picture,) = pictures(of_picture(tmp_path / "a.jpg", shown(rotation=ROTATIONS[orientation]), form="jpg"))
    assert picture.size == (80, 30)
    assert_is_the_figure(picture)


def test_a_figure_is_converted_in_bands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upright().save(tmp_path / "a.png")
    whole = of_picture(tmp_path / "a.png", shown())
    monkeypatch.setattr(originals, "BAND_PIXELS", 1500)
    assert pictures(of_picture(tmp_path / "a.png", shown()))[0].tobytes() == pictures(whole)[0].tobytes()


@pytest.mark.parametrize("mode", ["1", "P", "L", "RGBA", "CMYK"])
def test_a_figure_of_any_mode_is_scaled_down(mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(originals, "CROP_PIXELS", 3000)
    upright().convert(mode).save(tmp_path / "a", "TIFF" if mode == "CMYK" else "PNG")
    (picture,) = pictures(of_picture(tmp_path / "a", shown(), form="tif" if mode == "CMYK" else "png"))
    assert picture.size == (80, 30)
    if mode not in ("1", "L"):
        assert_is_the_figure(picture)


def test_a_picture_of_16_bits_has_no_figures(tmp_path: Path) -> None:
    upright().convert("L").convert("I;16").save(tmp_path / "a.png")
    assert pictures(of_picture(tmp_path / "a.png", shown())) == []


@pytest.mark.parametrize("box", [(0.0, 0.0, 0.0, 0.0), (40.0, 60.0, 43.0, 120.0), (40.0, 60.0, 200.0, 63.0)])
def test_a_figure_of_hardly_any_pixels_is_its_words(box: BBox, tmp_path: Path) -> None:
    upright().save(tmp_path / "a.png")
    found = of_picture(tmp_path / "a.png", replace(shown(), blocks=(Block("figure", "Words", box, 0.9),)))
    assert pictures(found) == []
    assert [text for _, text in found.paragraphs()] == ["Words"]


def test_pillows_own_limit_does_not_bound_a_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(1).save(tmp_path / "a.tif", save_all=True, append_images=[upright()], dpi=(120, 120))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    found = word(shown(), shown(index=1), original=tmp_path / "a.tif", page_format="png")
    assert len(list(found.body.iter(f"{WP}inline"))) == 2
    assert found.body.find(".//{*}pgSz").attrib.values() == [str(WIDTH * 12), str(HEIGHT * 12)]
    assert Image.MAX_IMAGE_PIXELS == 100


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


def test_a_figure_of_too_many_bytes_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upright().save(tmp_path / "a.png")
    (size,) = (len(data) for name, data in of_picture(tmp_path / "a.png", shown()).parts.items() if "/media/" in name)
    monkeypatch.setattr(figures, "FIGURE_BYTES", size)
    assert len(pictures(of_picture(tmp_path / "a.png", shown()))) == 1
    monkeypatch.setattr(figures, "FIGURE_BYTES", size - 1)
    found = of_picture(tmp_path / "a.png", shown())
    assert pictures(found) == []
    assert "Red and blue" in found.text_of(found.body)


def test_all_figures_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "TOTAL_BYTES", 1)
    path = pdf_of(tmp_path / "original", 0)
    first = shown("pt")
    found = of_picture(path, replace(first, blocks=(*first.blocks, *first.blocks)), form="pdf")
    assert len(list(found.body.iter(f"{WP}inline"))) == 1


@pytest.mark.parametrize(
    ("saved", "form", "limits"),
    [
        ("JPEG", "jpg", Limits(page_pixels=WIDTH * HEIGHT)),
        ("PNG", "png", Limits(page_decoded_bytes=WIDTH * HEIGHT * 6)),
    ],
)
def test_a_picture_beyond_the_limits_is_not_decoded(
    saved: str, form: PageFormat, limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upright().save(tmp_path / "a", saved)
    monkeypatch.setattr(originals, "LIMITS", limits)
    assert len(pictures(of_picture(tmp_path / "a", shown(), form=form))) == 1
    less = replace(limits, page_pixels=limits.page_pixels - 1, page_decoded_bytes=limits.page_decoded_bytes - 1)
    monkeypatch.setattr(originals, "LIMITS", less)
    assert pictures(of_picture(tmp_path / "a", shown(), form=form)) == []


def test_a_damaged_frame_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    Image.effect_noise((WIDTH, HEIGHT), 80).save(tmp_path / "a.tif", compression="tiff_lzw")
    data = bytearray((tmp_path / "a.tif").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 1000] = bytes(1000)
    (tmp_path / "a.tif").write_bytes(data)
    first = shown()
    found = of_picture(tmp_path / "a.tif", replace(first, blocks=(*first.blocks, *first.blocks)), form="tif")
    assert pictures(found) == []


def test_a_large_figure_is_scaled_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(originals, "CROP_PIXELS", 1000)
    for original, form, unit in ((pdf_of(tmp_path / "a", 0), "pdf", "pt"), (tmp_path / "b.png", "png", "px")):
        if form == "png":
            upright().save(original)
        (picture,) = pictures(of_picture(original, shown(unit), form="pdf" if form == "pdf" else "png"))
        assert picture.width * picture.height <= 1100

"""What is read from a page that is an image."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from ocr_page import images, reader
from ocr_page.reader import read_page
from ocrchat.errors import PageTimedOut, PageUnreadable
from ocrchat.limits import Limits
from ocrchat.pages import PageFormat
from tests.data import make_files
from tests.hostile.corpus import pictures
from tests.hostile.corpus.files import FILES
from tests.unit.ocr_page import drawn

EXIF_ORIENTATION = 0x0112
XMP_TAG = 700
WORDS = " ".join(drawn.LINES).split()


def test_words_are_found_where_they_stand() -> None:
    drawing = drawn.lines_on_paper()
    result = read_page(drawn.encoded(drawing.image, "PNG"), drawn.task("png"))
    assert (result.source, result.unit, result.width, result.height) == ("cpu", "px", 520, 260)
    assert drawn.words_of(result) == WORDS
    assert result.mean_confidence is not None
    assert result.mean_confidence > 0.9
    for found, truth in zip(drawn.line_boxes(result), drawing.boxes, strict=True):
        assert found == pytest.approx(truth, abs=9)
    for line in (line for block in result.blocks for line in block.lines):
        edges = [edge for word in line.words for edge in (word.bbox[0], word.bbox[2])]
        assert edges == sorted(edges)
        assert min(edges) >= line.bbox[0]
        assert max(edges) <= line.bbox[2]


def grey_16() -> bytes:
    grey = np.asarray(drawn.lines_on_paper().image.convert("L")).astype(np.uint16) * 257
    return drawn.encoded(Image.fromarray(grey), "TIFF")


@pytest.mark.parametrize(
    "levels",
    [
        np.array([[0, 255]], np.uint16),
        np.array([[0, 4095]], np.uint16),
        np.array([[0, 65_535]], np.uint16),
        np.array([[-7, 65_535]], np.int32),
        np.array([[0, 1]], np.float32),
        np.array([[np.nan, 255]], np.float32),
    ],
    ids=["8 bits in 16", "12 bits", "16 bits", "32 bits", "floats to 1", "floats to 255"],
)
def test_white_is_the_highest_grey_level(levels: np.ndarray[tuple[int, int], np.dtype[np.generic]]) -> None:
    raster = images.decode(drawn.encoded(Image.fromarray(levels), "TIFF"), "tif")
    assert raster.pixels.tolist() == [[[0, 0, 0], [255, 255, 255]]]


def transparent() -> bytes:
    """Black ink on nothing, which many programs would show as black on black."""
    image = drawn.lines_on_paper().image
    ink = Image.new("RGBA", image.size, (0, 0, 0, 0))
    ink.paste("black", mask=image.convert("L").point(lambda value: 255 - value))
    return drawn.encoded(ink, "PNG")


def of_mode(mode: str, form: str) -> bytes:
    return drawn.encoded(drawn.lines_on_paper().image.convert(mode), form)


@pytest.mark.parametrize(
    ("data", "form"),
    [
        pytest.param(of_mode("CMYK", "JPEG"), "jpg", id="cmyk jpeg"),
        pytest.param(of_mode("L", "JPEG"), "jpg", id="grey jpeg"),
        pytest.param(of_mode("1", "TIFF"), "tif", id="1-bit tiff"),
        pytest.param(grey_16(), "tif", id="16-bit tiff"),
        pytest.param(of_mode("P", "GIF"), "gif", id="palette gif"),
        pytest.param(of_mode("RGB", "BMP"), "bmp", id="bmp"),
        pytest.param(of_mode("RGB", "WEBP"), "webp", id="webp"),
        pytest.param(transparent(), "png", id="transparent png"),
    ],
)
def test_every_kind_of_image_becomes_black_on_white(data: bytes, form: PageFormat) -> None:
    pixels = images.decode(data, form).pixels
    truth = np.asarray(drawn.lines_on_paper().image)
    assert pixels.shape == truth.shape
    assert np.abs(pixels.astype(int) - truth).mean() < 2


@pytest.mark.parametrize(("name", "form"), [("PNG", "png"), ("TIFF", "tif")])
@pytest.mark.parametrize(("orientation", "turn"), [(1, None), *make_files.EXIF_TURNS.items()])
def test_the_orientation_that_a_camera_noted_is_undone(
    orientation: int, turn: Image.Transpose | None, name: str, form: PageFormat
) -> None:
    image = drawn.lines_on_paper().image
    stored = image if turn is None else image.transpose(turn)
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    raster = images.decode(drawn.encoded(stored, name, exif=exif), form)
    assert (raster.width, raster.height, raster.scale) == (*image.size, 1.0)
    assert np.array_equal(raster.pixels, np.asarray(image))
    assert raster.rotation == {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}.get(orientation, 0)


def test_the_orientation_of_a_tiff_may_stand_in_its_xmp() -> None:
    image = drawn.lines_on_paper().image
    stored = image.transpose(make_files.EXIF_TURNS[6])
    raster = images.decode(drawn.encoded(stored, "TIFF", tiffinfo={XMP_TAG: b'<a tiff:Orientation="6"/>'}), "tif")
    assert (raster.width, raster.height, raster.rotation) == (*image.size, 90)
    assert np.array_equal(raster.pixels, np.asarray(image))


def test_boxes_of_a_turned_photo_are_those_of_the_upright_one() -> None:
    drawing = drawn.lines_on_paper()
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    stored = drawing.image.transpose(Image.Transpose.ROTATE_90)
    result = read_page(drawn.encoded(stored, "JPEG", exif=exif, quality=95), drawn.task("jpg"))
    assert (result.width, result.height, result.rotation) == (520, 260, 90)
    assert drawn.line_boxes(result)[0] == pytest.approx(drawing.boxes[0], abs=9)


def test_a_large_image_keeps_its_own_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "WORK_PIXELS", 600_000)
    drawing = drawn.lines_on_paper()
    large = drawing.image.resize((1560, 780), Image.Resampling.LANCZOS)
    result = read_page(drawn.encoded(large, "PNG"), drawn.task("png"))
    assert (result.width, result.height) == (1560, 780)
    assert drawn.words_of(result) == WORDS
    assert drawn.line_boxes(result)[0] == pytest.approx([3 * value for value in drawing.boxes[0]], abs=27)


@pytest.mark.parametrize("colour", ["white", "black", "#ddeeff"])
def test_a_page_of_one_colour_is_blank(colour: str) -> None:
    result = read_page(drawn.encoded(Image.new("RGB", (800, 600), colour), "PNG"), drawn.task("png"))
    assert (result.blocks, result.text, result.mean_confidence) == ((), "", None)
    assert [warning.code for warning in result.warnings] == ["blank"]


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (9000, 3), (5, 700)])
def test_an_image_of_any_proportion_is_read(size: tuple[int, int]) -> None:
    image = Image.new("L", size)
    image.putpixel((0, 0), 255)
    assert read_page(drawn.encoded(image, "PNG"), drawn.task("png")).text == ""


@pytest.mark.parametrize("form", list(images.DECODERS))
def test_what_is_no_image_is_unreadable(form: PageFormat) -> None:
    for data in (b"", b"garbage", b"\x89PNG\r\n\x1a\n garbage", b"II*\x00\xff\xff\xff\xff", b"GIF89a"):
        with pytest.raises(PageUnreadable):
            read_page(data, drawn.task(form))


@pytest.mark.parametrize(
    ("name", "form"), [("PNG", "png"), ("JPEG", "jpg"), ("TIFF", "tif"), ("GIF", "gif"), ("WEBP", "webp")]
)
def test_an_image_that_is_cut_off_is_unreadable(name: str, form: PageFormat) -> None:
    data = drawn.encoded(Image.effect_noise((300, 300), 80), name)
    with pytest.raises(PageUnreadable):
        read_page(data[: len(data) // 2], drawn.task(form))


def test_an_image_of_colours_without_a_palette_is_unreadable() -> None:
    """Pillow asserts that there is one. The end is cut off, or it would have put grey in its place."""
    of_colours = pictures.png(9, 9, zlib.compress(bytes(90)), colour=3)
    with pytest.raises(PageUnreadable):
        read_page(of_colours[:-12], drawn.task("png"))


def test_another_format_than_the_task_says_is_unreadable() -> None:
    with pytest.raises(PageUnreadable):
        read_page(of_mode("RGB", "PNG"), drawn.task("jpg"))


def test_an_image_beyond_the_limits_is_not_decoded() -> None:
    data = drawn.encoded(Image.new("1", (30_001, 10)), "PNG")
    with pytest.raises(PageUnreadable, match="pixels"):
        read_page(data, drawn.task("png"))


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LIMITS", Limits(page_read_s=0.0))
    with pytest.raises(PageTimedOut):
        read_page(of_mode("RGB", "PNG"), drawn.task("png"))


def test_of_many_frames_the_first_is_read() -> None:
    stream = io.BytesIO()
    first = drawn.lines_on_paper().image
    first.save(stream, "TIFF", save_all=True, append_images=[Image.new("RGB", first.size, "white")])
    assert drawn.words_of(read_page(stream.getvalue(), drawn.task("tif"))) == WORDS


def test_a_gif_whose_frame_is_too_large_is_refused_before_anything_is_made_of_it() -> None:
    with pytest.raises(PageUnreadable) as refused:
        images.decode(FILES["gif: huge frame to be disposed of"](), "gif")
    assert isinstance(refused.value.__cause__, Image.DecompressionBombError)

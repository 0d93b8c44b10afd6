"""What intake says of each kind of file: its facts, or the error that tells what to do."""

from __future__ import annotations

import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ocrchat.errors import (
    FileCorrupt,
    FileEmpty,
    FileEncrypted,
    FileTooLarge,
    FileTypeUnsupported,
    ImageTooLarge,
    RequestError,
    TooManyPages,
)
from ocrchat.limits import LIMITS, Limits
from submit import images
from submit.intake import FileFacts, inspect_file
from submit.sniff import is_text
from tests.data import make_files as make
from tests.hostile.corpus.files import FILES


def facts(folder: Path, data: bytes, limits: Limits = LIMITS) -> FileFacts:
    path = folder / "original"
    path.write_bytes(data)
    return inspect_file(path, limits)


def refusal(folder: Path, data: bytes, limits: Limits = LIMITS) -> RequestError:
    with pytest.raises(RequestError) as caught:
        facts(folder, data, limits)
    return caught.value


ONE_IMAGE = {
    "png": make.png(dpi=36),
    "png of a palette": make.png(dpi=36, mode="P"),
    "png of one bit": make.png(dpi=36, mode="1"),
    "png of one pixel": make.encoded(make.picture(1, 1), "PNG"),
    "jpg": make.jpeg(dpi=36),
    "jpg grey": make.jpeg(dpi=36, mode="L"),
    "jpg cmyk": make.jpeg(dpi=36, mode="CMYK"),
    "jpg progressive": make.jpeg(dpi=36, progressive=True),
    "jpg turned by a camera": make.rotated_jpeg(dpi=36),
    "jpg with a second picture": make.encoded(
        make.picture(), "MPO", save_all=True, append_images=[make.picture(seed=1)]
    ),
    "webp": make.webp(),
    "gif": make.gif(),
    "bmp": make.bmp(),
    "tif": make.tiff(),
    "tif g3": make.tiff(mode="1", compression="group3"),
    "tif g4": make.tiff(mode="1", compression="group4"),
    "tif deflate": make.tiff(compression="tiff_adobe_deflate"),
    "tif jpeg": make.tiff(compression="jpeg"),
    "tif packbits": make.tiff(compression="packbits"),
    "tif cmyk": make.tiff(mode="CMYK"),
    "tif of floats": make.tiff(mode="F", dpi=36),
    "tif of 16 bit": make.tiff_16_bit(),
    "tif of tiles": make.tiled_tiff(),
    "tif of 64 bit": make.tiff(big=True),
}


@pytest.mark.parametrize("kind", ONE_IMAGE)
def test_an_image_is_one_page_and_stays_as_it_came(tmp_path: Path, kind: str) -> None:
    found = facts(tmp_path, ONE_IMAGE[kind])
    assert (found.page_format, found.page_count, found.as_it_came, found.warnings) == (kind.split()[0], 1, True, ())


def test_a_frame_of_a_gif_is_measured_before_what_it_leaves_behind_is_made(tmp_path: Path) -> None:
    """Which would be filled with 4 GB."""
    error = refusal(tmp_path, FILES["gif: huge frame to be disposed of"]())
    assert isinstance(error, ImageTooLarge)
    assert error.extra["limit"] == LIMITS.page_pixels


def test_a_media_type_goes_with_the_format(tmp_path: Path) -> None:
    assert facts(tmp_path, make.png(dpi=36)).media_type == "image/png"
    assert facts(tmp_path, make.tiff(2)).media_type == "image/tiff"
    assert facts(tmp_path, make.digital_pdf()).media_type == "application/pdf"


@pytest.mark.parametrize("animation", [make.gif(frames=3), make.webp(frames=3)], ids=["gif", "webp"])
def test_an_animation_is_its_first_frame_and_says_so(tmp_path: Path, animation: bytes) -> None:
    found = facts(tmp_path, animation)
    assert (found.page_count, found.as_it_came) == (1, True)
    assert [warning.code for warning in found.warnings] == ["first_frame_only"]


@pytest.mark.parametrize("compression", ["tiff_lzw", "jpeg"])
def test_each_frame_of_a_tiff_becomes_a_png_page(tmp_path: Path, compression: make.Compression) -> None:
    found = facts(tmp_path, make.tiff(3, compression=compression))
    assert (found.page_format, found.page_count, found.as_it_came) == ("png", 3, False)


PDFS = {
    "digital": (make.digital_pdf(3), 3),
    "scanned": (make.scanned_pdf(2, dpi=36), 2),
    "mixed": (make.mixed_pdf(3, dpi=36), 3),
    "rotated": (make.rotated_pdf(), 1),
    "form": (make.form_pdf(2), 2),
    "locked for changes only": (make.encrypted_pdf(pages=2), 2),
    "shared resources": (make.shared_resources_pdf(20, side=4), 20),
    "too many pages stated": (make.pdf_that_lies_about_its_pages(10), 1),
    "no page stated": (make.pdf_that_lies_about_its_pages(0), 1),
    "header after 900 bytes": (b"-" * 900 + make.digital_pdf(2), 2),
    "empty page box": (make.sized_pdf(0, 0), 1),
}


@pytest.mark.parametrize("kind", PDFS)
def test_a_pdf_is_split_into_the_pages_that_it_has(tmp_path: Path, kind: str) -> None:
    data, pages = PDFS[kind]
    assert facts(tmp_path, data) == FileFacts("pdf", pages, False, "application/pdf", ())


def test_a_pdf_that_had_to_be_repaired_is_accepted_with_a_warning(tmp_path: Path) -> None:
    data = make.digital_pdf(3)
    found = facts(tmp_path, data[: data.rindex(b"xref\n0 ")])
    assert found.page_count == 3
    assert [warning.code for warning in found.warnings] == ["pdf_repaired"]


def test_pages_that_are_missing_from_a_cut_off_pdf_keep_their_numbers(tmp_path: Path) -> None:
    assert facts(tmp_path, make.truncated(make.digital_pdf(10))).page_count == 10


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert isinstance(refusal(tmp_path, b""), FileEmpty)


def test_a_file_above_the_limit_is_refused_before_it_is_looked_at(tmp_path: Path) -> None:
    error = refusal(tmp_path, make.png(dpi=36), replace(LIMITS, file_bytes=1000))
    assert isinstance(error, FileTooLarge)
    assert error.extra["limit"] == 1000


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (make.archive(), "ZIP"),
        (make.archive("[Content_Types].xml", "word/document.xml"), "DOCX"),
        (make.archive("[Content_Types].xml", "xl/workbook.xml"), "XLSX"),
        (make.archive("[Content_Types].xml", "FixedDocSeq.fdseq"), "XPS"),
        (make.archive("%PDF-1.7"), "ZIP"),
        (make.epub(), "EPUB"),
        (make.html(), "HTML"),
        (b"\xef\xbb\xbf\n<!-- saved --><html>", "HTML"),
        (make.svg(), "SVG"),
        (make.heic(), "HEIC"),
        (make.plain_text(), "text"),
        ("Überschrift ".encode() * 1000, "text"),
        (b"{\\rtf1 text}", "RTF"),
        (b"%!PS-Adobe-3.0\n", "PostScript"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "DOC"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_kind_of_file_is_refused_by_its_name(tmp_path: Path, data: bytes, name: str) -> None:
    error = refusal(tmp_path, data)
    assert isinstance(error, FileTypeUnsupported)
    assert name in error.detail
    assert "send a PNG, JPG" in error.detail


@pytest.mark.parametrize("data", [b"\0", b"\x01\x02\x03" * 100, b"BM\xff\xfe\x00"])
def test_bytes_of_no_known_kind_are_refused(tmp_path: Path, data: bytes) -> None:
    error = refusal(tmp_path, data)
    assert isinstance(error, FileTypeUnsupported)
    assert error.extra == {}


def test_a_file_of_nothing_but_comments_is_told_quickly(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"<!---->" * 10_000).extra == {"seems": "a text file"}


def test_text_is_text_wherever_it_is_cut() -> None:
    text = "Zeichen: äöü €, 漢字".encode()
    assert all(is_text(text[:end]) for end in range(1, len(text)))


@pytest.mark.parametrize(
    "data",
    [
        make.truncated(make.png(dpi=36)),
        make.truncated(make.jpeg(dpi=36)),
        make.truncated(make.jpeg(dpi=36, progressive=True)),
        make.truncated(make.webp()),
        make.truncated(make.gif()),
        make.truncated(make.bmp()),
        make.truncated(make.tiff()),
        make.truncated(make.tiff(3)),
        make.truncated(make.tiff(mode="1", compression="group4")),
        make.pdf_without_pages(),
        b"%PDF-1.7\nand nothing more",
        b"\x89PNG\r\n\x1a\n",
        b"II*\0\x08\0\0\0",
        b"II*\0\0\0\0\0",
        b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0" + b"\xff" * 8,
    ],
)
def test_a_damaged_or_cut_off_file_is_refused(tmp_path: Path, data: bytes) -> None:
    assert isinstance(refusal(tmp_path, data), FileCorrupt)


def test_a_pdf_with_a_password_is_refused(tmp_path: Path) -> None:
    assert isinstance(refusal(tmp_path, make.encrypted_pdf(user="secret")), FileEncrypted)


def test_a_pdf_under_an_unknown_protection_is_refused_as_protected(tmp_path: Path) -> None:
    data = make.encrypted_pdf().replace(b"/Standard", b"/Unheard1")
    assert isinstance(refusal(tmp_path, data), FileEncrypted)


@pytest.mark.parametrize(
    "data",
    [make.digital_pdf(6), make.tiff(6, dpi=18), make.chained_tiff(6)],
    ids=["pdf", "tiff", "chained tiff"],
)
def test_too_many_pages_are_refused_with_both_numbers(tmp_path: Path, data: bytes) -> None:
    error = refusal(tmp_path, data, replace(LIMITS, file_pages=5))
    assert isinstance(error, TooManyPages)
    assert error.extra == {"limit": 5, "found": 6}
    assert "6 pages" in error.detail


def test_the_limit_of_pages_is_itself_allowed(tmp_path: Path) -> None:
    limits = replace(LIMITS, file_pages=5)
    assert facts(tmp_path, make.digital_pdf(5), limits).page_count == 5
    assert facts(tmp_path, make.tiff(5, dpi=18), limits).page_count == 5


def test_a_tiff_whose_directories_go_in_a_circle_has_the_frames_of_the_circle(tmp_path: Path) -> None:
    assert facts(tmp_path, make.chained_tiff(3, cyclic=True)).page_count == 3


def test_a_tiff_that_would_be_read_without_end_is_refused(tmp_path: Path) -> None:
    directories = make.chained_tiff(400)
    strips = struct.pack("<HHI", 279, 4, 1)  # an entry of one value, which is made to be one of a million values
    assert directories.count(strips) == 400
    assert isinstance(refusal(tmp_path, directories.replace(strips, struct.pack("<HHI", 279, 4, 10**6))), FileCorrupt)


def test_a_pdf_whose_page_tree_comes_back_to_itself_has_its_real_pages(tmp_path: Path) -> None:
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>", b"<</Type/Page>>"]
    assert facts(tmp_path, make.raw_pdf(objects)).page_count == 1


def test_branches_of_the_page_tree_may_stand_in_their_parent(tmp_path: Path) -> None:
    tree = b"<</Type/Pages/Kids[<</Kids[3 0 R 3 0 R]>><</Kids[3 0 R]>>]/Count 3>>"
    data = make.raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, b"<</Type/Page/MediaBox[0 0 9 9]>>"])
    assert facts(tmp_path, data).page_count == 3


def test_a_decompression_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    error = refusal(tmp_path, make.png_header_only())
    assert isinstance(error, ImageTooLarge)
    assert "60000 x 60000" in error.detail
    assert error.extra["found"] == 60_000


def test_an_image_with_too_many_pixels_is_refused_with_both_numbers(tmp_path: Path) -> None:
    error = refusal(tmp_path, make.png_header_only(20_000, 20_001))
    assert isinstance(error, ImageTooLarge)
    assert error.extra == {"limit": 400_000_000, "found": 400_020_000, "width": 20_000, "height": 20_001}


def test_an_image_in_colour_is_refused_by_what_its_decoder_would_hold(tmp_path: Path) -> None:
    error = refusal(tmp_path, make.png_header_only(20_000, 20_000))
    assert isinstance(error, ImageTooLarge)
    assert error.extra == {"limit": 400_000_000, "found": 2_400_000_000, "width": 20_000, "height": 20_000}


def test_a_large_sheet_in_black_and_white_is_accepted(tmp_path: Path) -> None:
    data = make.encoded(Image.new("1", (12_000, 12_000)), "PNG")
    assert facts(tmp_path, data).page_count == 1


def test_a_frame_of_a_tiff_that_is_too_large_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path, make.tiff(2, dpi=72), replace(LIMITS, page_pixels=100_000))
    assert isinstance(error, ImageTooLarge)
    assert "Page 1 of the TIFF" in error.detail


def test_a_large_image_within_the_limits_gives_no_warning_of_the_library(tmp_path: Path) -> None:
    data = make.encoded(Image.new("1", (9_900, 9_900)), "PNG")
    assert facts(tmp_path, data).page_count == 1


@pytest.mark.parametrize(("width", "height"), [(20_000, 100), (100, 14_401), (99999999999999999999, 5)])
def test_a_pdf_page_beyond_200_inches_is_refused_by_its_number(tmp_path: Path, width: int, height: int) -> None:
    error = refusal(tmp_path, make.sized_pdf(width, height))
    assert isinstance(error, ImageTooLarge)
    assert "Page 1" in error.detail
    assert error.extra["limit"] == LIMITS.pdf_page_side_pt


def test_a_damaged_frame_among_the_first_pages_refuses_the_tiff(tmp_path: Path) -> None:
    data = make.tiff_with_a_damaged_frame(3, 1)
    assert isinstance(refusal(tmp_path, data), FileCorrupt)


def test_a_damaged_frame_beyond_the_eager_pixels_is_left_to_its_own_page(tmp_path: Path) -> None:
    limits = replace(LIMITS, page_pixels=600_000)  # a frame has 501,000; two pages' worth are decoded at once
    assert facts(tmp_path, make.tiff_with_a_damaged_frame(4, 3), limits).page_count == 4


def test_a_jpeg_is_checked_without_the_memory_of_all_its_pixels(tmp_path: Path) -> None:
    path = tmp_path / "original"
    path.write_bytes(make.jpeg(dpi=72))
    with images.opened(path, "jpg") as image:
        width = image.width
        images.decode(image)
        assert image.width <= width / 8 + 1


def test_nothing_is_printed_about_damaged_files(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for data in (
        make.truncated(make.tiff(mode="1", compression="group4")),
        make.mutated(make.tiff(2, compression="jpeg"), 1, 200),
        make.truncated(make.digital_pdf(3)),
        make.mutated(make.jpeg(dpi=36), 1),
    ):
        (tmp_path / "original").write_bytes(data)
        try:
            inspect_file(tmp_path / "original")
        except RequestError:
            continue
    assert capfd.readouterr() == ("", "")


def test_importing_intake_and_the_splitter_loads_no_heavy_library() -> None:
    code = "import sys, submit.intake, submit.splitter; print({'pymupdf', 'PIL', 'boto3', 'numpy'} & set(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": "functions"}, capture_output=True, text=True, check=True
    )
    assert run.stdout == "set()\n"

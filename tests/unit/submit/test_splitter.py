"""A page that was cut out shows and says what it did in its document, and brings nothing else along."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from ocrchat.errors import FileEncrypted, FileTooLarge
from ocrchat.pages import PageFormat
from submit import pdf_resources, splitter
from submit.pdf_pages import MOST_ANNOTATIONS, PAGES_PER_OPENING
from submit.pdf_resources import CHUNK_BYTES
from submit.splitter import split_file
from tests.data import make_files as make
from tests.hostile.corpus import pdfs


def split(folder: Path, data: bytes, count: int, page_format: PageFormat = "pdf") -> tuple[dict[int, bytes], list[int]]:
    path = folder / "original"
    path.write_bytes(data)
    pages: dict[int, bytes] = {}
    failed = split_file(path, page_format, range(count), pages.__setitem__)
    return pages, failed


def looks(page: pymupdf.Page) -> tuple[str, bytes, tuple[int, int]]:
    pixels = page.get_pixmap(dpi=40)
    return page.get_text(), pixels.samples, (pixels.width, pixels.height)


def assert_the_same(data: bytes, pages: dict[int, bytes]) -> None:
    with pymupdf.open("pdf", data) as document:
        for index, page in pages.items():
            with pymupdf.open("pdf", page) as cut:
                assert len(cut) == 1
                assert looks(cut[0]) == looks(document[index])


def layered(default: bytes) -> bytes:
    """Two layers, 5 and 6, with a bar each; `default` says which of them is shown."""
    content = b"/OC /L1 BDC 1 0 0 rg 0 0 99 20 re f EMC /OC /L2 BDC 0 0 1 rg 0 99 99 20 re f EMC"
    return make.raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[5 0 R 6 0 R]/D<<%s>>>>>>" % default,
            b"<</Kids[3 0 R]/Count 1/MediaBox[0 0 300 300]>>",
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Properties<</L1 5 0 R/L2 6 0 R>>>>>>",
            make.stream(b"", content),
            b"<</Type/OCG/Name(one)>>",
            b"<</Type/OCG/Name(two)>>",
        ]
    )


def form_with(form: bytes, field: bytes) -> bytes:
    """A text field, object 4, with a drawn appearance in object 5 that it need not use; 6 is a font."""
    return make.raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/DR<</Font<</F1 6 0 R>>>>%s>>>>" % form,
            b"<</Kids[3 0 R]/Count 1/MediaBox[0 0 300 300]>>",
            b"<</Type/Page/Parent 2 0 R/Annots[7 0 R]>>",
            b"<</FT/Tx/T(name)/V(Ada Lovelace)/Kids[7 0 R]%s>>" % field,
            make.stream(b"/Subtype/Form/BBox[0 0 200 30]", b"1 0 0 rg 0 0 100 10 re f"),
            b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
            b"<</Type/Annot/Subtype/Widget/Parent 4 0 R/Rect[50 50 250 80]/F 4/AP<</N 5 0 R>>>>",
        ]
    )


def page_with(keys: bytes, *objects: bytes) -> bytes:
    """A PDF whose only page has `keys` in its dictionary; `objects` are numbered from 4."""
    page = b"<</Type/Page/Parent 2 0 R%s>>" % keys
    tree = b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 300 300]>>"
    return make.raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, page, *objects])


TWO_PAGES: tuple[tuple[bytes, PageFormat], ...] = ((make.form_pdf(2), "pdf"), (make.tiff(2), "png"))
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 300 300]"
WORDS = b"BT /F1 20 Tf 50 50 Td (words) Tj ET"

DOCUMENTS = {
    "digital": make.digital_pdf(2),
    "scanned": make.scanned_pdf(1, dpi=50),
    "mixed": make.mixed_pdf(2, dpi=50),
    "turned and cropped": make.rotated_pdf(270, crop=(50, 60, 400, 500)),
    "form fields and annotations": make.form_pdf(2),
    "locked for changes only": make.encrypted_pdf(),
    "hidden layer": layered(b"/OFF[6 0 R]"),
    "layers hidden but for one": layered(b"/BaseState/OFF/ON[6 0 R]"),
    "field with an appearance": form_with(b"", b"/DA(/F1 12 Tf 0 g)"),
    "field whose appearance is out of date": form_with(b"/NeedAppearances true", b"/DA(/F1 12 Tf 0 g)"),
    "field in the style of its form": form_with(b"/NeedAppearances true/DA(/F1 20 Tf 1 0 0 rg)", b""),
    "form without resources of its own": page_with(
        b"/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>/Font<</F1 6 0 R>>>>",
        make.stream(b"", b"/X Do"),
        make.stream(FORM, WORDS),
        FONT,
    ),
    "form that leaves its font to the page": page_with(
        b"/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>/Font<</F1 6 0 R>>>>",
        make.stream(b"", b"/X Do"),
        make.stream(FORM + b"/Resources<</Font<<>>>>", WORDS),
        FONT,
    ),
    "form that draws itself": page_with(
        b"/Contents 4 0 R/Resources 7 0 R",
        make.stream(b"", b"/X Do"),
        make.stream(FORM + b"/Resources 7 0 R", WORDS + b" /X Do"),
        FONT,
        b"<</XObject<</X 5 0 R>>/Font<</F1 6 0 R>>>>",
    ),
    "names with escapes": page_with(
        b"/Contents 4 0 R/Resources<</Font<</F#31 5 0 R>>>>", make.stream(b"", WORDS.replace(b"F1", b"#46#31")), FONT
    ),
    "names that are not UTF-8": page_with(
        b"/Contents 4 0 R/Resources<</Font<</\x82l\x82r 5 0 R>>>>",
        make.stream(b"", WORDS.replace(b"F1", b"\x82l\x82r")),
        FONT,
    ),
    "content in several parts": page_with(
        b"/Contents[4 0 R 6 0 R]/Resources<</Font<</F1 5 0 R>>>>",
        make.stream(b"", b"q"),
        FONT,
        make.stream(b"", WORDS + b" Q"),
    ),
    "mask of a graphics state": page_with(
        b"/Contents 4 0 R/Resources<</ExtGState<</G 5 0 R>>/Font<</F1 6 0 R>>>>",
        make.stream(b"", b"/G gs 0 0 1 rg 0 0 300 300 re f"),
        b"<</SMask<</S/Luminosity/G 7 0 R>>>>",
        FONT,
        make.stream(FORM + b"/Group<</S/Transparency/CS/DeviceGray>>", b"1 g " + WORDS),
    ),
    "glyphs drawn by the page's forms": page_with(
        b"/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 8 0 R>>>>",
        make.stream(b"", b"BT /F1 20 Tf 50 50 Td (aa) Tj ET"),
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 97/LastChar 97/Widths[2]"
        b"/Encoding<</Differences[97/a]>>/CharProcs<</a 6 0 R>>>>",
        make.stream(b"", b"2 0 d0 /X Do"),
        b"null",
        make.stream(b"/Subtype/Form/BBox[0 0 1 1]", b"0 0 1 1 re f"),
    ),
    "transparency in the colours of a press": page_with(
        b"/Group<</S/Transparency/CS/DeviceCMYK/I true>>/Contents 4 0 R/Resources<</ExtGState<</G 5 0 R>>>>",
        make.stream(b"", b"/G gs 1 0 0 rg 0 0 200 200 re f 0 1 0 rg 100 100 200 200 re f"),
        b"<</BM/Difference/ca .5>>",
    ),
    "resources of the page tree": make.raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Kids[3 0 R]/Count 1/MediaBox[0 0 300 300]/Rotate 90/Resources<</Font<</F1 5 0 R>>>>>>",
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/UserUnit 2>>",
            make.stream(b"", WORDS),
            FONT,
        ]
    ),
    "annotation that shares its page's resources": page_with(
        b"/Annots[4 0 R]/Resources 6 0 R",
        b"<</Type/Annot/Subtype/Stamp/Rect[0 0 300 300]/F 4/AP<</N 5 0 R>>>>",
        make.stream(FORM + b"/Resources 6 0 R", WORDS),
        b"<</Font<</F1 7 0 R>>>>",
        FONT,
    ),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_cut_page_looks_and_reads_as_it_did(tmp_path: Path, kind: str) -> None:
    with pymupdf.open("pdf", DOCUMENTS[kind]) as document:
        count = len(document)
    pages, failed = split(tmp_path, DOCUMENTS[kind], count)
    assert (list(pages), failed) == (list(range(count)), [])
    assert_the_same(DOCUMENTS[kind], pages)


def test_the_documents_above_show_something() -> None:
    for kind, data in DOCUMENTS.items():
        with pymupdf.open("pdf", data) as document:
            assert len(set(document[0].get_pixmap(dpi=40).samples)) > 1, kind


@pytest.mark.parametrize("in_forms", [False, True])
def test_pages_that_share_one_dictionary_take_their_own_image_only(tmp_path: Path, in_forms: bool) -> None:
    data = make.shared_resources_pdf(40, side=32, in_forms=in_forms)
    pages, failed = split(tmp_path, data, 40)
    assert failed == []
    assert max(map(len, pages.values())) < 32 * 32 * 3 + 2000
    assert_the_same(data, {7: pages[7], 39: pages[39]})


@pytest.mark.parametrize("filler", [b" " * (CHUNK_BYTES - len(b"BT /F")), b"0 0 m 1 1 l S\n" * 200_000])
def test_a_name_is_found_anywhere_in_long_content(tmp_path: Path, filler: bytes) -> None:
    content = make.stream(b"/Filter/FlateDecode", zlib.compress(filler + WORDS, 1))
    data = page_with(b"/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>", content, FONT)
    pages, _ = split(tmp_path, data, 1)
    with pymupdf.open("pdf", pages[0]) as cut:
        assert len(cut[0].get_fonts()) == 1


def test_content_that_unpacks_beyond_measure_makes_a_page_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_resources, "MOST_CONTENT_BYTES", 4 * CHUNK_BYTES)
    bomb = make.stream(b"/Filter/FlateDecode", zlib.compress(bytes(5 * CHUNK_BYTES)))
    assert split(tmp_path, page_with(b"/Contents 4 0 R/Resources<<>>", bomb), 1) == ({}, [0])


def test_content_that_says_too_many_names_makes_a_page_unreadable(tmp_path: Path) -> None:
    names = make.stream(b"", b"".join(b"/%d" % number for number in range(pdf_resources.MOST_NAMES + 1)))
    assert split(tmp_path, page_with(b"/Contents 4 0 R/Resources<<>>", names), 1) == ({}, [0])


def test_an_appearance_that_shares_the_resources_of_all_pages_takes_its_own_only(tmp_path: Path) -> None:
    images = [make.stream(b"/Subtype/Image/Width 64/Height 64/BitsPerComponent 8/ColorSpace/DeviceRGB", bytes(12288))]
    data = page_with(
        b"/Annots[4 0 R]",
        b"<</Type/Annot/Subtype/Stamp/Rect[0 0 300 300]/F 4/AP<</N<</On 5 0 R>>>>/AS/On>>",
        make.stream(FORM + b"/Resources<</XObject<<%s>>>>" % b"".join(b"/I%d %d 0 R" % (i, 6 + i) for i in range(9)),
                    b"/I3 Do"),
        *images * 9,
    )  # fmt: skip
    pages, _ = split(tmp_path, data, 1)
    assert 12288 < len(pages[0]) < 2 * 12288
    assert_the_same(data, pages)


def test_an_annotation_does_not_bring_its_document_along(tmp_path: Path) -> None:
    data = make.form_pdf(30)
    pages, _ = split(tmp_path, data, 30)
    assert max(map(len, pages.values())) < len(data) / 8


def test_of_annotations_without_end_the_first_are_kept(tmp_path: Path) -> None:
    pages, _ = split(tmp_path, pdfs.tiny_annotations(MOST_ANNOTATIONS + 1), 1)
    with pymupdf.open("pdf", pages[0]) as document:
        assert document.xref_get_key(document[0].xref, "Annots")[1].count(" R") == MOST_ANNOTATIONS


def test_scripts_attachments_and_outlines_stay_behind(tmp_path: Path) -> None:
    with pymupdf.open("pdf", make.digital_pdf(2)) as document:
        document.embfile_add("attached.txt", b"attached")
        document.set_toc([[1, "A chapter", 1]])
        document.xref_set_key(document.pdf_catalog(), "OpenAction", "<</S/JavaScript/JS(app.alert(1))>>")
        data = make.saved(document)
    pages, _ = split(tmp_path, data, 2)
    for word in (b"attached", b"JavaScript", b"chapter"):
        assert word not in pages[0]


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    for data, page_format in TWO_PAGES:
        assert split(tmp_path, data, 2, page_format) == split(tmp_path, data, 2, page_format)


def test_pages_come_in_order_across_reopenings(tmp_path: Path) -> None:
    count = PAGES_PER_OPENING + 3
    pages, failed = split(tmp_path, make.digital_pdf(count), count)
    assert (list(pages), failed) == (list(range(count)), [])
    with pymupdf.open("pdf", pages[count - 1]) as cut:
        assert cut[0].get_text().startswith(f"Page number {count} ")


@pytest.mark.parametrize(("data", "page_format"), TWO_PAGES, ids=["pdf", "tiff"])
def test_only_the_pages_asked_for_are_cut(tmp_path: Path, data: bytes, page_format: PageFormat) -> None:
    path = tmp_path / "original"
    path.write_bytes(data)
    pages: list[int] = []
    split_file(path, page_format, range(1, 2), lambda index, _: pages.append(index))
    assert pages == [1]


def test_a_page_that_is_missing_does_not_stop_the_others(tmp_path: Path) -> None:
    tree = b"<</Type/Pages/Kids[3 0 R 9 0 R 3 0 R]/Count 3/MediaBox[0 0 9 9]>>"
    data = make.raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, b"<</Type/Page/Parent 2 0 R>>"])
    pages, failed = split(tmp_path, data, 3)
    assert (list(pages), failed) == ([0, 2], [1])


def test_forms_nested_without_end_make_a_page_unreadable(tmp_path: Path) -> None:
    nested = [make.stream(FORM + b"/Resources<</XObject<</X %d 0 R>>>>" % (6 + i), b"/X Do") for i in range(100)]
    data = page_with(b"/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>", make.stream(b"", b"/X Do"), *nested, b"null")
    assert split(tmp_path, data, 1) == ({}, [0])


def test_a_file_that_multiplies_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitter, "MOST_BYTES", 3000)
    with pytest.raises(FileTooLarge):
        split(tmp_path, make.digital_pdf(20), 20)


def test_an_encrypted_file_that_comes_this_far_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileEncrypted):
        split(tmp_path, make.encrypted_pdf(user="secret"), 1)


@pytest.mark.parametrize(
    ("data", "mode"),
    [
        (make.tiff(2, mode="1", compression="group4"), "1"),
        (make.tiff(2, mode="L"), "L"),
        (make.tiff(2, mode="P"), "P"),
        (make.tiff(2, mode="RGB"), "RGB"),
        (make.tiff(2, mode="RGBA"), "RGBA"),
        (make.tiff_16_bit(2), "I;16"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_frame_of_a_tiff_becomes_a_png_without_loss(tmp_path: Path, data: bytes, mode: str) -> None:
    pages, failed = split(tmp_path, data, 2, "png")
    assert failed == []
    with Image.open(BytesIO(data)) as tiff:
        for index in range(2):
            tiff.seek(index)
            with Image.open(BytesIO(pages[index])) as page:
                assert (page.format, page.mode, page.size) == ("PNG", mode, tiff.size)
                assert page.convert("RGBA").tobytes() == tiff.convert("RGBA").tobytes()


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "LAB"])
def test_colours_that_png_has_not_become_rgb(tmp_path: Path, mode: str) -> None:
    first = make.picture()
    if mode == "LAB":
        first = Image.merge("LAB", first.split())
    data = make.encoded(first.convert(mode), "TIFF", save_all=True, append_images=[first.convert(mode)])
    pages, failed = split(tmp_path, data, 2, "png")
    assert failed == []
    with Image.open(BytesIO(pages[1])) as page:
        assert page.mode == "RGB"


def test_large_numbers_are_stretched_to_grey(tmp_path: Path) -> None:
    frame = Image.new("F", (2, 1))
    frame.putpixel((0, 0), -1000.0)
    frame.putpixel((1, 0), 1e6)
    pages, _ = split(tmp_path, make.encoded(frame, "TIFF", save_all=True, append_images=[frame]), 2, "png")
    with Image.open(BytesIO(pages[0])) as page:
        assert (page.mode, list(page.tobytes())) == ("L", [0, 255])


def test_a_frame_keeps_its_resolution(tmp_path: Path) -> None:
    pages, _ = split(tmp_path, make.tiff(2, mode="1", compression="group4", dpi=100), 2, "png")
    with Image.open(BytesIO(pages[1])) as page:
        assert page.info["dpi"] == pytest.approx((100, 100), abs=0.1)


def test_a_damaged_frame_does_not_stop_the_others(tmp_path: Path) -> None:
    pages, failed = split(tmp_path, make.tiff_with_a_damaged_frame(3, 1), 3, "png")
    assert (list(pages), failed) == ([0, 2], [1])


@pytest.mark.parametrize(("data", "page_format"), TWO_PAGES, ids=["pdf", "tiff"])
def test_an_error_of_the_writer_comes_out(tmp_path: Path, data: bytes, page_format: PageFormat) -> None:
    def full(index: int, page: bytes) -> None:
        raise OSError("no space left")

    path = tmp_path / "original"
    path.write_bytes(data)
    with pytest.raises(OSError, match="no space left"):
        split_file(path, page_format, range(2), full)

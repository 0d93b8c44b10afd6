"""PDFs of pictures: what is seen on a page is the picture that was sent, upright, and its data as they came."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageOps

from export.renderers import pdf
from export.renderers.pdf import image_streams
from export.source import Source
from ocr_page import images
from ocrchat.errors import FileCorrupt, OriginalDeleted, PageUnreadable
from ocrchat.orientation import CLOCKWISE
from ocrchat.pages import PageFormat, PageResult
from tests.unit.export.pdf_made import job, opened, page, rendered, words

SIZE = (160, 120)
SUFFIX: dict[str, PageFormat] = {"JPEG": "jpg", "PNG": "png", "TIFF": "tif", "WEBP": "webp", "GIF": "gif", "BMP": "bmp"}


def drawn(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture whose corners all differ, in areas that JPEG keeps."""
    width, height = size
    image = Image.new("RGB", size, "white")
    for box, colour in (
        ((0, 0, 0.4, 0.3), "black"),
        ((0.6, 0, 1, 0.5), (200, 30, 30)),
        ((0, 0.6, 0.3, 1), (30, 160, 60)),
        ((0.7, 0.8, 1, 1), (40, 60, 200)),
    ):
        x0, y0, x1, y1 = box
        image.paste(colour, (round(x0 * width), round(y0 * height), round(x1 * width), round(y1 * height)))
    if mode == "1":
        return image.convert("L").point(lambda value: 255 * (value > 128)).convert("1", dither=Image.Dither.NONE)
    return image.convert(mode)


def saved(path: Path, image: Image.Image, form: str, **options: Any) -> Path:
    image.save(path, form, **options)
    return path


def result(size: tuple[int, int], rotation: int = 0) -> PageResult:
    return page([words("text", (10, 10, 60, 30))], *size, unit="px", rotation=rotation)


def seen(data: bytes, size: tuple[int, int], index: int = 0) -> Image.Image:
    """The page as MuPDF draws it, in the picture's own pixels."""
    sheet = opened(data)[index]
    zoom = (size[0] / sheet.rect.width, size[1] / sheet.rect.height)
    pixels = sheet.get_pixmap(matrix=type(sheet.rotation_matrix)(*zoom), alpha=False)
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


def assert_alike(one: Image.Image, other: Image.Image, most: int = 20) -> None:
    """Away from edges, which scaling may smear."""
    assert one.size == other.size
    width, height = one.size
    other = other.convert("RGB")
    for x in (0.05, 0.2, 0.5, 0.8, 0.95):
        for y in (0.05, 0.2, 0.4, 0.55, 0.75, 0.95):
            place = (round(x * (width - 1)), round(y * (height - 1)))
            pair = zip(one.getpixel(place), other.getpixel(place), strict=True)  # type: ignore[arg-type]
            assert all(abs(a - b) <= most for a, b in pair), (place, one.getpixel(place), other.getpixel(place))


def picture_of(data: bytes, index: int = 0) -> tuple[str, bytes]:
    """The dictionary and the stream, as it is stored, of a page's picture."""
    document = opened(data)
    (found, *_rest) = document.get_page_images(index)
    return document.xref_object(found[0], compressed=True), document.xref_stream_raw(found[0])


def low_bit_first(path: Path) -> Path:
    """Of a TIFF of group 4 with one strip: the same with the bits of each byte the other way round."""
    data = bytearray(path.read_bytes())
    with Image.open(path) as image:
        tags = image.tag_v2  # type: ignore[attr-defined]
        (start,), (count,) = tags[273], tags[279]
    (directory,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, directory)
    for number in range(entries):
        at = directory + 2 + 12 * number
        tag = struct.unpack_from("<H", data, at)[0]
        if tag == 266:
            struct.pack_into("<H", data, at + 8, 2)
            break
    else:  # the entry of the compression stays in order before a new one
        raise AssertionError("no tag of the order of bits")
    for index in range(start, start + count):
        data[index] = int(f"{data[index]:08b}"[::-1], 2)
    path.write_bytes(data)
    return path


def test_a_jpeg_goes_in_byte_for_byte(tmp_path: Path) -> None:
    for mode, options in (("RGB", {}), ("RGB", {"progressive": True}), ("L", {})):
        path = saved(tmp_path / "a.jpg", drawn(mode), "JPEG", quality=90, **options)
        data = rendered(path, "jpg", [result(SIZE)])
        dictionary, stream = picture_of(data)
        assert "DCTDecode" in dictionary
        assert stream == path.read_bytes()
        with Image.open(path) as image:
            assert_alike(seen(data, SIZE), image)


def test_the_ink_of_a_jpeg_by_adobe_is_not_turned_round(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", drawn("CMYK"), "JPEG", quality=95)
    data = rendered(path, "jpg", [result(SIZE)])
    assert picture_of(data)[1] == path.read_bytes()
    assert_alike(seen(data, SIZE), drawn(), most=90)  # white paper is white; ink has colours of its own


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1", "I;16"])
def test_a_plain_png_goes_in_as_it_is_compressed(mode: str, tmp_path: Path) -> None:
    if mode == "I;16":
        image = Image.frombytes("I;16", SIZE, b"".join(struct.pack("<H", v * 257) for v in drawn("L").tobytes()))
    else:
        image = drawn(mode)
    path = saved(tmp_path / "a.png", image, "PNG")
    data = rendered(path, "png", [result(SIZE)])
    with path.open("rb") as file:
        parts = [body for kind, body in image_streams._chunks(file.read()) if kind == b"IDAT"]
    assert picture_of(data)[1] == b"".join(parts)
    assert_alike(seen(data, SIZE), drawn("L") if mode == "I;16" else image)


def read_by(path: Path, form: PageFormat) -> Image.Image:
    """The picture as the reader sees it: upright, on white."""
    raster = images.decode(path.read_bytes(), form)
    return Image.fromarray(raster.pixels)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_a_transparent_colour_is_white_on_paper(mode: str, tmp_path: Path) -> None:
    image = drawn(mode)
    corner = image.getpixel((0, 0))
    path = saved(tmp_path / "a.png", image, "PNG", transparency=corner)
    data = rendered(path, "png", [result(SIZE)])
    assert "Mask" in picture_of(data)[0]
    assert seen(data, SIZE).getpixel((3, 3)) == (255, 255, 255)
    assert_alike(seen(data, SIZE), read_by(path, "png"))


def test_colours_of_a_palette_are_transparent_each_in_its_degree(tmp_path: Path) -> None:
    image = Image.new("P", SIZE, 0)
    image.putpalette([0, 0, 0, 200, 0, 0, 0, 0, 200])
    image.paste(1, (0, 0, 80, 120))
    image.paste(2, (80, 60, 160, 120))
    path = saved(tmp_path / "a.png", image, "PNG", transparency=b"\x00\x80\xff")
    data = rendered(path, "png", [result(SIZE)])
    assert "SMask" in picture_of(data)[0]
    assert_alike(seen(data, SIZE), read_by(path, "png"))


def test_a_transparent_gif_is_white_on_paper(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.gif", drawn("P"), "GIF", transparency=drawn("P").getpixel((0, 0)))
    assert_alike(seen(rendered(path, "gif", [result(SIZE)]), SIZE), read_by(path, "gif"))


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_is_transparent_stays_so_and_is_white_on_paper(form: str, tmp_path: Path) -> None:
    image = drawn("RGBA")
    alpha = Image.new("L", SIZE, 255)
    alpha.paste(0, (0, 0, SIZE[0], SIZE[1] // 4))
    image.putalpha(alpha)
    path = saved(tmp_path / "a", image, form, **({"lossless": True} if form == "WEBP" else {}))
    data = rendered(path, SUFFIX[form], [result(SIZE)])
    assert "SMask" in picture_of(data)[0]
    shown = Image.new("RGB", SIZE, "white")
    shown.paste(image, mask=alpha)
    assert_alike(seen(data, SIZE), shown)


def test_an_opaque_alpha_channel_is_left_out(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", drawn("RGBA"), "PNG")
    assert "SMask" not in picture_of(rendered(path, "png", [result(SIZE)]))[0]


@pytest.mark.parametrize(
    ("form", "mode", "options"),
    [
        ("WEBP", "RGB", {"lossless": True}),
        ("GIF", "P", {}),
        ("BMP", "RGB", {}),
        ("BMP", "1", {}),
        ("TIFF", "RGB", {"compression": "tiff_lzw"}),
        ("TIFF", "L", {}),
        ("TIFF", "1", {"compression": "group3"}),
        ("TIFF", "1", {"compression": "group4"}),
        ("TIFF", "1", {}),
    ],
)
def test_other_kinds_go_in_without_loss(form: str, mode: str, options: dict[str, Any], tmp_path: Path) -> None:
    image = drawn(mode)
    path = saved(tmp_path / "a", image, form, **options)
    data = rendered(path, SUFFIX[form], [result(SIZE)])
    assert ("CCITTFaxDecode" in picture_of(data)[0]) is (mode == "1")
    assert seen(data, SIZE).tobytes() == image.convert("RGB").tobytes()


def test_a_tiff_in_ink_keeps_its_colours(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.tif", drawn("CMYK"), "TIFF")
    data = rendered(path, "tif", [result(SIZE)])
    document = opened(data)
    (found, *_rest) = document.get_page_images(0)
    assert document.xref_stream(found[0]) == drawn("CMYK").tobytes()


@pytest.mark.parametrize("change", [None, low_bit_first])
@pytest.mark.parametrize("photometric", [0, 1])
def test_a_strip_of_group_4_goes_in_as_it_is(
    photometric: int, change: Callable[[Path], Path] | None, tmp_path: Path
) -> None:
    image = drawn("1")
    path = saved(
        tmp_path / "a.tif", image, "TIFF", compression="group4", strip_size=1 << 20,
        tiffinfo={262: photometric, 266: 1},
    )  # fmt: skip
    if change:
        change(path)
    with Image.open(path) as again:
        expected = again.convert("RGB")
        tags = again.tag_v2  # type: ignore[attr-defined]
        (start,), (count,) = tags[273], tags[279]
    data = rendered(path, "tif", [result(SIZE)])
    dictionary, stream = picture_of(data)
    assert "CCITTFaxDecode" in dictionary
    raw = path.read_bytes()[start : start + count]
    assert stream == (raw if change is None else bytes(int(f"{byte:08b}"[::-1], 2) for byte in raw))
    assert seen(data, SIZE).tobytes() == expected.tobytes()


def test_every_frame_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    frames = [drawn("1"), drawn("RGB", (200, 100)), drawn("L", (80, 90))]
    path = tmp_path / "a.tif"
    frames[0].save(path, "TIFF", save_all=True, append_images=frames[1:], dpi=(100, 100))
    data = rendered(path, "png", [page([], *frame.size, index=n, unit="px") for n, frame in enumerate(frames)])
    assert opened(data).page_count == 3
    for index, frame in enumerate(frames):
        assert_alike(seen(data, frame.size, index), frame)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_photo_is_upright_however_the_camera_was_held(orientation: int, turned: int, tmp_path: Path) -> None:
    """`turned`: by how much more, clockwise, the reader turned it to read it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / "a.jpg", drawn(), "JPEG", quality=95, exif=exif)
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).rotate(-turned, expand=True)
    by_exif = {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}.get(orientation, 0)
    made = result(upright.size, (by_exif + turned) % 360)
    data = rendered(path, "jpg", [made])
    assert_alike(seen(data, upright.size), upright)
    (word,) = opened(data)[0].get_text("words")
    unit = opened(data)[0].rect.width / upright.width
    assert word[:4] == pytest.approx([value * unit for value in made.blocks[0].bbox], abs=0.6)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGB", {"compression": "tiff_lzw"}),
        ("L", {}),
        ("1", {"compression": "group3"}),
        ("1", {"compression": "group4", "strip_size": 200}),
        ("1", {"compression": "group4", "strip_size": 1 << 20}),
    ],
    ids=["lzw", "raw", "group 3", "strips of group 4", "group 4"],
)
def test_a_scan_is_upright_whatever_its_tag_says(
    mode: str, options: dict[str, Any], orientation: int, tmp_path: Path
) -> None:
    """Of one frame, as the reader saw it; and of several, which were upright when they were read."""
    path = saved(tmp_path / "a.tif", drawn(mode), "TIFF", tiffinfo={0x0112: orientation}, dpi=(100, 50), **options)
    with Image.open(io.BytesIO(path.read_bytes())) as image:  # by its path, Pillow takes some for another size
        image.load()
        upright = image.convert("RGB")
    by_exif = CLOCKWISE.get(orientation, 0)
    data = rendered(path, "tif", [result(upright.size, by_exif)])
    assert_alike(seen(data, upright.size), upright)
    rect = opened(data)[0].rect
    inches = (
        (upright.width / 100, upright.height / 50) if orientation < 5 else (upright.width / 50, upright.height / 100)
    )
    assert (rect.width / 72, rect.height / 72) == pytest.approx(inches, abs=0.01)
    frames = tmp_path / "b.tif"
    drawn(mode).save(
        frames, "TIFF", save_all=True, append_images=[drawn(mode)], tiffinfo={0x0112: orientation}, **options
    )
    data = rendered(frames, "png", [page([], *upright.size, index=index, unit="px") for index in range(2)])
    for index in range(2):
        assert_alike(seen(data, upright.size, index), upright)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [3, 6, 7])
def test_pictures_of_other_kinds_are_upright_too(form: str, orientation: int, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / "a", drawn(), form, exif=exif, **({"lossless": True} if form == "WEBP" else {}))
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
    data = rendered(path, SUFFIX[form], [result(upright.size, CLOCKWISE[orientation])])
    assert_alike(seen(data, upright.size), upright)


def test_a_frame_that_could_not_be_read_is_an_empty_page(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    drawn().save(path, "TIFF", save_all=True, append_images=[drawn()], compression="tiff_lzw")
    with Image.open(path) as image:
        image.seek(1)
        start = image.tag_v2[273][0]  # type: ignore[attr-defined]
    whole = bytearray(path.read_bytes())
    whole[start : start + 200] = b"\xff" * 200
    path.write_bytes(whole)
    pages = [result(SIZE), PageResult.unread(1, PageUnreadable())]
    document = opened(rendered(path, "png", pages))
    assert document.page_count == 2
    assert document.get_page_images(1) == []
    with pytest.raises(FileCorrupt):
        rendered(path, "png", [result(SIZE), page([], *SIZE, index=1, unit="px")])


def test_the_ink_of_another_program_is_taken_as_it_is(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", drawn("CMYK"), "JPEG", quality=95)
    data = path.read_bytes()
    at = data.index(b"\xff\xee")
    path.write_bytes(data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :])
    assert "Decode[" not in picture_of(rendered(path, "jpg", [result(SIZE)]))[0].replace(" ", "")


def test_a_jpeg_of_a_kind_that_pdf_does_not_know_is_decoded(tmp_path: Path) -> None:
    """Its frame says that it has 12 bits, or arithmetic codes: nothing else of it is looked at."""
    data = saved(tmp_path / "a.jpg", drawn(), "JPEG").read_bytes()
    at = data.index(b"\xff\xc0")
    assert image_streams._is_plain_jpeg(data)
    assert not image_streams._is_plain_jpeg(data[:at] + b"\xff\xc9" + data[at + 2 :])
    assert not image_streams._is_plain_jpeg(data[: at + 4] + b"\x0c" + data[at + 5 :])


def test_an_interlaced_png_is_decoded(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 1)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x10\x20\x30")) + chunk(b"IEND", b"")
    assert image_streams._png(b"\x89PNG\r\n\x1a\n" + parts) is None
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + parts)
    data = rendered(tmp_path / "a.png", "png", [page([], 1, 1, unit="px")])
    assert seen(data, (1, 1)).getpixel((0, 0)) == (0x10, 0x20, 0x30)


def test_numbers_of_32_bits_are_stretched_to_the_greys(tmp_path: Path) -> None:
    image = Image.new("I", SIZE, 1000)
    image.paste(3000, (80, 0, 160, 120))
    path = saved(tmp_path / "a.tif", image, "TIFF")
    shown = seen(rendered(path, "tif", [result(SIZE)]), SIZE)
    assert (shown.getpixel((10, 10)), shown.getpixel((150, 10))) == ((0, 0, 0), (255, 255, 255))


def test_no_page_is_larger_than_pdf_allows(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.tif", Image.new("1", (30_000, 10), 1), "TIFF", dpi=(650, 650))
    path = saved(tmp_path / "b.tif", Image.new("1", (30_000, 10), 1), "TIFF", dpi=(50, 50))
    assert max(opened(rendered(path, "tif", [result((30_000, 10))]))[0].rect.br) <= 14_400


@pytest.mark.parametrize(
    ("size", "dpi", "inches"),
    [
        ((1654, 2339), (200, 200), (8.27, 11.695)),
        ((1728, 1078), (204, 98), (8.47, 11.0)),  # a fax
        ((960, 480), None, (10, 5)),
        ((4000, 3000), (72, 72), (11.69, 8.7675)),  # a camera, which does not know
        ((960, 480), (1, 1), (10, 5)),
        ((2000, 1000), None, (11.69, 5.845)),
    ],
)
def test_a_page_is_as_large_as_what_was_scanned(
    size: tuple[int, int], dpi: tuple[int, int] | None, inches: tuple[float, float], tmp_path: Path
) -> None:
    path = saved(tmp_path / "a.tif", Image.new("1", size, 1), "TIFF", **({"dpi": dpi} if dpi else {}))
    sheet = opened(rendered(path, "tif", [result(size)]))[0]
    assert (sheet.rect.width / 72, sheet.rect.height / 72) == pytest.approx(inches, abs=0.01)


def test_a_colour_profile_goes_along_if_it_is_small(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for form in ("JPEG", "PNG"):
        path = saved(tmp_path / "a", drawn(), form, icc_profile=profile)
        assert "ICCBased" in picture_of(rendered(path, SUFFIX[form], [result(SIZE)]))[0]
        saved(path, drawn(), form, icc_profile=profile + bytes(20_000))
        assert "ICCBased" not in picture_of(rendered(path, SUFFIX[form], [result(SIZE)]))[0]
    for form, mode in (("JPEG", "L"), ("PNG", "L"), ("PNG", "1"), ("PNG", "P")):
        path = saved(tmp_path / "other", drawn(mode), form, icc_profile=profile)
        assert "ICCBased" not in picture_of(rendered(path, SUFFIX[form], [result(SIZE)]))[0], (form, mode)


def test_a_picture_with_a_page_that_was_not_read_is_there_without_text(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", drawn(), "PNG")
    data = rendered(path, "png", [PageResult(0, 0, 0, "px", "cpu")])
    assert_alike(seen(data, SIZE), drawn())
    assert opened(data)[0].get_text() == ""


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    path = saved(tmp_path / "rechnung ünal.png", drawn(), "PNG")
    document = opened(rendered(path, "png", [result(SIZE)]))
    assert document.metadata["title"] == "rechnung ünal"
    assert document.metadata["creationDate"] == "D:20260102030506Z"
    assert document.xref_get_key(document.pdf_catalog(), "Lang") == ("string", "en")


def test_the_same_job_gives_the_same_file(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", drawn(), "PNG")
    assert rendered(path, "png", [result(SIZE)]) == rendered(path, "png", [result(SIZE)])


def test_what_is_no_picture_any_more_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"damaged")
    with pytest.raises(FileCorrupt, match="take another format"):
        rendered(path, "png", [result(SIZE)])


def test_without_the_file_that_was_sent_there_is_no_pdf() -> None:
    with pytest.raises(OriginalDeleted):
        pdf.render(Source(job("a.png", "png"), iter([]), None), io.BytesIO())

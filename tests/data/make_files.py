"""Files of every kind that a user may send, good and bad, made in code: the same call gives the same bytes.

Each function returns the bytes of one file; `page_text(index)` is the text that stands on a page of those that have
text. Nothing is read from disk.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any, Literal, cast

import pymupdf
from PIL import Image, ImageDraw, ImageFont, TiffImagePlugin

A4 = (595, 842)
"""Width and height of a page in pt."""

WORDS = (
    "invoice total amount paid before the end of month river mountain letter window garden quiet morning station "
    "report table figure between under against paper winter summer bridge captain doctor engine village market"
)


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same bytes each time is what is wanted


def page_text(index: int, lines: int = 12) -> str:
    """The text of page `index` (0-based): a line that names the page, then `lines` lines of English words."""
    chance = _chance(index)
    words = WORDS.split()
    body = (" ".join(chance.choice(words) for _ in range(8)).capitalize() + "." for _ in range(lines))
    return "\n".join((f"Page number {index + 1} of the test document", *body))


# --- pictures ---------------------------------------------------------------------------------------------------------


def text_image(text: str, *, dpi: int = 150, mode: str = "RGB") -> Image.Image:
    """An A4 page with `text` in black 12 pt on white, as a Pillow image."""
    width, height = (round(side * dpi / 72) for side in A4)
    image = Image.new("L", (width, height), 255)
    font = ImageFont.load_default(size=12 * dpi / 72)
    ImageDraw.Draw(image).multiline_text((dpi, dpi), text, fill=0, font=font, spacing=dpi / 15)
    return image.convert(mode)


def picture(width: int = 64, height: int = 48, mode: str = "RGB", seed: int = 0) -> Image.Image:
    """Noise of the given size and mode, so that nothing compresses away."""
    noise = _chance(seed).randbytes(width * height * 3)
    return Image.frombytes("RGB", (width, height), noise).convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """`image` as a file of Pillow's format `kind`."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png(text: str | None = None, *, dpi: int = 150, mode: str = "RGB") -> bytes:
    """A page with `text` (that of page 0 unless given) as PNG."""
    return encoded(text_image(page_text(0) if text is None else text, dpi=dpi, mode=mode), "PNG", dpi=(dpi, dpi))


def jpeg(text: str | None = None, *, dpi: int = 150, mode: str = "RGB", progressive: bool = False) -> bytes:
    """A page with `text` (that of page 0 unless given) as JPEG; `mode` may be L, RGB or CMYK."""
    image = text_image(page_text(0) if text is None else text, dpi=dpi, mode=mode)
    return encoded(image, "JPEG", quality=85, dpi=(dpi, dpi), progressive=progressive)


EXIF_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera held otherwise stores an upright scene, by the EXIF orientation that it notes; 1 is upright."""


def rotated_jpeg(orientation: int = 6, *, dpi: int = 150) -> bytes:
    """Page 0 as a camera stores it: turned, with the EXIF orientation (1..8) that says how to turn it back."""
    image = text_image(page_text(0), dpi=dpi)
    if orientation in EXIF_TURNS:
        image = image.transpose(EXIF_TURNS[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(image, "JPEG", quality=85, exif=exif)


def webp(*, frames: int = 1) -> bytes:
    """A lossless WebP; with more than one frame an animation."""
    return _animation("WEBP", frames, lossless=True)


def gif(*, frames: int = 1) -> bytes:
    """A GIF; with more than one frame an animation."""
    return _animation("GIF", frames)


def _animation(kind: str, frames: int, **options: Any) -> bytes:
    first, *rest = (text_image(page_text(index, 3), dpi=36) for index in range(frames))
    if rest:
        options |= {"save_all": True, "append_images": rest, "duration": 100}
    return encoded(first, kind, **options)


def bmp() -> bytes:
    return encoded(text_image(page_text(0, 3), dpi=36), "BMP")


Compression = Literal["raw", "group3", "group4", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"]


def tiff(
    pages: int = 1, *, mode: str = "RGB", compression: Compression = "tiff_lzw", dpi: int = 72, big: bool = False
) -> bytes:
    """A TIFF of `pages` frames with their texts. G3 and G4 need mode `1`; `big` makes a BigTIFF."""
    first, *rest = (text_image(page_text(index), dpi=dpi, mode=mode) for index in range(pages))
    return encoded(
        first, "TIFF", save_all=True, append_images=rest, compression=compression, dpi=(dpi, dpi), big_tiff=big
    )


def tiff_with_a_damaged_frame(pages: int, damaged: int) -> bytes:
    """A TIFF whose frame `damaged` (0-based) has a header in order, and data that cannot be unpacked."""
    data = bytearray(tiff(pages, compression="tiff_adobe_deflate"))
    with Image.open(io.BytesIO(data)) as image:
        image.seek(damaged)
        start = cast("TiffImagePlugin.TiffImageFile", image).tag_v2[273][0]
    data[start : start + 40] = bytes(40)
    return bytes(data)


def tiff_16_bit(pages: int = 1) -> bytes:
    """Grey frames of 16 bits, a ramp of all 256 x 256 values."""
    ramp = struct.pack("<65536H", *range(65536))
    frames = [Image.frombytes("I;16", (256, 256), ramp) for _ in range(pages)]
    return encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])


def tiled_tiff() -> bytes:
    """A grey image of 32 x 32 pixels in four uncompressed tiles of 16 x 16."""
    tiles = [bytes([40 * (number + 1)]) * 256 for number in range(4)]
    data_at = 8
    arrays_at = data_at + 4 * 256
    arrays = struct.pack("<4I", *(data_at + 256 * number for number in range(4))) + struct.pack("<4I", *[256] * 4)
    entries = [
        *((256, 4, 1, 32), (257, 4, 1, 32), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (277, 3, 1, 1)),
        *((322, 4, 1, 16), (323, 4, 1, 16), (324, 4, 4, arrays_at), (325, 4, 4, arrays_at + 16)),
    ]
    directory = _directory(entries, 0)
    return struct.pack("<2sHI", b"II", 42, arrays_at + 32) + b"".join(tiles) + arrays + directory


def chained_tiff(frames: int, *, cyclic: bool = False) -> bytes:
    """`frames` directories that all show the same pixel: few bytes, many pages. `cyclic` leads the last one back to
    the first."""
    entries = [
        *((256, 4, 1, 1), (257, 4, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)),
        *((273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, 1, 1)),
    ]
    size = 2 + 12 * len(entries) + 4
    first = 10
    parts = [struct.pack("<2sHI2s", b"II", 42, first, b"\x80\0")]
    for number in range(frames):
        last = number == frames - 1
        following = (first if cyclic else 0) if last else first + size * (number + 1)
        parts.append(_directory(entries, following))
    return b"".join(parts)


def _directory(entries: Sequence[tuple[int, int, int, int]], following: int) -> bytes:
    """A TIFF directory, little-endian, of (tag, type, count, value or offset)."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + packed + struct.pack("<I", following)


def png_header_only(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG that says that it is huge, with a few bytes of data: a decompression bomb's beginning."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# --- PDFs -------------------------------------------------------------------------------------------------------------


def digital_pdf(pages: int = 1) -> bytes:
    """A born-digital PDF, A4, with the text of each page as text."""
    with pymupdf.open() as pdf:
        for index in range(pages):
            _add_text_page(pdf, index)
        return saved(pdf)


def heavy_pdf(pages: int, *, side: int = 178) -> bytes:
    """Pages with a line of text, and each with a square of noise of its own, `side` pixels wide, too small on the page
    to be read: some `3 * side * side` bytes a page that do not compress."""
    chance = _chance(0)
    with pymupdf.open() as pdf:
        for index in range(pages):
            page = pdf.new_page(width=A4[0], height=A4[1])
            page.insert_text((72, 72), page_text(index, lines=0))
            noise = pymupdf.Pixmap(pymupdf.csRGB, side, side, chance.randbytes(side * side * 3), False)
            page.insert_image(pymupdf.Rect(72, 700, 172, 800), pixmap=noise)
        data: bytes = pdf.tobytes()
    return data


def scanned_pdf(pages: int = 1, *, dpi: int = 150) -> bytes:
    """A PDF whose pages are JPEG images of their texts, as a scanner makes it: no text layer."""
    with pymupdf.open() as pdf:
        for index in range(pages):
            _add_scanned_page(pdf, index, dpi)
        return saved(pdf)


def mixed_pdf(pages: int = 4, *, dpi: int = 150) -> bytes:
    """Pages with text (0, 2, ...) and scanned pages (1, 3, ...) in turn."""
    with pymupdf.open() as pdf:
        for index in range(pages):
            if index % 2:
                _add_scanned_page(pdf, index, dpi)
            else:
                _add_text_page(pdf, index)
        return saved(pdf)


def rotated_pdf(rotation: int = 90, *, crop: tuple[float, float, float, float] | None = None) -> bytes:
    """Page 0 with /Rotate and, if given, a CropBox (x0, y0, x1, y1 in pt from the top left)."""
    with pymupdf.open() as pdf:
        page = _add_text_page(pdf, 0)
        if crop:
            page.set_cropbox(pymupdf.Rect(crop))
        page.set_rotation(rotation)
        return saved(pdf)


def form_pdf(pages: int = 2) -> bytes:
    """Pages with a filled text field, a ticked box, a highlight and a note; all text fields are one field."""
    with pymupdf.open() as pdf:
        for index in range(pages):
            page = _add_text_page(pdf, index)
            _add_field(page, pymupdf.PDF_WIDGET_TYPE_TEXT, (72, 600, 300, 630), f"Filled in {index + 1}")
            _add_field(page, pymupdf.PDF_WIDGET_TYPE_CHECKBOX, (72, 650, 92, 670), "Yes")
            page.add_highlight_annot(page.search_for("test document")[0])
            page.add_freetext_annot((300, 650, 500, 700), f"A note on page {index + 1}")
        return saved(pdf)


def encrypted_pdf(*, user: str = "", owner: str = "owner", pages: int = 1) -> bytes:
    """A PDF under AES-256. Without a `user` password anyone can open it; `owner` only restricts what may be done.
    The one file here whose bytes differ between calls: its keys are random."""
    with pymupdf.open() as pdf:
        for index in range(pages):
            _add_text_page(pdf, index)
        return saved(pdf, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=user, owner_pw=owner)


def sized_pdf(width: float, height: float) -> bytes:
    """A PDF of one empty page of the given size in pt."""
    return raw_pdf(_single_page(f"/MediaBox[0 0 {width} {height}]".encode()))


def pdf_without_pages() -> bytes:
    return raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"])


def pdf_that_lies_about_its_pages(count: int = 10) -> bytes:
    """A PDF with one page whose page tree says that there are `count`."""
    objects = _single_page(b"/MediaBox[0 0 200 200]")
    objects[1] = b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % count
    return raw_pdf(objects)


def shared_resources_pdf(pages: int = 200, *, side: int = 64, in_forms: bool = False) -> bytes:
    """Each page draws an image of its own, `side` x `side` pixels of noise, but all pages share one dictionary of
    resources with all images. `in_forms`: the pages draw forms, and the forms share the dictionary."""
    pool = 3 + 2 * pages  # the number of the shared dictionary; before it stand the pages and their contents
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", _page_tree(range(3, 3 + pages), b"/Resources %d 0 R" % pool)]
    objects += [b"<</Type/Page/Parent 2 0 R/Contents %d 0 R>>" % (3 + pages + index) for index in range(pages)]
    first_image = pool + 1
    first_form = first_image + pages
    name = b"Fm" if in_forms else b"Im"
    for index in range(pages):
        objects.append(stream(b"", b"q 200 0 0 200 50 50 cm /%s%d Do Q" % (name, index)))
    forms = b" ".join(b"/Fm%d %d 0 R" % (index, first_form + index) for index in range(pages if in_forms else 0))
    images = b" ".join(b"/Im%d %d 0 R" % (index, first_image + index) for index in range(pages))
    objects.append(b"<</XObject<<%s %s>>>>" % (images, forms))
    picture_keys = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB"
    for index in range(pages):
        objects.append(stream(picture_keys % (side, side), _chance(index).randbytes(side * side * 3)))
    if in_forms:
        form_keys = b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources %d 0 R" % pool
        objects += [stream(form_keys, b"/Im%d Do" % index) for index in range(pages)]
    return raw_pdf(objects)


def raw_pdf(objects: Sequence[bytes], *, ahead: bytes = b"") -> bytes:
    """A PDF file of the given objects, numbered from 1; the first is the catalog. `ahead` stands before its header."""
    out = bytearray(ahead + b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out) - len(ahead))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out) - len(ahead)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def stream(keys: bytes, data: bytes) -> bytes:
    """The body of a PDF stream object with the given dictionary entries."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (keys, len(data), data)


def _page_tree(numbers: Sequence[int], keys: bytes = b"") -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    return b"<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 595 842]%s>>" % (kids, len(numbers), keys)


def _single_page(keys: bytes) -> list[bytes]:
    return [b"<</Type/Catalog/Pages 2 0 R>>", _page_tree([3]), b"<</Type/Page/Parent 2 0 R%s>>" % keys]


def saved(pdf: pymupdf.Document, **options: Any) -> bytes:
    """A PyMuPDF document as bytes, without an identifier made of the time."""
    data: bytes = pdf.tobytes(garbage=1, deflate=True, no_new_id=True, **options)
    return data


def _add_text_page(pdf: pymupdf.Document, index: int) -> pymupdf.Page:
    page = pdf.new_page(width=A4[0], height=A4[1])
    page.insert_text((72, 90), page_text(index), fontsize=11)
    return page


def _add_scanned_page(pdf: pymupdf.Document, index: int, dpi: int) -> None:
    page = pdf.new_page(width=A4[0], height=A4[1])
    page.insert_image(page.rect, stream=jpeg(page_text(index), dpi=dpi, mode="L"))


def _add_field(page: pymupdf.Page, kind: int, box: tuple[float, float, float, float], value: str) -> None:
    widget = pymupdf.Widget()
    widget.field_type = kind
    widget.field_name = f"field {kind}"
    widget.rect = pymupdf.Rect(box)
    widget.field_value = value
    page.add_widget(widget)


# --- what is refused --------------------------------------------------------------------------------------------------


def truncated(data: bytes, keep: float = 0.5) -> bytes:
    """The first part of a file: `keep` is its share, 0..1."""
    return data[: int(len(data) * keep)]


def mutated(data: bytes, seed: int, changes: int = 10) -> bytes:
    """`data` with `changes` random bytes overwritten."""
    chance = _chance(seed)
    out = bytearray(data)
    for _ in range(changes):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def archive(*names: str) -> bytes:
    """A ZIP file with members of the given names; `word/document.xml` makes it look like a DOCX."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names or ("readme.txt",):
            file.writestr(zipfile.ZipInfo(name), "text")
    return out.getvalue()


def epub() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
    return out.getvalue()


def html() -> bytes:
    return b"<!DOCTYPE html>\n<html><body><p>%PDF-1.7 is only mentioned here.</p></body></html>\n"


def svg() -> bytes:
    return b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>x</text></svg>'


def heic() -> bytes:
    """The beginning of a photo as newer phones take it."""
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)


def plain_text() -> bytes:
    return b"BM is how this text begins, and it is no bitmap.\n" + page_text(0).encode()

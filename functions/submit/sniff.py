"""What kind of file some bytes are, told from their beginning alone. A name or a media type proves nothing."""

from __future__ import annotations

import re

from ocrchat.pages import PageFormat

HEAD_BYTES = 4096
"""As much of the file's beginning as `sniff` may look at."""

PDF_HEADER_WITHIN = 1024
"""Acrobat finds a header within the first 1024 bytes (PDF Reference 1.7, Appendix H, note 13); mail gateways and
scanners do write something ahead of it."""

MEDIA_TYPES: dict[PageFormat, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
}

_BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}
"""Sizes of the header after the file header, one for each version of the format: `BM` alone begins many a text."""

_SIGNATURES: tuple[tuple[bytes, PageFormat], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tif"),
    (b"MM\0*", "tif"),
    (b"II+\0", "tif"),
    (b"MM\0+", "tif"),
)

_PROLOG = rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--((?!-->).)*-->\s*)*"
"""What may stand ahead of the first element of markup. There is one way only to match it: none takes long to fail."""

_REFUSED: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), name)
    for pattern, name in (
        (rb"PK\x03\x04.{26}mimetypeapplication/epub", "an EPUB book"),
        (rb"PK\x03\x04.*word/", "a Word document (DOCX)"),
        (rb"PK\x03\x04.*xl/", "an Excel workbook (XLSX)"),
        (rb"PK\x03\x04.*ppt/", "a PowerPoint presentation (PPTX)"),
        (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis", "an OpenDocument file"),
        (rb"PK\x03\x04.*FixedDocSeq", "an XPS document"),
        (rb"PK(\x03\x04|\x05\x06)", "a ZIP archive or an Office document"),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (DOC, XLS or PPT)"),
        (rb"\{\\rtf", "an RTF document"),
        (rb"....ftyp(hei[cfmsx]|hev[cmsx]|mif1|msf1)", "a HEIC photo"),
        (rb"....ftypavi[fs]", "an AVIF image"),
        (rb"....ftyp", "a video"),
        (rb"\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 image"),
        (rb"\xff\x0a|\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
        (rb"8BPS", "a Photoshop file"),
        (rb"AT&TFORM", "a DjVu document"),
        (rb"%!PS|\xc5\xd0\xd3\xc6", "a PostScript file"),
        (rb"\x1f\x8b|BZh|7z\xbc\xaf\x27\x1c|Rar!|\xfd7zXZ", "a compressed archive"),
        (_PROLOG + rb"(<!doctype svg[^>]*>\s*)?<svg", "an SVG drawing"),
        (_PROLOG + rb"<(!doctype html|html|head|body)", "an HTML page"),
        (rb"(\xef\xbb\xbf)?\s*<\?xml", "an XML file"),
    )
)


def sniff(head: bytes) -> PageFormat | None:
    """The format that a file beginning with `head` is in, None for one that is not accepted."""
    for signature, page_format in _SIGNATURES:
        if head.startswith(signature):
            return page_format
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    if re.search(rb"%PDF-\d", head[:PDF_HEADER_WITHIN]) and seems(head) is None:
        return "pdf"
    return None


def seems(head: bytes) -> str | None:
    """What a file that is refused seems to be, as an English noun phrase; None if it is not easily told."""
    for pattern, name in _REFUSED:
        if pattern.match(head):
            return name
    return None


def is_text(head: bytes) -> bool:
    """Whether `head` is text: valid UTF-8 (cut anywhere) without control characters other than white space."""
    if not head or re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head):
        return False
    try:
        head[:-3].decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 6
    return True

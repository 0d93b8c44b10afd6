"""WordprocessingML as text: what every part's XML begins with, and characters that XML 1.0 can hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{name}"'
    for prefix, name in {
        "w": "wordprocessingml/2006/main",
        "r": "officeDocument/2006/relationships",
        "wp": "drawingml/2006/wordprocessingDrawing",
        "a": "drawingml/2006/main",
        "pic": "drawingml/2006/picture",
    }.items()
)

TWIPS = 20  # in a point
EMU = 12700  # in a point

_NO_LETTER = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2 (production 2)


def clean(text: str) -> str:
    """`text` without control characters; all that break a line as newlines; U+FFFD for lone surrogates and what is no
    character."""
    if text.isprintable():  # a cheap test that most texts pass: neither of the three is
        return text
    return _NO_CHARACTER.sub("\ufffd", _NO_LETTER.sub("", _BREAK.sub("\n", text)))


def escaped(text: str) -> str:
    """A clean text as the content of an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """A clean text as the value of an attribute, its line breaks and tabs kept."""
    return escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def parsed(name: str, content: str) -> _Element:
    """The element `name` with its content, as python-docx holds it."""
    from docx.oxml.parser import parse_xml

    root: Any = parse_xml(f"<{name} {NAMESPACES}>{content}</{name}>".encode())
    element: _Element = root
    return element


def twips(points: float) -> int:
    return round(points * TWIPS)

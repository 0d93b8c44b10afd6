"""The font of the text layer: no glyph of it draws anything, and each of its codes says which character it stands for.

Codes are given out as characters come, two bytes each, and the font is written when all are known (ISO 32000-1, 9.7 and
9.10.3). Characters have widths near those of usual fonts, so that a selection within a word ends near where it should.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from .bidi import RIGHT_TO_LEFT_MARK
from .objects import Target

GLYPHS = Path(__file__).with_name("glyphless.ttf")
"""Written by `glyphless.py`: one empty glyph."""

ASCENT, DESCENT = 800, -200
"""Thousandths of the size, as in GLYPHS. Their sum is the size, so that a line of size s is s high."""

MOST_CODES = 65_535

_NARROW = frozenset("ijlIJft.,:;'`|!()[]{}/\\ \u00ad\u00b7\u2019\u2018r-")
_WIDE = frozenset("mwMW@%\u2014\u2026\u2122")


@lru_cache(maxsize=8192)
def width_of(character: str) -> int:
    """In thousandths of the size. What stands on another character, or is not seen, has none."""
    if character in _NARROW:
        return 300
    if character in _WIDE:
        return 850
    if character == RIGHT_TO_LEFT_MARK:
        return 20  # poppler sorts by place, and would take two signs at one place in any order
    if character.isascii():
        return 670 if character.isupper() else 540
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 1000 if unicodedata.east_asian_width(character) in "WF" else 560


def natural_width(text: str) -> float:
    """In em."""
    return sum(map(width_of, text)) / 1000


class Font:
    """The codes of one document."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        """The codes of `text`, most significant byte first. Beyond MOST_CODES characters, that of the first stands for
        all others."""
        codes = self._codes
        coded = bytearray()
        for character in text:
            code = codes.get(character)
            if code is None:
                code = codes[character] = min(len(codes) + 1, MOST_CODES)
            coded += code.to_bytes(2, "big")
        return bytes(coded)

    def write(self, target: Target, number: int) -> None:
        """As object `number` of `target`, with what belongs to it."""
        glyphs = GLYPHS.read_bytes()
        program = target.add(f"<</Length1 {len(glyphs)}>>", glyphs)
        descriptor = target.add(
            "<</Type/FontDescriptor/FontName/Glyphless/Flags 4/FontBBox[0 -200 1000 800]/ItalicAngle 0"
            f"/Ascent {ASCENT}/Descent {DESCENT}/CapHeight {ASCENT}/StemV 80/FontFile2 {program} 0 R>>"
        )
        known = self._known()
        glyph_of_code = target.add("<<>>", b"\0\1" * (len(known) + 1))
        widths = " ".join(str(width_of(character)) for character in known)
        descendant = target.add(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/Glyphless"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {descriptor} 0 R/DW 1000/W[1[{widths}]]/CIDToGIDMap {glyph_of_code} 0 R>>"
        )
        unicode = target.add("<<>>", "".join(self._character_map()).encode("ascii"))
        target.put(
            number,
            "<</Type/Font/Subtype/Type0/BaseFont/Glyphless/Encoding/Identity-H"
            f"/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>",
        )

    def _known(self) -> list[str]:
        """The characters that have a code of their own, in the order of the codes."""
        return list(self._codes)[:MOST_CODES]

    def _character_map(self) -> Iterator[str]:
        """ISO 32000-1, 9.10.3: at most a hundred codes a section."""
        yield (
            "/CIDInit/ProcSet findresource begin 12 dict begin begincmap"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def"
            "/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange\n"
        )
        known = self._known()
        for first in range(0, len(known), 100):
            some = known[first : first + 100]
            yield f"{len(some)} beginbfchar\n"
            for code, character in enumerate(some, first + 1):
                yield f"<{code:04X}><{character.encode('utf-16-be').hex().upper()}>\n"
            yield "endbfchar\n"
        yield "endcmap CMapName currentdict/CMap defineresource pop end end"

"""Writes the font file of the text layer, `glyphless.ttf`, by fontTools: `python -m export.renderers.pdf.glyphless`."""

from __future__ import annotations

from .font import ASCENT, DESCENT, GLYPHS

UNITS_PER_EM = 1000
MADE = 3_850_000_000
"""Seconds since 1904: fixed, so that the same file is written each time."""


def main() -> None:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    builder = FontBuilder(UNITS_PER_EM, isTTF=True)
    names = [".notdef", "any"]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    builder.setupGlyf({name: Glyph() for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (UNITS_PER_EM, 0)))
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT)
    builder.setupNameTable({"familyName": "Glyphless", "styleName": "Regular", "psName": "Glyphless"})
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].created = builder.font["head"].modified = MADE
    builder.font.recalcTimestamp = False
    builder.save(GLYPHS)


if __name__ == "__main__":
    main()

"""The PDFs of the corpus by name."""

from __future__ import annotations

from functools import partial
from itertools import chain

from tests.data import make_files as make

from . import pdfs as p

STREAM = make.stream
GIANT = 4_000_000
"""Bytes of what is sent as one token: about as much as a direct request may carry."""

_TREES: dict[str, p.Maker] = {
    "tree of one that says 100,000": partial(p.count_of, b"100000"),
    "tree of one that says -1": partial(p.count_of, b"-1"),
    "tree of one that says 2^31": partial(p.count_of, b"2147483648"),
    "tree of one that says 10^30": partial(p.count_of, b"1" + b"0" * 30),
    "tree of one that says a name": partial(p.count_of, b"/Many"),
    "tree of one that says itself": partial(p.count_of, b"2 0 R"),
    "tree of 100,000 direct pages": partial(p.direct_kids, 100_000),
    "tree of 5,001 direct pages": partial(p.direct_kids, 5_001),
    "tree of 100,000 times one page": partial(p.same_page, 100_000),
    "tree of 2^20 by doubling": partial(p.doubling_tree, 20),
    "tree of 2^62 by doubling": partial(p.doubling_tree, 62),
    "tree of 2^2000 by doubling": partial(p.doubling_tree, 2_000),
    "tree that is a chain of 1,000": partial(p.tree_of_depth, 1_000),
    "tree that is a chain of 50,000": partial(p.tree_of_depth, 50_000),
    "tree of itself": partial(p.cyclic_tree, 1),
    "tree of two of each other": partial(p.cyclic_tree, 2),
    "tree of 500 in a ring": partial(p.cyclic_tree, 500),
    "tree under its own page": p.cyclic_parent,
    "tree without pages": make.pdf_without_pages,
    "tree of 300 times one page": partial(p.same_page, 300),
}
_DEPTHS: dict[str, p.Maker] = {
    f"{name} {depth:,} deep": partial(made, depth)
    for name, made in (
        ("arrays", p.nested_arrays),
        ("dictionaries", p.nested_dictionaries),
        ("contents", p.nested_contents),
        ("calculators", p.calculator),
    )
    for depth in (90, 1_000, 100_000, 1_000_000)
} | {
    "forms 29 deep": partial(p.nested_forms, 29),
    "forms 1,000 deep": partial(p.nested_forms, 1_000),
    "forms 20,000 deep": partial(p.nested_forms, 20_000),
    "form of itself": p.form_of_itself,
    "forms that draw 10^3 times": partial(p.doubling_forms, 3),
    "forms that draw 10^9 times": partial(p.doubling_forms, 9),
    "patterns in patterns": partial(p.doubling_patterns, 5),
    "glyph of itself": p.glyph_of_itself,
    "mask of itself": p.mask_of_itself,
    "colour space of itself": p.space_of_itself,
    "fields in a ring": partial(p.field_of_parents, True),
    "fields 3,000 deep": partial(p.field_of_parents, False),
    "destinations in a ring": partial(p.one_page, p.FONT, None, [b"5 0 R"], b"/Dests 5 0 R/Names 5 0 R/Outlines 5 0 R"),
    "contents that are their own page": partial(p.one_page, b"/Resources 3 0 R"),
    "length that is its own stream": partial(p.one_page, p.FONT, b"<</Length 4 0 R>>\nstream\nq Q\nendstream"),
    "length in a ring": partial(p.one_page, p.FONT, b"<</Length 5 0 R>>\nstream\nq Q\nendstream", [b"6 0 R", b"5 0 R"]),
}
_BOMBS: dict[str, p.Maker] = {
    "flate of 200 MB": partial(p.flate_bomb, 200),
    "flate of 1 GB": partial(p.flate_bomb, 1_024),
    "flate in flate 3": partial(p.nested_flate, 3),
    "flate in flate 9": partial(p.nested_flate, 9),
    "filters that lie": partial(p.mixed_filters, 1),
    "filters that lie 5,000 times": partial(p.mixed_filters, 5_000),
    "object stream of 400 MB": partial(p.object_stream_bomb, 400),
    "object stream in itself": p.object_stream_in_itself,
    "annotations 10^6 of one": partial(p.tiny_annotations, 600_000),
    "annotations 10^6 of their own": partial(p.own_annotations, 200_000),
    "annotations 5,000 of their own": partial(p.own_annotations, 5_000),
    "picture of 3,000 square": partial(p.picture_bomb, 3_000),
    "picture of 11,000 square": partial(p.picture_bomb, 11_000),
    "picture of 65,535 square": partial(p.picture_bomb, 65_535),
    "picture of 2^31 square": partial(p.picture_bomb, 2**31),
    "picture of 65,535 square in one bit": partial(p.picture_bomb, 65_535, b"/DeviceGray", 1),
    "picture of 32 inks": partial(p.inks, 32),
    "picture of 3,000 inks": partial(p.inks, 3_000),
    "mesh of 1,000": partial(p.mesh, 1_000),
    "mesh of 200,000": partial(p.mesh, 200_000),
    "dashes without end": partial(p.paths, 50),
    "dashes without end 5,000 times": partial(p.paths, 5_000),
    "text of 100,000 signs": partial(p.long_text, 100_000),
    "text of 30 million signs": partial(p.long_text, 30_000_000),
    "texts 5,000": partial(p.many_texts, 5_000),
    "texts 1,000,000": partial(p.many_texts, 1_000_000),
    "table of 1,000 x 1,000": partial(p.ruled, 1_000),
    "table of 20,000 x 20,000": partial(p.ruled, 20_000),
    "giant name": partial(p.one_page, p.FONT + b"/" + b"A" * GIANT + b" 1"),
    "giant string": partial(p.one_page, p.FONT + b"/S(" + b"A" * GIANT + b")"),
    "giant open string": partial(p.one_page, p.FONT + b"/S(" + b"(" * GIANT),
    "giant hex string": partial(p.one_page, p.FONT + b"/S<" + b"4" * GIANT + b">"),
    "giant number": partial(p.one_page, p.FONT + b"/N " + b"9" * GIANT),
    "giant comment": partial(p.one_page, p.FONT + b"%" + b"c" * GIANT),
    "giant header": lambda: b"%PDF-1.7" + b"7" * GIANT,
    "names without end": lambda: p.one_page(contents=STREAM(b"", b"".join(b"/N%d Do " % n for n in range(300_000)))),
    "hidden layers 100,000": lambda: p.one_page(
        catalog=b"/OCProperties<</OCGs[%s]/D<</OFF[%s]>>>>" % ((b"5 0 R " * 100_000,) * 2), more=[b"<</Type/OCG>>"]
    ),
}
_TABLES: dict[str, p.Maker] = {
    f"xref {how}": partial(p.broken_xref, how)
    for how in ("gone", "garbage", "shifted", "zero", "huge", "negative", "far")
} | {
    "xref before itself": partial(p.chained_xref, b"9"),
    "xref before the file": partial(p.chained_xref, b"-1"),
    "xref in a ring": lambda: p.chained_xref(b"%d" % p.one_page().index(b"xref\n")),
    "xref of 3,000 revisions": partial(p.many_revisions, 3_000),
    "xref stream of no width": partial(p.xref_stream, b"/W[0 0 0]/Size 99999999", b""),
    "xref stream of great width": partial(p.xref_stream, b"/W[999 999 999]/Size 9", bytes(999)),
    "xref stream of negative width": partial(p.xref_stream, b"/W[-1 -4 -2]/Size 9", bytes(99)),
    "xref stream of 2^31 rows": partial(p.xref_stream, b"/W[1 4 2]/Size 2147483647", bytes(9_999)),
    "xref stream bomb": lambda: p.xref_stream(b"/W[1 4 2]/Size 8388607", bytes(60_000_000)),
    "header alone": lambda: b"%PDF-1.7\n",
    "header and end": lambda: b"%PDF-1.7\n%%EOF",
    "header 1,000 bytes in": lambda: b"x" * 1_000 + p.one_page(),
    "header 5,000 bytes in": lambda: b"x" * 5_000 + p.one_page(),
    "trailer alone": lambda: b"%PDF-1.7\ntrailer<</Root 1 0 R>>",
    "root of the wrong kind": lambda: make.raw_pdf([b"[1 0 R]"]),
    "root that is missing": lambda: p.one_page().replace(b"/Root 1 0 R", b"/Root 99 0 R"),
    "objects 10^5 that are nothing": lambda: make.raw_pdf(
        [p.CATALOG, p.ONE_PAGE, b"<</Type/Page>>", *[b"null"] * 100_000]
    ),
    "object numbers that are huge": lambda: p.one_page().replace(b"4 0 obj", b"8388600 0 obj"),
    "endobj without end": lambda: b"%PDF-1.7\n" + b"1 0 obj\n" * 100_000,
    "startxref without end": lambda: p.one_page() + b"startxref\n9\n" * 100_000,
    "zeros behind": lambda: p.one_page() + bytes(2_000_000),
}
_SIZES: dict[str, p.Maker] = {
    f"page of {keys}": partial(p.sized, keys.encode())
    for keys in (
        "/MediaBox[0 0 0 0]", "/MediaBox[0 0 1 0]", "/MediaBox[0 0 .0001 .0001]", "/MediaBox[0 0 14400 14400]",
        "/MediaBox[0 0 14401 1]", "/MediaBox[0 0 1e30 1e30]", "/MediaBox[1e9 1e9 1000000100 1000000100]",
        "/MediaBox[0 0 -200 -200]", "/MediaBox[0 0]", "/MediaBox[(a)(b)(c)(d)]", "/MediaBox 3 0 R",
        "/MediaBox[0 0 nan inf]", "/MediaBox[0 0 200 200]/CropBox[500 500 600 600]", "/MediaBox[0 0 14400 .001]",
        "/UserUnit 1e9", "/UserUnit -1", "/UserUnit 0", "/Rotate 45", "/Rotate 99999999999", "/Rotate/Left",
        "/MediaBox[0 0 14400 14400]/UserUnit 75", "/CropBox[0 0 0 0]", "/MediaBox[-2147483648 -2147483648 2147483647 0]",
    )
}  # fmt: skip
_ACTIVE: dict[str, p.Maker] = {
    "javascript": lambda: p.one_page(catalog=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\);while\\(1\\){})>>"),
    "javascript of a field": lambda: p.one_page(
        p.FONT + b"/Annots[5 0 R]",
        more=[
            b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(v)/Rect[1 1 90 20]/AA<</C<</S/JavaScript/JS(while\\(1\\);)>>>>>>"
        ],
        catalog=b"/AcroForm<</Fields[5 0 R]/CO[5 0 R]/NeedAppearances true>>",
    ),
    "launch": lambda: p.one_page(catalog=b"/OpenAction<</S/Launch/F(/bin/sh)/Win<</F(cmd.exe)>>>>"),
    "remote": lambda: p.one_page(catalog=b"/OpenAction<</S/URI/URI(http://169.254.169.254/latest/meta-data/)>>"),
    "submit": lambda: p.one_page(catalog=b"/OpenAction<</S/SubmitForm/F(http://127.0.0.1:4566/)>>"),
    "embedded file": lambda: p.one_page(
        more=[
            STREAM(b"/Type/EmbeddedFile", b"MZ" + bytes(999)),
            b"<</Type/Filespec/F(../../evil.exe)/EF<</F 5 0 R>>>>",
        ],
        catalog=b"/Names<</EmbeddedFiles<</Names[(evil)6 0 R]>>>>",
    ),
    "stream of another file": lambda: p.one_page(contents=b"<</Length 0/F(/etc/passwd)>>\nstream\n\nendstream"),
    "picture of another file": lambda: p.picture_page(b"/Width 9/Height 9/F(/etc/passwd)/BitsPerComponent 8", b""),
    "reference to another file": lambda: p.picture_page(b"/Subtype/Form/Ref<</F(/etc/passwd)/Page 0>>", b""),
    "xfa": lambda: p.one_page(
        more=[STREAM(b"", b'<!DOCTYPE a[<!ENTITY x SYSTEM "file:///etc/passwd">]><xdp>&x;</xdp>')],
        catalog=b"/AcroForm<</XFA 5 0 R/Fields[]>>",
    ),
    "xml entities in metadata": lambda: p.one_page(
        more=[
            STREAM(
                b"/Type/Metadata/Subtype/XML", b'<!DOCTYPE a[<!ENTITY b "bbbb">' + b'<!ENTITY c "&b;&b;">]><a>&c;</a>'
            )
        ],
        catalog=b"/Metadata 5 0 R",
    ),
    "rich media": lambda: p.one_page(
        p.FONT + b"/Annots[5 0 R]", more=[b"<</Type/Annot/Subtype/RichMedia/Rect[1 1 90 90]/RichMediaContent 5 0 R>>"]
    ),
    "html in the text": lambda: p.one_page(
        contents=STREAM(b"", b"BT /F1 9 Tf 9 99 Td (<script>alert\\(1\\)</script> =cmd|' /C calc'!A0) Tj ET")
    ),
    "control signs in the text": lambda: p.one_page(
        contents=STREAM(b"", b"BT /F1 9 Tf 9 99 Td (\\000\\001\\033[31m\\012\\015 \\377\\376) Tj ET")
    ),
    "encrypted, open": make.encrypted_pdf,
    "encrypted, closed": partial(make.encrypted_pdf, user="secret"),
    "encrypted by nothing": lambda: p.one_page().replace(b"/Root", b"/Encrypt<<>>/Root"),
    "encrypted by itself": lambda: p.one_page().replace(b"/Root", b"/Encrypt 1 0 R/Root"),
    "encrypted by an unknown handler": lambda: p.one_page().replace(b"/Root", b"/Encrypt<</Filter/Evil/V 9>>/Root"),
    "encrypted by zero bits": lambda: p.one_page().replace(
        b"/Root", b"/ID[(a)(b)]/Encrypt<</Filter/Standard/V 1/R 2/Length 0/P -1/O(o)/U(u)>>/Root"
    ),
}
_PROGRAMS = {
    "nothing": b"",
    "noise": make.picture(40, 40).tobytes(),
    "a table that points out": b"\0\1\0\0\0\1\0\0\0\0\0\0glyf\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff",
    "a loop": b"%!PS-AdobeFont-1.0\n{ } loop eexec" + bytes(99),
    "calls of itself": b"\1\0\4\1\0\1\1\1\2A\0\1\1\1\5\x1d\0\0\0\0\x11\0\0\0\1\1\1\2\x0a",
}
_FONTS: dict[str, p.Maker] = {
    "font that is missing": partial(p.one_page, b"/Resources<</Font<</F1 99 0 R>>>>"),
    "font without a name": partial(p.font_page, b"<</Type/Font>>"),
    "font that is a number": partial(p.font_page, b"17"),
    "font of itself": partial(p.font_page, b"<</Type/Font/Subtype/Type0/BaseFont/A/DescendantFonts[5 0 R]/Encoding 5 0 R>>"),
    "font of unknown encoding": partial(p.font_page, b"<</Type/Font/Subtype/Type1/BaseFont/Nowhere/Encoding/No-Such>>"),
    "font with widths that lie": partial(
        p.font_page, b"<</Type/Font/Subtype/Type1/BaseFont/A/FirstChar -9/LastChar 99999999/Widths[1e30 -1e30 nan]>>"
    ),
    "font of 2^31 in size": lambda: p.one_page(contents=STREAM(b"", b"BT /F1 2147483647 Tf 1 1 Td (a) Tj ET")),
    "font of no size": lambda: p.one_page(contents=STREAM(b"", b"BT /F1 0 Tf 0 0 0 0 0 0 Tm (nothing) Tj ET")),
    "cmap of all signs": partial(p.cmap_page, b"1 beginbfrange <0000> <ffff> <0000> endbfrange"),
    "cmap of 2^32 signs": partial(p.cmap_page, b"1 begincidrange <00000000> <ffffffff> 0 endcidrange"),
    "cmap of itself": partial(p.cmap_page, b"/Evil usecmap 1 beginbfchar <00> <" + b"00" * 90_000 + b"> endbfchar"),
    **{
        f"font program {kind.decode()} of {name}": partial(p.embedded_font, kind, data)
        for kind in (b"FontFile", b"FontFile2", b"FontFile3")
        for name, data in _PROGRAMS.items()
    },
}  # fmt: skip

PDF_FILES: dict[str, p.Maker] = dict(
    chain.from_iterable(group.items() for group in (_TREES, _DEPTHS, _BOMBS, _TABLES, _SIZES, _ACTIVE, _FONTS))
)

"""PDFs whose structure is the attack: trees that lie or turn back, objects in objects, broken tables, bombs in streams.

Sizes are chosen so that what is sent stays small and what is unpacked would not.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence

from tests.data import make_files as make

Maker = Callable[[], bytes]

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 200 200]>>"
TEXT = b"BT /F1 12 Tf 20 100 Td (readable) Tj ET"
FONT = b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
MEGABYTE = 1 << 20


def one_page(
    keys: bytes = b"", contents: bytes | None = None, more: Sequence[bytes] = (), catalog: bytes = b""
) -> bytes:
    """Objects 1 to 3 are catalog, tree and page, 4 its contents; `more` begins at 5."""
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s>>" % (keys or FONT)
    drawn = make.stream(b"", TEXT) if contents is None else contents
    return make.raw_pdf([b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog, ONE_PAGE, page, drawn, *more])


def deflated(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data


def zeros(megabytes: int) -> bytes:
    """A Flate stream of so many megabytes of spaces: one is packed, and its blocks stand as often (RFC 1950, 1951)."""
    chunk = b" " * MEGABYTE
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    blocks = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(megabytes):
        check = zlib.adler32(chunk, check)
    return b"\x78\xda" + blocks * megabytes + b"\x03\x00" + struct.pack(">I", check)


def flate_bomb(megabytes: int) -> bytes:
    return one_page(contents=make.stream(b"/Filter/FlateDecode", zeros(megabytes)))


def nested_flate(depth: int) -> bytes:
    """A stream packed `depth` times, each layer listed as a filter."""
    packed = deflated(zeros(64), depth - 1)
    return one_page(contents=make.stream(b"/Filter[%s]" % (b"/FlateDecode " * depth), packed))


def mixed_filters(depth: int) -> bytes:
    """Filters that are listed, and do not match what is in the stream."""
    names = b"/ASCIIHexDecode /ASCII85Decode /LZWDecode /RunLengthDecode /FlateDecode /CCITTFaxDecode /DCTDecode "
    return one_page(contents=make.stream(b"/Filter[%s]" % (names * depth), deflated(b"q Q")))


def tree_of_depth(depth: int) -> bytes:
    """A page tree that is a chain: each node has one child."""
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (n + 3, n + 1) for n in range(depth)]
    return make.raw_pdf([CATALOG, *nodes, b"<</Type/Page/MediaBox[0 0 200 200]/Parent %d 0 R>>" % (depth + 1)])


def doubling_tree(levels: int) -> bytes:
    """Each node names the next one twice: 2 ** levels pages by a few hundred bytes."""
    nodes = [b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count %d>>" % (n + 3, n + 3, 2**levels) for n in range(levels)]
    return make.raw_pdf([CATALOG, *nodes, b"<</Type/Page/MediaBox[0 0 200 200]>>"])


def direct_kids(count: int) -> bytes:
    """Pages that are no objects of their own: written into the tree's array."""
    kids = b"<</Type/Page/MediaBox[0 0 9 9]>>" * count
    return make.raw_pdf([CATALOG, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)])


def same_page(times: int) -> bytes:
    """One page, listed so many times."""
    tree = b"<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 200 200]>>" % (b"3 0 R " * times, times)
    return make.raw_pdf([CATALOG, tree, b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s>>" % FONT, make.stream(b"", TEXT)])


def cyclic_tree(length: int) -> bytes:
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (2 + (n + 1) % length) for n in range(length)]
    return make.raw_pdf([CATALOG, *nodes])


def cyclic_parent() -> bytes:
    return make.raw_pdf(
        [CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 3 0 R>>", b"<</Type/Page/Parent 2 0 R/Contents 3 0 R>>"]
    )


def count_of(stated: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"
    return make.raw_pdf([CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count %s>>" % stated, page])


def nested_arrays(depth: int) -> bytes:
    return one_page(b"/Deep %s%s" % (b"[" * depth, b"]" * depth))


def nested_dictionaries(depth: int) -> bytes:
    return one_page(FONT + b"/Deep %s%s" % (b"<</A " * depth, b">>" * depth))


def nested_contents(depth: int) -> bytes:
    """Arrays in the operators of a content stream, and states that are saved and never restored."""
    return one_page(contents=make.stream(b"", b"[" * depth + b"]" * depth + b" TJ " + b"q " * depth))


def nested_forms(depth: int) -> bytes:
    """Each form draws the next one."""
    keys = b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]/Resources<</XObject<</X %d 0 R>>>>"
    forms = [make.stream(keys % (6 + n), b"/X Do") for n in range(depth)]
    return one_page(b"/Resources<</XObject<</X 5 0 R>>>>", make.stream(b"", b"/X Do"), [*forms, make.stream(b"", TEXT)])


def form_of_itself() -> bytes:
    keys = b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]/Resources<</XObject<</X 5 0 R>>>>"
    return one_page(
        b"/Resources<</XObject<</X 5 0 R>>>>", make.stream(b"", b"/X Do"), [make.stream(keys, b"/X Do /X Do")]
    )


def doubling_forms(levels: int) -> bytes:
    """Each form draws the next one ten times: 10 ** levels drawings."""
    keys = b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]/Resources<</XObject<</X %d 0 R>>%s>>"
    font = FONT.removeprefix(b"/Resources<<").removesuffix(b">>")
    forms = [make.stream(keys % (6 + n, font), b"/X Do " * 10) for n in range(levels)]
    leaf = make.stream(keys % (5 + levels, font), TEXT)
    return one_page(b"/Resources<</XObject<</X 5 0 R>>>>", make.stream(b"", b"/X Do"), [*forms, leaf])


def doubling_patterns(levels: int) -> bytes:
    """Tilings of one point, each painted with the next one."""
    keys = b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 200 200]/XStep 1/YStep 1"
    keys += b"/Resources<</Pattern<</P %d 0 R>>>>"
    drawn = b"/Pattern cs /P scn 0 0 200 200 re f"
    patterns = [make.stream(keys % (6 + n), drawn) for n in range(levels)]
    leaf = make.stream(keys % (5 + levels), b"1 0 0 rg 0 0 200 200 re f")
    return one_page(b"/Resources<</Pattern<</P 5 0 R>>>>", make.stream(b"", drawn), [*patterns, leaf])


def glyph_of_itself() -> bytes:
    """A Type 3 font whose glyph shows text in that font."""
    font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 97/LastChar 97/Widths[9]"
    font += b"/CharProcs<</a 6 0 R>>/Encoding<</Differences[97/a]>>/Resources<</Font<</F1 5 0 R>>>>>>"
    glyph = make.stream(b"", b"9 0 d0 BT /F1 1 Tf (aaaaaaaa) Tj ET")
    drawn = make.stream(b"", b"BT /F1 12 Tf 20 100 Td (aaaa) Tj ET")
    return one_page(b"/Resources<</Font<</F1 5 0 R>>>>", drawn, [font, glyph])


def tiny_annotations(count: int) -> bytes:
    """One annotation, listed so many times on one page."""
    note = b"<</Type/Annot/Subtype/Square/Rect[1 1 2 2]>>"
    return one_page(FONT + b"/Annots[%s]" % (b"5 0 R " * count), None, [note])


def own_annotations(count: int) -> bytes:
    """So many annotations of their own in one object stream."""
    notes = [b"<</Type/Annot/Subtype/Text/Rect[1 1 2 2]>>"] * count
    return with_object_stream(FONT + b"/Annots[%s]" % b" ".join(b"%d 0 R" % (10 + n) for n in range(count)), notes)


def field_of_parents(cyclic: bool) -> bytes:
    """A field whose parents never end, or end late."""
    fields = 3_000
    made = [
        b"<</Type/Annot/Subtype/Widget/FT/Tx/Rect[1 1 90 20]/Parent %d 0 R/Kids[%d 0 R]>>" % (6 + n, 4 + n)
        for n in range(fields)
    ]
    made.append(b"<</FT/Tx/V(value)%s>>" % (b"/Parent 5 0 R" if cyclic else b""))
    return one_page(FONT + b"/Annots[5 0 R]", None, made, b"/AcroForm<</Fields[5 0 R]>>")


def with_object_stream(page_keys: bytes, objects: Sequence[bytes], first: int = 10, more: bytes = b"") -> bytes:
    """A PDF 1.5: objects 1 to 4 as always, `objects` from number `first` inside object 5, the table in object 6.

    `more` is appended to what the object stream holds, where nothing refers to it.
    """
    head, body = bytearray(), bytearray()
    for index, item in enumerate(objects):
        head += b"%d %d " % (first + index, len(body))
        body += item + b" "
    packed = deflated(bytes(head) + bytes(body) + more)
    parts = [
        CATALOG,
        ONE_PAGE,
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s>>" % page_keys,
        make.stream(b"", TEXT),
        make.stream(b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(objects), len(head)), packed),
    ]
    out, rows = bytearray(b"%PDF-1.5\n"), [struct.pack(">BIH", 0, 0, 65535)]
    for number, part in enumerate(parts, 1):
        rows.append(struct.pack(">BIH", 1, len(out), 0))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    rows.append(struct.pack(">BIH", 1, start, 0))
    rows += [struct.pack(">BIH", 0, 0, 0)] * (first - 7)
    rows += [struct.pack(">BIH", 2, 5, index & 0xFFFF) for index in range(len(objects))]
    keys = b"/Type/XRef/W[1 4 2]/Size %d/Root 1 0 R/Filter/FlateDecode" % len(rows)
    out += b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (make.stream(keys, deflated(b"".join(rows))), start)
    return bytes(out)


def object_stream_bomb(megabytes: int) -> bytes:
    return with_object_stream(FONT + b"/Annots[10 0 R]", [b"<</Subtype/Text>>"], more=b" " * (megabytes * MEGABYTE))


def object_stream_in_itself() -> bytes:
    """The object stream says that it lies in itself."""
    return with_object_stream(FONT + b"/Annots[10 0 R]", [b"5 0 R"]).replace(
        b"/Type/ObjStm", b"/Extends 5 0 R/Type/ObjStm"
    )


def xref_stream(keys: bytes, rows: bytes) -> bytes:
    table = make.stream(b"/Type/XRef/Root 1 0 R/Filter/FlateDecode" + keys, deflated(rows))
    return b"%%PDF-1.5\n6 0 obj\n%s\nendobj\nstartxref\n9\n%%%%EOF" % table


def chained_xref(previous: bytes) -> bytes:
    """A cross-reference table whose /Prev is `previous`."""
    return one_page().replace(b"trailer\n<<", b"trailer\n<</Prev %s" % previous)


def many_revisions(count: int) -> bytes:
    """A file that was appended to so often."""
    out = bytearray(one_page())
    for _ in range(count):
        last = int(out[out.rindex(b"startxref") + 9 :].split()[0])
        at = len(out)
        out += b"xref\n0 0\ntrailer\n<</Size 5/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (last, at)
    return bytes(out)


def broken_xref(how: str) -> bytes:
    data = one_page()
    start = data.index(b"xref\n")
    match how:
        case "gone":
            return data[:start]
        case "garbage":
            return data[:start] + b"\xff" * 200
        case "shifted":
            return data.replace(b"%PDF-1.7\n", b"%PDF-1.7\n% one more line\n")
        case "zero":
            return data[:start] + data[start:].replace(b"00000 n", b"99999 f")
        case "huge":
            return data.replace(b"xref\n0 5", b"xref\n0 999999999")
        case "negative":
            return data.replace(b"xref\n0 5", b"xref\n-5 5")
        case "far":
            return data.replace(b"startxref\n", b"startxref\n99999999999")
    raise ValueError(how)


def picture_page(keys: bytes, data: bytes, more: Sequence[bytes] = ()) -> bytes:
    """A page that is covered by one picture."""
    image = make.stream(b"/Type/XObject/Subtype/Image" + keys, data)
    drawn = make.stream(b"", b"q 200 0 0 200 0 0 cm /I Do Q")
    return one_page(b"/Resources<</XObject<</I 5 0 R>>>>", drawn, [image, *more])


def picture_bomb(side: int, space: bytes = b"/DeviceRGB", bits: int = 8) -> bytes:
    """A picture of `side` x `side` pixels, whose data is packed zeros, as much as it takes."""
    keys = b"/Width %d/Height %d/BitsPerComponent %d/ColorSpace%s/Filter/FlateDecode" % (side, side, bits, space)
    return picture_page(keys, zeros(min(side * side * 3 // MEGABYTE + 1, 400)))


def mask_of_itself() -> bytes:
    return picture_page(b"/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray/SMask 5 0 R", bytes(81))


def inks(count: int) -> bytes:
    """A picture in a space of so many inks."""
    names = b" ".join(b"/I%d" % n for n in range(count))
    function = b"<</FunctionType 4/Domain[%s]/Range[0 1 0 1 0 1]/Length 15>>stream\n{ pop 0 0 0 }\nendstream"
    space = b"[/DeviceN[%s]/DeviceRGB 6 0 R]" % names
    keys = b"/Width 9/Height 9/BitsPerComponent 8/ColorSpace%s" % space
    return picture_page(keys, bytes(81 * count), [function % (b"0 1 " * count)])


def space_of_itself() -> bytes:
    keys = b"/Width 9/Height 9/BitsPerComponent 8/ColorSpace 6 0 R"
    return picture_page(keys, bytes(81), [b"[/Indexed 6 0 R 255 <00>]"])


def calculator(depth: int) -> bytes:
    """A PostScript function with blocks in blocks."""
    code = b"{" * depth + b"}" * depth
    keys = b"/FunctionType 4/Domain[0 1]/Range[0 1 0 1 0 1]"
    shading = b"/Resources<</Shading<</S<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 200 200]/Function 5 0 R>>>>>>"
    return one_page(shading, make.stream(b"", b"/S sh"), [make.stream(keys, code)])


def mesh(triangles: int) -> bytes:
    """A shading of so many triangles across the whole page, by packed zeros and ones."""
    keys = b"/ShadingType 4/ColorSpace/DeviceRGB/BitsPerCoordinate 8/BitsPerComponent 8/BitsPerFlag 8"
    keys += b"/Decode[0 200 0 200 0 1 0 1 0 1]/Filter/FlateDecode"
    rows = (b"\0\0\0\0\0\0" + b"\0\xff\0\1\1\1" + b"\0\0\xff\2\2\2") * triangles
    return one_page(
        b"/Resources<</Shading<</S 5 0 R>>>>", make.stream(b"", b"/S sh"), [make.stream(keys, deflated(rows))]
    )


def paths(segments: int) -> bytes:
    """One path of so many curves, stroked with dashes far smaller than a pixel."""
    drawn = b"[.001 .001] 0 d .001 w 0 0 m " + b"200 0 0 200 200 200 c 0 0 l " * segments + b"S"
    return one_page(contents=make.stream(b"/Filter/FlateDecode", deflated(drawn)))


def long_text(characters: int) -> bytes:
    """One string of so many characters, shown at once."""
    drawn = b"BT /F1 1 Tf 1 100 Td (" + b"a b" * (characters // 3) + b") Tj ET"
    return one_page(contents=make.stream(b"/Filter/FlateDecode", deflated(drawn)))


def many_texts(count: int) -> bytes:
    """So many words, each shown by itself at a place of its own."""
    drawn = b"".join(b"BT /F1 1 Tf %d %d Td (w) Tj ET " % (n % 199, n // 199 % 199) for n in range(count))
    return one_page(contents=make.stream(b"/Filter/FlateDecode", deflated(drawn)))


def ruled(lines: int) -> bytes:
    """So many lines across and down, as a table would have them, each with a word of its own."""
    drawn = b".1 w " + b"".join(
        b"%.3f 0 m %.3f 200 l S 0 %.3f m 200 %.3f l S " % ((n * 200 / lines,) * 4) for n in range(lines)
    )
    return one_page(contents=make.stream(b"/Filter/FlateDecode", deflated(drawn + TEXT)))


def font_page(font: bytes, more: Sequence[bytes] = ()) -> bytes:
    return one_page(b"/Resources<</Font<</F1 5 0 R>>>>", None, [font, *more])


def embedded_font(kind: bytes, data: bytes) -> bytes:
    """A font whose program is `data`; `kind` is FontFile, FontFile2 or FontFile3."""
    font = b"<</Type/Font/Subtype/TrueType/BaseFont/Evil/FontDescriptor 6 0 R/FirstChar 32/LastChar 33/Widths[9 9]>>"
    descriptor = b"<</Type/FontDescriptor/FontName/Evil/Flags 4/FontBBox[0 0 9 9]/%s 7 0 R>>" % kind
    return font_page(font, [descriptor, make.stream(b"/Subtype/Type1C/Length1 9", data)])


def cmap_page(cmap: bytes) -> bytes:
    font = b"<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[7 0 R]>>"
    descendant = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/F/CIDSystemInfo<</Registry(A)/Ordering(I)/Supplement 0>>>>"
    )
    return font_page(font, [make.stream(b"/Type/CMap", cmap), descendant])


def sized(keys: bytes) -> bytes:
    return one_page(FONT + keys)

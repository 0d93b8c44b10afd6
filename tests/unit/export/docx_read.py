"""A Word file read back: its parts, its rules, and all the text that a reader sees or is told."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

ORDER = {
    "pPr": """pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
        suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
        snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
        textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange""",
    "rPr": """rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid
        vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em
        lang eastAsianLayout specVanish oMath""",
    "tblPr": """tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing
        tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription""",
    "tcPr": """cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark""",
    "trPr": """cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader tblCellSpacing jc
        hidden""",
    "sectPr": """headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType
        pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid""",
    "style": """name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked
        personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr""",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "settings": """zoom defaultTabStop characterSpacingControl compat themeFontLang clrSchemeMapping decimalSymbol
        listSeparator""",
}
"""The sequences of CT_PPr and its kin, ECMA-376-1, annex A.1 (those of CT_Settings that are written)."""


@dataclass
class Word:
    """`parts`: name -> bytes."""

    parts: dict[str, bytes]
    trees: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.trees = {
            name: etree.fromstring(data) for name, data in self.parts.items() if name.endswith((".xml", ".rels"))
        }

    @classmethod
    def of(cls, data: bytes) -> Word:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert len(names) == len(set(names))
            return cls({name: archive.read(name) for name in names})

    @property
    def body(self) -> Any:
        return self.trees["word/document.xml"][0]

    def heads(self, kind: str) -> list[Any]:
        """The parts `header` or `footer`."""
        return [tree for name, tree in sorted(self.trees.items()) if re.fullmatch(rf"word/{kind}\d*\.xml", name)]

    def paragraphs(self) -> list[tuple[str, str]]:
        """(style id, text) of each, those of tables too."""
        return [(style_of(paragraph), self.text_of(paragraph)) for paragraph in self.body.iter(f"{W}p")]

    def text_of(self, element: Any) -> str:
        """What is seen of a paragraph, a cell or a table: markers of lists, words, descriptions of pictures."""
        return "\n".join(self._paragraph(paragraph) for paragraph in element.iter(f"{W}p"))

    def _paragraph(self, paragraph: Any) -> str:
        text = f"{self.markers.get(paragraph, '')} "
        for node in paragraph.iter(f"{W}t", f"{W}br", f"{W}tab", f"{WP}docPr"):
            if node.tag == f"{W}t":
                text += node.text or ""
            elif node.tag == f"{WP}docPr":
                text += node.get("descr", "")
            elif node.getparent().tag == f"{W}r":
                text += "\n" if node.tag == f"{W}br" else "\t"
        return text.strip(" ")

    @property
    def markers(self) -> dict[Any, str]:
        """By paragraph, what Word puts before it: it counts each numbering by itself, beginning where that says."""
        numbering = self.trees["word/numbering.xml"]
        kinds = {kind.get(f"{W}abstractNumId"): kind for kind in numbering.iter(f"{W}abstractNum")}
        instances = {instance.get(f"{W}numId"): instance for instance in numbering.iter(f"{W}num")}
        counted: Counter[tuple[str, str]] = Counter()
        found = {}
        for paragraph in self.body.iter(f"{W}p"):
            place = paragraph.find(f"{W}pPr/{W}numPr")
            if place is None:
                continue
            level, number = value_of(place, "ilvl"), value_of(place, "numId")
            instance = instances[number]
            start = int(instance.find(f"{W}lvlOverride/{W}startOverride").get(f"{W}val")) if len(instance) > 1 else 1
            lvl = kinds[value_of(instance, "abstractNumId")].find(f"{W}lvl[@{W}ilvl='{level}']")
            shown = written(value_of(lvl, "numFmt"), start + counted[number, level])
            counted[number, level] += 1
            found[paragraph] = value_of(lvl, "lvlText").replace(f"%{int(level) + 1}", shown)
        return found

    def check(self) -> None:
        """Asserts what Word's validator asks of a file."""
        for name, tree in self.trees.items():
            if name.startswith("word/") and not name.startswith("word/theme"):
                for element in tree.iter(*(f"{W}{kind}" for kind in ORDER)):
                    _check_order(element)
        self._check_relationships()
        self._check_references()
        drawings = [node.get("id") for node in self.body.iter(f"{WP}docPr")]
        assert len(drawings) == len(set(drawings))
        for table in self.body.iter(f"{W}tbl"):
            _check_table(table)
        children = [child.tag for child in self.body]
        assert children[-1] == f"{W}sectPr"
        assert children[-2] == f"{W}p"
        assert (f"{W}tbl", f"{W}tbl") not in pairwise(children)

    def _check_relationships(self) -> None:
        for name, tree in self.trees.items():
            if not name.endswith(".rels"):
                continue
            folder, _, part = name.partition("_rels/")
            source = self.trees.get(folder + part.removesuffix(".rels"))
            ids = {relation.get("Id"): relation for relation in tree}
            assert len(ids) == len(tree)
            for relation in tree:
                target = relation.get("Target")
                assert (target[1:] if target.startswith("/") else folder + target) in self.parts, target
            if source is not None:
                used = {value for node in source.iter() for key, value in node.attrib.items() if key.startswith(R)}
                assert used <= set(ids)

    def _check_references(self) -> None:
        styles = {style.get(f"{W}styleId") for style in self.trees["word/styles.xml"].iter(f"{W}style")}
        numbers = {number.get(f"{W}numId") for number in self.trees["word/numbering.xml"].iter(f"{W}num")}
        for tree in (self.trees["word/document.xml"], *self.heads("header"), *self.heads("footer")):
            assert {node.get(f"{W}val") for node in tree.iter(f"{W}pStyle", f"{W}tblStyle", f"{W}rStyle")} <= styles
            assert {node.get(f"{W}val") for node in tree.iter(f"{W}numId")} <= numbers


def style_of(paragraph: Any) -> str:
    return str(paragraph.xpath("string(w:pPr/w:pStyle/@w:val)", namespaces={"w": W[1:-1]}))


def value_of(element: Any, name: str) -> str:
    return str(element.find(f"{W}{name}").get(f"{W}val"))


def written(kind: str, value: int) -> str:
    """A number as a list of that kind shows it."""
    if kind == "bullet":
        return ""
    if kind == "decimal":
        return str(value)
    text = chr(96 + value) if kind.endswith("Letter") else roman(value)
    return text.upper() if kind.startswith("upper") else text


def roman(value: int) -> str:
    tens = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"]
    ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
    return "c" * (value // 100) + tens[value // 10 % 10] + ones[value % 10]


def _check_order(element: Any) -> None:
    kind = etree.QName(element).localname
    order = ORDER[kind].split()
    places = [order.index(etree.QName(child).localname) for child in element]
    assert places == sorted(places), etree.tostring(element)
    if kind != "sectPr":
        assert len(places) == len(set(places)) or kind == "style", etree.tostring(element)


def _check_table(table: Any) -> None:
    columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
    assert 0 < columns <= 63
    above: dict[int, int] = {}
    for row in table.findall(f"{W}tr"):
        column, merged = 0, {}
        for cell in row.findall(f"{W}tc"):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            across = int(span.get(f"{W}val")) if span is not None else 1
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None:
                assert merge.get(f"{W}val") == "restart" or above.get(column) == across
                merged[column] = across
            assert cell[-1].tag == f"{W}p"
            column += across
        assert column == columns
        above = merged

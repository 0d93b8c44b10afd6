"""The styles of a document: Word's built-in ones by their own names and ids, set calmly, and few of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .runs import Setting
from .tags import WESTERN_FONT, Tags

HEADINGS = 6
HEADING_LEVEL = 2  # of a heading whose level is not known
STEPS = (1.6, 1.35, 1.2, 1.1, 1.0, 1.0)
"""How much larger than the text a heading of each level is set, where the page does not say."""

RULES = "A6A6A6"  # the colour of a table's rules
TRANSLATED = "1F4E79"  # that of translations: a blue as dark as text should be, dark grey where it is printed so


@dataclass(frozen=True, slots=True)
class Sizes:
    """In points: of the text, of tables, and of headings by level where they are known."""

    text: float = 11.0
    table: float = 10.0
    headings: Mapping[int, float] = field(default_factory=dict)

    def heading(self, level: int) -> float:
        return self.headings.get(level, round(2 * self.text * STEPS[level - 1]) / 2)


def styles(sizes: Sizes, tags: Tags, translations: Setting | None) -> str:
    """The content of `w:styles`."""
    defaults = (
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{WESTERN_FONT}" w:eastAsia="{tags.east_asian_font}" w:hAnsi="{WESTERN_FONT}" '
        f'w:cs="{tags.complex_font}"/>{_size(sizes.text)}'
        f'<w:lang w:val="{tags.western}" w:eastAsia="{tags.east_asian}" w:bidi="{tags.complex}"/>'
        '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    translated = _translation_styles(translations) if translations else []
    return defaults + _LATENT + "".join((*_paragraph_styles(sizes), *translated, *_OTHERS))


def _paragraph_styles(sizes: Sizes) -> list[str]:
    text, table = sizes.text, sizes.table
    styles = [_style("Normal", "Normal", default=True, quick=True)]
    styles += [_heading(level, sizes.heading(level)) for level in range(1, HEADINGS + 1)]
    centred = '<w:jc w:val="center"/>'
    item = '<w:spacing w:after="120"/>{}<w:contextualSpacing/>'
    small = _size(max(round(2 * text * 0.85) / 2, 7.0))
    grey = '<w:color w:val="404040"/>'
    styles += [
        _style("ListBullet", "List Bullet", item.format("")),
        _style("ListNumber", "List Number", item.format("")),
        _style("List", "List", item.format('<w:ind w:left="360" w:hanging="360"/>')),
        _style("ListContinue", "List Continue", item.format('<w:ind w:left="360"/>')),
        _style("Caption", "caption", '<w:spacing w:after="160"/>', f"<w:i/><w:iCs/>{grey}{small}", quick=True),
        _style("Header", "header", '<w:spacing w:after="0"/>', grey + small),
        _style("Footer", "footer", '<w:spacing w:after="0"/>', grey + small),
        _style("Figure", "Figure", '<w:keepLines/><w:spacing w:before="120" w:after="120"/>' + centred),
        _style("Formula", "Formula", f'<w:spacing w:before="120" w:after="120"/>{centred}', _MATHS),
        _style("TableText", "Table Text", '<w:spacing w:before="20" w:after="20"/>', _size(table)),
        _style("TableHeading", "Table Heading", "", "<w:b/><w:bCs/>", based_on="TableText"),
        _style("Spacer", "Spacer", '<w:spacing w:after="0" w:line="20" w:lineRule="exact"/>', _size(1.0)),
    ]
    return styles


def _translation_styles(setting: Setting) -> list[str]:
    """Of paragraphs, of headings, which are not in the document's outline a second time, and of the runs in both, in
    lists and in tables."""
    tags = setting.page
    run = (
        f'<w:rFonts w:eastAsia="{tags.east_asian_font}" w:cs="{tags.complex_font}"/><w:color w:val="{TRANSLATED}"/>'
        f'<w:lang w:val="{tags.western}" w:eastAsia="{tags.east_asian}" w:bidi="{tags.complex}"/>'
    )
    paragraph = "<w:bidi/>" if setting.from_the_right else ""
    return [
        _style("Translation", "Translation", paragraph, run, link="TranslationChar", quick=True),
        _style("TranslationHeading", "Translation Heading", "<w:keepNext/>", "<w:b/><w:bCs/>", based_on="Translation"),
        '<w:style w:type="character" w:customStyle="1" w:styleId="TranslationChar"><w:name w:val="Translation Char"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:link w:val="Translation"/><w:rPr>{run}</w:rPr></w:style>',
    ]


_LATENT = (
    '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1" w:defUnhideWhenUsed="1" '
    'w:defQFormat="0" w:count="376"/>'
)
"""Word's other styles are there, but not in the way."""

OWN = ("Figure", "Formula", "TableText", "TableHeading", "Spacer", "Translation", "TranslationHeading")
"""The styles that are not Word's."""

_MATHS = '<w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/>'
_OTHERS = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>',
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>',
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>',
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
    '<w:uiPriority w:val="39"/><w:tblPr><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{RULES}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr></w:style>",
)


def _heading(level: int, size: float) -> str:
    paragraph = (
        f'<w:keepNext/><w:keepLines/><w:spacing w:before="{240 if level < 3 else 160}" w:after="80"/>'
        f'<w:outlineLvl w:val="{level - 1}"/>'
    )
    run = f"<w:b/><w:bCs/>{_size(size)}"
    return _style(f"Heading{level}", f"heading {level}", paragraph, run, following="Normal", quick=True)


def _style(
    style_id: str,
    name: str,
    paragraph: str = "",
    run: str = "",
    *,
    based_on: str = "Normal",
    following: str = "",
    link: str = "",
    default: bool = False,
    quick: bool = False,
) -> str:
    parts = [f'<w:name w:val="{name}"/>']
    if not default:
        parts.append(f'<w:basedOn w:val="{based_on}"/>')
    if following:
        parts.append(f'<w:next w:val="{following}"/>')
    if link:
        parts.append(f'<w:link w:val="{link}"/>')
    if quick:
        parts.append("<w:qFormat/>")
    if paragraph:
        parts.append(f"<w:pPr>{paragraph}</w:pPr>")
    if run:
        parts.append(f"<w:rPr>{run}</w:rPr>")
    kind = ' w:default="1"' if default else ' w:customStyle="1"' if style_id in OWN else ""
    return f'<w:style w:type="paragraph"{kind} w:styleId="{style_id}">{"".join(parts)}</w:style>'


def _size(points: float) -> str:
    half_points = round(2 * points)
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'

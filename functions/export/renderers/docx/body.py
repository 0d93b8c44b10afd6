"""Pages as paragraphs and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ocrchat.table_rows import table_of_fields

from . import drawing, lists, running, tables
from .captions import captions
from .figures import Figures
from .grid import Room
from .numbering import Numbering
from .package import Package
from .paragraphs import Item, Paragraph, Placing
from .running import Heads, Which
from .runs import Setting
from .sections import Section
from .sheets import Piece, Sheet, has_text, is_shown
from .styles import HEADING_LEVEL, HEADINGS, Sizes
from .tags import Tags
from .xml import TWIPS, clean, twips

OTHER_SIZE = (0.8, 1.25)  # of the style's size: a block that is smaller or larger than these has its own
TALLEST_FIGURE = 0.85  # of the height of the text: its caption has to fit, too
AFTER_TABLE = 160  # twips
TRANSLATED_STYLES = {"heading": "TranslationHeading", "formula": "Formula"}
STYLES = {"formula": "Formula", "figure": "Figure", "header": "Header", "footer": "Footer"}


@dataclass(slots=True)
class Body:
    """Writes sections into `package`. `tags` are those of the document; `with_heads`: whether any of its sections has
    a head or a foot; `translations` how they are set, None where there are none."""

    package: Package
    figures: Figures
    tags: Tags
    sizes: Sizes
    with_heads: bool
    translations: Setting | None
    numbering: Numbering = field(init=False)
    _drawings: int = 0

    def __post_init__(self) -> None:
        self.numbering = Numbering(self.sizes.text)

    def write(self, section: Section, *, is_first: bool, is_last: bool) -> None:
        references = self._references(section) if self.with_heads else ""
        properties = section.xml(references, is_first=is_first)
        for number, sheet in enumerate(section.sheets):
            items = self._page(sheet, section)
            if number:
                _break_before(items)
            if is_last or number < len(section.sheets) - 1:
                _end_with_paragraph(items)
            else:
                _end_section(items, properties)
            self.package.add("".join(item if isinstance(item, str) else item.xml() for item in items))
        if is_last:
            self.package.add(properties)

    def _references(self, section: Section) -> str:
        """To the heads and feet of a section, XML; empty ones where it has none, else those before would go on."""
        sheet = section.sheets[0]
        setting = self._setting(sheet)
        references = ""
        which: Which
        for which in ("header", "footer"):
            shared = (section.heads if which == "header" else section.feet) or Heads()
            kinds = {"default": (shared.pieces, shared.texts, shared.translations)}
            if section.first_differs:
                first = (shared.first, running.texts_of(shared.first), running.translations_of(shared.first))
                kinds["first"] = first if shared.first_differs else kinds["default"]
            for kind, (pieces, texts, translations) in kinds.items():
                width = twips(section.text_width)
                found = running.paragraphs(pieces, texts, which, sheet, setting, width)
                if self.translations:
                    found += running.paragraphs(pieces, translations, which, sheet, self.translations, width)
                key = self.package.head(which, found)
                references += f'<w:{which}Reference w:type="{kind}" r:id="{key}"/>'
        return references

    def _setting(self, sheet: Sheet) -> Setting:
        language = sheet.page.language
        tags = self.tags.with_main(language) if language else self.tags
        return Setting(self.tags, tags, sheet.from_the_right)

    def _page(self, sheet: Sheet, section: Section) -> list[Item]:
        setting = self._setting(sheet)
        pieces = [piece for piece in sheet.pieces if piece.block.type not in section.lifted]
        captioned = captions([piece.block for piece in pieces])
        items: list[Item] = []
        if sheet.page.fields:
            items.append(tables.xml(table_of_fields(sheet.page.fields), setting, self._room(sheet, section)))
        for number, piece in enumerate(pieces):
            added = self._piece(piece, sheet, section, setting) if is_shown(piece.block) else []
            if number in captioned:
                _style_as_caption(added)
            translated = self._translation(piece, sheet, section)
            following = pieces[number + 1].block.type if number + 1 < len(pieces) else None
            for paragraph in (*added, *translated):
                if not isinstance(paragraph, Paragraph):
                    continue
                if number in captioned:
                    paragraph.keep_next = following in ("table", "figure")
                elif piece.block.type == "figure":
                    paragraph.keep_next = number + 1 in captioned
            _put(items, added)
            _put(items, translated)
        return items

    def _translation(self, piece: Piece, sheet: Sheet, section: Section) -> Sequence[Item]:
        """What follows a piece, with the same structure."""
        block = piece.block.translated
        if self.translations is None or block is None or not has_text(block):
            return []
        found = self._piece(replace(piece, block=block), sheet, section, self.translations)
        return [Paragraph(style="Spacer"), *found] if isinstance(found[0], str) else found

    def _room(self, sheet: Sheet, section: Section) -> Room:
        return Room(twips(section.text_width), sheet.scale * TWIPS, self.sizes.table)

    def _piece(self, piece: Piece, sheet: Sheet, section: Section, setting: Setting) -> Sequence[Item]:
        block = piece.block
        if block.type == "table":
            table = tables.table_of(block)
            if table is not None:
                room, right = self._room(sheet, section), sheet.from_the_right  # whatever a translation's direction
                return [tables.xml(table, setting, room, piece.placing, from_the_right=right)]
        if block.type == "list":
            own = _own_size(piece.size, self.sizes.text)
            return lists.paragraphs(block.text, self.numbering, setting, own)
        if block.type == "figure" and not setting.translated:
            return self._figure(piece, sheet, section, setting)
        text = _text(piece)
        style, size, placing = "", self.sizes.text, piece.placing
        if block.type == "heading":
            level = min(max(block.level or HEADING_LEVEL, 1), HEADINGS)
            style, size = f"Heading{level}", self.sizes.heading(level)
            text = " ".join(text.split("\n"))
        elif block.type in STYLES:
            style, placing = STYLES[block.type], "start"
        own = _own_size(piece.size, size) if block.type in ("heading", "text") else None
        if setting.translated:
            style = TRANSLATED_STYLES.get(block.type, "Translation")
            own = own or (round(2 * size) if block.type == "heading" else None)
        return [_paragraph(text, style, setting, placing, own)]

    def _figure(self, piece: Piece, sheet: Sheet, section: Section, setting: Setting) -> list[Item]:
        """The picture, whose words are its description; where it cannot be had, its words alone."""
        picture = self.figures.cut(sheet.page, piece.block.bbox)
        text = _text(piece)
        if picture is None:
            return [_paragraph(text, "", setting)] if text else []
        left, top, right, bottom = (side * sheet.scale for side in piece.block.bbox)
        shrinking = min(
            1.0,
            section.text_width / (right - left),
            TALLEST_FIGURE * section.text_height / (bottom - top),
        )
        size = (shrinking * (right - left), shrinking * (bottom - top))
        self._drawings += 1
        return [Paragraph(drawing.inline(self._drawings, self.package.picture(picture), size, text), "Figure")]


def _text(piece: Piece) -> str:
    return clean(piece.block.text).strip()


def _style_as_caption(items: Sequence[Item]) -> None:
    for item in items:
        if isinstance(item, Paragraph):
            item.style = "Caption"


def _paragraph(
    text: str, style: str, setting: Setting, placing: Placing = "start", half_points: int | None = None
) -> Paragraph:
    right = setting.runs_from_the_right(text)
    runs = setting.runs(text, from_the_right=right, half_points=half_points)
    return Paragraph(runs, style, from_the_right=right, placing=placing)


def _own_size(size: float | None, style: float) -> int | None:
    """In half-points, where a block's size is far from that of its style."""
    if size is None or OTHER_SIZE[0] < size / style < OTHER_SIZE[1]:
        return None
    return round(2 * size)


def _put(items: list[Item], added: Sequence[Item]) -> None:
    """After the others: two tables have a paragraph between them, else they were one."""
    for item in added:
        if items and isinstance(items[-1], str):
            if isinstance(item, Paragraph):
                item.before = AFTER_TABLE
            else:
                items.append(Paragraph(style="Spacer"))
        items.append(item)


def _break_before(items: list[Item]) -> None:
    """Has a page begin here. A table cannot, so that a paragraph before it does."""
    if items and isinstance(items[0], Paragraph):
        items[0].page_break = True
    else:
        items.insert(0, Paragraph(style="Spacer" if items else "", page_break=True))


def _end_with_paragraph(items: list[Item]) -> None:
    """A table that stands last would become one with that of the next page, or end the document, which may not be."""
    if not items or isinstance(items[-1], str):
        items.append(Paragraph(style="Spacer" if items else ""))


def _end_section(items: list[Item], properties: str) -> None:
    _end_with_paragraph(items)
    last = items[-1]
    assert isinstance(last, Paragraph)  # noqa: S101 - the line before sees to it
    last.section = properties

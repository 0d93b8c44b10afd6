"""Text as runs: each of one direction and of one kind of script, marked so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ocrchat import script
from ocrchat.language_table import RIGHT_TO_LEFT
from ocrchat.languages import lookup

from .tags import COMPLEX_SCRIPTS, Tags, font_of
from .xml import clean, escaped

_RANGES = {
    "Armn": "\u0530-\u058f\ufb13-\ufb17",
    "Hebr": "\u0590-\u05ff\ufb1d-\ufb4f",
    "Arab": "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Syrc": "\u0700-\u074f\u0860-\u086f",
    "Thaa": "\u0780-\u07bf",
    "Indc": "\u0900-\u0dff\ua8e0-\ua8ff",
    "Thai": "\u0e00-\u0e7f",
    "Laoo": "\u0e80-\u0eff",
    "Tibt": "\u0f00-\u0fff",
    "Mymr": "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f",
    "Geor": "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f",
    "Ethi": "\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f",
    "Cher": "\u13a0-\u13ff\uab70-\uabbf",
    "Cans": "\u1400-\u167f\u18b0-\u18ff",
    "Khmr": "\u1780-\u17ff\u19e0-\u19ff",
}
TIE = "\u05d0"  # a letter that runs from the right
_COMMON = ""
_MARKED = re.compile(f"[{''.join(_RANGES.values())}\u07c0-\u085f\U00010800-\U00010fff\U0001e800-\U0001efff]")
_MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\u200d]*"  # of any script
_STRONG = re.compile(
    "|".join(f"(?P<{name}>[{characters}]+){_MARKS}" for name, characters in _RANGES.items())
    + f"|(?P<Rest>[\u07c0-\u085f\U00010800-\U00010fff\U0001e800-\U0001efff]+){_MARKS}"  # others from the right
    + f"|(?P<Common>[^\\W\\d_]+){_MARKS}"
)
_COMPLEX = COMPLEX_SCRIPTS | {"Indc", "Rest"}
_FROM_THE_RIGHT = RIGHT_TO_LEFT | {"Rest"}
_PARTS = re.compile("([\n\t])")
_BLANKS = re.compile(r"^\s|\s$|\s\s")


@dataclass(frozen=True, slots=True)
class Setting:
    """How the text of a page is set: `document` has the languages that the styles name, `page` those here.
    `from_the_right`: whether most of the page's text runs so. `translated`: all of it is in the language of
    translations, whose style names that."""

    document: Tags
    page: Tags
    from_the_right: bool = False
    translated: bool = False

    @classmethod
    def of_translations(cls, code: str, document: Tags) -> Setting:
        """`code` is that of their language, `document` has the others."""
        tags, language = document.with_main(code), lookup(code)
        return cls(tags, tags, language is not None and language.direction == "rtl", translated=True)

    def runs_from_the_right(self, text: str) -> bool:
        """Whether the paragraph `text` does: most of its letters; as the page where it is a tie. Translations all do,
        or none."""
        if self.translated:
            return self.from_the_right
        return script.runs_from_the_right([text, TIE] if self.from_the_right else [text])

    def runs(self, text: str, *, from_the_right: bool = False, half_points: int | None = None) -> str:
        """The runs of a paragraph, line breaks and tabs in it included; `half_points` where its size is not its
        style's."""
        size = f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>' if half_points else ""
        return "".join(
            f"<w:r>{self._properties(name, part, size)}{_content(part)}</w:r>"
            for name, part in _split(clean(text), from_the_right=from_the_right)
        )

    def _properties(self, name: str, text: str, size: str) -> str:
        fonts = direction = language = ""
        if name == _COMMON:
            east_asian = not text.isascii() and script.is_mostly_spaceless(text)
            fonts = '<w:rFonts w:hint="eastAsia"/>' if east_asian else ""
            if self.page.western != self.document.western and not east_asian:
                language = f'<w:lang w:val="{self.page.western}"/>'
            elif self.page.east_asian != self.document.east_asian and east_asian:
                fonts = f'<w:rFonts w:eastAsia="{self.page.east_asian_font}" w:hint="eastAsia"/>'
                language = f'<w:lang w:eastAsia="{self.page.east_asian}"/>'
        else:
            font = font_of(name)
            fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/>'
            if name in _COMPLEX:
                direction = "<w:rtl/>" if name in _FROM_THE_RIGHT else "<w:cs/>"
                if self.page.complex != self.document.complex:
                    language = f'<w:lang w:bidi="{self.page.complex}"/>'
        style = '<w:rStyle w:val="TranslationChar"/>' if self.translated else ""
        properties = style + fonts + size + direction + language
        return f"<w:rPr>{properties}</w:rPr>" if properties else ""


def _split(text: str, *, from_the_right: bool) -> Iterator[tuple[str, str]]:
    """`text` in parts of one script each, with its name, empty for all that Word tells apart by itself. What is no
    letter goes with the letters around it: as the paragraph runs where these differ (as UAX 9, N1 and N2, has it)."""
    if not from_the_right and not _MARKED.search(text):
        if text:
            yield _COMMON, text
        return
    start = end = 0
    current = ""
    for strong in _STRONG.finditer(text):
        name = (strong.lastgroup or "").replace("Common", _COMMON)
        if not end:  # what comes before the first letter
            current = name
        elif name != current:
            goes_on = (current in _FROM_THE_RIGHT) == from_the_right
            cut = strong.start() if goes_on else end
            yield current, text[start:cut]
            start, current = cut, name
        end = strong.end()
    if not end and from_the_right:
        current = "Hebr"
    if start < len(text):
        yield current, text[start:]


def _content(text: str) -> str:
    if "\n" not in text and "\t" not in text:
        return _text(text)
    return "".join(
        "<w:br/>" if part == "\n" else "<w:tab/>" if part == "\t" else _text(part)
        for part in _PARTS.split(text)
        if part
    )


def _text(text: str) -> str:
    space = ' xml:space="preserve"' if _BLANKS.search(text) else ""
    return f"<w:t{space}>{escaped(text)}</w:t>"

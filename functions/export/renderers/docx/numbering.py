"""The definitions behind lists: how each kind of marker counts and looks, and each list that counts from a number."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ocrchat.markers import Marker

from .xml import TWIPS, attribute

LEVELS = 9  # ECMA-376-1, 17.9.6
INDENT = 360  # twips, of each level, unless its markers are wider
DIGIT = 0.62  # of the font's size: the width of a character of a marker, on average
STEP = 60  # twips: indents are multiples of it
FORMATS = {
    "number": "decimal",
    "bare": "decimal",
    "lettera": "lowerLetter",
    "letterA": "upperLetter",
    "romana": "lowerRoman",
    "romanA": "upperRoman",
}
PRIVATE = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪"})
"""Symbol's and Wingdings' bullets, which are others in every other font."""

TEXT_BULLETS = "•-\u2013\u2014*\u00b7◦▪"  # those that a font for text has
SYMBOL_FONT = "Segoe UI Symbol"


@dataclass(slots=True)
class Numbering:
    """`size` is that of the text in points. Ids count from 1."""

    size: float
    _kinds: dict[tuple[str, str, int], int] = field(default_factory=dict)
    _bullets: dict[int, int] = field(default_factory=dict)
    _instances: list[str] = field(default_factory=list)

    def instance(self, marker: Marker, level: int, longest: int) -> int:
        """The numbering of a list that begins with `marker` at `level`: a new one if it counts. Its markers have up to
        `longest` characters."""
        indent = max(INDENT, STEP * math.ceil(longest * DIGIT * self.size * TWIPS / STEP))
        kind = self._kinds.setdefault((*_kind_of(marker), indent), len(self._kinds) + 1)
        if marker.kind == "bullet":
            if kind not in self._bullets:
                self._bullets[kind] = self._add(kind, "")
            return self._bullets[kind]
        start = f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{marker.value}"/></w:lvlOverride>'
        return self._add(kind, start)

    def _add(self, kind: int, start: str) -> int:
        number = len(self._instances) + 1
        self._instances.append(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{start}</w:num>')
        return number

    def xml(self) -> str:
        """The content of `w:numbering`."""
        kinds = (_definition(number, *kind) for kind, number in self._kinds.items())
        return "".join((*kinds, *self._instances))


def _kind_of(marker: Marker) -> tuple[str, str]:
    """The number format, and the marker with `%` for the number."""
    if marker.kind == "bullet":
        return "bullet", marker.sign.translate(PRIVATE)
    if marker.kind in ("number", "bare"):
        return FORMATS[marker.kind], _around(marker.sign)
    return FORMATS[marker.kind + marker.sign[-1]], _around(marker.sign[:-1])


def _around(sign: str) -> str:
    """`.` -> `%.`; `()` and what is left of it, `(`, -> `(%)`, `(%`."""
    return f"(%{sign[1:]}" if sign.startswith("(") else f"%{sign}"


def shown(marker: Marker) -> str:
    """What a list shows for it."""
    name, around = _kind_of(marker)
    return around if name == "bullet" else around.replace("%", _written(name, marker.value))


def _written(name: str, value: int) -> str:
    if name == "decimal":
        return str(value)
    text = chr(96 + value) if name.endswith("Letter") else _roman(value)
    return text.upper() if name.startswith("upper") else text


def _roman(value: int) -> str:
    text = ""
    for worth, sign in ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv")):
        text += sign * (value // worth)
        value %= worth
    return text + "i" * value


def _definition(number: int, name: str, around: str, indent: int) -> str:
    levels = []
    for level in range(LEVELS):
        left = indent + INDENT * level
        text = attribute(around.replace("%", f"%{level + 1}") if name != "bullet" else around)
        font = "" if name != "bullet" or around in TEXT_BULLETS else _font(SYMBOL_FONT)
        levels.append(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{name}"/><w:lvlText w:val="{text}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{indent}"/></w:pPr>{font}</w:lvl>'
        )
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="hybridMultilevel"/>'
        f"{''.join(levels)}</w:abstractNum>"
    )


def _font(name: str) -> str:
    return f'<w:rPr><w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/></w:rPr>'

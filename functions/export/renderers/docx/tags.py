"""Languages as Word knows them: a BCP 47 tag for each of the three kinds of script that a run can be in, and fonts.

Word's own tags have a region, without which it finds no dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from ocrchat.languages import lookup

Kind = Literal["western", "east_asian", "complex"]

EAST_ASIAN_SCRIPTS = frozenset({"Hans", "Hant", "Jpan", "Kore"})
COMPLEX_SCRIPTS = frozenset(
    re.findall(r"\w+", "Arab Hebr Syrc Thaa Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Thai Laoo Tibt Mymr Khmr")
)
"""Those that Word sets with a run's complex-script font, size and language (ECMA-376-1, 17.3.2.26)."""

REGIONS = dict(
    re.findall(
        r"(\w+)-(\w+)",
        "af-ZA am-ET ar-SA as-IN az-AZ be-BY bg-BG bn-BD bs-BA ca-ES cs-CZ cy-GB da-DK de-DE dv-MV el-GR en-US es-ES "
        "et-EE eu-ES fa-IR fi-FI fo-FO fr-FR fy-NL ga-IE gd-GB gl-ES gu-IN he-IL hi-IN hr-HR hu-HU hy-AM id-ID is-IS "
        "it-IT ja-JP ka-GE kk-KZ km-KH kn-IN ko-KR ky-KG lb-LU lo-LA lt-LT lv-LV mi-NZ mk-MK ml-IN mn-MN mr-IN ms-MY "
        "mt-MT my-MM ne-NP nl-NL or-IN pa-IN pl-PL ps-AF pt-PT ro-RO ru-RU sa-IN si-LK sk-SK sl-SI sq-AL sv-SE sw-KE "
        "ta-IN te-IN tg-TJ th-TH tk-TM tr-TR tt-RU ug-CN uk-UA ur-PK uz-UZ vi-VN xh-ZA yo-NG zh-CN zu-ZA",
    )
)
OTHER_TAGS = {"no": "nb-NO", "sr": "sr-Cyrl-RS", "sr-Latn": "sr-Latn-RS", "tl": "fil-PH", "zh-Hant": "zh-TW"}
"""Those whose tag is more than the code with a region."""

NO_SUBTAGS = ("-vert", "-old", "-Latf")
"""How a language is set or spelled: BCP 47 has no such subtag, or Word no such dictionary."""

EAST_ASIAN_FONTS = {"zh-CN": "SimSun", "zh-TW": "PMingLiU", "ja-JP": "MS Mincho", "ko-KR": "Malgun Gothic"}
WESTERN_FONT = "Arial"
COMPLEX_FONTS = {
    "Arab": "Arial",
    "Hebr": "Arial",
    "Syrc": "Estrangelo Edessa",
    "Thaa": "MV Boli",
    "Thai": "Leelawadee UI",
    "Laoo": "Leelawadee UI",
    "Khmr": "Leelawadee UI",
    "Mymr": "Myanmar Text",
    "Tibt": "Microsoft Himalaya",
}
INDIC_FONT = "Nirmala UI"  # Devanagari to Sinhala
OTHER_FONTS = {"Armn": "Sylfaen", "Geor": "Sylfaen", "Ethi": "Ebrima", "Cher": "Gadugi", "Cans": "Gadugi"}
"""Of scripts that are not complex to Word, but not in its western font either."""


@dataclass(frozen=True, slots=True)
class Tags:
    """The language of text of each kind; where no such text is known of, a language that Word has a font for.
    `main` is that of most of the text."""

    western: str = "en-US"
    east_asian: str = "zh-CN"
    complex: str = "ar-SA"
    main: str = "en-US"

    @classmethod
    def of(cls, codes: Iterable[str]) -> Tags:
        """Of each kind, the first of `codes` (`ocrchat.languages`), the main one first."""
        found: dict[str, str] = {}
        for code in codes:
            language = lookup(code)
            if language is not None:
                found.setdefault(kind_of(language.script), tag(language.code))
        return cls(**found, main=next(iter(found.values()))) if found else cls()

    def with_main(self, code: str) -> Tags:
        """The same with another main language."""
        language = lookup(code)
        if language is None:
            return self
        name = tag(language.code)
        kind = kind_of(language.script)
        return replace(self, **{kind: name}, main=name)

    @property
    def complex_font(self) -> str:
        language = lookup(self.complex)
        return font_of(language.script) if language else WESTERN_FONT

    @property
    def east_asian_font(self) -> str:
        return EAST_ASIAN_FONTS.get(self.east_asian, EAST_ASIAN_FONTS["zh-CN"])


def kind_of(script: str) -> Kind:
    if script in EAST_ASIAN_SCRIPTS:
        return "east_asian"
    return "complex" if script in COMPLEX_SCRIPTS else "western"


def font_of(script: str) -> str:
    """The font for a script that is neither western nor East Asian."""
    return COMPLEX_FONTS.get(script) or OTHER_FONTS.get(script) or INDIC_FONT


def tag(code: str) -> str:
    """The BCP 47 tag of a canonical code."""
    for subtag in NO_SUBTAGS:
        code = code.removesuffix(subtag)
    if code in OTHER_TAGS:
        return OTHER_TAGS[code]
    language, hyphen, script = code.partition("-")
    region = REGIONS.get(language)
    return "-".join(filter(None, (language, script if hyphen else "", region)))

"""The language packs of Tesseract by name, and how one is installed.

A pack is named as Tesseract names its languages (`deu`, `chi_sim`, `aze_cyrl`), one of a whole script with a folder
before it (`script/Arabic`), as upstream keeps them; Debian lays all of them into one folder.
"""

from __future__ import annotations

from ocrchat.errors import LanguageUnavailable

SCRIPT = "script/"

SCRIPT_PACKS = {
    "Arab": "Arabic", "Armn": "Armenian", "Beng": "Bengali", "Cans": "Canadian_Aboriginal", "Cher": "Cherokee",
    "Cyrl": "Cyrillic", "Deva": "Devanagari", "Ethi": "Ethiopic", "Latf": "Fraktur", "Geor": "Georgian",
    "Grek": "Greek", "Gujr": "Gujarati", "Guru": "Gurmukhi", "Hang": "Hangul", "Hans": "HanS", "Hant": "HanT",
    "Hebr": "Hebrew", "Jpan": "Japanese", "Khmr": "Khmer", "Knda": "Kannada", "Laoo": "Lao", "Latn": "Latin",
    "Mlym": "Malayalam", "Mymr": "Myanmar", "Orya": "Oriya", "Sinh": "Sinhala", "Syrc": "Syriac", "Taml": "Tamil",
    "Telu": "Telugu", "Thaa": "Thaana", "Thai": "Thai", "Tibt": "Tibetan",
}  # fmt: skip
"""ISO 15924 code -> the pack that reads this script in any language. `Hans`, `Hant`, `Hang` and `Jpan` have another
one, with `_vert` at its end, for text that is set from top to bottom. (`script/Vietnamese` is one language.)"""

_DEBIAN = {"Latf": "frak"}
_SUFFIX = {name: _DEBIAN.get(code, code.lower()) for code, name in SCRIPT_PACKS.items()} | {"Vietnamese": "viet"}


def script_pack(script: str) -> str:
    """`Arab` -> `script/Arabic`. Raises KeyError for a script that has no pack."""
    return SCRIPT + SCRIPT_PACKS[script]


def canonical(name: str) -> str:
    """A pack's name whichever way it is laid down: Debian has `Arabic` beside `ara`; languages are in lower case."""
    return SCRIPT + name if name[:1].isupper() else name


def debian_package(pack: str) -> str:
    """`deu` -> `tesseract-ocr-deu`, `script/HanS_vert` -> `tesseract-ocr-script-hans-vert`."""
    if pack.startswith(SCRIPT):
        name, vertical, _ = pack.removeprefix(SCRIPT).partition("_vert")
        return f"tesseract-ocr-script-{_SUFFIX[name]}{vertical.replace('_', '-')}"
    return f"tesseract-ocr-{pack.replace('_', '-')}"


def install_command(pack: str) -> str:
    """What whoever runs the service types to get one pack; `make packs` gets all."""
    return f"sudo apt-get install {debian_package(pack)}"


def unavailable(language: str, pack: str) -> LanguageUnavailable:
    """The error of a page in `language`, a name for people, when `pack` is not installed."""
    return LanguageUnavailable(f"{language} cannot be read on this service: {how_to_install(pack)}")


def how_to_install(pack: str) -> str:
    return (
        f"its language pack is not installed. Whoever runs it types `{install_command(pack)}`, or `make packs` for all"
    )

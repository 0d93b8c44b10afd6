"""The language packs of Tesseract: their names, where they are found, and how one is installed.

A pack is named as Tesseract names its languages (`deu`, `chi_sim`, `aze_cyrl`), one of a whole script with a folder
before it (`script/Arabic`), as upstream keeps them; Debian lays all of them into one folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ocrchat.errors import LanguageUnavailable

SCRIPT = "script/"

SCRIPT_PACKS = {
    "Arab": "Arabic", "Armn": "Armenian", "Beng": "Bengali", "Cans": "Canadian_Aboriginal", "Cher": "Cherokee",
    "Cyrl": "Cyrillic", "Deva": "Devanagari", "Ethi": "Ethiopic", "Latf": "Fraktur", "Geor": "Georgian", "Grek":
    "Greek", "Gujr": "Gujarati", "Guru": "Gurmukhi", "Hans": "HanS", "Hant": "HanT", "Hebr": "Hebrew", "Jpan":
    "Japanese", "Khmr": "Khmer", "Knda": "Kannada", "Kore": "Hangul", "Laoo": "Lao", "Latn": "Latin", "Mlym":
    "Malayalam", "Mymr": "Myanmar", "Orya": "Oriya", "Sinh": "Sinhala", "Syrc": "Syriac", "Taml": "Tamil", "Telu":
    "Telugu", "Thaa": "Thaana", "Thai": "Thai", "Tibt": "Tibetan",
}  # fmt: skip
"""ISO 15924 code -> the pack that reads this script in any language. `Hans`, `Hant`, `Jpan` and `Kore` have another
one, with `_vert` at its end, for text that is set from top to bottom. (`script/Vietnamese` is one language.)"""

_DEBIAN = {"Latf": "frak", "Kore": "hang"}
_SUFFIX = {name: _DEBIAN.get(code, code.lower()) for code, name in SCRIPT_PACKS.items()} | {"Vietnamese": "viet"}

PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",  # Debian 12 and later, Ubuntu 22.10 and later
    "/usr/share/tesseract-ocr/4.00/tessdata",  # Debian 10 and 11, Ubuntu 22.04
    "/usr/share/tessdata",  # Fedora, Arch
    "/usr/local/share/tessdata",  # built from source
    "/opt/homebrew/share/tessdata",
)
"""Where packs are looked for when TESSDATA_PREFIX does not say."""


@dataclass(frozen=True, slots=True)
class Packs:
    """The packs that a service has. `names` is None for a service that has all of them."""

    names: frozenset[str] | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """`all`, or names with commas between, as the template's parameter has it; `none` names none."""
        return cls(None if text == "all" else frozenset(text.split(",")))

    def __contains__(self, pack: object) -> bool:
        return self.names is None or pack in self.names


def find(prefix: str, places: Iterable[str] = PLACES) -> Path:
    """The folder of packs: where `prefix` says (the folder itself, or the one above `tessdata`), else the first of
    `places` that holds one. Raises LanguageUnavailable."""
    candidates = [Path(prefix), Path(prefix, "tessdata")] if prefix else [Path(place) for place in places]
    for candidate in candidates:
        if in_folder(candidate):
            return candidate
    where = f"in {prefix}" if prefix else "on this machine"
    raise LanguageUnavailable(f"Tesseract has no language pack {where}: whoever runs this service types `make packs`")


def in_folder(folder: Path) -> Mapping[str, str]:
    """Canonical name -> name below the folder, of each pack in it: `script/Arabic` -> `Arabic` or `script/Arabic`."""
    files = [*folder.glob("*.traineddata"), *folder.glob("script/*.traineddata")]
    return {canonical(file.stem): str(file.relative_to(folder).with_suffix("")) for file in sorted(files)}


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

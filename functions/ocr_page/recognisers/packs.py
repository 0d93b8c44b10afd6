"""The language packs that Tesseract finds on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ocrchat.errors import LanguageUnavailable
from ocrchat.packs import canonical, unavailable
from ocrchat.settings import Settings

PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",  # Debian 12 and later, Ubuntu 22.10 and later
    "/usr/share/tesseract-ocr/4.00/tessdata",  # Debian 10 and 11, Ubuntu 22.04
    "/usr/share/tessdata",  # Fedora, Arch
    "/usr/local/share/tessdata",  # built from source
    "/opt/homebrew/share/tessdata",
)
"""Where packs are looked for when TESSDATA_PREFIX does not say."""


@cache
def folder() -> Path:
    """What Tesseract takes as its data path. Raises LanguageUnavailable when there are no packs at all."""
    return find(Settings.from_environment().tessdata)


@cache
def installed() -> frozenset[str]:
    """The packs that are there: `deu`, `script/Arabic`, `osd`. Empty when there is no folder of packs."""
    return frozenset(_spelled())


def require(pack: str, language: str) -> str:
    """`pack` (`script/Arabic`) as Tesseract finds it in `folder()` (`Arabic`, on Debian). Raises LanguageUnavailable,
    whose message names `language` and the command that installs the pack, when it is not there."""
    if pack not in installed():
        raise unavailable(language, pack)
    return _spelled()[pack]


def find(prefix: str, places: Iterable[str] = PLACES) -> Path:
    """The folder of packs: where `prefix` says (the folder itself, or the one above `tessdata`), else the first of
    `places` that holds one. Raises LanguageUnavailable."""
    candidates = [Path(prefix), Path(prefix, "tessdata")] if prefix else [Path(place) for place in places]
    for candidate in candidates:
        if names(candidate):
            return candidate
    where = f"in {prefix}" if prefix else "on this machine"
    raise LanguageUnavailable(f"Tesseract has no language pack {where}: whoever runs this service types `make packs`")


def names(where: Path) -> Mapping[str, str]:
    """Canonical name -> name below the folder, of each pack in it: `script/Arabic` -> `Arabic` or `script/Arabic`."""
    files = [*where.glob("*.traineddata"), *where.glob("script/*.traineddata")]
    return {canonical(file.stem): str(file.relative_to(where).with_suffix("")) for file in sorted(files)}


@cache
def _spelled() -> Mapping[str, str]:
    try:
        return MappingProxyType(names(folder()))
    except LanguageUnavailable:  # what this engine reads is left out, and said so where a page asks for it
        return MappingProxyType({})

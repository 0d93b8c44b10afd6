"""The language packs that Tesseract finds on this machine, looked up once a process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ocrchat import packs
from ocrchat.errors import LanguageUnavailable
from ocrchat.settings import Settings


@cache
def folder() -> Path:
    """What Tesseract takes as its data path. Raises LanguageUnavailable when there are no packs at all."""
    return packs.find(Settings.from_environment().tessdata)


@cache
def installed() -> frozenset[str]:
    """The packs that are there: `deu`, `script/Arabic`, `osd`. Empty when there is no folder of packs."""
    return frozenset(_spelled())


def require(pack: str, language: str) -> str:
    """`pack` (`script/Arabic`) as Tesseract finds it in `folder()` (`Arabic`, on Debian). Raises LanguageUnavailable,
    whose message names `language` and the command that installs the pack, when it is not there."""
    if pack not in installed():
        raise packs.unavailable(language, pack)
    return _spelled()[pack]


@cache
def _spelled() -> Mapping[str, str]:
    try:
        return MappingProxyType(packs.in_folder(folder()))
    except LanguageUnavailable:  # what this engine reads is left out, and said so where a page asks for it
        return MappingProxyType({})

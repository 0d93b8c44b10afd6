"""The languages that `language` may name, by any of their codes."""

from __future__ import annotations

import re
from difflib import get_close_matches
from types import MappingProxyType

from ocrchat.errors import ParameterInvalid
from ocrchat.language_table import TABLE, Language, parse
from ocrchat.packs import SCRIPT

AUTO = "auto"

LANGUAGES = MappingProxyType(parse(TABLE))
"""By canonical code, in the order of their English names."""

LONGEST = 35  # characters of a code: what RFC 5646, 4.4.1, asks programs to hold
SUGGESTIONS = 3

_REGION = re.compile(r"[a-z]{2}|[0-9]{3}|[0-9][a-z0-9]{3}")  # or a year of its spelling (`de-1996`): RFC 5646, 2.2


def _spelling(code: str) -> str:
    return code.replace("_", "-").casefold()


_BY_SPELLING = {
    _spelling(code): language for language in LANGUAGES.values() for code in (language.code, *language.aliases)
}
_BY_PACK = {language.pack: language for language in LANGUAGES.values() if not language.pack.startswith(SCRIPT)}


def lookup(code: str) -> Language | None:
    """The language of a code in any case, with `_` or `-`: ISO 639-1, 639-2, 639-3, BCP 47, Tesseract's or CLD2's own.
    None for what is no code here. A region is passed over (`pt-BR`), and so is a script that the language has anyway
    (`ru-Cyrl`); any other script is another language, or none."""
    spelling = _spelling(code) if len(code) <= LONGEST else ""
    tails: list[str] = []
    while spelling not in _BY_SPELLING:
        spelling, hyphen, tail = spelling.rpartition("-")
        if not hyphen:
            return None
        tails.append(tail)
    found = _BY_SPELLING[spelling]
    return found if all(_REGION.fullmatch(tail) or tail == found.script.casefold() for tail in tails) else None


def language(code: str) -> Language:
    """As `lookup`. Raises ParameterInvalid, naming the nearest languages."""
    found = lookup(code)
    if found is None:
        raise ParameterInvalid(_refusal(code), parameter="language", allowed=[AUTO, *sorted(LANGUAGES)])
    return found


def language_of(code: str) -> str:
    """The canonical code, or `auto`. Raises ParameterInvalid, as `language` does."""
    return AUTO if code.casefold() == AUTO else language(code).code


def of_pack(pack: str) -> Language:
    """The language of a pack of Tesseract: `deu` -> German. Raises KeyError for the pack of a whole script, or none."""
    return _BY_PACK[pack]


def _refusal(code: str) -> str:
    if "," in code or "+" in code:
        return f"`language` takes one code; `{AUTO}` also reads a page of several languages"
    near = ", ".join(f"{language.code} ({language.name})" for language in _nearest(code))
    hint = f"did you mean {near}? " if near else ""
    return (
        f"`language` {code[:LONGEST]!r} is not known: {hint}`{AUTO}` finds it by itself, and "
        "GET /api/v1/languages/ lists all"
    )


def _nearest(code: str) -> list[Language]:
    """Best first, by code and by both names; of a name, its first word will do (`Chinese`)."""
    known = {spelling: [language] for spelling, language in _BY_SPELLING.items()}
    for language in LANGUAGES.values():
        for name in (language.name.casefold(), language.native_name.casefold()):
            for part in dict.fromkeys((name, re.split(r"[ ,]", name)[0])):
                known.setdefault(part, []).append(language)
    wanted = _spelling(code[:LONGEST])
    matches = [wanted] if wanted in known else get_close_matches(wanted, known, n=SUGGESTIONS, cutoff=0.6)
    found = {language.code: language for match in matches for language in known[match]}
    return list(found.values())[:SUGGESTIONS]

"""Names the Debian packages of the language packs that this machine lacks: `python -m infra.packs [PACK...]`.

Of the packs named, or else of all that languages and scripts are read with.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from ocrchat import packs
from ocrchat.errors import LanguageUnavailable
from ocrchat.languages import LANGUAGES

ORIENTATION = "osd"  # which way is up and which script it is, for any language


def all_packs() -> list[str]:
    scripts = (packs.script_pack(script) for script in packs.SCRIPT_PACKS)
    return sorted({ORIENTATION, *scripts, *(language.pack for language in LANGUAGES.values())})


def installed(prefix: str) -> frozenset[str]:
    """`prefix`: TESSDATA_PREFIX, or nothing."""
    try:
        return frozenset(packs.in_folder(packs.find(prefix)))
    except LanguageUnavailable:
        return frozenset()


def missing(wanted: Iterable[str], present: frozenset[str]) -> list[str]:
    """The packages to install."""
    return [packs.debian_package(pack) for pack in wanted if pack not in present]


def main(arguments: list[str]) -> None:
    sys.stdout.write("\n".join(missing(arguments or all_packs(), installed(os.environ.get("TESSDATA_PREFIX", "")))))


if __name__ == "__main__":
    main(sys.argv[1:])

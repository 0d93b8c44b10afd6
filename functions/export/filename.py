"""The name under which a download is saved: the original's, with the ending of its format. Pure."""

from __future__ import annotations

import unicodedata

MOST_CHARACTERS = 150
MOST_BYTES = 200
"""Of the part before the ending, in UTF-8: file systems take 255 for the whole of a name, and browsers add ` (1)`."""

NOT_IN_A_NAME = frozenset('<>:"/\\|?*')
"""What Windows takes in no name; https://learn.microsoft.com/windows/win32/fileio/naming-a-file."""

DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{digit}" for port in ("COM", "LPT") for digit in "123456789")}
)
"""There, these mean a device whatever ending follows."""


def download_name(original: str, ending: str) -> str:
    """`Vertrag.v2.pdf`, `docx` -> `Vertrag.v2.docx`. Whatever `original` holds, the result is one visible file name."""
    last = original.replace("\\", "/").rsplit("/", 1)[-1].strip(" .")
    stem = last.rpartition(".")[0] or last
    kept = "".join(c for c in stem if c not in NOT_IN_A_NAME and unicodedata.category(c)[0] != "C")
    short = kept.lstrip(" .")[:MOST_CHARACTERS].encode()[:MOST_BYTES].decode(errors="ignore").rstrip(" .")
    device = "_" if short.partition(".")[0].rstrip().upper() in DEVICES else ""
    return f"{device}{short or 'document'}.{ending}"

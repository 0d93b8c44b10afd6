"""Writes the page of languages from their table: `python -m infra.languages`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ocrchat.languages import LANGUAGES
from ocrchat.packs import debian_package

PAGE = Path(__file__).resolve().parents[1] / "docs" / "languages.md"

_HEAD = """# Languages

`make languages` writes this page from `layers/core/ocrchat/language_table.py`. `GET /api/v1/languages/` answers the
same, and whether a service has the pack that a language needs.

`language` takes the code of a row or any of its other codes, in any case, with `_` or `-`, with or without a region
(`pt-BR`). `auto`, the default, finds the script and the languages of each page by itself; naming the language helps
where a page has little text. It takes one code: a page of several languages is for `auto`.

{count} languages and variants. Those with a pack are read by Tesseract and need it: `make packs` installs all of them,
the Debian package one. The others are read by PP-OCRv6, whose models come with the installation.

| language | its own name | code | other codes | script | pack of Tesseract |
|---|---|---|---|---|---|"""


def page() -> str:
    return "\n".join([_HEAD.format(count=len(LANGUAGES)), *_rows()]) + "\n"


def _rows() -> Iterator[str]:
    for language in LANGUAGES.values():
        codes = " ".join(f"`{alias}`" for alias in language.aliases)
        pack = f"`{debian_package(language.pack)}`" if language.needs_pack else ""
        script = language.script + (", right to left" if language.direction == "rtl" else "")
        yield f"| {language.name} | {language.native_name} | `{language.code}` | {codes} | {script} | {pack} |"


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The names that downloads are saved under."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.filename import download_name

NAMES = {
    "invoice.pdf": "invoice.docx",
    "Vertrag.v2.pdf": "Vertrag.v2.docx",
    "no ending": "no ending.docx",
    "قرارداد.pdf": "قرارداد.docx",
    "契約書.pdf": "契約書.docx",
    "👩‍💻 notes.pdf": "👩💻 notes.docx",
    'he said "no".pdf': "he said no.docx",
    "a\\b\\c.pdf": "c.docx",
    "../../etc/passwd": "passwd.docx",
    "..": "document.docx",
    " . . ": "document.docx",
    "": "document.docx",
    "/": "document.docx",
    ".pdf": "pdf.docx",
    "...hidden.pdf": "hidden.docx",
    "line\r\nSet-Cookie: a=b.pdf": "lineSet-Cookie a=b.docx",
    "\u202efdp.exe": "fdp.docx",
    "\ud800 lone.pdf": "lone.docx",
    "NUL": "_NUL.docx",
    "com1.tar.pdf": "_com1.tar.docx",
    "console.pdf": "console.docx",
    "x" * 1000 + ".pdf": "x" * 150 + ".docx",
    "契" * 1000 + ".pdf": "契" * 66 + ".docx",
}


@pytest.mark.parametrize(("original", "expected"), NAMES.items())
def test_a_download_is_named_after_the_original(original: str, expected: str) -> None:
    assert download_name(original, "docx") == expected


@given(st.text(st.characters(exclude_categories=()), max_size=400))
def test_whatever_the_original_is_called_every_system_takes_the_name(original: str) -> None:
    name = download_name(original, "docx")
    stem, _, ending = name.rpartition(".")
    assert ending == "docx"
    assert stem == stem.strip(" .") != ""
    assert len(name.encode()) < 255
    assert not set(stem) & set('<>:"/\\|?*')
    assert all(unicodedata.category(c)[0] != "C" for c in name)

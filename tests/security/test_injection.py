"""What stands on a page is text in every file that is made of it: nothing in it is run, followed or fetched."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pymupdf
import pytest
from lxml import etree

from export.renderers import pdf
from export.source import Source
from ocrchat.blocks import Block
from ocrchat.pages import PageResult
from tests.unit.export.documents import TYPES, of_pages
from tests.unit.export.docx_read import W
from tests.unit.export.pdf_made import job as pdf_job
from tests.unit.export.pdf_made import page as pdf_page
from tests.unit.export.pdf_made import words
from tests.unit.export.rendered import BOX, field, rendered, table_block

HOSTILE = (
    'DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"',
    "{ HYPERLINK http://other.example }",
    'INCLUDETEXT "http://other.example/a.docx"',
    '</w:t></w:r><w:fldSimple w:instr="DDEAUTO a b"/><w:r><w:t>',
    "<w:instrText>INCLUDEPICTURE http://other.example/a.png</w:instrText>",
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>&b;',
    "]]><?xml-stylesheet href='http://other.example'?>",
    "a\x00b\x08c\x1bd\ufffe\ud800",
    "http://other.example/ ftp://other.example file:///etc/passwd \\\\other.example\\share",
)
OWN_FIELDS = {"PAGE", "NUMPAGES"}


def hostile_page() -> PageResult:
    """Each text as a block of each type, in a table and in a field."""
    blocks = [Block(kind, text, BOX, 1.0) for kind in dict.fromkeys(TYPES) if kind != "table" for text in HOSTILE]
    table = table_block([[text] for text in HOSTILE])
    return PageResult(0, 595, 842, "pt", "cpu", (*blocks, table), fields=tuple(field(text, text) for text in HOSTILE))


def test_a_word_file_runs_no_field_and_leads_nowhere() -> None:
    pages = [hostile_page()]
    with zipfile.ZipFile(io.BytesIO(rendered("docx", of_pages(pages, f"{HOSTILE[3]}.pdf"), pages))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert not [name for name in parts if name.endswith(".bin") or "embed" in name.lower()]
    for name, data in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        root = etree.fromstring(data)
        assert b"<!DOCTYPE" not in data, name
        assert not [one for one in root.iter() if one.get("TargetMode") == "External"], name
        assert not list(root.iter(f"{W}hyperlink", f"{W}object", f"{W}altChunk", f"{W}attachedTemplate")), name
        instructions = [one.get(f"{W}instr", "") for one in root.iter(f"{W}fldSimple")]
        instructions += [one.text or "" for one in root.iter(f"{W}instrText")]
        assert {said.split()[0] for said in instructions} <= OWN_FIELDS, name
    shown = "".join(one.text or "" for one in etree.fromstring(parts["word/document.xml"]).iter(f"{W}t"))
    assert "DDEAUTO c:" in shown
    assert "INCLUDETEXT" in shown


@pytest.mark.parametrize("name", HOSTILE)
def test_a_searchable_pdf_has_no_action_whatever_its_file_was_called(tmp_path: Path, name: str) -> None:
    picture = tmp_path / "a.png"
    pymupdf.Pixmap(pymupdf.csGRAY, (0, 0, 40, 40), False).save(picture)
    title = f"{name}) /OpenAction<</S/JavaScript/JS(app.alert(1))>> (\\"
    out = io.BytesIO()
    pages = [pdf_page([words(title, (1, 1, 30, 20))], 40, 40, unit="px")]
    pdf.render(Source(pdf_job(f"{title}.png", "png"), iter(pages), picture), out)
    with pymupdf.open(stream=out.getvalue()) as opened:
        assert not opened.embfile_count()
        for number in range(1, opened.xref_length()):
            keys = set(opened.xref_get_keys(number))
            assert not keys & {"OpenAction", "AA", "A", "JS", "JavaScript", "Launch", "URI", "EmbeddedFile"}
        assert not opened[0].get_links()


@pytest.mark.parametrize("text", HOSTILE)
def test_json_holds_text_as_text(text: str) -> None:
    page = PageResult(0, 595, 842, "pt", "cpu", (Block("text", text, BOX, 1.0),), text)
    read = json.loads(json.dumps(page.as_json(words=True)))
    assert (read["text"], read["blocks"][0]["text"]) == (text, text)

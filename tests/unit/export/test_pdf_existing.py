"""PDFs that were sent get their text, and are otherwise what they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from export.renderers.pdf.signatures import MOST_FIELDS
from ocrchat.errors import FileCorrupt, ParameterInvalid
from ocrchat.pages import PageResult
from tests.unit.export.pdf_made import blank_pdf, opened, page, rendered, words

LINE = words("Read from the picture", (72, 100, 300, 116))


def scanned(index: int = 0) -> PageResult:
    return page([LINE], index=index)


def digital(index: int = 0) -> PageResult:
    return replace(page([LINE], index=index), source="text_layer")


def asked_about(index: int = 0) -> PageResult:
    """By a model, though the page carries its text."""
    return replace(page([LINE], index=index), source="vlm", text_layer=True)


def rich(path: Path, **options: Any) -> Path:
    """Two pages with a link, a bookmark, a form field, an attachment, metadata and fonts that they share."""
    with pymupdf.open() as document:
        for number in range(2):
            sheet = document.new_page()
            sheet.insert_text((72, 72), f"page {number}")
        sheet = document[0]
        sheet.insert_link(
            {"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(72, 60, 200, 80), "uri": "https://example.com"}
        )
        field = pymupdf.Widget()
        field.field_name, field.field_type = "name", pymupdf.PDF_WIDGET_TYPE_TEXT
        field.rect, field.field_value = pymupdf.Rect(72, 200, 300, 220), "Ada"
        sheet.add_widget(field)
        document.set_toc([[1, "First", 1], [1, "Second", 2]])
        document.set_metadata({"title": "A title", "author": "Ada"})
        document.embfile_add("note.txt", b"attached")
        document.save(path, **options)
    return path


def streams_of(data: bytes) -> dict[int, bytes]:
    document = opened(data)
    return {
        number: document.xref_stream_raw(number)
        for number in range(1, document.xref_length())
        if document.xref_is_stream(number)
    }


@pytest.mark.parametrize(
    "options", [{}, {"use_objstms": 1}, {"garbage": 3, "deflate": True}], ids=["plain", "object streams", "small"]
)
def test_every_byte_that_was_sent_is_still_there_and_nothing_is_lost(options: dict[str, Any], tmp_path: Path) -> None:
    path = rich(tmp_path / "a.pdf", **options)
    data = rendered(path, "pdf", [scanned(), digital(1)])
    assert data.startswith(path.read_bytes())
    document = opened(data)
    assert document.get_toc() == [[1, "First", 1], [1, "Second", 2]]
    assert document.metadata["title"] == "A title"
    assert [link["uri"] for link in document[0].get_links()] == ["https://example.com"]
    assert [field.field_value for field in document[0].widgets()] == ["Ada"]
    assert document.embfile_get("note.txt") == b"attached"
    assert "Read from the picture" in document[0].get_text()
    assert "page 0" in document[0].get_text()
    assert "Read" not in document[1].get_text()


def test_a_pdf_that_needs_no_text_is_given_back_as_it_came(tmp_path: Path) -> None:
    path = rich(tmp_path / "a.pdf")
    empty = PageResult(1, 595, 842, "pt", "cpu")
    assert rendered(path, "pdf", [digital(), empty]) == path.read_bytes()
    assert rendered(path, "pdf", [digital(), asked_about(1)]) == path.read_bytes()


def test_it_looks_as_before(tmp_path: Path) -> None:
    path = rich(tmp_path / "a.pdf")
    before = opened(path.read_bytes())[0].get_pixmap().samples
    assert opened(rendered(path, "pdf", [scanned(), scanned(1)]))[0].get_pixmap().samples == before


def test_text_stands_in_place_where_the_contents_leave_a_scale_behind(tmp_path: Path) -> None:
    path = blank_pdf(tmp_path / "a.pdf")
    with pymupdf.open(path) as document:
        number = document.get_new_xref()
        document.update_object(number, "<<>>")
        document.update_stream(number, b"0.1 0 0 0.1 50 50 cm q 2 0 0 2 0 0 cm")
        document.xref_set_key(document[0].xref, "Contents", f"[{number} 0 R]")
        document.saveIncr()
    word = opened(rendered(path, "pdf", [scanned()]))[0].get_text("words")[0]
    assert word[:4] == pytest.approx(LINE.words[0].bbox, abs=0.5)


@pytest.mark.parametrize("where", ["none", "inherited", "shared"])
def test_resources_of_any_kind_get_the_font(where: str, tmp_path: Path) -> None:
    path = blank_pdf(tmp_path / "a.pdf", 2)
    with pymupdf.open(path) as document:
        for sheet in document:
            document.xref_set_key(sheet.xref, "Resources", "null")
        if where == "inherited":
            tree = int(document.xref_get_key(document[0].xref, "Parent")[1].split()[0])
            document.xref_set_key(tree, "Resources", "<</ProcSet[/PDF]>>")
        if where == "shared":
            number = document.get_new_xref()
            document.update_object(number, "<</Font<<>>>>")
            for sheet in document:
                document.xref_set_key(sheet.xref, "Resources", f"{number} 0 R")
        document.saveIncr()
    document = opened(rendered(path, "pdf", [scanned(), scanned(1)]))
    assert all("Read from the picture" in sheet.get_text() for sheet in document)


def test_a_page_with_a_unit_of_its_own(tmp_path: Path) -> None:
    path = blank_pdf(tmp_path / "a.pdf", width=300, height=400)
    with pymupdf.open(path) as document:
        document.xref_set_key(document[0].xref, "UserUnit", "2")
        document.saveIncr()
        width, height = document[0].rect.br
    document = opened(rendered(path, "pdf", [page([LINE], width, height)]))
    assert document[0].get_text("words")[0][:4] == pytest.approx(LINE.words[0].bbox, abs=0.5)


def test_a_damaged_pdf_is_mended_and_keeps_its_streams(tmp_path: Path) -> None:
    path = rich(tmp_path / "a.pdf")
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"startxref", b"startxxxx"))
    data = rendered(path, "pdf", [scanned(), digital(1)])
    assert "Read from the picture" in opened(data)[0].get_text()
    kept = streams_of(data).values()
    assert all(stream in kept for stream in streams_of(whole).values())


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(FileCorrupt, match="take another format"):
        rendered(path, "pdf", [scanned()])


def test_a_pdf_that_only_its_owner_may_change_stays_so(tmp_path: Path) -> None:
    path = rich(
        tmp_path / "a.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="owner", permissions=pymupdf.PDF_PERM_PRINT
    )
    document = opened(rendered(path, "pdf", [scanned(), digital(1)]))
    assert not document.needs_pass
    assert document.metadata["encryption"] is not None
    assert not document.permissions & pymupdf.PDF_PERM_MODIFY
    assert "Read from the picture" in document[0].get_text()


def signed(path: Path, how: str) -> Path:
    """With the marks of a signature: its bytes do not matter here."""
    rich(path)
    with pymupdf.open(path) as document:
        signature, parent, kid = (document.get_new_xref() for _ in range(3))
        document.update_object(signature, "null")
        if how != "empty":
            document.update_object(signature, "<</Filter/Adobe.PPKLite/ByteRange[0 1 2 3]/Contents<00>>>")
        of_parent = f"/V {signature} 0 R" if how == "by its parent" else ""
        of_kid = f"/V {signature} 0 R" if how in ("signed", "behind many") else ""
        document.update_object(parent, f"<</FT/Sig/T(parent)/Kids[{kid} 0 R]{of_parent}>>")
        document.update_object(kid, f"<</T(kid)/Parent {parent} 0 R{of_kid}>>")
        fields = f"{parent} 0 R"
        if how == "behind many":
            other = document.get_new_xref()
            document.update_object(other, "<</FT/Tx/T(text)/V(text)>>")
            fields = f"{other} 0 R " * (MOST_FIELDS + 1) + fields
        form = {
            "certified": "<</Fields[]>>",
            "with rights": "<</Fields[]>>",
            "on a page only": "<</Fields[]/SigFlags 3>>",
            "empty": f"<</Fields[{fields}]/SigFlags 1>>",
        }.get(how, f"<</Fields[{fields}]>>")
        document.xref_set_key(document.pdf_catalog(), "AcroForm", form)
        if how in ("certified", "with rights"):
            right = "DocMDP" if how == "certified" else "UR3"
            document.xref_set_key(document.pdf_catalog(), "Perms", f"<</{right} {signature} 0 R>>")
        document.saveIncr()
    return path


@pytest.mark.parametrize(
    "how", ["signed", "certified", "with rights", "by its parent", "behind many", "on a page only"]
)
def test_a_signature_is_never_broken(how: str, tmp_path: Path) -> None:
    path = signed(tmp_path / "a.pdf", how)
    assert rendered(path, "pdf", [digital(), digital(1)]) == path.read_bytes()
    with pytest.raises(ParameterInvalid, match="signed") as refused:
        rendered(path, "pdf", [digital(), scanned(1)])
    assert refused.value.extra["parameter"] == "format"


def test_an_empty_field_for_a_signature_is_none(tmp_path: Path) -> None:
    path = signed(tmp_path / "a.pdf", "empty")
    assert "Read from the picture" in opened(rendered(path, "pdf", [scanned(), digital(1)]))[0].get_text()


def test_a_pdf_that_comes_a_second_time_keeps_the_text_of_the_first(tmp_path: Path) -> None:
    path = blank_pdf(tmp_path / "a.pdf", 2)
    with pymupdf.open(path) as document:  # pages of one program often share their resources
        number = document.get_new_xref()
        document.update_object(number, "<<>>")
        for sheet in document:
            document.xref_set_key(sheet.xref, "Resources", f"{number} 0 R")
        document.saveIncr()
    path.write_bytes(rendered(path, "pdf", [page([words("Invoice number 4711", (72, 100, 300, 116))]), digital(1)]))
    document = opened(rendered(path, "pdf", [digital(), scanned(1)]))
    assert document[0].get_text().strip() == "Invoice number 4711"
    assert document[1].get_text().strip() == LINE.text


@pytest.mark.parametrize("box", ["[-50 -50 700 900]", "[20 30 400 500]"])
def test_words_stand_in_place_whatever_the_crop_box_says(box: str, tmp_path: Path) -> None:
    path = blank_pdf(tmp_path / "a.pdf")
    with pymupdf.open(path) as document:
        document.xref_set_key(document[0].xref, "CropBox", box)
        document.saveIncr()
    width, height = opened(path.read_bytes())[0].rect.br
    document = opened(rendered(path, "pdf", [page([LINE], width, height)]))
    assert document[0].get_text("words")[0][:4] == pytest.approx(LINE.words[0].bbox, abs=0.5)


@pytest.mark.parametrize("count", [b"0", b"9"])
def test_the_number_of_pages_that_a_file_states_is_not_believed(count: bytes, tmp_path: Path) -> None:
    path = blank_pdf(tmp_path / "a.pdf", 2)
    whole = path.read_bytes()
    assert whole.count(b"/Count 2") == 1
    path.write_bytes(whole.replace(b"/Count 2", b"/Count " + count))
    layers = [
        document.xref_stream(number)
        for document in [pymupdf.open("pdf", rendered(path, "pdf", [scanned(), scanned(1)]))]
        for number in range(1, document.xref_length())
        if document.xref_is_stream(number)
    ]
    assert sum(b"3 Tr" in layer for layer in layers) == 2


def test_contents_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    path = blank_pdf(tmp_path / "a.pdf")
    with pymupdf.open(path) as document:
        document.xref_set_key(document[0].xref, "Contents", "999 0 R")
        document.saveIncr()
    document = opened(rendered(path, "pdf", [scanned()]))
    assert document.xref_get_key(document[0].xref, "Contents")[1].count(" R") == 1
    assert document[0].get_text().strip() == LINE.text


def test_results_without_a_page_add_nothing(tmp_path: Path) -> None:
    path = blank_pdf(tmp_path / "a.pdf")
    unread = PageResult(0, 0, 0, "pt", "cpu")
    assert rendered(path, "pdf", [unread, scanned(1)]) == path.read_bytes()


def test_the_layer_is_small(tmp_path: Path) -> None:
    """Fifty lines a page; the benchmark measures real pages."""
    lines = [
        words(f"Line {n} of a page of text, as letters have them, {n * 7919}", (72, 60 + 13 * n, 520, 72 + 13 * n))
        for n in range(50)
    ]
    path = blank_pdf(tmp_path / "a.pdf", 20)
    data = rendered(path, "pdf", [page(lines, index=index) for index in range(20)])
    assert len(data) - path.stat().st_size < 20 * 5_000

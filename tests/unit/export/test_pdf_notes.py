"""Translations and named fields as notes in searchable PDFs."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from ocrchat.blocks import BBox, Block, Cell, Field, Table
from ocrchat.errors import ParameterInvalid
from ocrchat.pages import PageFormat, PageResult
from tests.unit.export.pdf_made import blank_pdf, opened, page, rendered, words

BOX: BBox = (72.0, 100.0, 300.0, 116.0)
LINE = words("Read from the picture", BOX)
TOTAL = Field("total", "12.00 €", (72.0, 200.0, 120.0, 212.0), 0.9, "lines")


def translated(index: int = 0, *, width: float = 595, height: float = 842, rotation: int = 0) -> PageResult:
    found = page([LINE], width, height, index=index, rotation=rotation)
    return replace(found, blocks=tuple(replace(block, translation="قُرئ\nمن الصورة") for block in found.blocks))


def digital(found: PageResult) -> PageResult:
    return replace(found, source="text_layer")


def notes(data: bytes, index: int = 0) -> list[tuple[str, str, BBox]]:
    return [
        (one.info["title"], one.info["content"], tuple(round(side, 1) for side in one.rect))
        for one in opened(data)[index].annots()
    ]


def sent_as(form: PageFormat, folder: Path) -> Path:
    path = folder / f"a.{form}"
    if form == "pdf":
        return blank_pdf(path)
    Image.new("L", (595, 842), 255).save(path)
    return path


@pytest.mark.parametrize("form", ["pdf", "png"])
def test_a_translated_block_has_a_note_where_it_stands(form: PageFormat, tmp_path: Path) -> None:
    sent = sent_as(form, tmp_path)
    data = rendered(sent, form, [translated()], "ar")
    scale = opened(data)[0].rect.width / 595
    ((title, text, place),) = notes(data)
    assert (title, text) == ("Translation (ar)", "قُرئ\nمن الصورة")
    assert place == pytest.approx([side * scale for side in BOX], abs=0.1)
    assert opened(data)[0].get_text().strip() == LINE.text


@pytest.mark.parametrize("form", ["pdf", "png"])
def test_notes_are_neither_seen_nor_printed_nor_read_as_text(form: PageFormat, tmp_path: Path) -> None:
    sent = sent_as(form, tmp_path)
    plain, noted = (tmp_path / name for name in ("plain.pdf", "noted.pdf"))
    plain.write_bytes(rendered(sent, form, [page([LINE])]))
    noted.write_bytes(rendered(sent, form, [replace(translated(), fields=(TOTAL,))], "ar"))
    with pymupdf.open(plain) as one, pymupdf.open(noted) as other:
        assert other[0].get_pixmap(dpi=50).samples == one[0].get_pixmap(dpi=50).samples
        assert [note.flags & pymupdf.PDF_ANNOT_IS_PRINT for note in other[0].annots()] == [0, 0]
    texts, pictures = [], []
    for path in (plain, noted):
        texts.append(subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True).stdout)
        subprocess.run(["pdftoppm", "-r", "50", path, path.with_suffix("")], check=True)
        pictures.append(next(path.parent.glob(f"{path.stem}*.ppm")).read_bytes())
    assert texts[0] == texts[1]
    assert texts[0].decode().strip() == LINE.text
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_note_covers_its_text_however_the_page_is_turned(turned: int, rotation: int, tmp_path: Path) -> None:
    """By `/Rotate`, and by the reader."""
    path = blank_pdf(tmp_path / "a.pdf")
    with pymupdf.open(path) as document:
        document[0].set_rotation(turned)
        document.saveIncr()
    width, height = (842, 595) if rotation % 180 else (595, 842)
    sheet = opened(rendered(path, "pdf", [translated(width=width, height=height, rotation=rotation)], "ar"))[0]
    (note,) = sheet.annots()
    around = pymupdf.Rect()
    for word in sheet.get_text("words"):
        around |= pymupdf.Rect(word[:4])
    assert tuple(note.rect) == pytest.approx(tuple(around), abs=1)


def test_a_table_has_one_note_with_its_cells_by_tabs(tmp_path: Path) -> None:
    cells = (Cell(0, 0, "Tea", BOX, 1.0, translation="Thé"), Cell(0, 1, "2.00", BOX, 1.0))
    table = Table(1, 2, cells)
    found = replace(page([]), blocks=(Block("table", table.text, BOX, 1.0, table=table, translation="Thé\t2.00"),))
    ((_, text, _),) = notes(rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [found], "fr"))
    assert text == "Thé\t2.00"


def test_a_named_field_has_a_note_with_its_name_and_value(tmp_path: Path) -> None:
    data = rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [replace(page([]), fields=(TOTAL,))])
    assert notes(data) == [("total", "12.00 €", TOTAL.bbox)]


def test_a_page_with_a_text_of_its_own_gets_notes_and_no_text(tmp_path: Path) -> None:
    path = blank_pdf(tmp_path / "a.pdf")
    data = rendered(path, "pdf", [digital(translated())], "ar")
    assert data.startswith(path.read_bytes())
    assert len(notes(data)) == 1
    assert opened(data)[0].get_text() == ""


@pytest.mark.parametrize("indirect", [False, True])
def test_what_was_noted_before_stays(indirect: bool, tmp_path: Path) -> None:
    path = blank_pdf(tmp_path / "a.pdf", 2)
    with pymupdf.open(path) as document:
        for sheet in document:
            sheet.add_text_annot((300, 300), "Mind this")
            if indirect:
                number = document.get_new_xref()
                document.update_object(number, document.xref_get_key(sheet.xref, "Annots")[1])
                document.xref_set_key(sheet.xref, "Annots", f"{number} 0 R")
        document.saveIncr()
    data = rendered(path, "pdf", [translated(), digital(page([], index=1))], "ar")
    assert data.startswith(path.read_bytes())
    assert [text for _, text, _ in notes(data)] == ["Mind this", "قُرئ\nمن الصورة"]
    assert [text for _, text, _ in notes(data, 1)] == ["Mind this"]


def test_a_signed_pdf_gets_no_notes(tmp_path: Path) -> None:
    path = blank_pdf(tmp_path / "a.pdf")
    with pymupdf.open(path) as document:
        number = document.get_new_xref()
        document.update_object(number, "<</Type/Sig/ByteRange[0 1 2 3]>>")
        document.xref_set_key(document.pdf_catalog(), "Perms", f"<</DocMDP {number} 0 R>>")
        document.saveIncr()
    assert rendered(path, "pdf", [digital(page([LINE]))], "ar") == path.read_bytes()
    with pytest.raises(ParameterInvalid, match="signed"):
        rendered(path, "pdf", [digital(translated())], "ar")
    with pytest.raises(ParameterInvalid, match="signed"):
        rendered(path, "pdf", [digital(replace(page([LINE]), fields=(TOTAL,)))])


def test_all_notes_share_what_draws_nothing(tmp_path: Path) -> None:
    pages = [replace(translated(index), fields=(TOTAL,)) for index in (0, 1)]
    document = opened(rendered(blank_pdf(tmp_path / "a.pdf", 2), "pdf", pages, "ar"))
    drawn = {document.xref_get_key(note.xref, "AP")[1] for sheet in document for note in sheet.annots()}
    assert len(drawn) == 1

"""Translations and named fields in Word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocrchat.blocks import Block, BlockType, Cell, Field, Table
from tests.unit.export.docx_pages import BOX, block, page, table, word
from tests.unit.export.docx_read import W, Word, style_of, value_of

TOP, FOOT = (72.0, 30.0, 300.0, 42.0), (280.0, 800.0, 320.0, 812.0)


def translated(text: str, other: str, type: BlockType = "text", **more: Any) -> Block:  # noqa: A002
    return block(text, type, translation=other, **more)


def in_both(rows: list[list[str]], others: list[list[str]], header_rows: int = 0) -> Block:
    """A table each of whose cells is translated."""
    found = table(rows, header_rows)
    assert found.table is not None
    cells = tuple(replace(cell, translation=others[cell.row][cell.column]) for cell in found.table.cells)
    translation = "\n".join("\t".join(row) for row in others)
    return replace(found, table=replace(found.table, cells=cells), translation=translation)


def styles(found: Word) -> list[tuple[str, str]]:
    return [(style, text) for style, text in found.paragraphs() if text]


def paragraph(found: Word, text: str) -> Any:
    (only,) = (one for one in found.body.iter(f"{W}p") if found.text_of(one) == text)
    return only


def style(found: Word, name: str) -> Any:
    (only,) = (one for one in found.trees["word/styles.xml"].iter(f"{W}style") if one.get(f"{W}styleId") == name)
    return only


def test_a_translation_follows_its_block_in_a_style_of_its_own() -> None:
    found = word(
        page(
            translated("Title", "Titre", "heading", level=1),
            translated("Words.", "Des mots."),
            translated("A chart", "Un graphique", "figure"),
            translated("E = mc^2", "E = mc^2", "formula"),
            block("Not translated."),
            translated("Nothing.", " "),
        ),
        translate_to="fr",
    )
    assert styles(found) == [
        ("Heading1", "Title"),
        ("TranslationHeading", "Titre"),
        ("", "Words."),
        ("Translation", "Des mots."),
        ("", "A chart"),
        ("Translation", "Un graphique"),
        ("Formula", "E = mc^2"),
        ("Formula", "E = mc^2"),
        ("", "Not translated."),
        ("", "Nothing."),
    ]
    assert style(found, "TranslationHeading").find(f"{W}pPr/{W}outlineLvl") is None


def test_a_document_without_translations_has_no_style_for_them() -> None:
    found = word(page(block("Words.")))
    assert "Translation" not in found.parts["word/styles.xml"].decode()


@pytest.mark.parametrize(
    ("code", "member", "tag"),
    [
        ("fr", "val", "fr-FR"),
        ("ar", "bidi", "ar-SA"),
        ("hi", "bidi", "hi-IN"),
        ("ja", "eastAsia", "ja-JP"),
        ("ko", "eastAsia", "ko-KR"),
    ],
)
def test_translated_runs_say_their_language(code: str, member: str, tag: str) -> None:
    """By their style, in paragraphs, lists and tables alike."""
    found = word(
        page(translated("a", "b"), translated("• c", "• d", "list"), in_both([["e"]], [["f"]])),
        detected_languages=("en",),
        translate_to=code,
    )
    assert style(found, "TranslationChar").find(f"{W}rPr/{W}lang").get(f"{W}{member}") == tag
    assert style(found, "Translation").find(f"{W}rPr/{W}lang").get(f"{W}{member}") == tag
    for shown in ("a", "b", "c", "d", "e", "f"):
        (run,) = (one for one in found.body.iter(f"{W}r") if "".join(one.itertext()) == shown)
        of = run.find(f"{W}rPr/{W}rStyle")
        assert (of is not None) == (shown in "bdf")
        assert run.find(f"{W}rPr/{W}lang") is None


@pytest.mark.parametrize("text", ["نص عربي", "OCR API 2.0", "12.00"])
def test_a_translation_runs_as_its_language_does(text: str) -> None:
    """Whatever letters it has."""
    found = word(page(translated("Words.", text), block("More.")), translate_to="ar")
    assert paragraph(found, text).find(f"{W}pPr/{W}bidi") is not None
    assert paragraph(found, "More.").find(f"{W}pPr/{W}bidi") is None
    assert style(found, "Translation").find(f"{W}pPr/{W}bidi") is not None
    other = word(page(translated("نص عربي", "Arabic words")), translate_to="en")
    assert paragraph(other, "Arabic words").find(f"{W}pPr/{W}bidi") is None


def test_a_translated_heading_is_as_large_as_the_heading() -> None:
    found = word(page(translated("Title", "Titre", "heading", level=1, size=20.0), block("Words.")), translate_to="fr")
    assert value_of(paragraph(found, "Titre").find(f"{W}r/{W}rPr"), "sz") == "40"
    assert value_of(style(found, "Heading1").find(f"{W}rPr"), "sz") == "40"


def test_a_translated_list_counts_for_itself() -> None:
    found = word(
        page(translated("1. one\n2. two\n  a) first", "1. un\n2. deux\n  a) premier", "list")), translate_to="fr"
    )
    assert [text for _, text in styles(found)] == ["1. one", "2. two", "a) first", "1. un", "2. deux", "a) premier"]
    assert [style_of(one) for one in found.body.iter(f"{W}p")] == ["ListNumber"] * 6


def test_a_translated_table_has_the_spans_and_headings_of_the_table() -> None:
    cells = (
        Cell(0, 0, "Sales", BOX, 0.9, column_span=2, translation="Ventes"),
        Cell(1, 0, "North", BOX, 0.9, translation="Nord"),
        Cell(1, 1, "1,200", BOX, 0.9),
    )
    whole = Table(2, 2, cells, 1)
    found = word(
        page(Block("table", whole.text, BOX, 0.9, table=whole, translation="Ventes\t\nNord\t1,200")), translate_to="fr"
    )
    one, other = found.body.iter(f"{W}tbl")
    assert (found.text_of(one), found.text_of(other)) == ("Sales\nNorth\n1,200", "Ventes\nNord\n1,200")
    for shown in (one, other):
        assert value_of(shown.find(f"{W}tr/{W}tc/{W}tcPr"), "gridSpan") == "2"
        assert shown.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None


@pytest.mark.parametrize(
    ("rows", "others", "code", "mirrored"),
    [
        ([["Tea", "Price"]], [["شاي", "سعر"]], "ar", False),
        ([["שלום", "עולם"]], [["Hello", "world"]], "en", True),
    ],
)
def test_columns_of_a_translated_table_stand_where_they_stand_on_the_page(
    rows: list[list[str]], others: list[list[str]], code: str, mirrored: bool
) -> None:
    found = word(page(in_both(rows, others)), translate_to=code)
    one, other = found.body.iter(f"{W}tbl")
    for shown, texts in ((one, rows[0]), (other, others[0])):
        assert (shown.find(f"{W}tblPr/{W}bidiVisual") is not None) == mirrored
        assert found.text_of(shown).split("\n") == (texts[::-1] if mirrored else texts)
    is_right = [one.find(f"{W}pPr/{W}bidi") is not None for one in other.iter(f"{W}p")]
    assert is_right == [not mirrored] * 2


def test_a_caption_stays_with_its_translation_at_the_table() -> None:
    found = word(page(translated("Table 1. Prices", "Tableau 1. Prix"), table([["a", "b"]])), translate_to="fr")
    assert styles(found)[:2] == [("Caption", "Table 1. Prices"), ("Translation", "Tableau 1. Prix")]
    for text in ("Table 1. Prices", "Tableau 1. Prix"):
        assert paragraph(found, text).find(f"{W}pPr/{W}keepNext") is not None


def test_shared_heads_and_feet_have_their_translations_below_them() -> None:
    pages = [
        page(
            translated("Report", "Rapport", "header", bbox=TOP),
            block("Words."),
            translated(f"Page {number}", f"Feuille {number}", "footer", bbox=FOOT),
            index=number - 1,
        )
        for number in (1, 2, 3)
    ]
    found = word(*pages, translate_to="fr")
    assert [found.text_of(head) for head in found.heads("header")] == ["Report\nRapport"]
    (foot,) = found.heads("footer")
    assert found.text_of(foot) == "Page 1\nFeuille 1"
    assert len(list(foot.iter(f"{W}fldSimple"))) == 2
    assert "Report" not in found.text_of(found.body)


@pytest.mark.parametrize("others", [("Rapport", "Compte rendu"), ("Rapport 1", "Rapport 2")])
def test_heads_whose_translations_differ_stay_on_their_pages(others: tuple[str, str]) -> None:
    """A number that only the translation has is no page's."""
    pages = [
        page(translated("Report", other, "header", bbox=TOP), block("Words."), index=index)
        for index, other in enumerate(others)
    ]
    found = word(*pages, translate_to="fr")
    assert not any(found.text_of(head).strip() for head in found.heads("header"))
    assert [style for style, text in styles(found) if text in ("Report", *others)] == ["Header", "Translation"] * 2


def test_a_first_head_of_its_own_has_its_translation() -> None:
    texts = [("Cover", "Couverture"), ("Report", "Rapport"), ("Report", "Rapport")]
    pages = [
        page(translated(text, other, "header", bbox=TOP), block("Words."), index=index)
        for index, (text, other) in enumerate(texts)
    ]
    found = word(*pages, translate_to="fr")
    assert sorted(found.text_of(head) for head in found.heads("header")) == ["Cover\nCouverture", "Report\nRapport"]


def test_named_fields_are_a_table_before_the_text_of_their_page() -> None:
    fields = (Field("total", "12.00 €", BOX, 0.9, "lines"), Field("from", "Ada\nLondon", BOX, 0.9, "estimated"))
    found = word(page(block("One."), fields=fields), page(table([["a", "b"]]), index=1, fields=fields[:1]))
    first, second, _ = found.body.iter(f"{W}tbl")
    assert found.text_of(first) == "Field\nValue\ntotal\n12.00 €\nfrom\nAda\nLondon"
    assert found.text_of(second) == "Field\nValue\ntotal\n12.00 €"
    assert found.text_of(found.body).index("total") < found.text_of(found.body).index("One.")

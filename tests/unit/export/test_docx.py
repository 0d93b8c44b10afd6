"""What a page becomes in Word."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import get_args

import docx
import pytest
from lxml import etree

from export.renderers.docx.tags import Tags, kind_of
from ocrchat import blocks
from ocrchat.blocks import Block, BlockType, Cell, Line, Table
from ocrchat.errors import PageUnreadable
from ocrchat.languages import LANGUAGES
from ocrchat.pages import PageResult, Unit
from tests.unit.export.docx_pages import BOX, block, page, rendered, table, word
from tests.unit.export.docx_read import W, Word, style_of, value_of

FUNCTIONS = Path(__file__).parents[3] / "functions"
TOP, FOOT = (72.0, 30.0, 300.0, 42.0), (280.0, 800.0, 320.0, 812.0)


def styles(found: Word) -> list[tuple[str, str]]:
    return [(style, text) for style, text in found.paragraphs() if text]


def test_blocks_have_the_styles_of_what_they_are() -> None:
    found = word(
        page(
            block("Title", "heading", level=1),
            block("Of some level", "heading"),
            block("Words."),
            block(r"E = mc^2", "formula"),
        )
    )
    assert styles(found) == [
        ("Heading1", "Title"),
        ("Heading2", "Of some level"),
        ("", "Words."),
        ("Formula", "E = mc^2"),
    ]


def test_a_list_is_counted_by_word() -> None:
    found = word(page(block("3. three\n4. four\n  a) first\n  b) second\n5. five\n• point", "list")))
    assert [text for _, text in styles(found)] == ["3. three", "4. four", "a) first", "b) second", "5. five", "• point"]
    assert "three" in "".join(found.body.itertext())
    assert "3." not in "".join(found.body.itertext())
    levels = [value_of(place, "ilvl") for place in found.body.iter(f"{W}numPr")]
    assert levels == ["0", "0", "1", "1", "0", "1"]


def test_two_lists_count_each_for_itself() -> None:
    found = word(page(block("1. one\n2. two", "list"), block("Between."), block("1. again\n2. and so on", "list")))
    assert [text for _, text in styles(found)] == ["1. one", "2. two", "Between.", "1. again", "2. and so on"]


@pytest.mark.parametrize("text", ["01. one\n02. two", "2. two\n9. nine\nmore"])
def test_a_marker_that_word_would_not_write_stays_text(text: str) -> None:
    found = word(page(block(text, "list")))
    assert [re.sub(r"\s+", " ", shown) for _, shown in styles(found)] == text.split("\n")


def test_a_table_has_its_spans_and_header_rows() -> None:
    cells = (
        Cell(0, 0, "Region", BOX, 0.9, row_span=2),
        Cell(0, 1, "Sales", BOX, 0.9, column_span=2),
        Cell(1, 1, "2024", BOX, 0.9),
        Cell(1, 2, "2025", BOX, 0.9),
        Cell(2, 0, "North", BOX, 0.9),
        Cell(2, 1, "1,200", BOX, 0.9),
        Cell(2, 2, "1,300", BOX, 0.9),
    )
    found = word(page(Block("table", "", BOX, 0.9, table=Table(3, 3, cells, 2))))
    rows = found.body.findall(f"{W}tbl/{W}tr")
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, True, False]
    assert [[found.text_of(cell) for cell in row.findall(f"{W}tc")] for row in rows] == [
        ["Region", "Sales"],
        ["", "2024", "2025"],
        ["North", "1,200", "1,300"],
    ]
    assert [span.get(f"{W}val") for span in found.body.iter(f"{W}gridSpan")] == ["2"]
    assert [merge.get(f"{W}val") for merge in found.body.iter(f"{W}vMerge")] == ["restart", None]
    numbers = rows[2].findall(f"{W}tc")[1]
    assert value_of(numbers.find(f"{W}p/{W}pPr"), "jc") == "right"


def test_a_row_that_fills_a_page_may_break_and_is_not_repeated() -> None:
    found = word(page(table([["Long. " * 1000, "b"], ["c", "d"]], header_rows=1)))
    first, second = found.body.findall(f"{W}tbl/{W}tr")
    assert first.find(f"{W}trPr") is None
    assert second.find(f"{W}trPr/{W}cantSplit") is not None


def test_a_table_without_cells_is_made_of_its_lines_and_tabs() -> None:
    found = word(page(block("a\tb\nc\td\te", "table")))
    rows = found.body.findall(f"{W}tbl/{W}tr")
    assert [[found.text_of(cell) for cell in row.findall(f"{W}tc")] for row in rows] == [
        ["a", "b", ""],
        ["c", "d", "e"],
    ]


def test_a_table_of_more_columns_than_word_opens_is_text() -> None:
    found = word(page(table([[str(number) for number in range(64)]])))
    assert found.body.find(f"{W}tbl") is None
    assert found.text_of(found.body).split() == [str(number) for number in range(64)]


def test_a_table_that_runs_from_the_right_has_its_first_column_there() -> None:
    found = word(page(table([["שלישי", "שני", "ראשון"]]), language="he"))
    assert found.body.find(f"{W}tbl/{W}tblPr/{W}bidiVisual") is not None
    assert [found.text_of(cell) for cell in found.body.iter(f"{W}tc")] == ["ראשון", "שני", "שלישי"]


def test_captions_stay_with_what_they_name() -> None:
    found = word(page(block("Table 1. Sales"), table([["a", "b"]]), block("Table manners matter.")))
    caption = found.body[0]
    assert style_of(caption) == "Caption"
    assert caption.find(f"{W}pPr/{W}keepNext") is not None
    assert [style for style, _ in found.paragraphs()][-1] == ""


def test_a_page_begins_where_one_of_the_original_did() -> None:
    found = word(*(page(*shown, index=index) for index, shown in enumerate([[block("a")], [], [table([["b"]])]])))
    assert len(list(found.body.iter(f"{W}pageBreakBefore"))) == 2
    assert len(list(found.body.iter(f"{W}sectPr"))) == 1


def test_a_section_begins_where_the_size_changes() -> None:
    found = word(page(block("a")), page(block("b"), index=1, width=842, height=595), page(table([["c"]]), index=2))
    sizes = [dict(size.attrib) for size in found.body.iter(f"{W}pgSz")]
    upright = {f"{W}w": "11900", f"{W}h": "16840"}
    across = {f"{W}w": "16840", f"{W}h": "11900", f"{W}orient": "landscape"}
    assert sizes == [upright, across, upright]
    assert [kind.get(f"{W}val") for kind in found.body.iter(f"{W}type")] == ["nextPage", "nextPage"]
    assert found.body.find(f".//{W}pageBreakBefore") is None


def test_a_page_larger_than_word_can_hold_is_scaled() -> None:
    found = word(page(block("a"), width=4000, height=2000))
    size = found.body.find(f".//{W}pgSz")
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("31680", "15840")


def test_a_picture_of_a_page_without_a_resolution_fits_on_a4() -> None:
    found = word(replace(page(block("a"), width=2480, height=3508), unit="px"))
    size = found.body.find(f".//{W}pgSz")
    assert int(size.get(f"{W}w")) == pytest.approx(11900, abs=30)
    assert int(size.get(f"{W}h")) == pytest.approx(16840, abs=30)


@pytest.mark.parametrize("unit", ["pt", "px"])
@pytest.mark.parametrize("side", [0.0, 500.0])
def test_blocks_without_a_place_are_kept(side: float, unit: Unit) -> None:
    nowhere = (0.0, 0.0, 0.0, 0.0)
    line = Line("text", nowhere, 0.9, (blocks.Word("text", nowhere, 0.9),))
    cells = (Cell(0, 0, "left", nowhere, 0.9), Cell(0, 1, "right", nowhere, 0.9))
    shown = [Block(kind, "text", nowhere, 0.9, (line,)) for kind in get_args(BlockType)]
    shown.append(Block("table", "left\tright", nowhere, 0.9, table=Table(1, 2, cells)))
    found = word(replace(page(*shown, width=side, height=side), unit=unit))
    running = [found.text_of(part).strip() for kind in ("header", "footer") for part in found.heads(kind)]
    texts = [text for _, text in found.paragraphs() if text]
    assert sorted([*texts, *running]) == sorted([*["text"] * (len(shown) - 1), "left", "right"])


def test_the_size_of_most_of_the_text_is_that_of_its_style() -> None:
    found = word(
        page(block("Much text. " * 50, size=9.0), block("Fine print", size=6.0), block("T", "heading", size=20.0))
    )
    defaults = found.trees["word/styles.xml"].find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert value_of(defaults, "sz") == "18"
    own = {
        found.text_of(run.getparent().getparent().getparent()): run.get(f"{W}val") for run in found.body.iter(f"{W}sz")
    }
    assert own == {"Fine print": "12"}
    headings = found.trees["word/styles.xml"].find(f"{W}style[@{W}styleId='Heading2']/{W}rPr")
    assert value_of(headings, "sz") != "18"


def test_what_stands_in_the_middle_is_centred() -> None:
    shown = [
        block("A line over all of the text."),
        block("Title", bbox=(250, 100, 345, 114)),
        block("Left", bbox=(72, 120, 99, 134)),
    ]
    found = word(page(*shown))
    placings = [paragraph.find(f"{W}pPr/{W}jc") is not None for paragraph in found.body.findall(f"{W}p")]
    assert placings == [False, True, False]


def test_heads_and_feet_that_all_pages_share_become_words_own() -> None:
    pages = [
        page(
            block("Annual report", "header", TOP),
            block(f"Page {number}"),
            block(str(number), "footer", FOOT),
            index=index,
        )
        for index, number in enumerate(range(7, 10))
    ]
    found = word(*pages)
    (head,), (foot,) = found.heads("header"), found.heads("footer")
    assert found.text_of(head) == "Annual report"
    assert foot.find(f".//{W}fldSimple").get(f"{W}instr").strip() == "PAGE"
    assert found.body.find(f".//{W}pgNumType").get(f"{W}start") == "7"
    assert [text for _, text in found.paragraphs()] == ["Page 7", "Page 8", "Page 9"]


def test_a_first_page_may_have_a_head_of_its_own() -> None:
    heads = [[], *([block("Chapter one", "header", TOP)] for _ in range(3))]
    found = word(*(page(*head, block("Words."), index=index) for index, head in enumerate(heads)))
    assert found.body.find(f".//{W}titlePg") is not None
    kinds = [reference.get(f"{W}type") for reference in found.body.iter(f"{W}headerReference")]
    assert kinds == ["default", "first"]
    assert sorted(found.text_of(head) for head in found.heads("header")) == ["", "Chapter one"]


def test_heads_that_differ_stay_on_their_pages() -> None:
    heads = ["One", "Two", "Three"]
    found = word(*(page(block(head, "header", TOP), block("Words."), index=index) for index, head in enumerate(heads)))
    assert found.heads("header") == []
    assert styles(found) == [entry for head in heads for entry in (("Header", head), ("", "Words."))]


@pytest.mark.parametrize(("text", "height"), [("Long. " * 100, 842.0), ("Short", 100.0)])
def test_heads_that_would_fill_the_page_stay_in_its_text(text: str, height: float) -> None:
    found = word(page(block(text, "header", TOP), block("Words."), height=height))
    assert found.heads("header") == []
    assert styles(found) == [("Header", text.strip()), ("", "Words.")]


def test_a_number_that_does_not_count_pages_is_no_field() -> None:
    pages = [
        page(block(f"Lot {number}", "footer", FOOT), block("x"), index=index) for index, number in enumerate([5, 7, 9])
    ]
    found = word(*pages)
    assert found.body.find(f".//{W}fldSimple") is None
    assert [text for style, text in styles(found) if style == "Footer"] == ["Lot 5", "Lot 7", "Lot 9"]


def test_text_that_runs_from_the_right_is_marked_so() -> None:
    found = word(page(block("שלום (Hello) עולם, 12."), language="he"), detected_languages=("he",))
    paragraph = found.body[0]
    assert paragraph.find(f"{W}pPr/{W}bidi") is not None
    runs = [("".join(run.itertext()), run.find(f"{W}rPr/{W}rtl") is not None) for run in paragraph.findall(f"{W}r")]
    assert runs == [("שלום (", True), ("Hello", False), (") עולם, 12.", True)]
    language = found.trees["word/styles.xml"].find(f".//{W}lang")
    assert language.get(f"{W}bidi") == "he-IL"
    assert found.body.find(f"{W}sectPr/{W}bidi") is not None


def test_all_of_a_list_runs_one_way() -> None:
    found = word(page(block("1. ראשון\n2. שני (abcdef)", "list")))
    assert [item.find(f"{W}pPr/{W}bidi") is not None for item in found.body.findall(f"{W}p")] == [True, True]


def test_a_tie_runs_as_the_page() -> None:
    hebrew, tie = block("שלום עולם"), block("שני abc")
    found = word(page(hebrew, tie, block("7"), block("abcd")))
    ways = [paragraph.find(f"{W}pPr/{W}bidi") is not None for paragraph in found.body.findall(f"{W}p")]
    assert ways == [True, True, True, False]


def test_a_word_from_the_right_within_a_line_from_the_left() -> None:
    found = word(page(block("He said שלום עולם and left.")))
    runs = [("".join(run.itertext()), run.find(f"{W}rPr/{W}rtl") is not None) for run in found.body[0].findall(f"{W}r")]
    assert runs == [("He said ", False), ("שלום עולם", True), (" and left.", False)]
    assert found.body[0].find(f"{W}pPr/{W}bidi") is None


@pytest.mark.parametrize(
    ("language", "attribute", "tag", "font"),
    [
        ("ja", "eastAsia", "ja-JP", "MS Mincho"),
        ("zh-Hant", "eastAsia", "zh-TW", "PMingLiU"),
        ("th", "bidi", "th-TH", "Leelawadee UI"),
    ],
)
def test_the_main_language_and_its_font_are_those_of_the_styles(
    language: str, attribute: str, tag: str, font: str
) -> None:
    found = word(page(block("x"), language=language), detected_languages=(language,))
    defaults = found.trees["word/styles.xml"].find(f"{W}docDefaults//{W}rPr")
    assert defaults.find(f"{W}lang").get(f"{W}{attribute}") == tag
    assert defaults.find(f"{W}rFonts").get(f"{W}{'cs' if attribute == 'bidi' else 'eastAsia'}") == font


def test_a_line_at_the_right_is_set_there_whichever_way_it_runs() -> None:
    edge = (430.0, 100.0, 523.0, 114.0)
    found = word(page(block("A line over all of the text."), block("12 May", bbox=edge), block("שלום", bbox=edge)))
    _, date, greeting = found.body.findall(f"{W}p")
    assert value_of(date.find(f"{W}pPr"), "jc") == "right"
    assert [etree.QName(child).localname for child in greeting.find(f"{W}pPr")] == ["bidi"]


def test_every_language_has_a_tag_and_a_font() -> None:
    for language in LANGUAGES.values():
        found = Tags.of([language.code])
        assert re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", found.main), language
        assert found.main == getattr(found, kind_of(language.script))
        assert found.complex_font
        assert found.east_asian_font


def test_a_page_in_another_language_is_tagged() -> None:
    found = word(
        page(block("Words."), language="en"),
        page(block("Wörter."), index=1, language="de"),
        detected_languages=("en", "de"),
    )
    first, second = found.body.findall(f"{W}p")
    assert first.find(f".//{W}lang") is None
    assert second.find(f".//{W}lang").get(f"{W}val") == "de-DE"


def test_complex_scripts_have_their_font() -> None:
    found = word(page(block("Say नमस्ते to हिन्दी, and բարեւ.")))
    runs = [(run.find(f"{W}rPr/{W}cs") is not None, "".join(run.itertext())) for run in found.body[0].findall(f"{W}r")]
    assert runs == [
        (False, "Say "),
        (True, "नमस्ते "),
        (False, "to "),
        (True, "हिन्दी, "),
        (False, "and "),
        (False, "բարեւ."),
    ]


def test_line_breaks_and_tabs_are_kept() -> None:
    found = word(page(block("a\tb\r\nc\u2028 d")))
    assert found.paragraphs() == [("", "a\tb\nc\n d")]


def test_the_properties_are_those_of_the_job() -> None:
    document = docx.Document(io.BytesIO(rendered([page(block("Wörter."))], detected_languages=("de",))))
    properties = document.core_properties
    assert (properties.title, properties.language, properties.author) == ("Annual report", "de-DE", "")
    assert properties.created == properties.modified
    assert str(properties.created) == "2026-01-02 03:05:06+00:00"
    mode = document.settings.element.xpath("//w:compatSetting[@w:name='compatibilityMode']/@w:val")
    assert mode == ["15"]


def test_a_title_of_control_characters_is_cleaned() -> None:
    document = docx.Document(io.BytesIO(rendered([page()], filename="a\x00b\ud800\n" + "c" * 300)))
    assert document.core_properties.title == ("ab\ufffd " + "c" * 300)[:255]


def test_the_same_job_gives_the_same_bytes() -> None:
    pages = [page(block("1. a", "list"), table([["b"]]), block("4", "footer", FOOT))]
    assert rendered(pages) == rendered(pages)


def test_nothing_of_the_template_is_left() -> None:
    found = word(page())
    assert not [name for name in found.parts if "thumbnail" in name or "customXml" in name or "Effects" in name]
    assert b"python-docx" not in b"".join(found.parts.values())


def test_a_page_that_could_not_be_read_is_an_empty_page() -> None:
    found = word(page(block("a")), PageResult.unread(1, PageUnreadable()), page(block("b"), index=2))
    assert [text for _, text in found.paragraphs()] == ["a", "", "b"]
    assert len(list(found.body.iter(f"{W}sectPr"))) == 1


def test_pages_are_not_held_with_their_lines() -> None:
    """A thousand pages of 40 lines; with the lines of all of them it would be several times as much."""
    shown = page(*(block("Some words of a line. " * 4) for _ in range(40)))
    rendered([shown])
    tracemalloc.start()
    rendered(
        replace(shown, index=index, blocks=tuple(replace(b, text=b.text + str(index)) for b in shown.blocks))
        for index in range(250)
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6  # of a document of 250 pages: measured 22 MB


def test_importing_the_renderer_loads_no_heavy_library() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(FUNCTIONS)!r}); import export.renderers.docx; "
        "sys.exit(str({'docx', 'lxml', 'pymupdf', 'PIL'} & set(sys.modules)) if {'docx', 'lxml', 'pymupdf', 'PIL'} & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

"""The text layer of a searchable PDF: what PyMuPDF and poppler take out of it, and where it stands."""

from __future__ import annotations

import math
import subprocess
import unicodedata
from pathlib import Path

import pymupdf
import pytest

from export.renderers.pdf.bidi import RIGHT_TO_LEFT_MARK as MARK
from export.renderers.pdf.bidi import as_seen, parts_as_seen, rightness
from export.renderers.pdf.font import GLYPHS, Font, natural_width
from export.renderers.pdf.placement import clean, runs_of
from ocrchat.blocks import BBox, Block, Cell, Line, Table, Word
from tests.unit.export.pdf_made import blank_pdf, opened, page, rendered, words

LINES = {
    "English": "All human beings are born free (1948), and equal.",
    "Czech": "Všichni lidé rodí se svobodní, žluťoučký kůň",
    "Vietnamese": "Tất cả mọi người sinh ra đều được tự do",
    "Greek": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι",
    "Russian": "Все люди рождаются свободными и равными",
    "Armenian": "Բոլոր մարդիկ ծնվում են ազատ",
    "Georgian": "ყველა ადამიანი იბადება თავისუფალი",
    "Hindi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में",
    "Bengali": "সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা",
    "Tamil": "மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே",
    "Telugu": "ప్రతిపత్తిస్వత్వముల విషయమున మానవులెల్లరును",
    "Thai": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน",
    "Khmer": "មនុស្សទាំងអស់កើតមកមានសេរីភាព",
    "Burmese": "လူတိုင်းသည် တူညီလွတ်လပ်သော ဂုဏ်သိက္ခာဖြင့်",
    "Tibetan": "འགྲོ་བ་མིའི་རིགས་རྒྱུད་ཡོངས་ལ་སྐྱེས་ཙམ་ཉིད་ནས་",
    "Japanese": "すべての人間は、生まれながらにして自由であり、",
    "Chinese": "人人生而自由，在尊严和权利上一律平等。",
    "Korean": "모든 인간은 태어날 때부터 자유로우며",
    "Amharic": "የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና",
    "Astral": "𝔸 𠀀𠮷 emoji 👍🏽 end",
}
FROM_THE_RIGHT = {
    "Arabic": "يولد جميع الناس أحراراً متساوين في الكرامة، والحقوق.",
    "Hebrew": "כל בני האדם נולדו בני חורין, ושווים בערכם.",
    "Persian": "تمام افراد بشر آزاد به دنیا می‌آیند",
    "Yiddish": "יעדער מענטש װערט געבױרן פֿרײַ און גלײַך",
    "numbers": "في عام 1948 صدر القرار 217 الف.",
    "a phrase": "הוא אמר hello world ואז הלך",
    "a date": "ביום May 12, 1990 נולד",
    "hyphen": "בבית־הספר של תל-אביב, ב-1948, (שם).",
}
BOX: BBox = (60.0, 100.0, 520.0, 116.0)


def box_of(text: str) -> BBox:
    """About as wide as print of that height is."""
    return (40.0, 100.0, 40.0 + 16 * natural_width(text), 116.0)


def lines_of(data: bytes, tmp_path: Path) -> tuple[list[str], list[str]]:
    """What PyMuPDF and what poppler extract, without marks of direction."""
    path = tmp_path / "extracted.pdf"
    path.write_bytes(data)
    poppler = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    return plain_lines(opened(data)[0].get_text()), plain_lines(poppler)


def plain_lines(text: str) -> list[str]:
    kept = "".join(sign for sign in text if unicodedata.category(sign) != "Cf" or sign == "\u200c")
    return [unicodedata.normalize("NFC", line.strip()) for line in kept.splitlines() if line.strip()]


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_extracted_as_it_was_read(name: str, tmp_path: Path) -> None:
    line = words(LINES[name], box_of(LINES[name]))
    data = rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [page([line])])
    wanted = plain_lines(LINES[name])
    assert lines_of(data, tmp_path) == (wanted, wanted)


@pytest.mark.parametrize("name", FROM_THE_RIGHT)
def test_a_line_from_the_right_is_extracted_in_the_order_in_which_it_is_read(name: str, tmp_path: Path) -> None:
    """PyMuPDF ends a line before and after a number, a word of another script or a hyphen, whatever is done."""
    text = FROM_THE_RIGHT[name]
    data = rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [page([words(text, box_of(text), from_the_right=True)])])
    wanted = plain_lines(text)
    by_pymupdf, by_poppler = lines_of(data, tmp_path)
    assert by_poppler == wanted
    assert "".join("".join(by_pymupdf).split()) == "".join(wanted[0].split())
    if not any(unicodedata.bidirectional(sign) in ("L", "EN", "AN", "ES") for sign in text):
        assert by_pymupdf == wanted


@pytest.mark.parametrize(
    ("text", "seen"), [("abc", "abc"), ("אבג abc", "גבא abc"), ("abc אבג דהו", "abc והד גבא"), ("", "")]
)
def test_words_from_the_right_in_a_line_from_the_left(text: str, seen: str) -> None:
    assert as_seen(text) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("אבג", ["גבא"]),
        ("אב 12.5 גד", ["דג ", f"{MARK}12.5", " בא"]),
        ("אב, גד", [f"דג {MARK},בא"]),
        ("אב-גד", ["דג", "-", "בא"]),
        ("אָ", [f"{MARK}\u05b8א"]),
        ("(אב)", [f"{MARK})בא("]),
        ("", []),
    ],
)
def test_a_line_from_the_right_as_it_is_seen_from_the_left(text: str, seen: list[str]) -> None:
    assert [part.text for part in parts_as_seen(text, rightness(text, from_the_right=True))] == seen


def test_words_stand_where_they_were_read(tmp_path: Path) -> None:
    line = words("Words stand where they were read", BOX)
    document = opened(rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [page([line])]))
    found = {word[4]: word[:4] for word in document[0].get_text("words")}
    for word in line.words:
        assert found[word.text] == pytest.approx(word.bbox, abs=0.5)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("stated", [0, 90, 180, 270])
def test_words_stand_in_place_however_the_page_lies(rotation: int, stated: int, tmp_path: Path) -> None:
    """`stated` is what the page itself says, `rotation` what made it upright; with a crop box that begins elsewhere."""
    path = tmp_path / "a.pdf"
    with pymupdf.open() as made:
        sheet = made.new_page(width=500, height=700)
        sheet.set_cropbox(pymupdf.Rect(30, 50, 430, 650))
        sheet.set_rotation(stated)
        made.save(path)
    upright = (400, 600) if rotation in (0, 180) else (600, 400)
    line = words("Lies somehow", (100.0, 50.0, 300.0, 70.0))
    document = opened(rendered(path, "pdf", [page([line], *upright, rotation=rotation)]))
    crop = pymupdf.Rect(0, 0, 400, 600)
    turn = {
        0: pymupdf.Matrix(1, 0, 0, 1, 0, 0),
        90: pymupdf.Matrix(0, -1, 1, 0, 0, crop.height),
        180: pymupdf.Matrix(-1, 0, 0, -1, crop.width, crop.height),
        270: pymupdf.Matrix(0, 1, -1, 0, crop.width, 0),
    }[rotation]
    found = {word[4]: pymupdf.Rect(word[:4]) for word in document[0].get_text("words")}
    for word in line.words:
        expected = (pymupdf.Rect(word.bbox) * turn).normalize()
        assert tuple(found[word.text]) == pytest.approx(tuple(expected), abs=0.5)


@pytest.mark.parametrize("degrees", [-7.0, -2.0, 1.0, 3.0, 6.0])
def test_a_line_askew_is_set_where_its_words_are(degrees: float, tmp_path: Path) -> None:
    """Poppler takes words apart that are askew; up to four degrees they stand level, one higher than the other."""
    angle = math.radians(degrees)
    c, s = math.cos(angle), abs(math.sin(angle))
    made = []
    for number, text in enumerate(["askew", "as", "the", "scanned", "page", "lies"]):
        x, y, wide, high = 100 + 60 * number, 300 + 60 * number * math.tan(angle), 50.0, 12.0
        w, h = wide * c + high * s, wide * s + high * c
        made.append(Word(text, (x - w / 2, y - h / 2, x + w / 2, y + h / 2), 0.9))
    line = Line("askew as the scanned page lies", (70, 270, 430, 330), 0.9, tuple(made))
    data = rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [page([line])])
    document = opened(data)
    directions = [line["dir"] for block in document[0].get_text("dict")["blocks"] for line in block["lines"]]
    if abs(degrees) > 4:
        ((cos, sin),) = directions
        assert math.degrees(math.atan2(sin, cos)) == pytest.approx(degrees, abs=0.2)
    else:
        assert sorted(" ".join(lines_of(data, tmp_path)[1]).split()) == sorted(line.text.split())
    assert lines_of(data, tmp_path)[0] == [line.text]
    boxes = {word[4]: word[:4] for word in document[0].get_text("words")}
    for word in made:
        assert boxes[word.text] == pytest.approx(word.bbox, abs=2.0)


def test_columns_of_chinese_run_down_and_the_text_of_a_spine_up(tmp_path: Path) -> None:
    down = Line("政府信息", (300, 100, 320, 180), 0.9)
    signs = tuple(Word(word, (100, top, 114, top + 60), 0.9) for word, top in (("spine", 200), ("of", 120)))
    up = Line("spine of", (100, 120, 114, 260), 0.9, signs)
    document = opened(rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [page([down, up])]))
    found = {
        "".join(span["text"] for span in line["spans"]).strip(): (line["dir"], line["bbox"])
        for block in document[0].get_text("dict")["blocks"]
        for line in block["lines"]
    }
    assert found["政府信息"][0] == pytest.approx((0, 1), abs=1e-6)
    assert found["政府信息"][1] == pytest.approx(down.bbox, abs=0.5)
    assert found["spine of"][0] == pytest.approx((0, -1), abs=1e-6)


def test_what_is_drawn_is_not_seen(tmp_path: Path) -> None:
    data = rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [page([words("Not to be seen", BOX)])])
    pixels = opened(data)[0].get_pixmap()
    assert set(pixels.samples) == {255}


def test_text_without_lines_is_set_in_the_box_of_its_block(tmp_path: Path) -> None:
    cells = tuple(
        Cell(0, column, text, (100 + 100 * column, 300, 180 + 100 * column, 320), 0.9)
        for column, text in enumerate(["left", "right"])
    )
    table = Table(1, 2, cells)
    blocks = (
        Block("text", "first line\nsecond line", (60, 100, 300, 130), 0.9),
        Block("table", table.text, (100, 300, 280, 320), 0.9, table=table),
    )
    made = page([])
    document = opened(rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [type(made)(0, 595, 842, "pt", "vlm", blocks)]))
    found = {word[4]: word[:4] for word in document[0].get_text("words")}
    assert found["first"][1] == pytest.approx(100, abs=0.5)
    assert found["second"][1] == pytest.approx(115, abs=0.5)
    assert found["right"] == pytest.approx((200, 300, 280, 320), abs=0.5)


def test_words_that_the_line_does_not_know_of_are_not_lost(tmp_path: Path) -> None:
    some = (Word("known", (100, 100, 150, 116), 0.9), Word("other", (200, 100, 250, 116), 0.9), Word("", BOX, 0.1))
    line = Line("un known and other words", BOX, 0.9, some)
    found = "".join("".join(run.text for run in runs) for runs in runs_of([Block.of_lines([line])]))
    assert found == "un known and other words"


@pytest.mark.parametrize("words_overlap", [True, False])
def test_words_side_by_side_are_told_apart(words_overlap: bool, tmp_path: Path) -> None:
    gap = -4.0 if words_overlap else 0.0
    made = tuple(
        Word(text, (60 + 50 * n, 100, 110 + 50 * n - gap, 116), 0.9) for n, text in enumerate(["one", "two", "three"])
    )
    data = rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [page([Line("one two three", BOX, 0.9, made)])])
    assert lines_of(data, tmp_path) == (["one two three"], ["one two three"])


@pytest.mark.parametrize("far", [40.0, 300.0])
def test_a_line_with_a_wide_gap_stays_one_line(far: float, tmp_path: Path) -> None:
    made = (Word("Total", (60, 100, 100, 116), 0.9), Word("215.00", (100 + far, 100, 150 + far, 116), 0.9))
    data = rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [page([Line("Total 215.00", BOX, 0.9, made)])])
    assert lines_of(data, tmp_path)[0] == ["Total 215.00"]


def test_a_word_in_a_box_that_is_far_too_narrow_is_read_from_its_beginning(tmp_path: Path) -> None:
    text = "".join(chr(0x05D0 + number % 27) for number in range(4000))
    data = rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [page([Line(text, (60, 100, 160, 116), 0.9)])])
    found = "".join(plain_lines(opened(data)[0].get_text())).replace(" ", "")
    assert found == text


def test_a_line_of_a_hundred_thousand_characters_is_kept_whole(tmp_path: Path) -> None:
    text = "".join(chr(0x4E00 + number % 5000) for number in range(100_000))
    data = rendered(blank_pdf(tmp_path / "a.pdf"), "pdf", [page([Line(text, BOX, 0.9)])])
    found = opened(data)[0].get_text().replace("\n", "").replace(" ", "")
    assert len(found) == len(text)
    assert found == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\x00b", "a b"), ("a\ud800b", "a\ufffdb"), ("a\u2028b\t", "a b"), ("\U0001f600", "\U0001f600"), ("\x7f", "")],
)
def test_control_characters_and_halves_of_pairs(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_more_characters_than_a_font_has_codes(tmp_path: Path) -> None:
    font = Font()
    every = "".join(chr(code) for code in range(0x20, 0x11000) if not 0xD800 <= code < 0xE000)
    assert len(font.encode(every)) == 2 * len(every)


def test_the_font_file_is_the_one_that_its_program_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from export.renderers.pdf import glyphless

    monkeypatch.setattr(glyphless, "GLYPHS", tmp_path / "again.ttf")
    glyphless.main()
    assert (tmp_path / "again.ttf").read_bytes() == GLYPHS.read_bytes()

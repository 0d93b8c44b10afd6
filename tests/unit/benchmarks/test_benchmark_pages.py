"""Which pages are measured, and what is the right answer for each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.accuracy import turned
from benchmarks.accuracy.languages import ACCEPTED, is_right
from benchmarks.accuracy.pdfs import without_marks
from benchmarks.accuracy.report import table
from benchmarks.accuracy.sets import pages_of, sample


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two sets; `c.png` of the first has no truth."""
    for name, files in {"languages": ["deu_1996.jpg", "tha.jpg", "c.png"], "tesseract": ["a-rotated-L.png"]}.items():
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / file).touch()
    (tmp_path / "languages" / "deu_1996.gt.txt").write_text("Alle Menschen")
    (tmp_path / "languages" / "tha.gt.txt").write_text("มนุษย์ทั้งหลาย")
    (tmp_path / "languages" / "meta.json").write_text(json.dumps({"deu_1996": {"tess": "deu"}}))
    (tmp_path / "tesseract" / "a.gt.txt").write_text("upright")
    return tmp_path


def test_a_page_without_truth_is_left_out(data: Path) -> None:
    assert [page.name for page in pages_of(data, "languages")] == ["deu_1996", "tha"]


def test_the_pack_is_that_of_the_meta_file_or_of_the_script(data: Path) -> None:
    assert [(page.pack, page.unspaced) for page in pages_of(data, "languages")] == [("deu", False), ("tha", True)]


def test_a_turned_sample_has_the_truth_of_the_upright_one(data: Path) -> None:
    (page,) = pages_of(data, "tesseract")
    assert (page.truth, page.turned) == ("upright", True)


def test_a_limit_takes_pages_from_the_whole_set() -> None:
    assert sample(list(range(10)), 3) == [0, 3, 6]
    assert sample([1, 2], 5) == [1, 2]
    assert sample([1, 2], None) == [1, 2]


@pytest.mark.parametrize(
    ("page", "answer", "right"),
    [
        ("deu_1996", "de", True),
        ("deu_1996", "nl", False),
        ("deu_1996", None, None),
        ("nob", "no", True),
        ("nob", "nb", True),
        ("nob", "da", False),
        ("cmn_hant", "zh-Hant", True),
        ("cmn_hant", "zh", False),
        ("ydd", "yi", True),
        ("an_unknown_page", "de", None),
    ],
)
def test_the_language_said_is_right_by_any_of_its_codes(page: str, answer: str | None, right: bool | None) -> None:
    assert is_right(page, answer) is right


def test_no_answer_is_right_for_two_languages() -> None:
    answers = [answer for known in ACCEPTED.values() for answer in known.split()]
    assert len(answers) == len(set(answers))


@pytest.mark.parametrize(("degrees", "corner"), [(90.0, (9, 0)), (180.0, (9, 19)), (270.0, (0, 19))])
def test_a_picture_is_turned_clockwise(tmp_path: Path, degrees: float, corner: tuple[int, int]) -> None:
    size = (10, 20) if degrees == 180 else (20, 10)
    picture = Image.new("RGB", size, "white")
    picture.putpixel((0, 0), (0, 0, 0))
    picture.save(tmp_path / "in.png")
    turned.turn_image(tmp_path / "in.png", degrees, tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as result:
        assert result.size == (10, 20)
        assert result.getpixel(corner) == (0, 0, 0)


def test_a_skewed_picture_has_white_corners(tmp_path: Path) -> None:
    Image.new("L", (100, 50), 0).save(tmp_path / "in.png")
    turned.turn_image(tmp_path / "in.png", 3.0, tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as result:
        assert result.width > 100
        assert result.getpixel((result.width - 1, result.height - 1)) == (255, 255, 255)


def test_markdown_without_its_marks_is_the_text() -> None:
    markdown = "<!-- image -->\n\n## A head\n\n- one \\*\n\n| a | b |\n|---|---|\n| c | d-e |"
    assert without_marks(markdown).split() == ["A", "head", "one", "*", "a", "b", "c", "d-e"]


def test_numbers_are_aligned_to_the_right() -> None:
    assert table("what|how many >", [["pages", 3]]).splitlines() == [
        "| what | how many |",
        "|---|--:|",
        "| pages | 3 |",
    ]

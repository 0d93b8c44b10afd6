"""Which lines stand for a page, and which packs may read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_page import scripts
from ocr_page.recognisers import tesseract
from ocr_page.recognisers.port import RecognisedLine
from ocr_page.recognisers.regions import Region
from ocrchat import languages

BOX = (0.0, 0.0, 1.0, 1.0)

regions_of_a_page = st.lists(
    st.builds(
        Region, st.floats(0, 3000), st.floats(0, 3000), st.floats(1, 3000), st.floats(1, 200), st.floats(-45, 45)
    ),
    min_size=1,
    max_size=60,
)


def line(confidence: float) -> RecognisedLine:
    return RecognisedLine(BOX, "text", confidence)


def row(y: float, width: float = 500, height: float = 20) -> Region:
    return Region(300, y, width, height, 0.0)


@given(regions_of_a_page)
def test_a_sample_is_some_lines_of_the_page_from_top_to_bottom(regions: list[Region]) -> None:
    chosen = scripts.sample(regions)
    assert 0 < len(chosen) <= scripts.SAMPLE
    assert len(set(chosen)) == len(chosen)
    heights = [regions[index].y for index in chosen]
    assert heights == sorted(heights)


def test_a_sample_comes_from_the_whole_height_of_the_page() -> None:
    rows = [row(30.0 * number) for number in range(60)]
    chosen = [rows[index].y for index in scripts.sample(rows)]
    assert min(chosen) < 300
    assert max(chosen) > 600


def test_dots_and_small_print_do_not_stand_for_a_page() -> None:
    rows = [row(30.0 * number) for number in range(6)]
    leaders = [row(30.0 * number + 15, width=900, height=4) for number in range(6)]
    assert set(scripts.sample([*leaders, *rows])) == set(range(6, 12))


def test_of_a_page_with_nothing_else_whatever_there_is_stands_for_it() -> None:
    assert scripts.sample([Region(10, 10, 5, 40, 0.0)]) == [0]


def test_sureness_is_weighted_by_the_length_of_lines() -> None:
    assert scripts.sureness([line(1.0), line(0.5)], [row(0, width=300), row(30, width=100)]) == pytest.approx(0.875)


def test_a_region_that_nothing_was_read_in_makes_a_page_less_sure() -> None:
    assert scripts.sureness([line(0.9), None], [row(0), row(30)]) == pytest.approx(0.45)
    assert scripts.sureness([], []) == 0.0


def test_a_page_that_is_read_surely_needs_no_other_pack() -> None:
    assert scripts.candidates(scripts.KEEP) == ()
    assert scripts.candidates(1.0) == ()


def test_a_page_that_is_read_nearly_surely_may_be_in_a_script_that_looks_like_latin() -> None:
    assert scripts.candidates(scripts.LOOKALIKE) == scripts.LOOKALIKES
    assert scripts.candidates(scripts.KEEP - 0.001) == scripts.LOOKALIKES


def test_a_page_that_is_not_read_may_be_in_any_script() -> None:
    assert scripts.candidates(0.0) == scripts.PROBES
    assert scripts.candidates(scripts.LOOKALIKE - 0.001) == scripts.PROBES


def test_lines_that_are_half_read_may_be_in_a_script_that_looks_like_latin_others_in_any() -> None:
    assert scripts.line_candidates(scripts.LOOKALIKE_LINES) == scripts.LINE_LOOKALIKES
    assert scripts.line_candidates(scripts.LOOKALIKE_LINES - 0.001) == scripts.PROBES


def test_every_candidate_is_the_pack_of_a_language_that_tesseract_reads() -> None:
    for pack in (
        *scripts.PROBES,
        *scripts.LINE_LOOKALIKES,
        *(one for some in scripts.OSD_PROBES.values() for one in some),
    ):
        assert languages.of_pack(pack).engine == "tesseract"


def test_every_script_that_only_tesseract_reads_has_a_candidate() -> None:
    tried = {languages.of_pack(pack).script for pack in scripts.PROBES}
    needed = {one.script for one in languages.LANGUAGES.values() if one.engine == "tesseract"}
    assert needed - tried == {"Latn", "Latf", "Hans", "Hant", "Jpan"}  # which PP-OCR sees, at least


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        (tesseract.Orientation("Arabic", 20.0, 0, 20.0), scripts.Script("ara", False, 1.0)),
        (tesseract.Orientation("Hebrew", 20.0, 180, 20.0), scripts.Script("heb", True, 1.0)),
        (tesseract.Orientation("Arabic", 9.9, 0, 20.0), None),
        (tesseract.Orientation("Arabic", 20.0, 0, 9.9), None),
        (tesseract.Orientation("Arabic", 20.0, 90, 20.0), None),
        (tesseract.Orientation("Latin", 20.0, 0, 20.0), None),
    ],
    ids=["upright", "upside down", "script a guess", "orientation a guess", "sideways", "no script of a pack"],
)
def test_a_detected_script_is_believed_where_it_is_sure(
    seen: tesseract.Orientation, named: scripts.Script | None
) -> None:
    assert scripts._surely(seen) == named

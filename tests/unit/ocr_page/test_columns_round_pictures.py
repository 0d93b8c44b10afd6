"""In which order columns are read whose text runs round a picture, its caption or a quotation."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from ocrchat.blocks import BBox, Block, Line
from tests.unit.ocr_page.pages import HIGH, LETTER, PITCH, line, prose, read

TWO = ((50, 290), (310, 550))
THREE = ((40, 205), (220, 385), (400, 565))
TOP, BOTTOM = 60, 740
ROOM = 10.0  # between a picture and the text round it
CAPTION_PITCH = 11.3  # which brings no two lines to the base lines of the text
CAPTION = ("A TERRACOTTA ROOF", "DAMAGED", "IN THE SHELLING OF", "A TOWN", "AND MENDED")


def around(columns: Sequence[tuple[float, float]], obstacles: Sequence[BBox], *, is_ragged: bool = False) -> list[Line]:
    """Columns from TOP to BOTTOM, whose lines leave out the obstacles: flush at both edges, or as long as whole words
    allow."""
    found: list[Line] = []
    for start, end in columns:
        top = float(TOP)
        while top + HIGH < BOTTOM:
            left, right = _free(start, end, top, obstacles)
            text = prose(2, int((right - left) / LETTER), start=len(found))[0]
            found.append(line(text, left, top, width=None if is_ragged else right - left))
            top += PITCH
    return found


def _free(start: float, end: float, top: float, obstacles: Sequence[BBox]) -> tuple[float, float]:
    for x0, y0, x1, y1 in obstacles:
        if y0 - ROOM < top + HIGH and top < y1 + ROOM and x0 < end and start < x1:
            start, end = max(
                (start, min(end, x0 - ROOM)), (max(start, x1 + ROOM), end), key=lambda part: part[1] - part[0]
            )
    return start, end


def caption(middle: float, top: float, pitch: float = CAPTION_PITCH) -> list[Line]:
    """Centred lines below each other, some of them too short to reach over a gutter."""
    return [
        line(text, middle - LETTER * len(text) / 2, top + pitch * row, height=10) for row, text in enumerate(CAPTION)
    ]


def hull(lines: Sequence[Line]) -> BBox:
    return (
        min(found.bbox[0] for found in lines),
        lines[0].bbox[1],
        max(found.bbox[2] for found in lines),
        lines[-1].bbox[3],
    )


def order(lines: Sequence[Line], placed: Sequence[Block] = ()) -> list[str]:
    shuffled = random.Random(4).sample(lines, len(lines))  # noqa: S311
    return [found.text for block in read(shuffled, placed) for found in block.lines]


PICTURES = {
    "between two columns": (TWO, (190, 250, 410, 500)),
    "between two columns, long": (TWO, (190, 150, 410, 600)),
    "between two columns, in the left one most": (TWO, (130, 250, 330, 500)),
    "at the outer edge of the left column": (TWO, (50, 250, 150, 450)),
    "at the inner edge of the left column": (TWO, (190, 250, 290, 450)),
    "at the inner edge of the right column": (TWO, (310, 250, 410, 450)),
    "at the outer edge of the right column": (TWO, (450, 250, 550, 450)),
    "between the first two of three columns": (THREE, (140, 200, 290, 400)),
    "between the last two of three columns": (THREE, (320, 200, 470, 400)),
    "in the middle one of three columns": (THREE, (220, 200, 310, 400)),
}


@pytest.mark.parametrize("is_ragged", [False, True], ids=["flush", "ragged"])
@pytest.mark.parametrize(("columns", "picture"), PICTURES.values(), ids=PICTURES)
def test_columns_go_on_beside_a_picture(
    columns: Sequence[tuple[float, float]], picture: BBox, *, is_ragged: bool
) -> None:
    text = around(columns, [picture], is_ragged=is_ragged)
    assert order(text) == [row.text for row in text]


@pytest.mark.parametrize("is_ragged", [False, True], ids=["flush", "ragged"])
@pytest.mark.parametrize("top", [60, 250, 450], ids=["top", "middle", "bottom"])
def test_a_caption_between_columns_is_read_after_them(top: float, *, is_ragged: bool) -> None:
    picture = (190.0, top, 410.0, top + 200)
    below = caption(300, top + 206)
    text = around(TWO, [picture, hull(below)], is_ragged=is_ragged)
    assert order([*text, *below]) == [row.text for row in [*text, *below]]


def test_a_picture_that_was_found_is_read_with_its_caption() -> None:
    picture = Block("figure", "figure", (190, 250, 410, 450), 1.0)
    below = caption(300, 456)
    text = around(TWO, [picture.bbox, hull(below)])
    assert order([*text, *below], [picture]) == [row.text for row in [*text, *below]]
    found = read([*text, *below], [picture])
    assert found[found.index(picture) - 1].lines[-1].text == text[-1].text


def test_a_quotation_between_columns_is_read_after_them() -> None:
    quotation = caption(300, 350, pitch=17)
    text = around(TWO, [hull(quotation)])
    assert order([*text, *quotation]) == [row.text for row in [*text, *quotation]]


def test_a_caption_between_the_columns_of_three_is_read_after_those_beside_it() -> None:
    picture = (140.0, 200.0, 290.0, 400.0)
    below = caption(212, 406)
    text = around(THREE, [picture, hull(below)])
    found = order([*text, *below])
    assert [row for row in found if row not in CAPTION] == [row.text for row in text]
    first = found.index(CAPTION[0])
    assert tuple(found[first : first + len(CAPTION)]) == CAPTION


def test_three_columns_above_two_are_read_before_them() -> None:
    above = [
        line(text, x, 60 + lower + PITCH * row, width=165)
        for (x, _), lower in zip(THREE, (0, 6, 3), strict=True)
        for row, text in enumerate(prose(8, 33, start=lower))
    ]
    below = [row for row in around(TWO, []) if row.bbox[1] > 190]
    found = order([*above, *below])
    assert sorted(found[: len(above)]) == sorted(row.text for row in above)


def test_the_rows_of_a_table_between_columns_stay_together() -> None:
    text = [row for row in around(TWO, []) if not 305 < row.bbox[1] < 400]
    cells = [
        line(f"{name} {row}", x, 320 + 16 * row)
        for row in range(4)
        for name, x in (("iron", 60), ("copper and tin ore", 255), ("zinc", 480))
    ]
    found = order([*text, *cells])
    assert [row for row in found if "copper" in row][1:3] == [
        f"iron {row} copper and tin ore {row} zinc {row}" for row in (1, 2)
    ]

"""Tables of pages with ruled grids: on pictures, and from rules that are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ocr_page import tables
from ocr_page.tables import Found, Rules
from ocrchat.blocks import Line
from tests.unit.ocr_page import tables_drawn as drawn

XS, YS = (45.0, 195.0, 275.0, 355.0), (96.0, 112.0, 126.0, 140.0)
ROWS = [["Name", "Height", "Width"], ["Box", "12", "30"], ["Crate", "40", "55"]]


def picture(rules: Rules, scale: int = 3) -> Any:
    image = np.full((600 * scale, 600 * scale, 3), 255, np.uint8)
    for rule in rules.horizontal:
        image[round(rule.at * scale) :, round(rule.start * scale) : round(rule.end * scale)][:2] = 0
    for rule in rules.vertical:
        image[round(rule.start * scale) : round(rule.end * scale), round(rule.at * scale) :][:, :2] = 0
    return image


def found_in(rules: Rules, lines: list[Line]) -> list[Found]:
    return tables.find(lines, lambda em: rules)


def lines() -> list[Line]:
    return drawn.rows_at((50, 200, 280), ROWS)


def test_a_ruled_table_on_a_picture_is_found_in_the_units_of_the_page() -> None:
    text = drawn.paragraph(50, 200, 4)
    (found,) = tables.find_on_picture(picture(drawn.grid(XS, YS)), 3.0, [*text, *lines()])
    assert drawn.texts(found.table) == ROWS
    assert found.table.header_rows == 1
    assert found.bbox == pytest.approx((XS[0], YS[0], XS[-1], YS[-1]), abs=4)
    assert found.lines == frozenset(range(4, 13))


def test_a_cell_has_its_box_and_the_confidence_of_its_words() -> None:
    unsure = [Line(one.text, one.bbox, 0.5) if one.text == "12" else one for one in lines()]
    table = drawn.only(found_in(drawn.grid(XS, YS), unsure))
    (cell,) = (cell for cell in table.cells if cell.text == "12")
    assert cell.bbox == (195, 112, 275, 126)
    assert cell.confidence == 0.5


def test_a_line_over_two_cells_is_divided_by_its_words() -> None:
    found = [one for one in lines() if one.text not in ("12", "30")]
    words = drawn.line("12", 200, 114).words + drawn.line("30", 280, 114).words
    glued = [*found, Line("12 30", (200, 114, 290, 124), 0.9, words)]
    assert drawn.texts(drawn.only(found_in(drawn.grid(XS, YS), glued))) == ROWS


def test_cells_without_a_rule_between_them_are_one() -> None:
    full = drawn.grid(XS, (80.0, *YS))
    upright = tuple(
        rule if rule.at in (XS[0], XS[-1]) else tables.Rule(rule.at, 96, rule.end) for rule in full.vertical
    )
    titled = [drawn.line("Sizes in cm", 150, 83), *lines()]
    table = drawn.only(found_in(Rules(full.horizontal, upright), titled))
    assert [cell.column_span for cell in table.cells if cell.row == 0] == [3]
    assert table.header_rows == 2
    assert drawn.covers_each_place_once(table)


def test_lists_of_numbers_in_one_ruled_row_are_rows() -> None:
    rules = drawn.grid(XS, (96.0, 112.0, 140.0))
    assert drawn.texts(drawn.only(found_in(rules, lines()))) == ROWS


def test_an_entry_of_several_lines_stays_whole_where_its_row_is_told_by_numbers() -> None:
    rows = [["Drill", "1", "19.90"], ["with a case", "", ""], ["Saw", "2", "20.00"], ["for wood", "", ""]]
    lines = [*drawn.rows_at((50, 200, 280), [ROWS[0]]), *drawn.rows_at((50, 200, 280), rows, top=116)]
    table = drawn.only(found_in(drawn.grid(XS, (96.0, 112.0, 180.0)), lines))
    assert drawn.texts(table) == [ROWS[0], ["Drill\nwith a case", "1", "19.90"], ["Saw\nfor wood", "2", "20.00"]]


def test_text_in_columns_within_a_ruled_column_is_columns() -> None:
    rows = [[*row, *more] for row, more in zip(ROWS, [["Depth", "Mass"], ["9", "1.5"], ["8", "7.5"]], strict=True)]
    rules = drawn.grid((45.0, 195.0, 455.0), YS)
    lines = drawn.rows_at((50, 200, 280, 340, 400), rows)
    assert drawn.texts(drawn.only(found_in(rules, lines))) == rows


def test_a_form_that_is_still_empty_is_a_table() -> None:
    rows = [
        ["Which poem", "A", "B", "C"],
        *([f"describes {what}", "", "", ""] for what in ("a river", "a bird", "a war")),
    ]
    xs, ys = (45.0, 195.0, 225.0, 255.0, 285.0), (96.0, 112.0, 126.0, 140.0, 154.0)
    table = drawn.only(found_in(drawn.grid(xs, ys), drawn.rows_at((50, 200, 230, 260), rows)))
    assert drawn.texts(table) == rows
    assert table.header_rows == 1


def boxed(xs: tuple[float, ...], ys: tuple[float, ...], *parts: list[Line]) -> tuple[Rules, list[Line]]:
    return drawn.grid(xs, ys), [line for part in parts for line in part]


NO_TABLES = {
    "a frame around a page": boxed((20, 580), (20, 580), drawn.paragraph(50, 50, 20), lines()[:2]),
    "a box around text": boxed((45, 400), (45, 120), drawn.paragraph(50, 50, 5), drawn.paragraph(50, 300, 2)),
    "boxes below each other": boxed((45, 400), (45, 120, 180), drawn.paragraph(50, 50, 5), drawn.paragraph(50, 125, 3)),
    "the grid of a chart": boxed(
        (100, 200, 300, 400),
        (100, 150, 200, 250, 300),
        drawn.rows_at((70,), [["10"], ["8"], ["6"], ["4"], ["2"]], top=95, step=50),
        drawn.rows_at((95, 195, 295), [["Blue", "Green", "Red"]], top=310),
        [drawn.line("Tea", 210, 120), drawn.line("Water", 320, 260)],
    ),
    "columns of text with rules between them": boxed(
        (40, 300, 560),
        (40, 340, 640),
        *(drawn.paragraph(x, y, 18, characters=44, seed=int(x)) for x in (50, 305) for y in (50, 350)),
    ),
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_this_is_no_table(name: str) -> None:
    assert found_in(*NO_TABLES[name]) == []


def test_a_table_in_a_frame_is_found() -> None:
    inner, frame = drawn.grid(XS, YS), drawn.grid((20, 500), (20, 400))
    both = Rules(inner.horizontal + frame.horizontal, inner.vertical + frame.vertical)
    assert drawn.texts(drawn.only(found_in(both, [*lines(), *drawn.paragraph(50, 200, 6)]))) == ROWS


def test_a_page_of_paragraphs_is_not_searched_for_rules() -> None:
    asked: list[float] = []

    def rules(em: float) -> Rules:
        asked.append(em)
        return Rules()

    assert tables.find(drawn.paragraph(50, 50, 20), rules) == []
    assert asked == []
    tables.find(lines(), rules)
    assert asked == [10.0]


def test_a_page_without_lines_has_no_table() -> None:
    assert tables.find_on_picture(picture(drawn.grid(XS, YS)), 3.0, []) == []
    assert found_in(drawn.grid(XS, YS), []) == []

"""Which text in columns is a table, and which is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_page import tables
from ocr_page.tables import Found, Rule, Rules
from ocrchat.blocks import Line
from tests.unit.ocr_page import tables_drawn as drawn
from tests.unit.ocr_page.tables_drawn import ROW

NONE = Rules()
XS = (50.0, 200.0, 280.0, 360.0)
YEARS = ["", "2023", "2022", "2021"]
SALES = ["Sales", "1,200", "1,100", "900"]
COSTS = ["Costs of goods", "(800)", "(750)", "(610)"]
PROFIT = ["Profit", "400", "350", "290"]


def found_in(lines: list[Line], rules: Rules = NONE) -> list[Found]:
    return tables.find(lines, lambda em: rules)


def read(lines: list[Line], rules: Rules = NONE) -> list[list[str]]:
    return drawn.texts(drawn.only(found_in(lines, rules)))


def test_numbers_in_columns_are_a_table_without_any_rule() -> None:
    rows = [YEARS, SALES, COSTS, PROFIT]
    found = found_in(drawn.rows_at(XS, rows))
    assert drawn.texts(drawn.only(found)) == rows
    assert found[0].table.header_rows == 1
    assert found[0].lines == frozenset(range(15))


def test_text_between_rules_of_one_extent_is_a_table() -> None:
    rows = [["Name", "Place", "Remark", "Grade"], ["Ann", "Oslo", "on time", "good"], ["Bob", "Rome", "late", "fair"]]
    found = found_in(drawn.rows_at(XS, rows), drawn.levels([97, 112, 142], 45, 400))
    assert drawn.texts(drawn.only(found)) == rows
    assert found[0].table.header_rows == 1


def test_paragraphs_around_a_table_stay_out_of_it() -> None:
    rows = [YEARS, SALES, COSTS, PROFIT]
    text = [*drawn.paragraph(50, 20, 5), *drawn.paragraph(50, 180, 5, seed=2)]
    found = found_in([*text, *drawn.rows_at(XS, rows)])
    assert drawn.texts(drawn.only(found)) == rows
    assert not found[0].lines & set(range(len(text)))


def test_a_table_in_one_column_of_a_page_is_found_beside_running_text() -> None:
    rows = [["Dose", "Low", "High"], ["1 mg", "0.4", "0.9"], ["2 mg", "0.6", "1.4"], ["3 mg", "0.9", "2.2"]]
    table = drawn.rows_at((420, 500, 560), rows, top=103)
    text = drawn.paragraph(50, 20, 20)
    found = found_in([*text, *table], drawn.levels([100, 115, 158], 415, 600))
    assert drawn.texts(drawn.only(found)) == rows


def test_a_row_that_is_broken_into_lines_is_one() -> None:
    rows = [
        ["Item", "Pieces", "Price", "Sum"],
        ["Drill with a case", "1", "19.90", "19.90"],
        ["and twelve bits", "", "", ""],
        ["Saw", "2", "10.00", "20.00"],
    ]
    merged = read(drawn.rows_at(XS, rows), drawn.levels([97, 111, 157], 45, 400))
    assert merged[1] == ["Drill with a case\nand twelve bits", "1", "19.90", "19.90"]
    assert len(merged) == 3


def test_a_heading_between_rows_is_a_row_of_its_own() -> None:
    rows = [
        YEARS,
        ["Assets", "", "", ""],
        ["Cash", "10", "11", "12"],
        ["Debts", "20", "21", "22"],
        ["Liabilities", "", "", ""],
    ]
    rows += [["Loans", "7", "8", "9"], ["Other", "1", "1", "2"]]
    assert read(drawn.rows_at(XS, rows), drawn.levels([97, 112, 200], 45, 400)) == rows


def test_an_entry_set_around_the_middle_of_its_row_joins_it() -> None:
    first = [drawn.line("Activities, brands", 50, 100), drawn.line("and services", 50, 114)]
    second = [drawn.line("Location of all", 50, 140), drawn.line("of the offices", 50, 154)]
    middle = [drawn.line("10.25", 200, 107), drawn.line("7.5", 300, 107), drawn.line("11.5", 200, 147)]
    last = [drawn.line("8.5", 300, 147), *drawn.rows_at((50, 200, 300), [["Offices", "12.5", "9.5"]], top=180)]
    lines = [*first, *second, *middle, *last, *drawn.rows_at((50, 200, 300), [["Name", "Low", "High"]], top=80)]
    assert read(lines, drawn.levels([77, 93, 195], 45, 340)) == [
        ["Name", "Low", "High"],
        ["Activities, brands\nand services", "10.25", "7.5"],
        ["Location of all\nof the offices", "11.5", "8.5"],
        ["Offices", "12.5", "9.5"],
    ]


def test_rules_between_all_rows_tell_how_long_a_row_is() -> None:
    lines = [
        *drawn.rows_at((50, 200, 400), [["Title", "Description", "Year"]]),
        *drawn.rows_at(
            (50, 200, 400), [["Bill of", "The first ten amendments", ""], ["Rights", "to the law", ""]], top=120
        ),
        drawn.line("1791", 400, 127),
        *drawn.rows_at(
            (50, 200, 400), [["Order", "Freed everybody in the", ""], ["of 1863", "southern states", ""]], top=160
        ),
        drawn.line("1863", 400, 167),
    ]
    assert read(lines, drawn.levels([97, 115, 152, 192], 45, 430)) == [
        ["Title", "Description", "Year"],
        ["Bill of\nRights", "The first ten amendments\nto the law", "1791"],
        ["Order\nof 1863", "Freed everybody in the\nsouthern states", "1863"],
    ]


def test_a_heading_over_a_short_rule_spans_the_columns_below_it() -> None:
    lines = [
        drawn.line("Recovery", 265, 100),
        *drawn.rows_at(
            XS,
            [["Compound", "Fast", "Slow", "Long"], ["NAP", "68.3", "65.6", "60.0"], ["ACY", "61.5", "79.6", "66.4"]],
            top=118,
        ),
    ]
    rules = Rules((Rule(97, 45, 400), Rule(113, 195, 395), Rule(130, 45, 400), Rule(162, 45, 400)))
    table = drawn.only(found_in(lines, rules))
    assert table.header_rows == 2
    spans = {cell.text: (cell.row_span, cell.column_span) for cell in table.cells}
    assert (spans["Recovery"], spans["Compound"], spans["Fast"]) == ((1, 3), (2, 1), (1, 1))
    assert drawn.covers_each_place_once(table)


def test_signs_of_money_stand_with_their_numbers() -> None:
    xs = (50, 195, 205, 275, 285)
    rows = [
        ["Sales", "$", "12.00", "$", "11.00"],
        ["Costs", "", "10.00", "", "9.00"],
        ["Profit", "$", "2.00", "$", "2.00"],
    ]
    lines = drawn.rows_at(xs, rows)
    assert read(lines, drawn.levels([97, 142], 45, 320)) == [
        ["Sales", "$ 12.00", "$ 11.00"],
        ["Costs", "10.00", "9.00"],
        ["Profit", "$ 2.00", "$ 2.00"],
    ]


def test_labels_left_of_ruled_numbers_belong_to_them() -> None:
    rows = [
        ["", "Jan 26, 2025", "Jan 28, 2024"],
        ["Cost of revenue", "178", "141"],
        ["Research", "3,423", "2,532"],
        ["Total", "3,601", "2,673"],
    ]
    table = drawn.only(found_in(drawn.rows_at((50, 300, 420), rows), drawn.levels([97, 111, 140, 156], 295, 490)))
    assert drawn.texts(table) == rows
    assert table.header_rows == 1


def test_a_piece_over_two_columns_is_divided_by_its_words() -> None:
    rows = [YEARS, SALES, COSTS, PROFIT, ["Taxes", "40", "35", "29"]]
    lines = drawn.rows_at(XS, rows)
    glued = [one for one in lines if one.text not in ("40", "35")]
    both = [one for one in lines if one.text in ("40", "35")]
    words = tuple(word for one in both for word in one.words)
    glued.append(Line("40 35", (*both[0].bbox[:2], *both[1].bbox[2:]), 0.9, words))
    assert read(glued) == rows


NO_TABLES = {
    "running text": drawn.paragraph(50, 50, 30),
    "text in two columns": [
        *drawn.paragraph(50, 50, 30, characters=44),
        *drawn.paragraph(300, 50, 30, characters=44, seed=1),
    ],
    "text in three columns": [
        one for x in (50, 250, 450) for one in drawn.paragraph(x, 50, 30, characters=34, seed=int(x))
    ],
    "a list": [
        part
        for row in range(8)
        for part in (drawn.line(f"{row + 1}.", 50, 50 + 14 * row), drawn.line("some words about it", 75, 50 + 14 * row))
    ],
    "labels and values": drawn.rows_at(
        (50, 150), [["Name:", "Ann Smith"], ["Born:", "Oslo"], ["Phone:", "5551234"], ["Date:", "1.2.2024"]]
    ),
    "labels and values, twice a line": drawn.rows_at(
        (50, 120, 300, 380),
        [
            ["Name:", "Ann Smith", "Born:", "1980"],
            ["Phone:", "5551234", "Date:", "2024"],
            ["Street:", "Long 1", "Town:", "4711"],
        ],
    ),
    "a table of contents": drawn.rows_at(
        (50, 300, 400), [[f"{row} Chapter", "..........", f"{10 * row}"] for row in range(1, 9)]
    ),
    "addresses side by side": drawn.rows_at(
        (50, 250, 450),
        [
            ["Ann Smith", "Bob Jones", "Eve Moor"],
            ["Long Road 1", "Main Street 5", "The Lane 7"],
            ["Oslo", "Rome", "Paris"],
        ],
    ),
    "prices on a receipt": drawn.rows_at(
        (20, 150),
        [["CHOPPING BOARD", "19.00"], ["AIR PRESSURE", "8.02"], ["WAX", "3.00"], ["TOTAL", "30.02"], ["CASH", "50.00"]],
    ),
    "nothing": [],
    "a line": [drawn.line("alone", 0, 0)],
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_this_is_no_table(name: str) -> None:
    assert found_in(NO_TABLES[name]) == []


@pytest.mark.parametrize(
    "name", ["running text", "text in two columns", "text in three columns", "a list", "labels and values"]
)
def test_rules_above_and_below_make_no_table_of_it(name: str) -> None:
    lines = NO_TABLES[name]
    bottom = max(one.bbox[3] for one in lines)
    right = max(one.bbox[2] for one in lines)
    assert found_in(lines, drawn.levels([40, bottom + 5], 45, right + 5)) == []


def test_a_page_that_is_too_dense_is_left_alone() -> None:
    lines = [drawn.line("1.5", 40.0 * (number % 50), ROW * (number // 50)) for number in range(5_000)]
    assert found_in(lines) == []


numbers = st.integers(0, 40)


@given(
    st.lists(st.tuples(numbers, numbers, st.sampled_from(["12.5", "word", "some words", "$", "a: b"])), max_size=40),
    st.lists(st.tuples(numbers, numbers, numbers), max_size=8),
)
def test_whatever_is_found_covers_each_place_and_takes_each_line_once(
    pieces: list[tuple[int, int, str]], levels: list[tuple[int, int, int]]
) -> None:
    lines = [drawn.line(text, 40.0 * x, 7.0 * y) for x, y, text in pieces]
    rules = Rules(tuple(Rule(7.0 * y, 40.0 * x, 40.0 * (x + length + 1)) for x, y, length in levels))
    taken: list[int] = []
    for found in found_in(lines, rules):
        assert drawn.covers_each_place_once(found.table)
        taken += found.lines
        words = sorted(word for cell in found.table.cells for word in cell.text.split())
        assert words == sorted(word for number in found.lines for word in lines[number].text.split())
    assert len(taken) == len(set(taken))


INVOICE = [["Article", "Quantity", "Price", "Amount"], ["Drill", "2", "40.00", "80.00"], ["Saw", "1", "20.00", "20.00"]]
INVOICE_XS = (50.0, 300.0, 360.0, 430.0)


def test_the_labels_of_totals_may_stand_between_two_columns() -> None:
    rows = drawn.rows_at(INVOICE_XS, [*INVOICE, ["Tape", "9", "1.00", "9.00"]])
    totals = drawn.rows_at((325.0, 430.0), [["Subtotal", "109.00"], ["Total EUR", "131.00"]], top=100 + 4 * ROW)
    cells = read([*rows, *totals], drawn.levels([97, 112, 154, 700], 45, 480))
    assert cells[:3] == INVOICE
    assert [row[-1] for row in cells] == ["Amount", "80.00", "20.00", "9.00", "109.00", "131.00"]
    assert all(any("otal" in cell for cell in row) for row in cells[4:])


def test_a_rule_at_the_foot_of_the_page_does_not_close_a_table() -> None:
    rows = drawn.rows_at(INVOICE_XS, INVOICE)
    words = [drawn.line("Please pay within thirty days to the account that is named below.", 50, 180)]
    (found,) = found_in([*rows, *words], drawn.levels([97, 112, 700], 45, 480))
    assert drawn.texts(found.table) == INVOICE
    assert found.bbox[3] < 175

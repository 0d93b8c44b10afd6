"""Tables in Markdown and HTML as places that cells cover."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy.tables import Grid, TableCell, tables_of

PIPES = """
Some text.

| Item | Price |
|:-----|------:|
| Tea  | 1.50  |
| Cake |       |

More text | with a pipe.
"""

SPANNED = """
<table><thead>
<tr><th rowspan="2">Country</th><th colspan="2">People</th></tr>
<tr><th>1990</th><th>2000</th></tr>
</thead><tbody>
<tr><td>Malta</td><td>0.4</td><td>0.4 &amp; more</td></tr>
</tbody></table>
"""


def only(markdown: str) -> Grid:
    (grid,) = tables_of(markdown)
    return grid


def cell(grid: Grid, text: str) -> TableCell:
    return next(cell for cell in grid.cells if cell.text == text)


def texts(cells: list[TableCell]) -> list[str]:
    return [cell.text for cell in cells]


def test_a_table_of_pipes_has_heads_and_cells() -> None:
    grid = only(PIPES)
    assert texts(grid.cells) == ["Item", "Price", "Tea", "1.50", "Cake", ""]
    assert cell(grid, "Price").heading
    assert not cell(grid, "Tea").heading


def test_a_pipe_with_a_backslash_divides_no_cells() -> None:
    assert texts(only("a | b\n--|--\nx \\| y | z").cells) == ["a", "b", "x \\| y", "z"]


def test_text_with_pipes_but_no_rule_is_no_table() -> None:
    assert tables_of("a | b\nc | d") == []


def test_a_spanning_head_stands_over_all_of_its_columns() -> None:
    grid = only(SPANNED)
    last = cell(grid, "0.4 & more")
    assert texts(grid.neighbours(last, -1, 0)) == ["2000"]
    assert texts(grid.neighbours(last, 0, -1)) == ["0.4"]
    assert texts(grid.top_headings(last)) == ["People", "2000"]
    assert texts(grid.left_headings(last)) == ["Malta"]


def test_a_spanning_cell_has_several_neighbours_on_a_side() -> None:
    grid = only(SPANNED)
    assert texts(grid.neighbours(cell(grid, "People"), 1, 0)) == ["1990", "2000"]
    assert texts(grid.neighbours(cell(grid, "Country"), 0, 1)) == ["People", "1990"]
    assert texts(grid.neighbours(cell(grid, "Country"), 1, 0)) == ["Malta"]


def test_what_stands_uppermost_heads_a_column_without_heads() -> None:
    grid = only("<table><tr><td></td><td>A</td></tr><tr><td>x</td><td>1</td></tr><tr><td>y</td><td>2</td></tr></table>")
    assert texts(grid.top_headings(cell(grid, "2"))) == ["A"]
    assert texts(grid.left_headings(cell(grid, "2"))) == ["y"]


def test_cells_that_are_not_closed_are_cells() -> None:
    assert texts(only("<table><tr><td>a<td>b<tr><td>c</table>").cells) == ["a", "b", "c"]


def test_a_table_within_a_cell_is_one_of_its_own() -> None:
    inner, outer = tables_of("<table><tr><td>out<table><tr><td>in</td></tr></table></td></tr></table>")
    assert texts(inner.cells) == ["in"]
    assert texts(outer.cells) == ["out"]


@pytest.mark.parametrize("span", ["999999999", "0", "-3", "many", ""])
def test_a_span_out_of_reason_is_bounded(span: str) -> None:
    grid = only(f'<table><tr><td colspan="{span}">a</td><td>b</td></tr></table>')
    assert texts(grid.cells) == ["a", "b"]
    assert len(grid.places) <= 201


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4), st.booleans()), max_size=20))
def test_every_cell_covers_a_place_and_no_place_has_two(spans: list[tuple[int, int, bool]]) -> None:
    grid, row = Grid(), 0
    for rows, columns, next_row in spans:
        row += next_row
        grid.add(row, "x", heading=False, row_span=rows, column_span=columns)
    assert len(grid.cells) == len(spans)
    assert all(grid.places[cell.row, cell.column] is cell for cell in grid.cells)

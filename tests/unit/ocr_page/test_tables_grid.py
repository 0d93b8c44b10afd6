"""Which cells ruling lines make."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocr_page.tables import Rule, Rules
from ocr_page.tables.grid import Grid, Span, grids_of, trimmed
from ocr_page.tables.rules import tidy, without_letters
from tests.unit.ocr_page import tables_drawn as drawn

EM = drawn.EM
XS, YS = (0.0, 100.0, 200.0, 300.0), (0.0, 20.0, 40.0, 60.0)


def spans_of(rules: Rules) -> list[Span]:
    (found,) = grids_of(tidy(rules, EM), EM)
    return list(found.spans)


def without(rules: Rules, *gone: Rule) -> Rules:
    return Rules(
        tuple(rule for rule in rules.horizontal if rule not in gone),
        tuple(rule for rule in rules.vertical if rule not in gone),
    )


def test_rules_that_cross_make_cells() -> None:
    (found,) = grids_of(drawn.grid(XS, YS), EM)
    assert (found.xs, found.ys) == (XS, YS)
    assert list(found.spans) == [Span(row, column) for row in range(3) for column in range(3)]


def test_a_rule_that_leaves_out_a_row_makes_a_cell_of_two_columns() -> None:
    full = drawn.grid(XS, YS)
    rules = Rules(full.horizontal, (*without(full, Rule(100.0, 0, 60)).vertical, Rule(100.0, 20, 60)))
    assert Span(0, 0, 1, 2) in spans_of(rules)
    assert len(spans_of(rules)) == 8


def test_a_rule_that_leaves_out_a_column_makes_a_cell_of_two_rows() -> None:
    full = drawn.grid(XS, YS)
    rules = Rules((*without(full, Rule(20.0, 0, 300)).horizontal, Rule(20.0, 100, 300)), full.vertical)
    assert Span(0, 0, 2, 1) in spans_of(rules)


def test_places_that_make_no_rectangle_stay_apart() -> None:
    full = drawn.grid(XS, YS)
    gone = without(full, Rule(20.0, 0, 300), Rule(100.0, 0, 60))
    rules = Rules((*gone.horizontal, Rule(20.0, 100, 300)), (*gone.vertical, Rule(100.0, 20, 60)))
    assert Span(0, 0, 1, 2) in spans_of(rules)
    assert Span(1, 0, 1, 1) in spans_of(rules)


def test_a_table_open_at_its_sides_ends_where_its_rules_end() -> None:
    (found,) = grids_of(Rules(drawn.grid(XS, YS).horizontal, (Rule(100.0, 0, 60), Rule(200.0, 0, 60))), EM)
    assert found.xs == XS


def test_a_rule_that_sticks_out_adds_no_column() -> None:
    full = drawn.grid(XS, YS)
    long = Rules((*full.horizontal[:3], Rule(60.0, 0, 500)), full.vertical)
    (found,) = grids_of(long, EM)
    assert found.xs == XS


def test_a_double_rule_is_one() -> None:
    full = drawn.grid(XS, YS)
    doubled = Rules((*full.horizontal, Rule(42.0, 0, 300)), full.vertical)
    assert len(spans_of(doubled)) == 9


def test_a_broken_rule_is_one() -> None:
    full = drawn.grid(XS, YS)
    broken = Rules(
        (*without(full, Rule(20.0, 0, 300)).horizontal, Rule(20.0, 0, 150), Rule(20.0, 152, 300)), full.vertical
    )
    assert len(spans_of(broken)) == 9


def test_two_tables_apart_are_two() -> None:
    other = drawn.grid([400, 500, 600], [0, 20, 40])
    full = drawn.grid(XS, YS)
    both = Rules(full.horizontal + other.horizontal, full.vertical + other.vertical)
    assert sorted(len(one.spans) for one in grids_of(both, EM)) == [4, 9]


def test_the_strokes_of_large_letters_are_no_rules() -> None:
    title = drawn.line("HEADLINE", 0, 0, height=40)
    strokes = Rules((Rule(20.0, 5, 35),), (Rule(3.0, 2, 38), Rule(50.0, 2, 300)))
    assert without_letters(strokes, [title], EM) == Rules((), (Rule(50.0, 2, 300),))


def test_empty_rows_and_columns_around_a_table_are_cut_off_and_its_title_stays() -> None:
    (found,) = grids_of(drawn.grid(XS, (0.0, 20.0, 40.0, 60.0, 80.0)), EM)
    inner = {Span(row, column) for row in (1, 2) for column in (1, 2)}
    part = trimmed(found, inner)
    assert part is not None
    assert (part.xs, part.ys) == (XS[1:], (20.0, 40.0, 60.0))
    titled = Grid(XS, YS, (Span(0, 0, 1, 3), *(Span(row, column) for row in (1, 2) for column in range(3))))
    assert trimmed(titled, set(titled.spans)) == titled


def test_more_rules_than_a_table_has_are_not_all_kept() -> None:
    many = Rules(tuple(Rule(20.0 * n, 0, 1000 + n) for n in range(2000)))
    assert len(tidy(many, EM).horizontal) == 300


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 12)), max_size=25),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 12)), max_size=25),
)
def test_cells_cover_each_place_once_whatever_the_rules(
    level: list[tuple[int, int, int]], upright: list[tuple[int, int, int]]
) -> None:
    rules = Rules(
        tuple(Rule(20.0 * at, 20.0 * start, 20.0 * (start + length)) for at, start, length in level),
        tuple(Rule(20.0 * at, 20.0 * start, 20.0 * (start + length)) for at, start, length in upright),
    )
    for found in grids_of(tidy(rules, EM), EM):
        covered = sorted(
            (span.row + row, span.column + column)
            for span in found.spans
            for row in range(span.rows)
            for column in range(span.columns)
        )
        assert covered == [(row, column) for row in range(found.rows) for column in range(found.columns)]
        assert list(found.xs) == sorted(found.xs)
        assert list(found.ys) == sorted(found.ys)

"""What the code counts is what the table says, and is bounded."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.metrics import PAGE, page
from ocrchat.errors import error_classes
from ocrchat.metrics import METRICS, dimensions_of

ROOT = Path(__file__).parents[3]
CORE, FUNCTIONS = ROOT / "layers/core", ROOT / "functions"


@dataclass(frozen=True)
class Counted:
    names: frozenset[str]
    unit: str
    dimensions: frozenset[str]
    where: str


def counted() -> Iterator[Counted]:
    """Every call of `observe.count`."""
    for file in sorted([*FUNCTIONS.rglob("*.py"), *CORE.rglob("*.py")]):
        module = ast.parse(file.read_text())
        for call in calls_in(module):
            given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
            unit = ast.literal_eval(given.pop("unit")) if "unit" in given else "Count"
            yield Counted(names_in(call.args[0], module), unit, frozenset(given), f"{file.name}:{call.lineno}")


def calls_in(module: ast.Module) -> list[ast.Call]:
    nodes = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    return [node for node in nodes if ast.unparse(node.func) == "observe.count"]


def names_in(node: ast.expr, module: ast.Module) -> frozenset[str]:
    """A name; either of two; those of the table that an f-string may be; of a variable all that the module writes like
    a metric's name, and counts nowhere else."""
    if isinstance(node, ast.IfExp):
        return names_in(node.body, module) | names_in(node.orelse, module)
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
        pattern = "".join(r"\w+" if part is None else re.escape(str(part)) for part in parts)
        return frozenset(name for name in METRICS if re.fullmatch(pattern, name)) or frozenset({pattern})
    if isinstance(node, ast.Name):
        written = {
            one.value for one in ast.walk(module) if isinstance(one, ast.Constant) and isinstance(one.value, str)
        }
        elsewhere = {one.args[0].value for one in calls_in(module) if isinstance(one.args[0], ast.Constant)}
        return frozenset(text for text in written - elsewhere if re.fullmatch(r"([A-Z][a-z]+){2,}", text))
    return frozenset({str(ast.literal_eval(node))})


@pytest.mark.parametrize("call", list(counted()), ids=lambda call: call.where)
def test_what_is_counted_stands_in_the_table_with_its_unit_and_dimensions(call: Counted) -> None:
    for name in call.names:
        metric = METRICS[name]
        assert [call.unit, *call.dimensions] == [metric.unit, *filter(None, [metric.by])]


def test_what_stands_in_the_table_is_counted() -> None:
    assert set(METRICS) == {name for call in counted() for name in call.names}


def test_a_dimension_has_few_values() -> None:
    """No more than there are errors, for each function."""
    codes = len({kind.code for kind in error_classes()})
    for metric in METRICS.values():
        assert 0 < len(dimensions_of(metric)) <= codes * len(metric.services)


def test_page_errors_have_codes_of_pages_and_problems_those_of_requests() -> None:
    assert ("join", "page_lost") in dimensions_of(METRICS["PageErrors"])
    assert ("submit", "out_of_pages") in dimensions_of(METRICS["Problems"])
    pages = {code for _, code in dimensions_of(METRICS["PageErrors"])}
    assert not pages & {code for _, code in dimensions_of(METRICS["Problems"])}


def test_the_page_of_metrics_is_that_of_the_table() -> None:
    """`make metrics` writes it anew."""
    assert PAGE.read_text() == page()

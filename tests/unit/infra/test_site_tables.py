"""What the website says of plans, tools, errors and parameters is what the code uses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.site import ROUTES, TABLES, tables
from ocrchat import errors
from ocrchat.http.documentation import openapi_document
from ocrchat.plans import Plans
from ocrchat.tools import TOOLS


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(TABLES.read_text(encoding="utf-8"))
    return table


def test_the_committed_tables_are_those_of_the_code(committed: dict[str, Any]) -> None:
    """`make site-tables` writes them anew."""
    assert committed == json.loads(json.dumps(tables()))


def test_prices_are_those_of_the_pricing_route(committed: dict[str, Any]) -> None:
    assert committed["pricing"] == Plans.parse().as_json()


def test_every_error_that_a_described_route_documents_is_told(committed: dict[str, Any]) -> None:
    paths = openapi_document()["paths"]
    statuses = {
        int(status)
        for route in ROUTES
        for operation in paths[route].values()
        for status in operation["responses"]
        if int(status) >= 400
    }
    told = committed["errors"]
    assert {error["status"] for error in told.values()} >= statuses
    assert {"file_missing", "out_of_pages", "job_not_finished", "overloaded", "route_not_found"} <= told.keys()
    assert not told.keys() & {kind.code for kind in errors.error_classes(errors.PageError)}


def test_errors_come_by_their_status(committed: dict[str, Any]) -> None:
    statuses = [error["status"] for error in committed["errors"].values()]
    assert statuses == sorted(statuses)


def test_every_tool_is_told(committed: dict[str, Any]) -> None:
    assert list(committed["tools"]) == list(TOOLS)

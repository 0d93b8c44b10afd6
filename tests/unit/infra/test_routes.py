"""Every path leads to the function that knows it."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from starlette.testclient import TestClient

from ocrchat.http.app import create_app
from ocrchat.http.documentation import openapi_document
from tests.unit.infra.deployed import FUNCTIONS, HTTP, RESOURCES, of_type

ROUTES = {route["RouteKey"]: route["Target"] for route in of_type("AWS::ApiGatewayV2::Route").values()}


def folder_of(function: str) -> str:
    folder: str = FUNCTIONS[function]["Handler"].split(".")[0]
    return folder


def target(function: str) -> dict[str, Any]:
    return {"Fn::Sub": f"integrations/${{{function.replace('Function', 'Integration')}}}"}


@pytest.mark.parametrize("function", HTTP)
def test_the_gateway_has_the_paths_of_a_function_and_no_others(function: str) -> None:
    router = importlib.import_module(f"{folder_of(function)}.routes").router
    create_app(router)  # which adds the paths without a slash at their end
    paths = {route.path for route in router.routes}
    assert {key for key, to in ROUTES.items() if to == target(function) and key != "$default"} == {
        f"ANY {path}" for path in paths
    }


def test_every_path_of_the_openapi_document_has_its_route_with_and_without_a_slash() -> None:
    for path in openapi_document()["paths"]:
        assert f"ANY {path}" in ROUTES
        assert f"ANY {path.rstrip('/')}" in ROUTES


def test_what_there_is_not_is_answered_by_a_function() -> None:
    assert ROUTES["$default"] == target("SubmitFunction")


@pytest.mark.parametrize("function", HTTP)
def test_the_gateway_calls_what_is_published_and_is_allowed_to(function: str) -> None:
    alias = {"Ref": f"{function}.Alias"}
    assert FUNCTIONS[function]["AutoPublishAlias"] == "live"
    assert RESOURCES[function.replace("Function", "Integration")]["Properties"]["IntegrationUri"] == alias
    permission = RESOURCES[function.replace("Function", "Permission")]["Properties"]
    assert permission["FunctionName"] == alias
    assert permission["SourceArn"]["Fn::Sub"].endswith(":${HttpApi}/*")


def test_no_other_function_has_a_way_in_by_http() -> None:
    assert {body["FunctionName"]["Ref"] for body in of_type("AWS::Lambda::Permission").values()} == {
        f"{function}.Alias" for function in HTTP
    }


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}


@pytest.mark.parametrize("function", HTTP)
def test_a_method_that_a_path_does_not_take_is_a_405_that_names_all_it_takes(function: str) -> None:
    """RFC 9110, 15.5.6."""
    router = importlib.import_module(f"{folder_of(function)}.routes").router
    taken: dict[str, set[str]] = {}
    client = TestClient(create_app(router))
    for route in router.routes:
        taken.setdefault(route.path, set()).update(route.methods)
    for path, methods in taken.items():
        for method in METHODS - methods:
            answer = client.request(method, path.format(uuid="a", token_id="b"))
            assert (answer.status_code, answer.headers["allow"]) == (405, ", ".join(sorted(methods))), (method, path)

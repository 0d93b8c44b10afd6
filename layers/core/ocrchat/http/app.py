"""The app factory of the HTTP functions, and the adapter between API Gateway's events and an app.

Every answer carries X-Request-Id; every error is a problem document, whoever raised it; both the path with and the
path without the trailing slash answer; bodies are compressed for clients that accept it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocrchat import observe, tokens, wiring
from ocrchat.errors import (
    InternalError,
    MethodNotAllowed,
    OcrChatError,
    Overloaded,
    ParameterInvalid,
    RouteNotFound,
)
from ocrchat.http.problems import problem_response
from ocrchat.store.errors import is_throttled

TITLE = "Document to text"
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def create_app(*routers: APIRouter) -> FastAPI:
    app = FastAPI(title=TITLE, version="1", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    for router in routers:
        app.include_router(_with_both_slashes(router))
    app.state.routes = [route for router in routers for route in router.routes]
    app.add_exception_handler(OcrChatError, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    app.add_middleware(_Requests)
    return app


def lambda_handler(app: FastAPI) -> Handler:
    """Runs an app under API Gateway's HTTP API (payload 2.0), one request at a time. Makes ready what every request
    needs: who calls is looked up, and what became of it is logged."""
    import asyncio

    from mangum import Mangum

    wiring.accounts_table(), wiring.balances_table(), wiring.secrets(), observe.logger()
    asyncio.set_event_loop(asyncio.new_event_loop())  # Mangum takes the thread's loop and makes none
    handler: Handler = Mangum(app, lifespan="off")
    return handler


class _Requests:
    """Gives the request its id and its arrival time, logs its end, and turns what nobody caught into a 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        gateway = scope.get("aws.event", {}).get("requestContext", {})
        request_id = gateway.get("requestId") or uuid4().hex
        started = time.monotonic()
        waited = max(0.0, time.time() - gateway["timeEpoch"] / 1000) if "timeEpoch" in gateway else 0.0
        scope.setdefault("state", {}).update(request_id=request_id, arrived=started - waited)
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        observe.logger().append_keys(request_id=request_id)
        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:  # noqa: BLE001 - the last resort: logged whole, answered without its text
            observe.logger().exception("request failed")
            answer = Overloaded() if is_throttled(error) else InternalError()
            await _answer(answer, Request(scope))(scope, receive, send_with_id)
        milliseconds = round((time.monotonic() - started) * 1000, 1)
        observe.ended(
            "request", method=scope["method"], path=tokens.hidden(scope["path"]), status=status, ms=milliseconds
        )


def _with_both_slashes(router: APIRouter) -> APIRouter:
    """Adds to each route its twin without the trailing slash, which the schema does not show."""
    for route in list(router.routes):
        if isinstance(route, APIRoute) and route.path.endswith("/") and route.path != "/":
            router.add_api_route(
                route.path.rstrip("/"), route.endpoint, methods=list(route.methods or ()), include_in_schema=False
            )
    return router


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, OcrChatError)  # noqa: S101 - registered for this class alone
    if error.status >= 500:
        observe.logger().error(error.detail, extra={"code": error.code})
    return _answer(error, request)


def _answer(error: OcrChatError, request: Request) -> Response:
    observe.count("Problems", code=error.code)
    return problem_response(error, request)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    names = sorted({str(fault["loc"][-1]) for fault in error.errors()})
    detail = f"Missing, or of a wrong type: {', '.join(f'`{name}`' for name in names)}"
    return _answer(ParameterInvalid(detail, parameter=names[0]), request)


async def _http(request: Request, error: Exception) -> Response:
    """Starlette's own: no such path, no such method, a body that is no form."""
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == 404:
        return _answer(RouteNotFound(), request)
    if error.status_code == 405:
        response = _answer(MethodNotAllowed(), request)
        response.headers["Allow"] = ", ".join(_methods_of_path(request))
        return response
    if error.status_code == 400:
        return _answer(ParameterInvalid("The body is not what its Content-Type says"), request)
    return _answer(InternalError(), request)


def _methods_of_path(request: Request) -> list[str]:
    """All that it takes, as RFC 9110 (10.2.1) has it: Starlette itself names those of one route."""
    routes = [route for route in request.app.state.routes if route.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in routes for method in route.methods})

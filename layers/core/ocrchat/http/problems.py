"""RFC 9457 problem documents: the only way in which an error leaves over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from ocrchat.errors import OcrChatError, OutOfPages

MEDIA_TYPE = "application/problem+json"


def problem(error: OcrChatError, request_id: str) -> dict[str, Any]:
    """`error` repeats the message, which is where the reference's clients look for it."""
    return {
        "type": f"urn:ocrchat:error:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "error": error.detail,
        "request_id": request_id,
        **error.extra,
    }


def problem_response(error: OcrChatError, request: Request) -> JSONResponse:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
    if isinstance(error, OutOfPages):
        headers |= error.headers
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    request_id = str(getattr(request.state, "request_id", ""))
    return JSONResponse(problem(error, request_id), status_code=error.status, headers=headers, media_type=MEDIA_TYPE)


def documented(*kinds: type[OcrChatError]) -> dict[int | str, dict[str, Any]]:
    """What a route's `responses` says of the errors that it raises: their codes by status."""
    codes: dict[int | str, list[str]] = {}
    for kind in kinds:
        codes.setdefault(kind.status, []).append(kind.code)
    return {status: problem_answer(names) for status, names in sorted(codes.items())}


def problem_answer(codes: Sequence[str]) -> dict[str, Any]:
    """What the OpenAPI document says of a status that an operation answers with one of these codes."""
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"code": {"enum": list(codes)}}}]}
    return {"description": ", ".join(codes), "content": {MEDIA_TYPE: {"schema": schema}}}


PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457, application/problem+json",
    "required": ["type", "title", "status", "detail", "code", "error", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do"},
        "code": {"type": "string", "description": "Stable name of the error"},
        "error": {"type": "string", "description": "The same as detail"},
        "request_id": {"type": "string", "description": "The X-Request-Id of the answer"},
    },
}

"""Writes the OpenAPI document from the routes of all HTTP functions: `python -m infra.openapi`."""

from __future__ import annotations

import json
from typing import Any

from infra.openapi_answers import BODIES, SCHEMAS
from ocrchat.errors import InternalError, OcrChatError, Overloaded, RouteNotFound
from ocrchat.http.app import create_app
from ocrchat.http.documentation import DOCUMENT
from ocrchat.http.problems import MEDIA_TYPE, PROBLEM_SCHEMA, problem_answer

ANYWHERE: tuple[type[OcrChatError], ...] = (InternalError, Overloaded)
"""What any operation may answer: what nobody caught, and what a table or a queue has throttled."""

HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-Id": {"description": "What to name when asking about this answer", "schema": {"type": "string"}},
    "Location": {"description": "Where it is", "schema": {"type": "string", "format": "uri-reference"}},
    "WWW-Authenticate": {"description": "How to show a token", "schema": {"type": "string", "pattern": "^Bearer "}},
    "Retry-After": {"description": "Seconds", "schema": {"type": "integer", "minimum": 0}},
}
BY_STATUS = {
    "302": ("Location",),
    "401": ("WWW-Authenticate",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}
"""The headers of HEADERS that all answers with a status have, beside X-Request-Id, which is everywhere."""


def document() -> dict[str, Any]:
    from account.routes import router as accounts
    from chat.routes import router as chats
    from export.routes import router as downloads
    from payments.routes import router as payments
    from submit.routes import router as jobs

    app = create_app(jobs, downloads, chats, accounts, payments)
    app.description = "One request turns an image or a PDF into text, Markdown and JSON."
    found = app.openapi()
    headers = {name: {"required": True, **header} for name, header in HEADERS.items()}
    found["components"] = {"schemas": {"Problem": PROBLEM_SCHEMA, **SCHEMAS}, "headers": headers}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            operation["responses"] = _answers(path, operation["responses"], BODIES.get(f"{method.upper()} {path}"))
    return found


def _answers(path: str, routes: dict[str, Any], body: dict[str, Any] | None) -> dict[str, Any]:
    """What an operation answers, by status: what its route says, what any may answer, and what all answers carry."""
    answers = dict(routes)
    if MEDIA_TYPE not in answers.get("422", {}).get("content", {}):
        answers.pop("422", None)  # FastAPI's own, which this service never answers
    kinds = [*ANYWHERE]
    if "{" in path:  # a parameter may hold what the edge takes for another path: `..`, say
        kinds.append(RouteNotFound)
    for kind in kinds:
        status = str(kind.status)
        codes = _codes(answers[status]) if status in answers else []
        answers[status] = problem_answer(codes if kind.code in codes else [*codes, kind.code])
    for status, answer in answers.items():
        if status.startswith("3"):
            answer.pop("content", None)  # a redirect is followed, not read
        elif status.startswith("2") and status != "204" and body is not None:
            answer["content"] = {"application/json": {"schema": body}}
        names = ("X-Request-Id", *BY_STATUS.get(status, ()))
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return dict(sorted(answers.items()))


def _codes(answer: dict[str, Any]) -> list[str]:
    """Those of its problem documents."""
    codes: list[str] = answer["content"][MEDIA_TYPE]["schema"]["allOf"][1]["properties"]["code"]["enum"]
    return codes


def main() -> None:
    DOCUMENT.write_text(json.dumps(document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

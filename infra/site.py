"""Writes what the website says of the tables that the code uses: `python -m infra.site`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ocrchat import errors
from ocrchat.http.documentation import job_schema, openapi_document
from ocrchat.jobs import FORMATS
from ocrchat.languages import LANGUAGES
from ocrchat.limits import LIMITS, MB
from ocrchat.plans import Plans
from ocrchat.store.idempotency import KEPT as IDEMPOTENCY_KEPT
from ocrchat.tiers import TIERS
from ocrchat.tools import TOOLS
from submit.sniff import MEDIA_TYPES

TABLES = Path(__file__).resolve().parents[1] / "web" / "src" / "tables.json"

NAMES = {"tif": "TIFF"}
"""Of formats that people do not call by the ending."""

JOBS, JOB = "/api/v1/ocr/", "/api/v1/ocr/{uuid}/"
UPLOADS, CHAT = "/api/v1/uploads/", "/api/v1/chat/{uuid}/"
ROUTES = (JOBS, JOB, JOB + "download/", UPLOADS, CHAT, CHAT + "history/")
"""Those that the page on the API is about; /openapi.json has all."""

ANYWHERE = (errors.RouteNotFound, errors.MethodNotAllowed)
"""What a path that is none answers."""


def tables() -> dict[str, Any]:
    return {
        "formats": {"in": [NAMES.get(name, name.upper()) for name in MEDIA_TYPES], "out": list(FORMATS)},
        "languages": len(LANGUAGES),
        "parameters": {
            "submit": _body(JOBS),
            "result": _query(JOB),
            "list": _query(JOBS),
            "download": _query(JOB + "download/"),
            "upload": _body(UPLOADS),
            "chat": _body(CHAT),
        },
        "errors": {
            kind.code: {"status": kind.status, "title": kind.title, "waits": kind.retry_after is not None}
            for kind in _answered()
        },
        "page_errors": sorted({kind.code for kind in errors.error_classes(errors.PageError)}),
        "tools": {
            tool.slug: {"purpose": tool.purpose, "tiers": list(tool.tiers), "formats": list(tool.formats)}
            for tool in TOOLS.values()
        },
        "pricing": Plans.parse().as_json(),
        "limits": {
            "direct_mb": LIMITS.direct_request_bytes / MB,
            "file_mb": LIMITS.file_bytes // MB,
            "result_mb": LIMITS.inline_result_bytes // MB,
            "inline_pages": LIMITS.inline_pages,
            "inline_seconds": int(LIMITS.inline_wait_s),
            "wait_seconds": int(LIMITS.long_poll_s),
            "pages_at_a_time": LIMITS.partial_pages,
            "list_page": LIMITS.list_page,
            "idempotency_hours": int(IDEMPOTENCY_KEPT.total_seconds()) // 3600,
            "tier_pages": {tier.name: tier.file_pages for tier in TIERS.values()},
        },
        "schema": {
            "job": list(job_schema()["properties"]),
            **{name: list(job_schema()["$defs"][name]["properties"]) for name in ("page", "block")},
        },
    }


def _answered() -> list[type[errors.OcrChatError]]:
    """The errors that ROUTES answer with, by their status, in the order of the tree."""
    codes = set(_codes()) | {kind.code for kind in ANYWHERE}
    kinds = {kind.code: kind for kind in errors.error_classes() if not issubclass(kind, errors.PageError)}
    return sorted((kind for kind in kinds.values() if kind.code in codes), key=lambda kind: kind.status)


def _codes() -> Iterator[str]:
    for route in ROUTES:
        for operation in openapi_document()["paths"][route].values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    yield from answer["description"].split(", ")


def _body(route: str) -> dict[str, Any]:
    (content,) = openapi_document()["paths"][route]["post"]["requestBody"]["content"].values()
    schema = content["schema"]
    required = schema.get("required", ["file"])  # or an `upload_id` in its place
    return {name: _parameter(one, name in required) for name, one in schema["properties"].items()}


def _query(route: str) -> dict[str, Any]:
    parameters = openapi_document()["paths"][route]["get"].get("parameters", [])
    return {one["name"]: _parameter(one["schema"], one["required"]) for one in parameters if one["in"] == "query"}


def _parameter(schema: dict[str, Any], required: bool) -> dict[str, Any]:
    kind = "file" if schema.get("format") == "binary" else schema["type"]
    said: dict[str, Any] = {name: schema[name] for name in ("default", "minimum", "maximum") if name in schema}
    return {"type": kind, "required": required, **said}


def main() -> None:
    TABLES.write_text(json.dumps(tables(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Writes the OpenAPI document from the routes of all HTTP functions: `python -m infra.openapi`."""

from __future__ import annotations

import json
from typing import Any

from ocrchat.http.app import create_app
from ocrchat.http.documentation import DOCUMENT
from ocrchat.http.problems import MEDIA_TYPE, PROBLEM_SCHEMA


def document() -> dict[str, Any]:
    from account.routes import router as accounts
    from chat.routes import router as chats
    from export.routes import router as downloads
    from payments.routes import router as payments
    from submit.routes import router as jobs

    app = create_app(jobs, downloads, chats, accounts, payments)
    app.description = "One request turns an image or a PDF into text, Markdown and JSON."
    found = app.openapi()
    found["components"] = {"schemas": {"Problem": PROBLEM_SCHEMA}}
    for methods in found["paths"].values():
        for operation in methods.values():
            if MEDIA_TYPE not in operation["responses"].get("422", {}).get("content", {}):
                operation["responses"].pop("422", None)  # FastAPI's own, which this service never answers
    return found


def main() -> None:
    DOCUMENT.write_text(json.dumps(document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

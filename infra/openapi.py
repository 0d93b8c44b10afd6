"""Writes the OpenAPI document from the routes of all HTTP functions: `python -m infra.openapi`."""

from __future__ import annotations

import json
from typing import Any

from ocrchat.http.app import create_app
from ocrchat.http.documentation import DOCUMENT


def document() -> dict[str, Any]:
    from export.routes import router as downloads
    from submit.routes import router as jobs

    description = "One request turns an image or a PDF into text, Markdown and JSON. Errors are RFC 9457 problems."
    app = create_app(jobs, downloads)
    app.description = description
    return app.openapi()


def main() -> None:
    DOCUMENT.write_text(json.dumps(document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The service's own description: the OpenAPI document, a page that shows it, and the JSON Schema of the job object.

The document is generated from the routes of all functions by `python -m infra.openapi` and committed beside this file,
because no single function knows all routes; a test holds it against the code.
"""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).with_name("openapi.json")
JOB_SCHEMA = Path(__file__).with_name("job.schema.json")


@cache
def openapi_document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return document


@cache
def job_schema() -> dict[str, Any]:
    """Written by hand; a test holds it against what jobs, pages and blocks give."""
    schema: dict[str, Any] = json.loads(JOB_SCHEMA.read_text(encoding="utf-8"))
    return schema


def docs_page(document: dict[str, Any]) -> str:
    """One HTML page without scripts and without anything from elsewhere."""
    sections = [
        _operation(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    title = escape(document["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style><h1>{title}</h1><p>{escape(document['info'].get('description', ''))}</p>"
        f'<p>The same as <a href="/openapi.json">openapi.json</a>.</p>{"".join(sections)}</html>'
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = [
        (f"{parameter['name']} ({parameter['in']})", parameter.get("description", ""), parameter["schema"])
        for parameter in operation.get("parameters", [])
    ]
    bodies: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    where = "form" if "multipart/form-data" in bodies else "JSON" if len(bodies) == 1 else "JSON or form"
    for body in list(bodies.values())[:1]:  # all kinds have the same fields
        rows += [
            (f"{name} ({where})", schema.get("description", ""), schema)
            for name, schema in body["schema"]["properties"].items()
        ]
    table = "".join(
        f"<tr><td><code>{escape(name)}</code><td>{escape(text)}<td>{escape(_kind(schema))}"
        for name, text, schema in rows
    )
    answers = ", ".join(
        f"{code} {escape(answer.get('description', ''))}" for code, answer in operation["responses"].items()
    )
    return (
        f"<section><h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(operation.get('summary', ''))}</p>"
        f"{f'<table>{table}</table>' if table else ''}<p>Answers: {answers}</p></section>"
    )


def _kind(schema: dict[str, Any]) -> str:
    kind = " | ".join(map(str, schema["enum"])) if "enum" in schema else str(schema.get("type", ""))
    bounds = [f"{schema[key]}" for key in ("minimum", "maximum") if key in schema]
    default = f", default {schema['default']}" if "default" in schema else ""
    return kind + (f" {' to '.join(bounds)}" if bounds else "") + default


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1c1c1e}"
    "section{border-top:1px solid #ddd}code{font-size:.95em}table{border-collapse:collapse}"
    "td{padding:.2rem 1rem .2rem 0;vertical-align:top}"
    "@media(prefers-color-scheme:dark){body{background:#16161a;color:#e6e6ea}a{color:#8ab4ff}}"
)

"""What operations answer when they succeed, as JSON Schemas of the OpenAPI document. The service does not read them: a
test holds them against what it answers. Members that a schema does not name may be added."""

from __future__ import annotations

import json
from typing import Any

from ocrchat.http.documentation import job_schema

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
YES_OR_NO: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}


def record(**members: Schema) -> Schema:
    """An object that has all of these."""
    return {"type": "object", "required": list(members), "properties": members}


def several(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def page_of(name: str, item: Schema, **members: Schema) -> Schema:
    """One page of a list: `after` leads to the next one."""
    return record(**{name: several(item)}, has_more=YES_OR_NO, after=or_null(TEXT), **members)


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def shared(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _job() -> Schema:
    """The published schema of jobs, whose own definitions go with it."""
    text = json.dumps(job_schema()).replace("#/$defs/", "#/components/schemas/Job/$defs/")
    schema: Schema = json.loads(text)
    return {name: value for name, value in schema.items() if name not in ("$schema", "$id")}


STANDING = {"balance": {"type": "integer"}, "period": TEXT, "used": NUMBER, "cap": NUMBER, "resets_at": or_null(TIME)}
CITATION = record(page={"type": "integer", "minimum": 1}, snippet=TEXT, bbox=several({"type": "number"}), unit=TEXT)
MESSAGE = {"role": {"enum": ["user", "assistant"]}, "content": TEXT}

SCHEMAS: dict[str, Schema] = {
    "Job": _job(),
    "Plan": record(
        name=TEXT,
        title=TEXT,
        period={"enum": ["day", "month"]},
        pages=NUMBER,
        file_pages=NUMBER,
        file_bytes=NUMBER,
        requests_per_minute=NUMBER,
        uploads_per_hour=NUMBER,
        concurrent_jobs=NUMBER,
        queue=TEXT,
        result_hours=NUMBER,
        original_hours=NUMBER,
        chat_messages_per_day=NUMBER,
    ),
    "Account": record(
        account=TEXT,
        email=or_null(TEXT),
        plan=shared("Plan"),
        **STANDING,
        running=NUMBER,
        concurrent_jobs=NUMBER,
        created_at=TIME,
    ),
    "Token": record(id=TEXT, name=TEXT, created_at=TIME, last_used=or_null(TIME)),
    "TokenShown": {
        "allOf": [shared("Token"), record(token=or_null(TEXT))],
        "description": "`token` is null, with a `note`, where it cannot be shown",
    },
    "Citation": CITATION,
}

ENTRY = record(
    id=TEXT, at=TIME, kind=TEXT, source=TEXT, credits={"type": "integer"}, job=or_null(TEXT), reason=or_null(TEXT)
)
ANSWER = record(**MESSAGE, answerable=YES_OR_NO, citations=several(shared("Citation")))
SAID = record(**MESSAGE, created_at=TIME)
LANGUAGE = record(
    code=TEXT,
    name=TEXT,
    native_name=TEXT,
    script=TEXT,
    direction={"enum": ["ltr", "rtl"]},
    aliases=several(TEXT),
    engine=TEXT,
    available=YES_OR_NO,
)
TOOL = record(
    slug=TEXT,
    title=TEXT,
    purpose=TEXT,
    tiers=several(TEXT),
    formats=several(TEXT),
    fields=several(TEXT),
    parameters=several(TEXT),
    available=YES_OR_NO,
)

BODIES: dict[str, Schema] = {
    "POST /api/v1/ocr/": shared("Job"),
    "GET /api/v1/ocr/": page_of("data", shared("Job")),
    "GET /api/v1/ocr/{uuid}/": shared("Job"),
    "POST /api/v1/uploads/": record(
        upload_id={"type": "string", "pattern": "^[0-9a-f]{32}$"},
        url={"type": "string", "format": "uri"},
        fields={"type": "object", "additionalProperties": TEXT},
        expires_at=TIME,
        max_bytes=NUMBER,
    ),
    "POST /api/v1/chat/{uuid}/": record(conversation=TEXT, mode={"enum": ["extractive", "model"]}, message=ANSWER),
    "GET /api/v1/chat/{uuid}/history/": page_of("conversations", record(conversation=TEXT, messages=several(SAID))),
    "GET /api/v1/account/": shared("Account"),
    "POST /api/v1/account/": record(message=TEXT),
    "POST /api/v1/account/session/": shared("Account"),
    "GET /api/v1/account/usage/": page_of("data", ENTRY, **STANDING),
    "GET /api/v1/account/tokens/": record(data=several(shared("Token"))),
    "POST /api/v1/account/tokens/": shared("TokenShown"),
    "POST /api/v1/account/tokens/{token_id}/rotate/": shared("TokenShown"),
    "POST /api/v1/account/purchases/": record(url={"type": "string", "format": "uri"}),
    "POST /api/v1/account/purchases/events/": record(outcome=TEXT),
    "GET /api/v1/languages/": record(languages=several(LANGUAGE)),
    "GET /api/v1/tools/": record(
        tools=several(TOOL), tiers=several(record(name=TEXT, title=TEXT, available=YES_OR_NO))
    ),
    "GET /api/v1/pricing/": record(
        plans=several(shared("Plan")),
        tiers=several(record(name=TEXT, title=TEXT, credits_per_page=NUMBER)),
        chat=record(credits_per_message=NUMBER),
        packs=several(record(credits=NUMBER, cents=NUMBER, currency=TEXT)),
    ),
    "GET /healthz": record(status={"const": "ok"}, tiers={"type": "object", "additionalProperties": TEXT}),
    "GET /schemas/job-1.json": {"type": "object", "required": ["$schema", "$id"]},
}
"""By method and path, of operations that answer with JSON."""

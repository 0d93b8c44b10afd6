"""The routes of the chat. None of their answers is kept by a cache."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import WithJsonSchema
from starlette.responses import JSONResponse, Response

from ocrchat import errors, wiring
from ocrchat.http.auth import AccountOnly
from ocrchat.http.parameters import idempotency_key, whole_number
from ocrchat.http.problems import documented
from ocrchat.limits import LIMITS
from ocrchat.metering import rate_limit_headers
from ocrchat.plans import CHAT

from .asked import MESSAGE_CHARACTERS, Asked, asked_in
from .conversing import Conversing
from .history import cursor_of, transcript
from .indexes import Building, Indexes

router = APIRouter()
HERE = "/api/v1/chat/{uuid}/"

NEEDED = (
    errors.ParameterInvalid,
    errors.TokenMissing,
    errors.TokenInvalid,
    errors.JobNotFound,
    errors.JobNotFinished,
    errors.JobFailed,
    errors.JobDeleted,
    errors.JobExpired,
    errors.RateLimited,
    errors.Overloaded,
    errors.InternalError,
)

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="The same key within 24 hours gives the same answer, and nothing is asked or charged twice",
    ),
]
Limit = Annotated[
    str | None,
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LIMITS.list_page}),
    Query(description="How many messages to list"),
]
After = Annotated[
    str | None, WithJsonSchema({"type": "string"}), Query(description="The `after` that the page before ended with")
]


@cache
def conversing() -> Conversing:
    """Once a process: it keeps indexes open."""
    settings, bucket = wiring.settings(), wiring.bucket()
    building = Building(wiring.jobs_table(), bucket)
    return Conversing(
        wiring.jobs_table(),
        wiring.chats_table(),
        wiring.metering(),
        wiring.balances_table(),
        wiring.idempotency(),
        Indexes(building, bucket, wiring.balances_table(), wiring.functions(), settings.index_function),
        wiring.model(),
        settings.plans.prices[CHAT],
    )


def private(body: object, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body, headers={"Cache-Control": "no-store", **(headers or {})})


@router.post(
    HERE,
    summary="Ask about a finished job",
    description="`mode` says what answered: a model, or the document's own passages. Each citation stands on its page.",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": {
        "type": "object",
        "required": ["message"],
        "properties": {
            "message": {"type": "string", "maxLength": MESSAGE_CHARACTERS, "description": "The question"},
            "conversation": {"type": "string", "description": "That of an earlier answer, to go on with it"},
        },
    }}}}},
    responses=documented(
        *NEEDED,
        errors.OutOfPages,
        errors.OriginNotAllowed,
        errors.ConversationNotFound,
        errors.IdempotencyKeyInUse,
        errors.IdempotencyKeyReused,
    ),
)  # fmt: skip
def ask(
    uuid: str,
    caller: AccountOnly,
    asked: Annotated[Asked, Depends(asked_in)],
    request: Request,
    key: IdempotencyKey = None,
) -> Response:
    until = request.state.arrived + LIMITS.chat_answer_s
    said = conversing().say(uuid, caller, asked, idempotency_key(key), until)
    answer = said.answer
    headers = {"Idempotent-Replayed": "true"} if said.is_replayed else {}
    if said.standing is not None:
        headers |= rate_limit_headers(caller.plan, said.standing, datetime.now(UTC))
    body = {"conversation": answer.conversation, "mode": answer.mode, "message": answer.said}
    return private(body, headers)


@router.get(
    HERE + "history/",
    summary="The transcript of a job's conversations, the oldest first",
    responses=documented(*NEEDED),
)
def history(uuid: str, caller: AccountOnly, limit: Limit = None, after: After = None) -> Response:
    count = whole_number("limit", limit, 1, LIMITS.list_page, LIMITS.list_page)
    place = cursor_of(after)
    job = conversing().job(uuid, caller)
    messages, has_more = wiring.chats_table().of_job(job.uuid, count, place)
    shown: dict[str, Any] = transcript(messages, has_more=has_more)
    return private(shown)

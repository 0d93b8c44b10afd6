"""A request and an answer as they stand on the wire of the Messages API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ocrchat.llm.port import Answer, Capabilities, ModelRejected, Request, Stop, Usage

IN_WORDS = (
    "Answer with one JSON value and nothing else: no code fence before it, no remark behind it. "
    "It follows this JSON Schema:"
)
"""How the schema is told to a server that cannot hold a model to it."""

STOPS: Mapping[str, Stop] = {
    "end_turn": "end",
    "stop_sequence": "end",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "refusal",
}
"""`tool_use` and `pause_turn` answer what is never asked: requests have no tools."""


class NoAnswer(ValueError):
    """What came back with status 200 is no message of the API."""


def body_of(request: Request, model: str, capabilities: Capabilities) -> dict[str, Any]:
    """The members of a request. The newest models take no sampling parameters, so none is ever set."""
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": request.max_tokens,
        "messages": [{"role": "user", "content": [dict(block) for block in request.content]}],
    }
    for answered, asked in request.replies:
        body["messages"] += [{"role": "assistant", "content": answered}, {"role": "user", "content": asked}]
    system = request.system
    if request.schema is not None:
        if capabilities.structured_output:
            body["output_config"] = {"format": {"type": "json_schema", "schema": _strict(request.schema)}}
        else:
            system = f"{system}\n\n{IN_WORDS}\n{json.dumps(request.schema, ensure_ascii=False)}".lstrip()
    if system:
        body["system"] = system
    if system and capabilities.prompt_caching:
        body["system"] = [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}]
    return body


def answer_of(message: object, request_id: str | None) -> Answer:
    """Of the JSON of an answer. Raises NoAnswer, or ModelRejected where the model stopped for what was never asked."""
    if not isinstance(message, dict) or not isinstance(message.get("content"), list):
        raise NoAnswer
    content = message["content"]
    if not all(isinstance(block, dict) for block in content):
        raise NoAnswer
    said = [block.get("text") for block in content if block.get("type") == "text"]
    stop_reason = message.get("stop_reason")
    if not all(isinstance(text, str) for text in said) or not isinstance(stop_reason, str):
        raise NoAnswer
    if stop_reason not in STOPS:
        reason = "the model stopped for a reason that no request of ours gives it"
        raise ModelRejected(reason, is_configuration=False, is_paid=True)
    return Answer("".join(said), STOPS[stop_reason], _usage(message.get("usage")), content, request_id)


def _usage(usage: object) -> Usage:
    """Members may be absent or null: servers without a cache have none of it."""
    if not isinstance(usage, dict):
        return Usage()

    def tokens(name: str) -> int:
        value = usage.get(name)
        return value if isinstance(value, int) and value > 0 else 0

    return Usage(
        input_tokens=tokens("input_tokens"),
        cache_read_tokens=tokens("cache_read_input_tokens"),
        cache_write_tokens=tokens("cache_creation_input_tokens"),
        output_tokens=tokens("output_tokens"),
    )


def _strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    """With what the API does not hold a model to, such as bounds of numbers, told in descriptions."""
    from anthropic import transform_schema

    return transform_schema(dict(schema))

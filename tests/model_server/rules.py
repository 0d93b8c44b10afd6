"""What a request must be: the rules of the Messages API, as strict as they are on the other side or stricter, so that what
passes here is not refused there for its form. Of the API only what this product uses is here; the rest is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.model_server.errors import Refused
from tests.model_server.pictures import size_of
from tests.model_server.schemas import check_schema

VERSION = "2026-10-21"
MAX_BREAKPOINTS = 4
MAX_BYTES = 32 * 1024 * 1024
MAX_TITLE = 500
MEMBERS = {"model", "max_tokens", "messages", "system", "output_config", "stop_sequences", "metadata"}
SAMPLING = {"temperature", "top_p", "top_k"}
OF_BLOCKS = {
    "text": {"text"},
    "image": {"source"},
    "document": {"source", "title", "context", "citations"},
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What the server that is played can do. `models` are those that it knows; `max_tokens` is what each of them can
    write, an assumption: the vendor's table is not known to us."""

    models: tuple[str, ...]
    max_tokens: int = 64_000
    structured_output: bool = True
    prompt_caching: bool = True
    citations: bool = True


def check_body(body: Any, limits: Limits) -> None:
    """Raises Refused. `model` is in the body whichever way it came."""
    if not isinstance(body, dict):
        raise Refused("the body must be a JSON object")
    if body_sampling := sorted(SAMPLING & set(body)):
        raise Refused(f"{body_sampling[0]}: sampling parameters are not supported by this model")
    if unknown := sorted(set(body) - MEMBERS):
        raise Refused(f"{unknown[0]}: extra inputs are not permitted")
    if missing := [name for name in ("model", "max_tokens", "messages") if name not in body]:
        raise Refused(f"{missing[0]}: field required")
    if body["model"] not in limits.models:
        raise Refused(f"model: {body['model']}", 404)
    max_tokens = body["max_tokens"]
    if not isinstance(max_tokens, int) or isinstance(max_tokens, bool) or max_tokens < 1:
        raise Refused("max_tokens: an integer above 0 is required")
    if max_tokens > limits.max_tokens:
        raise Refused(f"max_tokens: {max_tokens} > {limits.max_tokens}, the most that {body['model']} may write")
    _check_system(body.get("system", ""))
    _check_messages(body["messages"])
    _check_output(body.get("output_config"), limits)
    _check_cache(body, limits)
    _check_citations(body, limits)


def blocks_of(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All blocks, in the order in which they are cached."""
    if isinstance(body.get("system"), list):
        yield from body["system"]
    for message in body["messages"]:
        if isinstance(message["content"], list):
            yield from message["content"]


def _check_system(system: Any) -> None:
    if isinstance(system, str):
        return
    if not isinstance(system, list):
        raise Refused("system: a string or a list of text blocks is required")
    for number, block in enumerate(system):
        _check_block(block, f"system.{number}", {"text"})


def _check_messages(messages: Any) -> None:
    if not isinstance(messages, list) or not messages:
        raise Refused("messages: at least one message is required")
    for number, message in enumerate(messages):
        where = f"messages.{number}"
        if not isinstance(message, dict) or set(message) != {"role", "content"}:
            raise Refused(f"{where}: role and content are required, and nothing else")
        if message["role"] not in ("user", "assistant"):
            raise Refused(f"{where}.role: unexpected role {message['role']!r}")
        _check_content(
            message["content"], f"{where}.content", set(OF_BLOCKS) if message["role"] == "user" else {"text"}
        )
    if messages[0]["role"] != "user":
        raise Refused("messages: first message must use the user role")
    if messages[-1]["role"] != "user":
        raise Refused("messages: this model does not support assistant message prefill")


def _check_content(content: Any, where: str, kinds: set[str]) -> None:
    if isinstance(content, str):
        if not content.strip():
            raise Refused(f"{where}: text content must be non-empty")
        return
    if not isinstance(content, list) or not content:
        raise Refused(f"{where}: a string or at least one block is required")
    for number, block in enumerate(content):
        _check_block(block, f"{where}.{number}", kinds)


def _check_block(block: Any, where: str, kinds: set[str]) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in kinds:
        raise Refused(f"{where}.type: one of {', '.join(sorted(kinds))} is required")
    if unknown := sorted(set(block) - OF_BLOCKS[kind] - {"type", "cache_control"}):
        raise Refused(f"{where}.{kind}.{unknown[0]}: extra inputs are not permitted")
    if kind == "text" and (not isinstance(block.get("text"), str) or not block["text"].strip()):
        raise Refused(f"{where}.text: text content blocks must be non-empty and contain more than whitespace")
    if kind == "image":
        size_of(block.get("source"), where)
    if kind == "document":
        _check_document(block, where)


def _check_document(block: dict[str, Any], where: str) -> None:
    source = block.get("source")
    if not isinstance(source, dict) or source.get("type") != "content" or not isinstance(source.get("content"), list):
        raise Refused(f"{where}.source: a content source is required: this server takes no other")
    if not source["content"]:
        raise Refused(f"{where}.source.content: at least one block is required")
    for number, part in enumerate(source["content"]):
        _check_block(part, f"{where}.source.content.{number}", {"text"})
        if "cache_control" in part:
            raise Refused(f"{where}.source.content.{number}.cache_control: only a document as a whole can be cached")
    title = block.get("title")
    if title is not None and not (isinstance(title, str) and 0 < len(title) <= MAX_TITLE):
        raise Refused(f"{where}.title: a string of at most {MAX_TITLE} characters is required")


def _check_output(output_config: Any, limits: Limits) -> None:
    if output_config is None:
        return
    if not limits.structured_output:
        raise Refused("output_config: extra inputs are not permitted")
    if not isinstance(output_config, dict) or set(output_config) != {"format"}:
        raise Refused("output_config: format is required, and nothing else")
    form = output_config["format"]
    if not isinstance(form, dict) or set(form) != {"type", "schema"} or form["type"] != "json_schema":
        raise Refused("output_config.format: type json_schema and schema are required, and nothing else")
    check_schema(form["schema"])


def _check_cache(body: dict[str, Any], limits: Limits) -> None:
    marked = [block["cache_control"] for block in blocks_of(body) if "cache_control" in block]
    if marked and not limits.prompt_caching:
        raise Refused("cache_control: extra inputs are not permitted")
    if len(marked) > MAX_BREAKPOINTS:
        raise Refused(f"a maximum of {MAX_BREAKPOINTS} blocks with cache_control may be provided, found {len(marked)}")
    lifetimes = []
    for mark in marked:
        if not isinstance(mark, dict) or mark.get("type") != "ephemeral" or set(mark) - {"type", "ttl"}:
            raise Refused("cache_control: type ephemeral and at most ttl are required")
        if mark.get("ttl", "5m") not in ("5m", "1h"):
            raise Refused("cache_control.ttl: 5m or 1h")
        lifetimes.append(mark.get("ttl", "5m"))
    if "5m" in lifetimes and "1h" in lifetimes[lifetimes.index("5m") :]:
        raise Refused("cache_control.ttl: a block with 1h must not come after one with 5m")


def _check_citations(body: dict[str, Any], limits: Limits) -> None:
    documents = [block for block in blocks_of(body) if block["type"] == "document"]
    wanted = [block["citations"] for block in documents if "citations" in block]
    for citations in wanted:
        if not isinstance(citations, dict) or set(citations) != {"enabled"}:
            raise Refused("citations: enabled is required, and nothing else")
        if not limits.citations:
            raise Refused("citations: extra inputs are not permitted")
        if citations["enabled"] and "output_config" in body:
            raise Refused("citations: not together with output_config.format")
    if 0 < sum(bool(citations["enabled"]) for citations in wanted) < len(documents):
        raise Refused("citations: to be enabled on all documents of a request, or on none")

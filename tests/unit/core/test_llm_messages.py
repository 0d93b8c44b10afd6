"""Requests and answers as they stand on the wire."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ocrchat.llm.citations import BlockCitation, block_citations
from ocrchat.llm.messages import IN_WORDS, NoAnswer, answer_of, body_of
from ocrchat.llm.port import Answer, ModelRejected, Request, Stop, Usage
from ocrchat.llm.settings import CAPABILITIES

SCHEMA = {
    "type": "object",
    "properties": {"total": {"type": "integer", "minimum": 1}},
    "required": ["total"],
}
REQUEST = Request("Read the page.", [{"type": "text", "text": "…"}], 500, SCHEMA)
HOSTED, OWN = CAPABILITIES["anthropic"], CAPABILITIES["compatible"]


def message(**changes: Any) -> dict[str, Any]:
    whole = {
        "type": "message",
        "content": [
            {"type": "text", "text": "a"},
            {"type": "thinking", "thinking": "b"},
            {"type": "text", "text": "c"},
        ],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": None},
    }
    return whole | changes


def test_a_request_is_held_to_its_schema_where_the_server_can() -> None:
    body = body_of(REQUEST, "m", HOSTED)
    assert body == {
        "model": "m",
        "max_tokens": 500,
        "messages": [{"role": "user", "content": [{"type": "text", "text": "…"}]}],
        "system": [{"type": "text", "text": "Read the page.", "cache_control": {"type": "ephemeral"}}],
        "output_config": {
            "format": {
                "type": "json_schema",
                "schema": {
                    "type": "object",
                    "properties": {"total": {"type": "integer", "description": "{minimum: 1}"}},
                    "required": ["total"],
                    "additionalProperties": False,
                },
            }
        },
    }


def test_elsewhere_the_schema_is_told_behind_the_system_prompt() -> None:
    body = body_of(REQUEST, "m", OWN)
    assert set(body) == {"model", "max_tokens", "messages", "system"}
    prompt, _, schema = body["system"].partition(f"\n\n{IN_WORDS}\n")
    assert prompt == "Read the page."
    assert json.loads(schema) == SCHEMA


def test_a_request_without_prompt_and_schema_has_no_empty_ones() -> None:
    for capabilities in (HOSTED, OWN):
        assert set(body_of(Request("", REQUEST.content, 5), "m", capabilities)) == {"model", "max_tokens", "messages"}


def test_an_answer_is_all_its_text() -> None:
    blocks = message()["content"]
    assert answer_of(message(), "req_1") == Answer("ac", "end", Usage(3, 0, 0, 4), blocks, "req_1")


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("end_turn", "end"),
        ("stop_sequence", "end"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("refusal", "refusal"),
    ],
)
def test_why_it_stopped(reason: str, stop: Stop) -> None:
    assert answer_of(message(stop_reason=reason), None).stop == stop


@pytest.mark.parametrize("reason", ["tool_use", "pause_turn", "boredom"])
def test_a_stop_that_was_never_asked_for_is_rejected(reason: str) -> None:
    with pytest.raises(ModelRejected) as rejected:
        answer_of(message(stop_reason=reason), None)
    assert not rejected.value.is_configuration


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "text",
        [],
        {},
        message(content=None),
        message(content="text"),
        message(content=["text"]),
        message(content=[{"type": "text"}]),
        message(content=[{"type": "text", "text": None}]),
        message(stop_reason=None),
        {"type": "error", "error": {"type": "overloaded_error"}},
    ],
)
def test_what_is_no_message_is_no_answer(broken: object) -> None:
    with pytest.raises(NoAnswer):
        answer_of(broken, None)


@pytest.mark.parametrize("usage", [None, {}, {"input_tokens": None}, {"output_tokens": "7"}, {"input_tokens": -1}])
def test_tokens_that_are_not_told_are_none(usage: object) -> None:
    assert answer_of(message(usage=usage), None).usage == Usage()


def test_nothing_of_this_is_loaded_before_a_model_is_asked() -> None:
    heavy = ("anthropic", "pydantic", "httpx2", "boto3", "botocore")
    code = (
        "import sys, ocrchat.llm.client, ocrchat.llm.settings\n"
        "from ocrchat.llm.client import AnthropicModel\n"
        "AnthropicModel(ocrchat.llm.settings.ModelSettings('anthropic', 'm'), 'key')\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    core = str(Path(__file__).parents[3] / "layers/core")
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": core}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_functions_that_ask_no_model_do_not_load_its_client() -> None:
    code = "import sys, ocrchat.wiring; print('ocrchat.llm.client' in sys.modules)"
    core = str(Path(__file__).parents[3] / "layers/core")
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": core}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_a_conversation_follows_what_it_began_with() -> None:
    request = Request("", REQUEST.content, 5, replies=[("It is 42.", "In dollars?"), ("In euros.", "Due when?")])
    assert body_of(request, "m", OWN)["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": "…"}]},
        {"role": "assistant", "content": "It is 42."},
        {"role": "user", "content": "In dollars?"},
        {"role": "assistant", "content": "In euros."},
        {"role": "user", "content": "Due when?"},
    ]


def cited(**changes: Any) -> dict[str, Any]:
    return {
        "type": "content_block_location",
        "document_index": 1,
        "document_title": "Page 2",
        "start_block_index": 3,
        "end_block_index": 5,
        "cited_text": "Total 42",
    } | changes


def test_citations_of_blocks_are_found_in_their_order() -> None:
    content: list[dict[str, Any]] = [
        {"type": "text", "text": "The total is "},
        {"type": "text", "text": "42", "citations": [cited(), cited(document_index=0)]},
        {"type": "text", "text": ".", "citations": None},
        {"type": "text", "text": "Due today.", "citations": [cited(start_block_index=4)]},
    ]
    assert list(block_citations(content)) == [
        BlockCitation(1, 3, 5, "Total 42"),
        BlockCitation(0, 3, 5, "Total 42"),
        BlockCitation(1, 4, 5, "Total 42"),
    ]


@pytest.mark.parametrize(
    "citation",
    [
        cited(type="char_location"),
        cited(document_index=None),
        cited(start_block_index="3"),
        cited(end_block_index=True),
        cited(cited_text=None),
        "Total 42",
        None,
    ],
)
def test_a_citation_of_another_form_is_passed_over(citation: object) -> None:
    block = {"type": "text", "text": "42", "citations": [citation, cited()]}
    assert list(block_citations([block])) == [BlockCitation(1, 3, 5, "Total 42")]

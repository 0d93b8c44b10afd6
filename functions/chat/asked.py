"""The body of a message, checked."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from ocrchat.errors import ConversationNotFound, ParameterInvalid
from ocrchat.store.chats_table import is_conversation

MESSAGE_CHARACTERS = 4000
"""A page of text, far more than a question needs."""

_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"

MOST_BODY_BYTES = 65_536
"""JSON may write a character in up to twelve bytes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`conversation` is None for a new one."""

    message: str
    conversation: str | None = None


async def asked_in(request: Request) -> Asked:
    """JSON, whatever its Content-Type says. Raises ParameterInvalid, and ConversationNotFound for what can be no id."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MOST_BODY_BYTES:
        raise _too_long()
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY_BYTES:
            raise _too_long()
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParameterInvalid('The body is a JSON object: {"message": "your question"}') from error
    return checked(document)


def checked(document: Any) -> Asked:
    """Raises ParameterInvalid and ConversationNotFound."""
    message = document.get("message") if isinstance(document, dict) else None
    if not isinstance(message, str) or not any(map(_is_visible, message)):
        raise ParameterInvalid("`message` is missing: the question, as text", parameter="message")
    if len(message) > MESSAGE_CHARACTERS:
        raise _too_long()
    conversation = document.get("conversation")
    if conversation == "":  # as a form sends what nobody has filled in
        conversation = None
    if conversation is not None and not isinstance(conversation, str):
        raise ParameterInvalid("`conversation` is text: the one of an earlier answer", parameter="conversation")
    if conversation is not None and not is_conversation(conversation):
        raise ConversationNotFound
    # a lone surrogate, which JSON lets through, is no character of any document
    return Asked(message.encode("utf-8", "replace").decode(), conversation)


def _is_visible(character: str) -> bool:
    """Neither white space nor a sign that shows nothing, such as a joiner, a mark alone, or a filler of Hangul."""
    return unicodedata.category(character)[0] not in "CZM" and character not in _FILLERS


def _too_long() -> ParameterInvalid:
    return ParameterInvalid(
        f"`message` may have {MESSAGE_CHARACTERS:,} characters", parameter="message", limit=MESSAGE_CHARACTERS
    )

"""The transcript of a job's conversations."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from ocrchat.errors import ParameterInvalid
from ocrchat.jobs import iso
from ocrchat.store.chats_table import Message, is_cursor


def transcript(messages: Sequence[Message], *, has_more: bool) -> dict[str, Any]:
    """`messages` come conversation by conversation. One that is cut goes on with the next page."""
    grouped = groupby(messages, key=lambda message: message.conversation)
    return {
        "conversations": [
            {"conversation": conversation, "messages": [_shown(message) for message in said]}
            for conversation, said in grouped
        ],
        "has_more": has_more,
        "after": messages[-1].cursor if has_more and messages else None,
    }


def cursor_of(after: str | None) -> str | None:
    """Raises ParameterInvalid for what no page has ended with."""
    if after is not None and not is_cursor(after):
        raise ParameterInvalid("`after` is what the page before ended with", parameter="after")
    return after


def _shown(message: Message) -> dict[str, Any]:
    mode = {"mode": message.mode} if message.mode else {}
    return {**message.said, **mode, "created_at": iso(message.at)}

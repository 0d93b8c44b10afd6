"""The message that carries pages to a worker."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ocrchat.page_worker import PageMessage

GOOD: dict[str, Any] = {
    "job": "a" * 32, "attempt": 1, "first": 0, "last": 3, "tier": "cpu", "language": "auto", "tool": None,
    "format": "pdf", "token": "t",
}  # fmt: skip


def test_a_message_is_read() -> None:
    message = PageMessage.parse(json.dumps(GOOD))
    assert (message.first, message.last, message.tier, message.format) == (0, 3, "cpu", "pdf")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "garbage",
        "[]",
        "null",
        json.dumps({key: value for key, value in GOOD.items() if key != "token"}),
        json.dumps(GOOD | {"format": "exe"}),
        json.dumps(GOOD | {"first": None}),
        json.dumps(GOOD | {"last": "x"}),
    ],
)
def test_what_is_no_message_is_a_value_error(body: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its text is for the log alone
        PageMessage.parse(body)

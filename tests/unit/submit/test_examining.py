"""What a process that dies while it looks into a file says of the file."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from ocrchat.errors import FileCorrupt
from ocrchat.store.functions import Functions
from submit import examining
from submit.examining import examine

FACTS = {"page_count": 1}


class Lambda:
    """AWS, where the first so many invocations end with the function's process."""

    def __init__(self, deaths: int) -> None:
        self.deaths = deaths
        self.invocations = 0

    def invoke(self, **_: Any) -> dict[str, Any]:
        self.invocations += 1
        if self.invocations <= self.deaths:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorType": "Runtime.ExitError"}')}
        return {"Payload": io.BytesIO(json.dumps({"facts": FACTS}).encode())}


def test_a_file_is_not_called_damaged_for_one_process_that_died() -> None:
    assert examine(Functions(Lambda(deaths=1)), "inspect", "uuid", "url") == FACTS


def test_a_file_that_ends_two_processes_is_the_culprit() -> None:
    client = Lambda(deaths=2)
    with pytest.raises(FileCorrupt):
        examine(Functions(client), "inspect", "uuid", "url")
    assert client.invocations == 2


def test_a_file_that_takes_long_to_end_one_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "AGAIN_WITHIN_S", -1.0)
    client = Lambda(deaths=1)
    with pytest.raises(FileCorrupt):
        examine(Functions(client), "inspect", "uuid", "url")
    assert client.invocations == 1

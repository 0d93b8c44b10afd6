"""Other functions of the service, invoked directly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError

from ocrchat.store.errors import code_of


class FunctionFailed(Exception):
    """The function ended with an error of its own: it crashed, ran out of memory or out of time."""


class FunctionNotStarted(Exception):
    """The invocation was not taken, or nobody knows whether it was."""


class Functions:
    def __init__(self, client: Any) -> None:
        self._client = client

    def call(self, name: str, payload: Mapping[str, object]) -> dict[str, Any]:
        """Invokes and waits. Raises FunctionFailed."""
        answer = self._client.invoke(FunctionName=name, Payload=json.dumps(payload).encode())
        body = answer["Payload"].read()
        if answer.get("FunctionError"):
            raise FunctionFailed(body[:500].decode(errors="replace"))
        result: dict[str, Any] = json.loads(body)
        return result

    def start(self, name: str, payload: Mapping[str, object]) -> None:
        """Invokes without waiting. Raises FunctionNotStarted."""
        try:
            self._client.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(payload).encode())
        except self._client.exceptions.ClientError as error:
            raise FunctionNotStarted(code_of(error)) from error
        except BotoCoreError as error:
            raise FunctionNotStarted(type(error).__name__) from error

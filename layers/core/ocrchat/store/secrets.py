"""Secrets Manager. A secret is read when it is first needed, and never lies in the environment."""

from __future__ import annotations

from typing import Any


class Secrets:
    def __init__(self, client: Any) -> None:
        self._client = client
        self._known: dict[str, str] = {}

    def get(self, name: str, *, anew: bool = False) -> str:
        """The value of the secret of that name or ARN; asked for once a process, but for `anew`."""
        if anew or name not in self._known:
            self._known[name] = str(self._client.get_secret_value(SecretId=name)["SecretString"])
        return self._known[name]

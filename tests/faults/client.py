"""A client that does what the API asks of one: the same request again when there was no answer, or one that says that a
retry helps."""

from __future__ import annotations

import time
from typing import Any

import httpx

PATIENCE_S = 240.0
"""For one request with its retries: longer than any round lasts, with a restart in it."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 3.0
RETRIED = frozenset({409, 429, 500, 502, 503, 504})


class GaveUp(Exception):
    """A customer's patience was over."""


class Unknown(Exception):
    """The service does not know who asks (401)."""


class Client:
    """`name`: whose it is; `address`: from which it asks, None for no one in particular. `asked_again` counts the requests
    beyond the first ones. Threads may share it."""

    def __init__(self, url: str, name: str, token: str = "", address: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.HTTPTransport(local_address=address)
        self._http = httpx.Client(base_url=url, timeout=70, headers=headers, transport=transport)
        self._name = name
        self.asked_again = 0

    def close(self) -> None:
        self._http.close()

    def request(self, method: str, path: str, **how: Any) -> httpx.Response:
        """The answer that is final. Raises GaveUp and Unknown."""
        until, pause = time.monotonic() + PATIENCE_S, FIRST_PAUSE_S
        told = ""
        while time.monotonic() < until:
            try:
                answer = self._http.request(method, path, **how)
            except httpx.TransportError as error:
                told = repr(error)
            else:
                if answer.status_code == 401:
                    raise Unknown(f"{self._name}: {method} {path}: {answer.text[:200]}")
                if answer.status_code not in RETRIED:
                    return answer
                told = f"{answer.status_code} {answer.text[:200]}"
            self.asked_again += 1
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
        raise GaveUp(f"{self._name}: {method} {path}: {told}")

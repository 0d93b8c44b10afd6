"""Answers of a model's server, bounded in time and size. The read timeout of HTTP clients begins anew with every byte:
a server that sends one a second would hold a request for as long as it likes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2

MOST_BYTES = 8_000_000
"""The longest answer has 64,000 tokens, of some four bytes each, in JSON; what is larger is none."""


def bound(response: httpx2.Response) -> None:
    """A hook for responses, before their body is read: the read timeout of the request, s, becomes that of the whole
    body."""
    import httpx2

    class Bounded(httpx2.SyncByteStream):
        def __init__(self, stream: httpx2.SyncByteStream, until: float) -> None:
            self._stream = stream
            self._until = until

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for part in self._stream:
                size += len(part)
                if time.monotonic() > self._until:
                    raise httpx2.ReadTimeout("the answer takes too long", request=response.request)
                if size > MOST_BYTES:
                    raise httpx2.ReadError("the answer is too large", request=response.request)
                yield part

        def close(self) -> None:
            self._stream.close()

    stream = response.stream
    seconds = response.request.extensions.get("timeout", {}).get("read")
    if isinstance(stream, httpx2.SyncByteStream) and seconds is not None:
        response.stream = Bounded(stream, time.monotonic() + seconds)

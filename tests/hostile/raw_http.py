"""Requests as no client library writes them, over a socket."""

from __future__ import annotations

import errno
import json
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

SUBMIT = "/api/v1/ocr/"
BOUNDARY = b"evil"
FORM = b"multipart/form-data; boundary=" + BOUNDARY
ANSWER_S = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0: the connection was closed without one."""

    status: int
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


def part(content: bytes, disposition: bytes = b'form-data; name="file"; filename="a.pdf"', *headers: bytes) -> bytes:
    lines = [b"Content-Disposition: " + disposition, *headers]
    return b"--" + BOUNDARY + b"\r\n" + b"\r\n".join(lines) + b"\r\n\r\n" + content + b"\r\n"


END = b"--" + BOUNDARY + b"--\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + END


def request(
    body: bytes, *headers: bytes, kind: bytes | None = FORM, length: int | None = None, path: str = SUBMIT
) -> list[bytes]:
    """The pieces of a POST. `length` stands for the true one; a header of `headers` that says how the body is sent
    leaves it out."""
    lines = [b"POST %s HTTP/1.1" % path.encode(), b"Host: localhost", b"Connection: close"]
    if kind is not None:
        lines.append(b"Content-Type: " + kind)
    if not any(header.lower().startswith((b"transfer-encoding", b"content-length")) for header in headers):
        lines.append(b"Content-Length: %d" % (len(body) if length is None else length))
    return [b"\r\n".join([*lines, *headers]) + b"\r\n\r\n", body]


def chunked(pieces: Iterable[bytes]) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError as error:
        if error.errno != errno.ENOTCONN:  # answered by now, and closed: the answer is still to be read
            raise


def sent(url: str, pieces: Iterable[bytes], *, half_close: bool = False) -> Answer:
    """What is answered to these bytes; status 0 if nothing is. `half_close`: no more is to come, although more was
    promised."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=ANSWER_S) as connection:
        with suppress(ConnectionError):  # who is answered before the end of what it sends may be cut off
            for piece in pieces:
                connection.sendall(piece)
            if half_close:
                _end(connection)
        received = b""
        with suppress(ConnectionError):
            while got := connection.recv(1 << 16):
                received += got
    head, _, body = received.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" in head.lower():
        body = _unchunked(body)
    return Answer(int(head.split()[1]) if head else 0, body)


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        count = int(size or b"0", 16)
        whole += rest[:count]
        body = rest[count + 2 :] if count else b""
    return whole

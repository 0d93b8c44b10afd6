"""A stand-in for the embedded AWS: real HTTP on loopback, which notes what reaches it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OF_GATEWAY = {
    "/api/throttled/": (429, b'{"__type": "TooManyRequestsException"}'),
    "/api/timed-out/": (502, b'{"errorMessage": "Task timed out after 29.00 seconds"}'),
}
"""What ministack says in place of a function that has not run to its end."""

BIG = 20_000_000
CHUNK = b"x" * 65_536


@dataclass
class Seen:
    """One request as it came in. `body` is None when its sender broke off."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes | None

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass
class Upstream:
    url: str
    requests: list[Seen] = field(default_factory=list)
    broken_off: threading.Event = field(default_factory=threading.Event)
    """Set when a reader of /api/endless went away."""


@contextmanager
def upstream() -> Iterator[Upstream]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    state = Upstream(f"http://127.0.0.1:{server.server_port}")
    server.state = state  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        body = self._body()
        state: Upstream = self.server.state  # type: ignore[attr-defined]
        state.requests.append(Seen(self.command, self.path, list(self.headers.items()), body))
        if body is None:
            self.close_connection = True
            return
        path = self.path.partition("?")[0].partition("$default")[2] or self.path
        if path.startswith("/api/big"):
            self._stream(BIG)
        elif path.startswith("/api/endless"):
            self._endless(state)
        elif path.startswith("/api/redirect"):
            self._send(302, b"", Location="http://127.0.0.1:8000/ocrchat/results/x?X-Amz-Date=1")
        elif path in OF_GATEWAY:
            self._send(*OF_GATEWAY[path])
        elif path.startswith("/api/limited"):
            self._send(429, b"from the API", **{"X-Request-Id": "from-the-api", "Retry-After": "7"})
        elif path.startswith("/api/slow"):
            time.sleep(0.3)
            self._send(200, b"late")
        elif path.startswith("/ocrchat/results/missing"):
            self._send(403, b"<Error><Code>AccessDenied</Code></Error>", **{"Content-Type": "application/xml"})
        elif path.startswith("/ocrchat/") and self.headers["Range"] == "bytes=2-4":
            self._send(206, b"234", **{"Content-Range": "bytes 2-4/10", "Access-Control-Allow-Origin": "*"})
        else:
            self._send(200, b"0123456789", **{"Access-Control-Allow-Origin": "*", "X-Request-Id": "from-the-api"})

    do_GET = do_HEAD = do_POST = do_DELETE = do_PUT = do_OPTIONS = _handle  # noqa: N815 - the base class's names

    def _body(self) -> bytes | None:
        if self.headers["Transfer-Encoding"] == "chunked":
            parts = []
            while size := int(self.rfile.readline() or b"-1", 16):
                if size < 0:
                    return None
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self, size: int) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        while size > 0:
            self.wfile.write(CHUNK[:size])
            size -= len(CHUNK)

    def _endless(self, state: Upstream) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.connection.settimeout(10)
        self.close_connection = True
        try:
            while True:
                self.wfile.write(CHUNK)
        except (TimeoutError, BrokenPipeError, ConnectionResetError):
            state.broken_off.set()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Says nothing."""

"""What `inspect` says where it cannot get at the file."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from threading import Thread

import pytest

from ocrchat.errors import Overloaded
from submit.handler import inspect
from submit.inspection import refusal


@pytest.mark.parametrize("told", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n%PDF-"])
def test_a_file_whose_bytes_do_not_arrive_is_not_called_damaged(told: bytes) -> None:
    with answered_by(told) as url, ProcessPoolExecutor(1, get_context("spawn")) as pool:  # it limits its own process
        answer = pool.submit(inspect, {"job": "0" * 32, "url": url}, None).result()
    assert isinstance(refusal(answer["error"]), Overloaded)


@contextmanager
def answered_by(told: bytes) -> Iterator[str]:
    """The URL of a server that says this much of an answer and hangs up."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()

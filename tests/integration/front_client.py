"""A client of a front that runs alone, before a stand-in for the embedded AWS."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import uvicorn

from infra.local.front import create_front, server_config
from infra.local.site import Site
from ocrchat.limits import LIMITS
from tests.integration.front_upstream import Upstream

PUBLIC = "http://ocr.example:8000"


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.body)
        return document


@dataclass
class Front:
    port: int
    aws: Upstream

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(
        self, method: str, target: str, headers: list[tuple[str, str]] | None = None, body: bytes | None = None
    ) -> Answer:
        """Sends the target as it stands: other clients would tidy `..` and escapes away."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in headers or []:
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()


def serve(aws_url: str, site: Site | None = None) -> Iterator[int]:
    """The port of a front that takes requests up to 1 MB and files up to 8 MB, until the next step of the iterator."""
    limits = replace(LIMITS, direct_request_bytes=1_000_000, file_bytes=8_000_000)
    app = create_front(aws_url, "api123", "ocrchat", PUBLIC, limits, origin_secret="s3cret", site=site)
    server = uvicorn.Server(server_config(app, "127.0.0.1", 0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


def assert_problem(answer: Answer, status: int, code: str) -> dict[str, Any]:
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    document = answer.json()
    assert document.keys() >= {"type", "title", "status", "detail", "code", "error", "request_id"}
    assert (document["status"], document["code"]) == (status, code)
    assert document["request_id"] == answer.headers["X-Request-Id"] != ""
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return document

"""Stands between the functions and the embedded AWS, and lets calls fail as AWS does: before they have happened, or
after, when their answer is lost."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

from infra.local.stack import PORT_FILE
from tests.faults.plan import CallFault, CallKind

LATE_S = 0.7
"""Of a call that is late: long enough for others to pass it, far shorter than any client's patience."""

HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "expect"})

_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/([^/]+)/aws4_request")

Refusal = tuple[int, str]
"""HTTP status and the code of the error."""

REFUSED: dict[str, Refusal] = {
    "s3": (500, "InternalError"),
    "lambda": (500, "ServiceException"),
    "ses": (500, "InternalFailure"),
}
THROTTLED: dict[str, Refusal] = {
    "dynamodb": (400, "ProvisionedThroughputExceededException"),
    "s3": (503, "SlowDown"),
    "lambda": (429, "TooManyRequestsException"),
    "ses": (429, "TooManyRequestsException"),
    "sqs": (400, "ThrottlingException"),
}
INTERNAL: Refusal = (500, "InternalServerError")
THROTTLING: Refusal = (400, "ThrottlingException")


@dataclass(frozen=True, slots=True)
class Call:
    """What a function asks of AWS; `action` is empty where only its path says what it is."""

    service: str
    action: str
    method: str
    body: bytes


class Faults:
    """Which of the calls fail, as a round plans it. `happened` counts them by service and kind: a burst is one."""

    def __init__(self) -> None:
        self.happened: Counter[str] = Counter()
        self.calls = 0
        self._lock = threading.Lock()
        self._planned: Iterator[CallFault] | None = None
        self._next: CallFault | None = None
        self._gap = 0
        self._bursts: dict[str, tuple[CallKind, int]] = {}
        self._is_spared = False

    def begin(self, planned: Iterator[CallFault]) -> None:
        with self._lock:
            self._planned = planned
            self._draw()

    def end(self) -> None:
        with self._lock:
            self._planned = self._next = None
            self._bursts.clear()

    @contextmanager
    def spared(self) -> Iterator[None]:
        """No call fails meanwhile: the launcher's own are no part of the service."""
        self._is_spared = True
        try:
            yield
        finally:
            self._is_spared = False

    def of(self, call: Call) -> CallKind | None:
        """How this call fails; None where it goes well."""
        with self._lock:
            self.calls += 1
            if self._next is None or self._is_spared:
                return None
            if call.service in self._bursts:
                return self._hit(call.service)
            if self._gap:
                self._gap -= 1
                return None
            self._bursts[call.service] = self._next.kind, self._next.length
            self.happened[f"{call.service}: {self._next.kind}"] += 1
            self._draw()
            return self._hit(call.service)

    def _hit(self, service: str) -> CallKind:
        kind, left = self._bursts.pop(service)
        if left > 1:
            self._bursts[service] = kind, left - 1
        return kind

    def _draw(self) -> None:
        assert self._planned is not None
        self._next = next(self._planned)
        self._gap = self._next.gap


def call_of(method: str, path: str, headers: Any, body: bytes) -> Call:
    found = _SCOPE.search(
        headers.get("Authorization", "") + " " + unquote(path).replace("X-Amz-Credential", "Credential")
    )
    action = headers.get("X-Amz-Target", "").rpartition(".")[2]
    return Call(found[1] if found else "s3", action, method, body)


def refusal_of(call: Call, kind: CallKind) -> Refusal:
    if kind == "throttled":
        return THROTTLED.get(call.service, THROTTLING)
    if kind == "conflict" and call.service == "dynamodb":
        if call.action == "TransactWriteItems":
            return 400, "TransactionCanceledException"
        return 400, "TransactionConflictException"
    if kind == "conflict" and call.service == "s3" and call.method == "PUT":
        return 409, "ConditionalRequestConflict"
    return REFUSED.get(call.service, INTERNAL)


def refusal_body(call: Call, code: str) -> tuple[bytes, str]:
    """(body, content type) of the error as the service writes it."""
    if call.service == "s3":
        return f"<Error><Code>{code}</Code><Message>made up by a test</Message></Error>".encode(), "application/xml"
    said: dict[str, Any] = {"__type": code, "message": "made up by a test"}
    if code == "TransactionCanceledException":
        members = json.loads(call.body)["TransactItems"]
        said["CancellationReasons"] = [{"Code": "TransactionConflict"}, *({"Code": "None"} for _ in members[1:])]
    return json.dumps(said).encode(), "application/x-amz-json-1.0"


class Proxy:
    """A context manager: inside it, it listens at `url`. `state`: the folder of the service, which names AWS's port."""

    def __init__(self, state: Path) -> None:
        self.faults = Faults()
        self._state = state
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def upstream(self) -> int:
        """The port of AWS, which it has chosen by the time that a function calls."""
        return int((self._state / PORT_FILE).read_text())

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A function that is killed leaves its connections: nothing to tell."""


class _Handler(BaseHTTPRequestHandler):
    """One connection of a function, with a connection of its own to AWS."""

    owner: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    _upstream: HTTPConnection | None = None

    def do_GET(self) -> None:
        self._pass_on()

    do_PUT = do_POST = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names of http.server

    def handle_expect_100(self) -> bool:
        """At once: a client waits for a second before it sends its body without that."""
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def log_message(self, *_: object) -> None:
        """Nothing: thousands of calls go well."""

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = call_of(self.command, self.path, self.headers, body)
        kind = self.owner.faults.of(call)
        if kind == "late":
            time.sleep(LATE_S)
        elif kind == "hung up":
            self.close_connection = True
            return
        elif kind in ("refused", "throttled", "conflict"):
            self._refuse(call, kind)
            return
        try:
            answer, data = self._ask(body)
        except (OSError, HTTPException):  # AWS itself is away: it is restarted
            self._leave()
            return
        if kind == "done and refused":
            self._refuse(call, kind)
        elif kind == "done and hung up":
            self._leave()
        else:
            self._answer(answer.status, answer.getheaders(), data)

    def _ask(self, body: bytes) -> tuple[HTTPResponse, bytes]:
        if self._upstream is None:
            self._upstream = HTTPConnection("127.0.0.1", self.owner.upstream, timeout=120)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        self._upstream.request(self.command, self.path, body or None, headers)
        answer = self._upstream.getresponse()
        return answer, answer.read()

    def _refuse(self, call: Call, kind: CallKind) -> None:
        status, code = refusal_of(call, kind)
        data, media_type = refusal_body(call, code)
        self._answer(status, [("Content-Type", media_type), ("x-amzn-errortype", code)], data)

    def _answer(self, status: int, headers: list[tuple[str, str]], data: bytes) -> None:
        self.send_response_only(status)
        is_head = self.command == "HEAD"
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP and (is_head or name.lower() != "content-length"):
                self.send_header(name, value)
        if not is_head:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if not is_head:
            self.wfile.write(data)

    def finish(self) -> None:
        self._hang_up()
        super().finish()

    def _leave(self) -> None:
        self.close_connection = True
        self._hang_up()

    def _hang_up(self) -> None:
        if self._upstream is not None:
            self._upstream.close()
            self._upstream = None

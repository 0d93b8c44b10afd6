"""The service with a proxy before its embedded AWS that notes every request of its functions and of its front: the
model's counts (`requests.py`) are held against these."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections import Counter
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.local.model import LocalModel
from infra.local.service import Service
from infra.local.stack import Stack

HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})

SERVICES = {
    "DynamoDB_20120810": "dynamodb",
    "AWSStepFunctions": "states",
    "AmazonSQS": "sqs",
    "secretsmanager": "secretsmanager",
}
"""By the part of the header X-Amz-Target before the dot."""

INVOCATION = re.compile(r"/2015-03-31/functions/[^/]+/invocations")


class CountedStack(Stack):
    """Its functions and its front are told the proxy's address."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.proxy = Proxy(self)

    @property
    def aws_url(self) -> str:
        return f"http://127.0.0.1:{self.proxy.server_port}"

    @property
    def upstream(self) -> int:
        return self._port


class CountedService(Service):
    """`requests()` are those since it was last asked, by operation: `s3.PutObject`, `dynamodb.GetItem`, `http.POST`."""

    def __init__(
        self, state: Path, *, overlay: Path | None = None, model: LocalModel | None = None, **parameters: str
    ) -> None:
        super().__init__(0, state)
        self.counted = CountedStack(state, self.url, overlay=overlay, model=model, parameters=parameters)
        self.stack = self.counted

    def __enter__(self) -> Self:
        threading.Thread(target=self.counted.proxy.serve_forever, daemon=True).start()
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, traceback)
        self.counted.proxy.shutdown()
        self.counted.proxy.server_close()

    def requests(self) -> Counter[str]:
        return self.counted.proxy.taken()


class Proxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, stack: CountedStack) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stack = stack
        self._noted: Counter[str] = Counter()
        self._lock = threading.Lock()

    def note(self, operation: str, times: int = 1) -> None:
        with self._lock:
            self._noted[operation] += times

    def taken(self) -> Counter[str]:
        with self._lock:
            noted, self._noted = self._noted, Counter()
        return noted


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def setup(self) -> None:
        super().setup()
        self._upstream = http.client.HTTPConnection("127.0.0.1", self.server.stack.upstream, timeout=120)

    def finish(self) -> None:
        self._upstream.close()
        super().finish()

    def _pass_on(self) -> None:
        body = self._body()
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        try:
            self._upstream.request(self.command, self.path, body, headers)
        except ConnectionRefusedError:  # while it starts, it is asked whether it has
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._note(body)
        answer = self._upstream.getresponse()
        data = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass_on  # noqa: N815 - the names that http.server looks for

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _note(self, body: bytes) -> None:
        operation = self._operation()
        self.server.note(operation)
        if operation == "dynamodb.TransactWriteItems":
            self.server.note(f"{operation}.members", len(json.loads(body)["TransactItems"]))

    def _operation(self) -> str:
        target = self.headers.get("X-Amz-Target")
        if target is not None:
            service, _, name = target.partition(".")
            return f"{SERVICES[service]}.{name}"
        path, _, query = self.path.partition("?")
        if path.startswith("/_aws/execute-api/"):
            return f"http.{self.command}"
        if INVOCATION.fullmatch(path):
            return "lambda.Invoke"
        if self.command == "PUT":
            return "s3.CopyObject" if "x-amz-copy-source" in self.headers else "s3.PutObject"
        if self.command == "POST":
            return "s3.DeleteObjects" if query.startswith("delete") else "s3.PostObject"
        if self.command == "GET" and "list-type=" in query:
            return "s3.ListObjectsV2"
        return f"s3.{self.command.capitalize()}Object"

    def log_message(self, *_: Any) -> None:
        """No log."""

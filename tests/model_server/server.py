"""A server of the Messages API on this machine, as it is hosted and as Bedrock has it. It keeps to the rules of the API, and
answers as it is told to behave."""

from __future__ import annotations

import json
import socket
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import unquote

from tests.model_server.behaviours import Asked, Behaviour, Raw, Reply, Said, well
from tests.model_server.errors import Refused, aws_body_of, body_of
from tests.model_server.rules import MAX_BYTES, VERSION, Limits, check_body
from tests.model_server.signatures import check_signature
from tests.model_server.tokens import CHARACTERS_A_TOKEN, PromptCache, tokens_of

KEY = "sk-test-of-the-local-server"
MODELS = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")
BEDROCK_MODELS = ("us.anthropic.claude-sonnet-5-5-v1:0",)
Dialect = Literal["anthropic", "bedrock"]


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came, header names in lower case, and the status of its answer (None: it hung up). `body` is None
    where it was no JSON."""

    path: str
    headers: Mapping[str, str]
    body: Any
    status: int | None


@dataclass
class Tally:
    """Tokens that were charged."""

    fresh: int = 0
    written: int = 0
    read: int = 0
    out: int = 0


@dataclass
class ModelServer:
    """Starts in `with`, on a free port unless one is given. `key` None asks for none, as a server of one's own may;
    `aws_secrets`, by access key, are those that Bedrock knows. What goes wrong in a behaviour is raised at the end."""

    behaviour: Behaviour = field(default_factory=well)
    key: str | None = KEY
    limits: Limits = field(default_factory=lambda: Limits((*MODELS, *BEDROCK_MODELS)))
    aws_secrets: Mapping[str, str] = field(default_factory=dict)
    least_cached_tokens: int = 1024
    port: int = 0

    def __post_init__(self) -> None:
        self.requests: list[Received] = []
        self.usage = Tally()
        self._asked = 0
        self._script: list[Behaviour] = [self.behaviour]
        self._failures: list[str] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._cache = PromptCache(self.least_cached_tokens)
        handler = type("Handler", (_Handler,), {"model": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        assert not self._failures, "\n".join(self._failures)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def behave(self, *script: Behaviour) -> None:
        """From now on, one behaviour a request; the last one stays."""
        with self._lock:
            self._script = list(script)

    def answer(self, dialect: Dialect, path: str, headers: Mapping[str, str], data: bytes) -> Raw:
        """The answer to a POST. Called by many threads."""
        number, behaviour = self._next()
        request_id = f"req_{number:08}"
        body = _json(data)
        try:
            reply = self._reply(dialect, path, headers, data, number, behaviour)
        except Refused as refused:
            reply = _refusal(refused, dialect, request_id)
        except Exception:  # noqa: BLE001  it is raised when the server ends
            self._failures.append(traceback.format_exc())
            reply = _refusal(Refused("the behaviour itself has failed", 500), dialect, request_id)
        name = "request-id" if dialect == "anthropic" else "x-amzn-requestid"
        answered = None if reply.hangs_up_after is not None else reply.status
        with self._lock:
            self.requests.append(Received(path, headers, body, answered))
        return replace(reply, headers={**reply.headers, name: request_id})

    def _next(self) -> tuple[int, Behaviour]:
        with self._lock:
            self._asked += 1
            return self._asked, self._script.pop(0) if len(self._script) > 1 else self._script[0]

    def _reply(
        self, dialect: Dialect, path: str, headers: Mapping[str, str], data: bytes, number: int, behaviour: Behaviour
    ) -> Raw:
        """Raises Refused."""
        body = self._checked(dialect, path, headers, data)
        reply = behaviour(Asked(body, number, self._stopping))
        return reply if isinstance(reply, Raw) else self._message(reply, body, number)

    def _checked(self, dialect: Dialect, path: str, headers: Mapping[str, str], data: bytes) -> dict[str, Any]:
        if dialect == "anthropic":
            self._check_key(headers)
        else:
            check_signature(f"{self.url}{path}", headers, data, self.aws_secrets)
        if len(data) > MAX_BYTES:
            raise Refused("request exceeds the maximum size", 413)
        if headers.get("content-type", "").partition(";")[0] != "application/json":
            raise Refused("content-type: application/json is required")
        body = _json(data)
        if not isinstance(body, dict):
            raise Refused("the body must be a JSON object")
        if dialect == "anthropic":
            _check_version(headers.get("anthropic-version"), "anthropic-version: header")
        else:
            _check_version(body.pop("anthropic_version", None), "anthropic_version: field")
            if "model" in body:
                raise Refused("model: extra inputs are not permitted")
            body["model"] = unquote(path.split("/")[2])
        check_body(body, self.limits)
        return body

    def _check_key(self, headers: Mapping[str, str]) -> None:
        if self.key is None:
            return
        given = headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")
        if given != self.key:
            raise Refused("invalid x-api-key" if given else "no key in x-api-key or authorization", 401)

    def _message(self, said: Said, body: dict[str, Any], number: int) -> Raw:
        if tokens_of(said.text or "") > body["max_tokens"]:
            said = said.cut_to(body["max_tokens"] * CHARACTERS_A_TOKEN)
        text, stop_reason = said.text, said.stop_reason
        blocks = list(said.blocks) or ([] if text is None else [{"type": "text", "text": text}])
        charge, out = self._cache.charge(body), max(1, tokens_of(text or ""))
        with self._lock:
            self.usage.fresh += charge.fresh
            self.usage.written += charge.written
            self.usage.read += charge.read
            self.usage.out += out
        usage: dict[str, Any] = {"input_tokens": charge.fresh, "output_tokens": out}
        if self.limits.prompt_caching:
            usage |= {"cache_creation_input_tokens": charge.written, "cache_read_input_tokens": charge.read}
        message = {
            "id": f"msg_{number:08}",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": blocks,
            "stop_reason": stop_reason,
            "stop_sequence": None,
            "usage": usage,
        }
        return Raw(json.dumps(message, ensure_ascii=False).encode())


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


def _check_version(version: str | None, where: str) -> None:
    if version != VERSION:
        raise Refused(f"{where} required" if version is None else f"{where} {version!r} is not a valid version")


def _refusal(refused: Refused, dialect: Dialect, request_id: str) -> Raw:
    if dialect == "anthropic":
        return Raw(body_of(refused, request_id), refused.status, refused.headers)
    data, kind = aws_body_of(refused)
    return Raw(data, refused.status, {**refused.headers, "x-amzn-errortype": kind})


class _Handler(BaseHTTPRequestHandler):
    model: ModelServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = self.path.partition("?")[0]
        if path == "/v1/messages":
            self._send(self.model.answer("anthropic", path, headers, data))
        elif path.startswith("/model/") and path.endswith("/invoke") and path.count("/") == 3:
            self._send(self.model.answer("bedrock", path, headers, data))
        else:
            self._send(_refusal(Refused("Not found", 404), "anthropic", "req_none"))

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            models = [{"type": "model", "id": model} for model in self.model.limits.models]
            self._send(Raw(json.dumps({"data": models}).encode()))
        else:
            self._send(_refusal(Refused("Not found", 404), "anthropic", "req_none"))

    def _send(self, reply: Reply) -> None:
        assert isinstance(reply, Raw)
        try:
            self.send_response(reply.status)
            for name, value in {"content-type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(reply.data)))
            self.end_headers()
            self.wfile.write(reply.data[: reply.hangs_up_after])
        except OSError:
            self.close_connection = True  # whoever asked has given up, as is tested
            return
        if reply.hangs_up_after is not None:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Tests read `requests`."""

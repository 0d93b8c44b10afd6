"""`make audit`: what is known is told and fails, and who cannot be asked is never taken for a good answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from infra import advisories as known

NOWHERE = "http://127.0.0.1:9/"  # the port of `discard`: nobody listens


class Advisories(BaseHTTPRequestHandler):
    """OSV and npm's registry, as far as they are asked. Each knows something about one package, or about none."""

    has_some = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/querybatch":
            queries = json.loads(body)["queries"]
            self._answer({"results": [self._about(query["package"]["name"]) for query in queries]})
        else:  # npm's is compressed, and need not be read
            advisory = {"id": 1, "url": "https://example.com", "title": "A made-up fault", "severity": "high"}
            self._answer({"marked": [advisory | {"vulnerable_versions": "*"}]} if self.has_some else {})

    def do_GET(self) -> None:
        if self.path == "/v1/vulns/MADE-UP-1":
            self._answer({"id": "MADE-UP-1", "modified": "2026-01-01T00:00:00Z", "summary": "A made-up fault"})
        else:  # npm's, of the package that it was told about
            version = {"name": "marked", "version": "1.0.0"}
            self._answer({"name": "marked", "versions": {"1.0.0": version}, "dist-tags": {"latest": "1.0.0"}})

    def _about(self, package: str) -> dict[str, Any]:
        fault = {"id": "MADE-UP-1", "modified": "2026-01-01T00:00:00Z"}
        return {"vulns": [fault]} if self.has_some and package == "pillow" else {}

    def _answer(self, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


class NothingKnown(Advisories):
    has_some = False


def serve(handler: type[Advisories]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def advisories() -> Iterator[str]:
    yield from serve(Advisories)


@pytest.fixture
def nothing_known() -> Iterator[str]:
    yield from serve(NothingKnown)


def test_a_known_vulnerability_is_told(advisories: str) -> None:
    assert "MADE-UP-1" in known.python_vulnerabilities(advisories)
    assert known.node_vulnerabilities(advisories) == "marked *: high"


def test_none_known_is_nothing_told(nothing_known: str) -> None:
    assert known.python_vulnerabilities(nothing_known) == ""
    assert known.node_vulnerabilities(nothing_known) == ""


def test_one_who_cannot_be_asked_has_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("NPM_CONFIG_FETCH_RETRIES", "0")
    with pytest.raises(known.NotAudited, match=r"uv\.lock"):
        known.python_vulnerabilities(NOWHERE)
    with pytest.raises(known.NotAudited, match=r"web/package-lock\.json"):
        known.node_vulnerabilities(NOWHERE)


def found() -> str:
    return "one 1.0 is bad"


def nothing() -> str:
    return ""


def away() -> str:
    raise known.NotAudited("uv.lock: nobody there")


@pytest.mark.parametrize(
    ("questions", "status", "said"),
    [
        ((nothing,), 0, "nothing: none known"),
        ((nothing, away), known.NOT_AUDITED, "not audited: uv.lock: nobody there"),
        ((away, found), known.FOUND, "found:\none 1.0 is bad"),
    ],
)
def test_the_status_says_whether_all_were_asked_and_none_knew_anything(
    questions: tuple[Any, ...], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert known.main(questions) == status
    assert said in capsys.readouterr().out

"""The worker as a process: `python -m vlm_page.worker`, the embedded AWS, and a strict server of a model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from infra.local.service import Service
from tests.integration.test_launcher import free_port
from tests.integration.worker_parts import Parts, parts_of, until
from tests.model_server import Asked, ModelServer, Reply
from tests.model_server.behaviours import well
from vlm_page.task_protection import TaskProtection

ROOT = Path(__file__).parents[2]
MODEL = "claude-sonnet-5-5"


@pytest.fixture
def parts(service: Service) -> Iterator[Parts]:
    with parts_of(service.stack) as made:
        yield made


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(key=None) as running:
        yield running


@dataclass
class Worker:
    process: subprocess.Popen[str]

    def tell(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    def has_logged(self, message: str) -> None:
        """Waits for it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if json.loads(line).get("message") == message:
                return
        pytest.fail(f"it ended before it logged {message!r}")

    def ended(self) -> tuple[int, list[dict[str, Any]]]:
        """Its exit status, and what it has logged."""
        out, errors = self.process.communicate(timeout=60)
        assert errors == ""
        return self.process.returncode, [json.loads(line) for line in out.splitlines()]


@contextmanager
def worker(parts: Parts, url: str, module: str = "vlm_page.worker", **environment: str) -> Iterator[Worker]:
    model = {"MODEL_PROVIDER": "compatible", "MODEL_NAME": MODEL, "MODEL_BASE_URL": url}
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in ("functions", "layers/core", ".")),
            **parts.environment(),
            **model,
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Worker(process)
    finally:
        process.kill()
        process.communicate()


class Held:
    """A model that takes its time with the first page, until it may go on."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.may_go_on = threading.Event()

    def __call__(self, asked: Asked) -> Reply:
        self.asked.set()
        while not (self.may_go_on.wait(0.05) or asked.stopping.is_set()):
            pass
        return well()(asked)


def test_pages_are_read_and_what_is_logged_about_one_job_names_no_other(parts: Parts, server: ModelServer) -> None:
    texts = [f"Invoice number {number}" for number in range(6)]
    jobs = [parts.sent(text) for text in texts]
    with worker(parts, server.url) as running:
        until(lambda: all(parts.done(uuid) for uuid in jobs), "six pages")
        until(lambda: parts.messages() == (0, 0), "the messages are gone")
        running.tell()
        status, logged = running.ended()
    results = [parts.result(uuid) for uuid in jobs]
    assert [(result.source, result.text) for result in results if result] == [("vlm", text) for text in texts]
    assert status == 0
    asked = [line["correlation_id"] for line in logged if line.get("message") == "model asked"]
    assert sorted(asked) == sorted(jobs)
    assert "correlation_id" not in logged[-1]
    assert sum(sum(line["PageRead"]) for line in logged if "PageRead" in line) == len(jobs)


def test_told_to_stop_in_the_middle_of_a_page_it_finishes_it(parts: Parts, server: ModelServer) -> None:
    held = Held()
    server.behave(held)
    uuid = parts.sent("a page")
    with worker(parts, server.url) as running:
        assert held.asked.wait(60)
        running.tell()
        threading.Timer(0.5, held.may_go_on.set).start()
        assert running.ended()[0] == 0
    assert parts.done(uuid) == 1
    assert parts.messages() == (0, 0)


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_told_twice_it_leaves_the_page_at_once_and_another_worker_finishes_it(
    parts: Parts, server: ModelServer, second: signal.Signals
) -> None:
    held = Held()
    server.behave(held, well())
    uuid = parts.sent("a page")
    with worker(parts, server.url) as running:
        assert held.asked.wait(60)
        running.tell()
        running.has_logged("worker takes no more pages")
        running.tell(second)
        status, logged = running.ended()
    assert (status, logged[-1]["pages_left"]) == (0, 1)
    assert parts.messages() == (1, 0)
    with worker(parts, server.url):
        until(lambda: parts.messages() == (0, 0), "the message is gone")
    assert parts.done(uuid) == 1


def test_what_a_killed_worker_had_in_hand_comes_back(parts: Parts, server: ModelServer) -> None:
    held = Held()
    server.behave(held, well())
    uuid = parts.sent("a page")
    with worker(parts, server.url, "tests.integration.quick_worker") as running:
        assert held.asked.wait(60)
        running.tell(signal.SIGKILL)
        running.process.wait(60)
    assert parts.messages() == (0, 1)
    with worker(parts, server.url, "tests.integration.quick_worker"):
        until(lambda: parts.messages() == (0, 0), "the message is gone")
    result = parts.result(uuid)
    assert result is not None
    assert (result.error, parts.done(uuid)) == (None, 1)


def test_it_waits_for_the_server_of_the_model(parts: Parts) -> None:
    port = free_port()
    uuid = parts.sent("a page")
    with worker(parts, f"http://127.0.0.1:{port}") as running:
        running.has_logged("worker starts")
        assert parts.received(wait_s=2) is not None
        parts.send(uuid)
        with ModelServer(key=None, port=port):
            until(lambda: parts.done(uuid) == 1, "the page is read")


def test_it_can_be_stopped_while_it_waits_for_the_server(parts: Parts) -> None:
    with worker(parts, f"http://127.0.0.1:{free_port()}") as running:
        running.has_logged("worker starts")
        running.tell()
        assert running.ended()[0] == 0


def test_a_server_that_does_not_come_up_is_a_failure(parts: Parts) -> None:
    with worker(parts, f"http://127.0.0.1:{free_port()}", MODEL_START_SECONDS="0") as running:
        status, logged = running.ended()
    assert (status, logged[-1]["message"]) == (1, "the model's server did not come up")


class Agent(BaseHTTPRequestHandler):
    """That of ECS, which is told of pages."""

    told: ClassVar[list[tuple[str, object]]]
    status = 200

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.told.append((self.path, json.loads(body)))
        self.send_response(self.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Tests read `told`."""


@contextmanager
def agent(status: int = 200) -> Iterator[tuple[str, list[tuple[str, object]]]]:
    told: list[tuple[str, object]] = []
    http = ThreadingHTTPServer(("127.0.0.1", 0), type("Agent", (Agent,), {"told": told, "status": status}))
    threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{http.server_address[1]}/api/task", told
    finally:
        http.shutdown()
        http.server_close()


ON: tuple[str, object] = ("/api/task/task-protection/v1/state", {"ProtectionEnabled": True, "ExpiresInMinutes": 5})
OFF: tuple[str, object] = ("/api/task/task-protection/v1/state", {"ProtectionEnabled": False})


def test_a_task_of_ecs_is_protected_while_it_has_pages(parts: Parts, server: ModelServer) -> None:
    held = Held()
    server.behave(held)
    with agent() as (url, told):
        with worker(parts, server.url, "tests.integration.quick_worker", ECS_AGENT_URI=url):
            parts.sent("a page")
            until(lambda: told, "the agent is told")
            assert (held.asked.wait(60), told) == (True, [ON])
            held.may_go_on.set()
            until(lambda: len(told) > 1, "the agent is told again")
        assert told == [ON, OFF]


def test_an_agent_that_refuses_is_told_again() -> None:
    with agent(status=500) as (url, told):
        protection = TaskProtection(url)
        protection.update(has_pages=True)
        protection.update(has_pages=True)
        protection.update(has_pages=False)
    assert told == [ON, ON]

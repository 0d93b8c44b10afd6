"""`make serve` and `make demo` as a person uses them: what is printed, and how they end."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from infra.local.service import Service

ROOT = Path(__file__).parents[2]


@contextmanager
def launcher(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started_for(state: Path) -> list[str]:
    """Processes that were given this state folder in their environment: the embedded AWS and its functions."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
        except OSError:  # it has ended since
            continue
        if f"STATE_DIR={state}".encode() in environment:
            found.append(folder.name)
    return found


def read_until(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if word in line:
            return seen
    pytest.fail(f"ended before it printed {word!r}: {seen} {process.stderr.read() if process.stderr else ''}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_a_curl_line_that_works_and_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    with launcher("serve", "--port", str(port), "--state", str(tmp_path)) as process:
        printed = read_until(process, "Ctrl-C")
        command = re.search(r"^\s*(curl .*)$", printed, re.MULTILINE)
        assert command is not None
        answer = subprocess.run(["bash", "-c", command[1]], capture_output=True, text=True, timeout=90, check=True)
        assert '"status":"done"' in answer.stdout
        assert len(started_for(tmp_path)) > 2
        process.send_signal(number)
        out, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        assert errors == ""
        assert "Stopping" in out
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
    assert started_for(tmp_path) == []


def test_serve_prints_the_sign_in_link_that_was_mailed(tmp_path: Path) -> None:
    port = free_port()
    with launcher("serve", "--port", str(port), "--state", str(tmp_path)) as process:
        read_until(process, "Ctrl-C")
        asked = httpx.post(f"http://localhost:{port}/api/v1/account/", json={"email": "Ada@example.com"}, timeout=30)
        assert asked.status_code == 202
        printed = read_until(process, "Sign-in link")
        link = re.search(r"^Sign-in link for ada@example\.com: (http\S+)$", printed, re.MULTILINE)
        assert link
        assert httpx.get(link[1], timeout=30).status_code == 200
        (mail,) = (tmp_path / "mail").iterdir()
        assert (mail.stat().st_mode & 0o777, (tmp_path / "mail").stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with launcher("serve", "--port", str(port), "--state", str(tmp_path)) as process:
            _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.strip().count("\n") == 0
    assert f"Port {port}" in errors
    assert f"make serve PORT={port + 1}" in errors


def test_a_second_service_on_the_same_state_is_one_clear_line(tmp_path: Path) -> None:
    with launcher("serve", "--port", str(free_port()), "--state", str(tmp_path)) as first:
        read_until(first, "Ctrl-C")
        with launcher("serve", "--port", str(free_port()), "--state", str(tmp_path)) as second:
            _, errors = second.communicate(timeout=30)
        assert second.returncode == 1
        assert errors.strip().count("\n") == 0
        assert "stop it first" in errors


def test_an_embedded_aws_that_dies_ends_serve_with_one_clear_line(tmp_path: Path) -> None:
    with launcher("serve", "--port", str(free_port()), "--state", str(tmp_path)) as process:
        read_until(process, "Ctrl-C")
        found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True)
        subprocess.run(["kill", "-9", found.stdout.split()[0]], check=True)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 1
        assert errors.strip().count("\n") == 0
        assert "ended by itself" in errors


def test_the_embedded_aws_does_not_outlive_a_launcher_that_was_killed(tmp_path: Path) -> None:
    with launcher("serve", "--port", str(free_port()), "--state", str(tmp_path)) as process:
        read_until(process, "Ctrl-C")
        child = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True).stdout
        process.send_signal(signal.SIGKILL)
        process.wait()
        tail = subprocess.run(["tail", "--pid", child.split()[0], "-f", "/dev/null"], timeout=30, check=False)
        assert tail.returncode == 0


def test_demo_of_a_file_that_is_not_there_or_cannot_be_read_says_so(tmp_path: Path) -> None:
    with launcher("demo", str(tmp_path / "none.pdf")) as process:
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "There is no file" in errors


def test_a_setting_that_changes_reaches_the_functions_that_are_published_as_versions(tmp_path: Path) -> None:
    for model, tier in (("", "off"), ("a-model", "live")):
        with Service(0, tmp_path, ModelName=model, ModelWorkers="container") as service:
            assert httpx.get(f"{service.url}/healthz").json()["tiers"]["vlm"] == tier
            (alias,) = service.stack.client("lambda").list_aliases(
                FunctionName=service.stack.outputs["AccountFunctionName"]
            )["Aliases"]
            assert alias["FunctionVersion"] != "$LATEST"

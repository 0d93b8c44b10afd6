"""The embedded AWS as a process: ministack on loopback, with what it lacks for this service.

Started by `stack.py` as `python -m infra.local.aws`; the environment says where it listens and keeps its state. It
saves its state and ends when its standard input closes, which is also what happens when the launcher is killed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from infra.local import unpacked
from infra.local.forks import Forks
from infra.local.leading_keys import with_leading_keys

SNAPSHOT_SERVICES = ("dynamodb", "sqs", "s3", "stepfunctions")
"""What jobs live in. The rest changes on deployment only and is saved then."""

SNAPSHOT_EVERY_S = 2.0
SNAPSHOT_SHARE = 0.01
"""The most of the time that may go into snapshots: after one that took 200 ms the next waits for 20 s."""

HEALTH = "/_ministack/health"

NOT_SAVED = ("cloudwatch_logs", "logs", "cloudwatch", "cloudtrail")
"""Grows with every invocation and is of no use to the next run."""

_LOG_ENDS = "end of what this invocation logs"
LATE_S = 1.0
"""How long is waited for that line: a busy machine may run the thread that reads a worker's log after its reply's."""

_STREAMS = f"""
import os, sys

class _Replies:
    def __init__(self, stream):
        self._stream = stream

    def write(self, reply):
        if not reply.startswith('{{"status": "ready"'):
            os.write(2, b"{_LOG_ENDS}\\n")
        self._stream.write(reply)

    def flush(self):
        self._stream.flush()

sys.stdout = _Replies(os.fdopen(os.dup(1), "w", buffering=1))
os.dup2(2, 1)
"""
"""Run first in every worker process: replies have a descriptor of their own, so that what native code prints on
descriptor 1 (decoders do) cannot merge with the line that carries a reply. Before that goes one that ends the log."""


def patch(forks: Forks) -> None:
    """Mends in ministack 1.5.33 what would hang or slow the service. Each is a few lines around a named function."""
    from ministack.core import iam_actions, lambda_runtime
    from ministack.services import ses_v2, stepfunctions

    lambda_runtime._PYTHON_WORKER_SCRIPT = _STREAMS + lambda_runtime._PYTHON_WORKER_SCRIPT

    # It would unpack a function's code and layers for each process anew, which took half of a start.
    lambda_runtime.zipfile = _Shadow(lambda_runtime.zipfile, ZipFile=unpacked.UnpackedOnce)

    lambda_runtime.subprocess = _Shadow(lambda_runtime.subprocess, Popen=forks.popen)

    lambda_runtime.Worker._drain_stderr_bounded = _log_of_an_invocation

    def without_first_pause(seconds: float) -> None:
        """_run_execution starts with a sleep of 0.15 s, so that a client sees the execution RUNNING first."""
        if seconds != 0.15:
            time.sleep(seconds)

    stepfunctions.time = _Shadow(stepfunctions.time, sleep=without_first_pause)

    iam_actions.dynamodb_service_context, iam_actions.dynamodb_transaction_checks = with_leading_keys(
        iam_actions.dynamodb_service_context, iam_actions.dynamodb_transaction_checks
    )

    ses_v2._smtp_relay = into_files(Path(os.environ["MAIL_DIR"]))


def _log_of_an_invocation(worker: Any) -> str:
    """Whole, and at once: it would wait at least 5 ms after the last line for another one, and find some too late."""
    lines: list[str] = []
    deadline = time.monotonic() + LATE_S
    while time.monotonic() < deadline:
        try:
            line = worker._stderr_queue.get(timeout=0.05)
        except queue.Empty:
            if not worker._stderr_thread.is_alive():
                break
            continue
        if line.endswith(_LOG_ENDS):
            lines += [begun] if (begun := line.removesuffix(_LOG_ENDS)) else []
            break
        lines.append(line)
    return "\n".join(lines)


def into_files(folder: Path) -> Callable[[str, list[str], str], None]:
    """In place of the relay that SES hands each mail to: keeps it as a file, whose name sorts by time. For the owner of
    this machine alone, since links in it sign people in."""
    folder.mkdir(mode=0o700, exist_ok=True)
    numbers = count()

    def keep(_source: str, _to: list[str], message: str) -> None:
        name = f"{time.time_ns()}-{next(numbers)}"
        written = folder / f"{name}.part"
        written.touch(mode=0o600)
        written.write_text(message, encoding="utf-8")
        written.rename(folder / f"{name}.eml")

    return keep


class _Shadow:
    """A module with some names replaced, for the one module that is given it."""

    def __init__(self, module: Any, **replaced: Any) -> None:
        self._module = module
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def guarded(app: Any) -> Any:
    """Refuses what a browser could send, and the emulator's own administration."""

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http" and _refused(scope):
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, _noting_start(send) if scope["type"] == "lifespan" else send)

    return guard


loaded = threading.Event()
"""The saved state has been read. Before that, saving would replace it with nothing."""


def _noting_start(send: Any) -> Any:
    async def noting(message: Any) -> None:
        if message["type"] == "lifespan.startup.complete":
            loaded.set()
        await send(message)

    return noting


def _refused(scope: Any) -> bool:
    path: str = scope["path"]
    own = path.startswith("/_") and not path.startswith("/_aws/execute-api/") and path != HEALTH
    return own or any(name == b"origin" for name, _ in scope["headers"])


_saving = threading.Lock()


def save(services: tuple[str, ...] | None = None) -> None:
    """Writes the state of these services, or of all that are worth it. One at a time: ministack's writer uses one
    temporary file for each service. Raises OSError where a file was not written."""
    from ministack import app
    from ministack.core import persistence

    with _saving:
        for name, get in app._build_persistence_save_dict().items():
            if name in services if services else name not in NOT_SAVED:
                state = _steady(get)
                if state is not None:
                    file = Path(persistence.STATE_DIR) / f"{name}.json"
                    before = file.stat().st_ino if file.exists() else 0
                    persistence.save_state(name, state)  # it logs what fails, and returns
                    if not file.exists() or file.stat().st_ino == before:
                        raise OSError(f"the state of {name} was not written to {file}")


def _steady(get: Any) -> Any:
    """A service's state. It is copied while other threads may change it, which Python reports as RuntimeError."""
    for _ in range(20):
        try:
            return get()
        except RuntimeError:
            time.sleep(0.01)
    return get()


def snapshots(stopping: threading.Event) -> None:
    """So that a killed process loses seconds, not the day. S3 objects are on disk as they are written."""
    loaded.wait()
    pause = SNAPSHOT_EVERY_S
    while not stopping.wait(pause):
        started = time.thread_time()
        try:
            save(SNAPSHOT_SERVICES)
        except (RuntimeError, OSError):  # the next one may do; the last one, on stop, is not forgiven
            logging.getLogger(__name__).exception("snapshot not taken")
        pause = max(SNAPSHOT_EVERY_S, (time.thread_time() - started) / SNAPSHOT_SHARE)


def keep_folders_in(folder: Path) -> None:
    """Where each process of a function has a folder of its own: ministack leaves that behind when it ends."""
    shutil.rmtree(folder, ignore_errors=True)  # of one that was killed
    folder.mkdir()
    tempfile.tempdir = str(folder)


async def serve() -> None:
    from hypercorn.asyncio import serve as hypercorn
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = [f"127.0.0.1:{os.environ['GATEWAY_PORT']}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    config.graceful_timeout = 1
    config.shutdown_timeout = 5
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def orders() -> None:
        for line in sys.stdin:
            if line.strip() == "save":
                save()
                sys.stdout.write("saved\n")
                sys.stdout.flush()
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=orders, daemon=True).start()
    await hypercorn(guarded(app), config, shutdown_trigger=stop.wait)


def main() -> None:
    forks = Forks()
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING"), stream=sys.stderr)
    # Many threads of short turns: at Python's 5 ms a single file is answered later, and at 0.5 ms a busy machine takes
    # half as long again for everything.
    sys.setswitchinterval(0.002)
    patch(forks)
    folders = Path(os.environ["STATE_DIR"]).with_name("unpacked")
    keep_folders_in(folders)
    held = unpacked.prepare()
    stopping = threading.Event()
    threading.Thread(target=snapshots, args=(stopping,), daemon=True).start()
    asyncio.run(serve())
    stopping.set()
    if loaded.is_set():
        save()
    shutil.rmtree(folders, ignore_errors=True)  # the functions' processes are ended next
    held.close()
    # Executions that wait for a token hold threads that would keep the process: everything is saved, so leave.
    os._exit(0)


if __name__ == "__main__":
    main()

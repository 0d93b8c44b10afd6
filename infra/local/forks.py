"""The processes of functions, as forks of one that has imported what most of them need.

A new Python takes half a second of a core to import that, and each request that finds no idle process of its function
waits for one. A fork's memory is shared until it is written to.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PRELOADED = ("boto3", "fastapi", "mangum", "aws_lambda_powertools.logging", "aws_lambda_powertools.metrics", "pymupdf")
"""Packages of others, which start no thread. What is ours comes from the archive of the function."""

TO_ASK_A_MODEL = "anthropic"
"""Takes longer than all of these; imported once a function is to run that has a model, which its environment names."""

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
ORDER_BYTES = 1 << 20


class Forks:
    """Made before there is a thread: the process that is forked from is itself a fork of this one."""

    def __init__(self) -> None:
        # Its forks' first parent ends at once; this process is then given them, and can wait for them.
        if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
        self._orders, orders = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        if os.fork() == 0:
            self._orders.close()
            _serve(orders)
        orders.close()

    def popen(self, command: list[str], *, cwd: str, env: Mapping[str, str], **_: Any) -> Fork:
        """In place of `subprocess.Popen` with pipes of text; `command` is a Python and its script."""
        order = json.dumps({"script": command[1], "cwd": cwd, "environment": dict(env)}).encode()
        (their_in, stdin), (stdout, their_out), (stderr, their_error) = os.pipe(), os.pipe(), os.pipe()
        theirs = [their_in, their_out, their_error]
        try:
            with self._lock:
                socket.send_fds(self._orders, [order], theirs)
                pid = int(self._orders.recv(ORDER_BYTES) or b"0")
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        if not pid:
            raise ChildProcessError("The process that functions are forked from has ended")
        return Fork(pid, stdin, stdout, stderr)


class Fork:
    """What is used of a `Popen`. Invalid UTF-8 must not end the thread that reads it: the process would then block."""

    def __init__(self, pid: int, stdin: int, stdout: int, stderr: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdin = os.fdopen(stdin, "w", buffering=1, encoding="utf-8")
        self.stdout = os.fdopen(stdout, encoding="utf-8", errors="replace")
        self.stderr = os.fdopen(stderr, encoding="utf-8", errors="replace")
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        with self._lock:
            if self.returncode is None:
                ended, status = os.waitpid(self.pid, os.WNOHANG)
                if ended:
                    self.returncode = os.waitstatus_to_exitcode(status)
            return self.returncode

    def wait(self, timeout: float) -> int:
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.002)
        return code

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        with self._lock:
            if self.returncode is None:  # until it is waited for, its number is given to no other
                os.kill(self.pid, number)


def _serve(orders: socket.socket) -> None:
    """Forks once an order, until this socket's other end is closed."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)  # the embedded AWS answers the launcher there
    _preload(*PRELOADED)
    while True:
        data, descriptors, _, _ = socket.recv_fds(orders, ORDER_BYTES, 3)
        if not data:
            os._exit(0)
        order = json.loads(data)
        if order["environment"].get("MODEL_NAME") and TO_ASK_A_MODEL not in sys.modules:
            _preload(TO_ASK_A_MODEL)
        told, tell = os.pipe()
        between = os.fork()
        if between == 0:
            pid = os.fork()
            if pid == 0:
                _run(order, descriptors)
            os.write(tell, str(pid).encode())
            os._exit(0)
        os.waitpid(between, 0)
        orders.send(os.read(told, 32))
        for descriptor in (told, tell, *descriptors):
            os.close(descriptor)


def _preload(*names: str) -> None:
    for name in names:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # or the first collection of each fork would copy it all


def _run(order: dict[str, Any], descriptors: list[int]) -> None:
    """As a Python that is started with this script."""
    code = 1
    try:
        for standard, descriptor in enumerate(descriptors):
            os.dup2(descriptor, standard)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["environment"])
        sys.argv = [order["script"]]
        sys.path[0] = str(Path(order["script"]).parent)
        runpy.run_path(order["script"], run_name="__main__")
        code = 0
    except BaseException:  # noqa: BLE001 - there is nobody above to tell
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

"""The whole service on one machine: the stack, the front before it, and a worker beside it where there is one."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn

from infra.local.front import create_front, server_config
from infra.local.model import LocalModel
from infra.local.site import Site
from infra.local.stack import INVOCATIONS, ROOT, Stack, StartFailed
from infra.local.stripe import LocalStripe
from infra.local.worker import MODULE as WORKER
from infra.local.worker import WorkerProcess

DEFAULT_STATE = ROOT / ".state"
SITE = ROOT / "web" / "dist"


class Service:
    """A context manager: inside it the service answers at `url`. `port` 0 takes a free one.

    `worker_module`: what the worker runs in place of its own, where a test has it run by another clock.
    `ended` is set, with `reason`, when the service stops without having been told to.
    """

    def __init__(
        self,
        port: int,
        state: Path,
        *,
        workers: int | None = None,
        overlay: Path | None = None,
        model: LocalModel | None = None,
        stripe: LocalStripe | None = None,
        between: str | None = None,
        invocations: int = INVOCATIONS,
        worker_module: str = WORKER,
        **parameters: str,
    ) -> None:
        self._socket = _listen(port)
        self.url = f"http://localhost:{self._socket.getsockname()[1]}"
        self.stack = Stack(
            state,
            self.url,
            workers=workers,
            overlay=overlay,
            model=model,
            stripe=stripe,
            parameters=parameters,
            between=between,
            invocations=invocations,
        )
        self.worker: WorkerProcess | None = None
        self._worker_module = worker_module
        self.ended = threading.Event()
        self.reason: str | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self._socket.close()
            raise
        self.stack.watch(self._died)
        outputs = self.stack.outputs
        secret = self.stack.client("secretsmanager").get_secret_value(SecretId=outputs["OriginSecretArn"])
        site = Site(SITE)
        front = create_front(
            self.stack.aws_url,
            outputs["ApiId"],
            outputs["BucketName"],
            self.url,
            origin_secret=secret["SecretString"],
            site=site if site.exists else None,
        )
        config = server_config(front, "127.0.0.1", 0)
        config.timeout_graceful_shutdown = 2
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run_front, daemon=True)
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                self.stop()
                raise StartFailed("The front did not start")
            time.sleep(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self.stop()

    def start(self) -> None:
        """All but the front. Raises StartFailed."""
        self.stack.start()
        model = self.stack.model
        if model is not None and model.name and model.workers == "process":
            role, environment = self.stack.outputs["VlmWorkerRoleArn"], self.stack.worker_environment(model)
            self.worker = WorkerProcess(self.stack.state, role, environment, self._worker_module)

    def stop(self) -> None:
        """In order, what `start` started. The worker with it: the embedded AWS forgets whom it has lent a role."""
        if self.worker is not None:
            self.worker.stop()
            self.worker = None
        self.stack.stop()

    def kill(self) -> None:
        """The same, as a power cut would."""
        if self.worker is not None:
            self.worker.kill()
            self.worker = None
        self.stack.kill()
        self.stack.stop()

    def _run_front(self) -> None:
        self._server.run(sockets=[self._socket])
        if not self._server.should_exit:
            self._died("The front ended by itself")

    def _died(self, reason: str) -> None:
        self.reason = reason
        self.ended.set()


def _listen(port: int) -> socket.socket:
    """Bound before anything else starts, so that a port in use is known at once."""
    # With its protocol named, or asyncio would not see that it is TCP and leave Nagle's algorithm on: 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            why = os.strerror(error.errno).lower()
            raise StartFailed(f"Port {port}: {why}. Choose another: make serve PORT={port + 1}") from error
        raise
    return listener
